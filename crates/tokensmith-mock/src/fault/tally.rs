//! Which fault befalls which request.

use super::Fault;

/// The faults of a mock, and how often each has happened.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<(Fault, u64, u64)>);

/// A request, as faults are limited to some.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Target<'t> {
    /// What the endpoint is for, as requests that were seen have it.
    pub(crate) endpoint: &'static str,
    pub(crate) grant: Option<&'t str>,
    pub(crate) client: Option<&'t str>,
}

impl Faults {
    pub(crate) fn new(faults: Vec<Fault>) -> Self {
        Self(faults.into_iter().map(|fault| (fault, 0, 0)).collect())
    }

    pub(crate) fn add(&mut self, fault: Fault) {
        self.0.push((fault, 0, 0));
    }

    /// Returns how many there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns how many have not come to their end.
    pub(crate) fn open(&self) -> usize {
        let faults = self.0.iter();
        let open = faults.filter(|(fault, _, done)| fault.times.is_none_or(|times| *done < times));
        open.count()
    }

    /// Picks the first fault that befalls a request.
    pub(crate) fn pick(
        &mut self,
        target: Target<'_>,
        mut random: impl FnMut() -> u64,
    ) -> Option<Fault> {
        for (fault, seen, done) in &mut self.0 {
            let is_meant = fault.endpoint.is_none_or(|name| name == target.endpoint)
                && fault
                    .grant
                    .as_deref()
                    .is_none_or(|grant| Some(grant) == target.grant)
                && fault
                    .client
                    .as_deref()
                    .is_none_or(|client| Some(client) == target.client);
            if !is_meant || fault.times.is_some_and(|times| *done >= times) {
                continue;
            }
            *seen += 1;
            if *seen <= fault.after {
                continue;
            }
            #[allow(clippy::cast_precision_loss)] // 53 bits are exact
            let drawn = |number: u64| (number >> 11) as f64 / (1_u64 << 53) as f64;
            if fault
                .probability
                .is_none_or(|least| drawn(random()) < least)
            {
                *done += 1;
                return Some(fault.clone());
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REFRESH: Target<'static> = Target {
        endpoint: "token",
        grant: Some("refresh_token"),
        client: Some("a"),
    };

    #[test]
    fn a_fault_befalls_what_it_is_limited_to() {
        let fault = Fault::lost()
            .grant("refresh_token")
            .client("a")
            .after(1)
            .times(2);
        let mut faults = Faults::new(vec![fault]);
        let mut pick = |target| faults.pick(target, || 0).is_some();
        assert!(!pick(Target {
            client: None,
            ..REFRESH
        }));
        assert!(!pick(Target {
            grant: Some("password"),
            ..REFRESH
        }));
        assert_eq!(
            [(); 5].map(|()| pick(REFRESH)),
            [false, true, true, false, false]
        );
        assert_eq!(faults.open(), 0);
    }

    #[test]
    fn a_probability_is_that_of_the_seed() {
        let mut faults = Faults::new(vec![Fault::lost().probability(0.5)]);
        assert!(faults.pick(REFRESH, || 0).is_some());
        assert!(faults.pick(REFRESH, || u64::MAX / 2 - 1).is_some());
        assert!(faults.pick(REFRESH, || u64::MAX / 2 + 2).is_none());
        assert!(faults.pick(REFRESH, || u64::MAX).is_none());
        assert_eq!(faults.open(), 1);
    }
}
