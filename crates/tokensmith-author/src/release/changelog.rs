//! CHANGELOG.md: what is unreleased becomes the section of a release.

use std::fmt::Write as _;

use crate::comparison::{Fate, Provider};
use crate::diff::Step;
use crate::markdown::code;

use super::{Planned, Reason};

const UNRELEASED: &str = "## [Unreleased]";
/// Changes of one crate that are listed.
const LISTED: usize = 12;

/// Returns the step that the unreleased section asks for: major with `(breaking)` in it, minor with
/// a part `Added`, else patch.
pub fn step_of_unreleased(changelog: &str) -> Step {
    let section = section(changelog).map_or("", |(_, section, _)| section);
    if section.contains("(breaking)") {
        Step::Major
    } else if section.contains("\n### Added") {
        Step::Minor
    } else {
        Step::Patch
    }
}

/// Returns the changelog with the unreleased section under a title, an empty one before it, and the
/// crates of providers that are published listed in it; `None` without an unreleased section.
pub fn released(
    changelog: &str,
    title: &str,
    planned: &[Planned],
    providers: &[Provider],
) -> Option<String> {
    let (before, section, after) = section(changelog)?;
    let mut text = format!("{before}{UNRELEASED}\n\n## {title}\n");
    let section = section.trim();
    if !section.is_empty() {
        let _ = writeln!(text, "\n{section}");
    }
    let crates: String = planned
        .iter()
        .filter(|planned| planned.is_published())
        .filter_map(|planned| {
            let mut known = providers.iter();
            let provider = known.find(|one| planned.name == format!("tokensmith-{}", one.name))?;
            Some(entry(planned, provider))
        })
        .collect();
    if !crates.is_empty() {
        let _ = write!(text, "\n### Crates of providers\n\n{crates}");
    }
    if !after.is_empty() {
        text.push('\n');
        text.push_str(after);
    }
    Some(text)
}

/// What stands before the unreleased section, in it, and after it.
fn section(changelog: &str) -> Option<(&str, &str, &str)> {
    let start = changelog.find(UNRELEASED)?;
    let rest = &changelog[start + UNRELEASED.len()..];
    let end = rest.find("\n## ").map_or(rest.len(), |end| end + 1);
    Some((&changelog[..start], &rest[..end], &rest[end..]))
}

fn entry(planned: &Planned, provider: &Provider) -> String {
    let Planned {
        name,
        version,
        reason,
        ..
    } = planned;
    let mut entry = format!("- `{name}` {version}");
    let changes = match &provider.fate {
        Fate::Compared(compared) => compared.changes.as_slice(),
        _ => &[],
    };
    let (told, words): (Vec<_>, Vec<_>) =
        changes.iter().partition(|change| change.step > Step::Patch);
    match reason {
        Reason::New => entry.push_str(": new"),
        Reason::Dependency(other) => {
            let _ = write!(entry, ": for the new version of `{other}`");
        }
        _ if changes.is_empty() => entry.push_str(": the generated code"),
        _ if told.is_empty() => entry.push_str(": documentation"),
        _ => {}
    }
    entry.push('\n');
    for change in told.iter().take(LISTED) {
        let what = code(&format!("{} {}", change.subject, change.what));
        let _ = writeln!(entry, "  - {}: {what}", change.step);
    }
    if told.len() > LISTED {
        let _ = writeln!(entry, "  - and {} more", told.len() - LISTED);
    }
    if !told.is_empty() && !words.is_empty() {
        entry.push_str("  - documentation\n");
    }
    entry
}

#[cfg(test)]
mod tests {
    use semver::Version;

    use super::*;

    const CHANGELOG: &str = "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- More.\n\n## [0.1.0] - 2026-01-01\n\n- First.\n";

    #[test]
    fn the_unreleased_section_gets_a_title() {
        let planned = Planned {
            name: "tokensmith-acme".to_owned(),
            released: Some(Version::new(0, 1, 0)),
            version: Version::new(0, 2, 0),
            step: Some(Step::Major),
            reason: Reason::Dependency("tokensmith-runtime".to_owned()),
        };
        let provider = Provider {
            name: "acme".to_owned(),
            fate: Fate::Gone,
            explanation: String::new(),
        };
        let text = released(CHANGELOG, "[0.2.0] - 2026-02-01", &[planned], &[provider]);
        assert_eq!(
            text.as_deref(),
            Some(
                "# Changelog\n\n## [Unreleased]\n\n## [0.2.0] - 2026-02-01\n\n### Added\n\n- More.\n\n### Crates of providers\n\n\
                 - `tokensmith-acme` 0.2.0: for the new version of `tokensmith-runtime`\n\n## [0.1.0] - 2026-01-01\n\n- First.\n"
            )
        );
        assert_eq!(released("# Changelog\n", "x", &[], &[]), None);
    }

    #[test]
    fn the_section_says_how_far_the_version_goes() {
        assert_eq!(step_of_unreleased(CHANGELOG), Step::Minor);
        assert_eq!(
            step_of_unreleased(&CHANGELOG.replace("More.", "More (breaking).")),
            Step::Major
        );
        assert_eq!(
            step_of_unreleased(&CHANGELOG.replace("Added", "Fixed")),
            Step::Patch
        );
        // What an older release broke does not count.
        assert_eq!(
            step_of_unreleased(&CHANGELOG.replace("First.", "First (breaking).")),
            Step::Minor
        );
    }
}
