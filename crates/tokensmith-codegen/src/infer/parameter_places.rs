//! The places of a parameter that a document declares more than once.

use crate::model::Location;

/// Where a parameter may stand, and where it must.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Places(Vec<(Location, bool)>);

impl Places {
    pub(crate) fn one(location: Location, required: bool) -> Self {
        Self(vec![(location, required)])
    }

    pub(crate) fn add(&mut self, location: Location, required: bool) {
        match self.0.iter_mut().find(|(place, _)| *place == location) {
            Some((_, must)) => *must |= required,
            None => self.0.push((location, required)),
        }
        self.0.sort_unstable();
    }

    pub(crate) fn extend(&mut self, others: &Self) {
        for (location, required) in &others.0 {
            self.add(*location, *required);
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn has(&self, location: Location) -> bool {
        self.0.iter().any(|(place, _)| *place == location)
    }

    pub(crate) fn requires(&self, location: Location) -> bool {
        self.0.contains(&(location, true))
    }

    pub(crate) fn is_required(&self) -> bool {
        self.0.iter().any(|(_, required)| *required)
    }

    /// The place that counts: a path is not whole without its parameters, and the body is what RFC 6749 has them in.
    pub(crate) fn main(&self) -> Option<Location> {
        let order = [Location::Path, Location::Body];
        let rest = || {
            let required = self.0.iter().find(|(_, required)| *required);
            required.or(self.0.first()).map(|(place, _)| *place)
        };
        order
            .into_iter()
            .find(|place| self.has(*place))
            .or_else(rest)
    }

    /// The place of a secret: where it must be, but in the URL, which logs keep, only where there is no other.
    pub(crate) fn main_of_secret(&self) -> Option<Location> {
        let order = [Location::Body, Location::Header];
        let required = order.into_iter().find(|place| self.requires(*place));
        let declared = || order.into_iter().find(|place| self.has(*place));
        required.or_else(declared).or_else(|| self.main())
    }

    /// Where it has to stand as well.
    pub(crate) fn others(&self, main: Location) -> impl Iterator<Item = Location> {
        let required = self.0.iter().filter(|(_, required)| *required);
        required
            .map(|(place, _)| *place)
            .filter(move |place| *place != main)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (Location, bool)> {
        self.0.iter().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Location::{Body, Header, Path, Query};

    fn places(places: &[(Location, bool)]) -> Places {
        let mut all = Places::default();
        for (location, required) in places {
            all.add(*location, *required);
        }
        all
    }

    #[test]
    fn the_path_and_the_body_count_before_others() {
        assert_eq!(places(&[(Query, true), (Body, false)]).main(), Some(Body));
        assert_eq!(places(&[(Body, true), (Path, true)]).main(), Some(Path));
        assert_eq!(
            places(&[(Query, false), (Header, true)]).main(),
            Some(Header)
        );
        assert_eq!(
            places(&[(Header, false), (Query, false)]).main(),
            Some(Query)
        );
    }

    #[test]
    fn what_must_stand_elsewhere_does_so_as_well() {
        let several = places(&[(Query, true), (Body, false), (Header, false)]);
        assert_eq!(several.others(Body).collect::<Vec<_>>(), [Query]);
    }

    #[test]
    fn a_secret_stays_out_of_the_url() {
        let of = |list: &[(Location, bool)]| places(list).main_of_secret();
        assert_eq!(of(&[(Query, true), (Body, false)]), Some(Body));
        assert_eq!(of(&[(Query, true), (Header, false)]), Some(Header));
        assert_eq!(of(&[(Header, true), (Body, false)]), Some(Header));
        assert_eq!(of(&[(Header, true), (Body, true)]), Some(Body));
        assert_eq!(of(&[(Query, false)]), Some(Query));
    }
}
