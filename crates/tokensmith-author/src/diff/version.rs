//! Versions of generated crates.

use semver::Version;

use super::Step;

/// Whether `after` may come after `before`, given the step that the changes ask for; nothing where there are none.
///
/// Between two pre-releases any step will do: they promise nothing. What follows a `+` does not count, as Cargo reads it.
pub fn is_enough(before: &Version, after: &Version, step: Option<Step>) -> bool {
    let has_moved = before.cmp_precedence(after);
    match step {
        None => has_moved.is_le(),
        Some(_) if !before.pre.is_empty() => has_moved.is_lt(),
        Some(step) => next(before, step).cmp_precedence(after).is_le(),
    }
}

/// The version that comes a step after this one, by Cargo's reading: below 1.0.0 the first number that is not zero counts as the major one.
pub fn next(version: &Version, step: Step) -> Version {
    let Version {
        major,
        minor,
        patch,
        ..
    } = *version;
    if !version.pre.is_empty() {
        // What comes before a release promises nothing.
        return Version::new(major, minor, patch);
    }
    match (major, minor, step) {
        (0, 0, _) => Version::new(0, 0, patch.saturating_add(1)),
        (0, _, Step::Major) => Version::new(0, minor.saturating_add(1), 0),
        (0, _, _) => Version::new(0, minor, patch.saturating_add(1)),
        (_, _, Step::Major) => Version::new(major.saturating_add(1), 0, 0),
        (_, _, Step::Minor) => Version::new(major, minor.saturating_add(1), 0),
        (_, _, Step::Patch) => Version::new(major, minor, patch.saturating_add(1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn below_one_the_first_number_that_counts_is_the_major_one() {
        let after =
            |version: &str, step| next(&version.parse().expect("is a version"), step).to_string();
        assert_eq!(after("1.2.3", Step::Major), "2.0.0");
        assert_eq!(after("1.2.3", Step::Minor), "1.3.0");
        assert_eq!(after("1.2.3", Step::Patch), "1.2.4");
        assert_eq!(after("0.2.3", Step::Major), "0.3.0");
        assert_eq!(after("0.2.3", Step::Minor), "0.2.4");
        assert_eq!(after("0.0.3", Step::Major), "0.0.4");
        assert_eq!(after("1.0.0-beta.1", Step::Major), "1.0.0");
    }

    #[test]
    fn a_version_is_enough_when_it_is_as_far_as_the_step_or_farther() {
        let is_enough = |before: &str, after: &str, step| {
            let version = |text: &str| text.parse().expect("is a version");
            super::is_enough(&version(before), &version(after), step)
        };
        assert!(is_enough("0.1.0", "0.2.0", Some(Step::Major)));
        assert!(is_enough("0.1.0", "1.0.0", Some(Step::Patch)));
        assert!(!is_enough("0.1.0", "0.1.9", Some(Step::Major)));
        assert!(is_enough("0.1.0", "0.1.0", None));
        assert!(!is_enough("0.1.1", "0.1.0", None));
        assert!(is_enough("1.0.0-beta.1", "1.0.0-beta.2", Some(Step::Major)));
        assert!(!is_enough(
            "1.0.0-beta.2",
            "1.0.0-beta.2",
            Some(Step::Patch)
        ));
        assert!(!is_enough("0.1.0+1", "0.1.0+2", Some(Step::Patch)));
        assert!(is_enough("0.1.0+2", "0.1.0+1", None));
    }
}
