//! CHANGELOG.md: what is unreleased becomes the section of a release.

use std::fmt::Write as _;

use crate::comparison::{Fate, Provider};
use crate::diff::Step;
use crate::markdown::code;

use super::{Planned, Reason};

const UNRELEASED: &str = "## [Unreleased]";
/// The part that lists the crates of providers.
const CRATES: &str = "### Crates of providers";
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

/// Returns the changelog with the unreleased section under `## HEADING - DATE`, an empty one before
/// it, and the crates of providers that are published listed in it; `None` without an unreleased
/// section.
///
/// If the next section has the heading already, and is not in the changelog of the last release,
/// it was prepared earlier: the unreleased section is merged into it, and it gets the new date.
pub fn released(
    changelog: &str,
    last: Option<&str>,
    (heading, date): (&str, &str),
    planned: &[Planned],
    providers: &[Provider],
) -> Option<String> {
    let (before, section, after) = section(changelog)?;
    let (prepared, after) = prepared(after, heading, last).unwrap_or(("", after));
    let mut parts = parts(prepared);
    for (title, body) in self::parts(section) {
        match parts.iter_mut().find(|(known, _)| *known == title) {
            Some((_, known)) if !known.is_empty() && !body.is_empty() => {
                *known = format!("{known}\n{body}");
            }
            Some((_, known)) => known.push_str(&body),
            None => parts.push((title, body)),
        }
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
    parts.retain(|(title, _)| *title != CRATES);
    parts.push((CRATES, crates.trim_end().to_owned()));
    let mut text = format!("{before}{UNRELEASED}\n\n## {heading} - {date}\n");
    for (title, body) in parts.iter().filter(|(_, body)| !body.is_empty()) {
        if !title.is_empty() {
            let _ = write!(text, "\n{title}\n");
        }
        let _ = writeln!(text, "\n{body}");
    }
    if !after.is_empty() {
        text.push('\n');
        text.push_str(after);
    }
    Some(text)
}

/// The section that was prepared earlier, without its title, and what stands after it.
fn prepared<'t>(after: &'t str, heading: &str, last: Option<&str>) -> Option<(&'t str, &'t str)> {
    let title = after.lines().next()?;
    let is_same = title.strip_prefix(&format!("## {heading} - ")).is_some();
    let is_released = last.is_some_and(|last| last.lines().any(|line| line == title));
    if !is_same || is_released {
        return None;
    }
    let rest = &after[title.len()..];
    let end = rest.find("\n## ").map_or(rest.len(), |end| end + 1);
    Some((&rest[..end], &rest[end..]))
}

/// The parts of a section, each with its title; what stands before the first title has an empty one.
fn parts(section: &str) -> Vec<(&str, String)> {
    let mut parts = vec![("", String::new())];
    for line in section.lines() {
        if line.starts_with("### ") {
            parts.push((line.trim_end(), String::new()));
        } else if let Some((_, body)) = parts.last_mut() {
            body.push_str(line);
            body.push('\n');
        }
    }
    for (_, body) in &mut parts {
        *body = body.trim().to_owned();
    }
    parts
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
        _ if matches!(provider.fate, Fate::Repaired(_)) => {
            entry.push_str(": the document had errors, so that nothing can be compared");
        }
        _ if changes.is_empty() => {
            entry.push_str(": the generated code or the version; the document means the same");
        }
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
    use tokensmith_codegen::{Source, read};

    use super::*;
    use crate::comparison::Compared;
    use crate::diff;

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
        let text = released(
            CHANGELOG,
            None,
            ("[0.2.0]", "2026-02-01"),
            &[planned],
            &[provider],
        );
        assert_eq!(
            text.as_deref(),
            Some(
                "# Changelog\n\n## [Unreleased]\n\n## [0.2.0] - 2026-02-01\n\n### Added\n\n- More.\n\n### Crates of providers\n\n\
                 - `tokensmith-acme` 0.2.0: for the new version of `tokensmith-runtime`\n\n## [0.1.0] - 2026-01-01\n\n- First.\n"
            )
        );
        assert_eq!(
            released("# Changelog\n", None, ("x", "2026-02-01"), &[], &[]),
            None
        );
    }

    #[test]
    fn a_release_that_is_prepared_again_has_one_section() {
        let prepare = |changelog: &str, date: &str, last: Option<&str>| {
            released(changelog, last, ("[0.2.0]", date), &[], &[]).expect("has a section")
        };
        let first = prepare(CHANGELOG, "2026-02-01", Some(CHANGELOG));
        assert_eq!(prepare(&first, "2026-02-01", Some(CHANGELOG)), first);
        let next = first.replace(
            "[Unreleased]\n",
            "[Unreleased]\n\n### Added\n\n- Still more.\n\n### Fixed\n\n- A bug.\n",
        );
        assert_eq!(
            prepare(&next, "2026-02-02", Some(CHANGELOG)),
            "# Changelog\n\n## [Unreleased]\n\n## [0.2.0] - 2026-02-02\n\n### Added\n\n- More.\n- Still more.\n\n\
             ### Fixed\n\n- A bug.\n\n## [0.1.0] - 2026-01-01\n\n- First.\n"
        );
        // What was released stays as it is, whatever its title.
        let of_crates = |changelog: &str, last| {
            let title = ("Crates of providers", "2026-02-03");
            released(changelog, last, title, &[], &[]).expect("has a section")
        };
        let once = of_crates(CHANGELOG, Some(CHANGELOG));
        let twice = of_crates(&once, Some(&once));
        assert_eq!(twice.matches("## Crates of providers - ").count(), 2);
    }

    /// The entry of a crate whose document changed from one text to another.
    fn entry_of(before: &str, after: &str) -> String {
        let model = |text: &str| {
            let source = Source::new("acme.yaml", text.as_bytes());
            let model = read("acme", source, None).model;
            model.expect("has no errors")
        };
        let (before, after) = (model(before), model(after));
        let changes = diff::diff(&before, &after);
        let compared = Compared {
            before,
            after,
            changes,
        };
        entry(
            &planned(Reason::Changed),
            &provider(Fate::Compared(Box::new(compared))),
        )
    }

    fn planned(reason: Reason) -> Planned {
        Planned {
            name: "tokensmith-acme".to_owned(),
            released: Some(Version::new(0, 1, 0)),
            version: Version::new(0, 2, 0),
            step: Some(Step::Major),
            reason,
        }
    }

    fn provider(fate: Fate) -> Provider {
        Provider {
            name: "acme".to_owned(),
            fate,
            explanation: String::new(),
        }
    }

    fn document(description: &str, grants: &str, parameters: usize) -> String {
        let parameters: String = (0..parameters)
            .map(|number| format!(", p{number}: {{type: string}}"))
            .collect();
        format!(
            "openapi: 3.1.0\ninfo: {{title: Acme, version: '1'}}\nservers: [{{url: 'https://a.example'}}]\npaths:\n  /token:\n    post:\n      \
             description: {description}\n      security: [{{Basic: []}}]\n      requestBody:\n        content:\n          application/x-www-form-urlencoded:\n            \
             schema: {{properties: {{grant_type: {{type: string, enum: [{grants}]}}{parameters}}}}}\n      responses:\n        '200':\n          description: A token.\n          \
             content: {{application/json: {{schema: {{properties: {{access_token: {{type: string}}}}}}}}}}\ncomponents: {{securitySchemes: {{Basic: {{type: http, scheme: basic}}}}}}\n"
        )
    }

    #[test]
    fn the_changes_of_a_document_are_listed() {
        let plain = document("Tokens.", "client_credentials, password", 0);
        let fewer = document("Other tokens.", "client_credentials", 0);
        let told = entry_of(&plain, &fewer);
        let mut lines = told.lines();
        assert_eq!(lines.next(), Some("- `tokensmith-acme` 0.2.0"), "{told}");
        assert!(told.contains("\n  - major: `"), "{told}");
        assert!(told.ends_with("\n  - documentation\n"), "{told}");
        let worded = document("Other tokens.", "client_credentials, password", 0);
        assert_eq!(
            entry_of(&plain, &worded),
            "- `tokensmith-acme` 0.2.0: documentation\n"
        );
        let more = document("Tokens.", "client_credentials, password", LISTED + 3);
        let told = entry_of(&plain, &more);
        assert_eq!(told.matches("\n  - minor: `").count(), LISTED, "{told}");
        assert!(told.contains("\n  - and "), "{told}");
        assert!(!told.contains("documentation"), "{told}");
    }

    #[test]
    fn what_is_not_compared_is_called_what_it_is() {
        let source = document("Tokens.", "client_credentials", 0);
        let source = Source::new("acme.yaml", source.as_bytes());
        let model = read("acme", source, None).model.expect("has no errors");
        let told = |reason, fate| entry(&planned(reason), &provider(fate));
        assert_eq!(
            told(Reason::Changed, Fate::Repaired(Box::new(model))),
            "- `tokensmith-acme` 0.2.0: the document had errors, so that nothing can be compared\n"
        );
        assert_eq!(
            told(Reason::Changed, Fate::Gone),
            "- `tokensmith-acme` 0.2.0: the generated code or the version; the document means the same\n"
        );
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
