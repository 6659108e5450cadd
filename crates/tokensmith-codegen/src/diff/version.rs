//! Versions of generated crates.

use semver::Version;

use super::Step;

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
        (0, 0, _) => Version::new(0, 0, patch + 1),
        (0, _, Step::Major) => Version::new(0, minor + 1, 0),
        (0, _, _) => Version::new(0, minor, patch + 1),
        (_, _, Step::Major) => Version::new(major + 1, 0, 0),
        (_, _, Step::Minor) => Version::new(major, minor + 1, 0),
        (_, _, Step::Patch) => Version::new(major, minor, patch + 1),
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
}
