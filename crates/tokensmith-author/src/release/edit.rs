//! Versions in files: one line changes, and everything around it stays as somebody wrote it.

use semver::Version;

/// Sets the version of `[workspace.package]`; `None` if there is none.
pub fn set_workspace(manifest: &str, version: &Version) -> Option<String> {
    set_in_table(manifest, "[workspace.package]", version)
}

/// Sets the version of `[package]`; `None` if there is none of its own.
pub fn set_package(manifest: &str, version: &Version) -> Option<String> {
    set_in_table(manifest, "[package]", version)
}

/// Sets the version that the workspace's dependencies ask for of a crate of the project; `None` if
/// they do not have it with a version in its line.
pub fn set_dependency(manifest: &str, name: &str, version: &Version) -> Option<String> {
    let is_line = |line: &str| {
        line.strip_prefix(name)
            .is_some_and(|rest| rest.trim_start().starts_with('=') && rest.contains("path"))
    };
    set_line(manifest, is_line, "version = \"", "\"", version)
}

/// Sets the version of a provider in its document or overlay: the first `version` after the first
/// `x-tokensmith` that has the old one. `None` if there is none; whoever calls it reads the document
/// again, since this knows nothing of YAML.
pub fn set_document(document: &str, old: &Version, version: &Version) -> Option<String> {
    let (before, rest) = document.split_at(after_key(document, "x-tokensmith")?);
    let mut from = 0;
    while let Some(at) = after_key(&rest[from..], "version") {
        let value = from + at;
        let quotes = |character: char| character == ' ' || character == '\'' || character == '"';
        let text = rest[value..].trim_start_matches(quotes);
        let begins = rest.len() - text.len();
        let ends = text
            .find(|character: char| {
                !(character.is_ascii_alphanumeric() || ".-+".contains(character))
            })
            .unwrap_or(text.len());
        if text[..ends] == old.to_string() {
            return Some(format!(
                "{before}{}{version}{}",
                &rest[..begins],
                &text[ends..]
            ));
        }
        from = value;
    }
    None
}

/// Where the value of a key begins, which may have the quotes of JSON.
fn after_key(text: &str, key: &str) -> Option<usize> {
    let mut ends = text.match_indices(key).map(|(at, _)| at + key.len());
    ends.find_map(|end| {
        let rest = text[end..].trim_start_matches(['"', '\'']);
        rest.starts_with(':').then(|| text.len() - rest.len() + 1)
    })
}

fn set_in_table(manifest: &str, table: &str, version: &Version) -> Option<String> {
    let mut is_inside = false;
    let is_line = |line: &str| {
        if line.starts_with('[') {
            is_inside = line.trim() == table;
        }
        is_inside && line.starts_with("version = \"")
    };
    set_line(manifest, is_line, "version = \"", "\"", version)
}

/// Replaces what stands between two texts in the first line that is meant.
fn set_line(
    text: &str,
    mut is_line: impl FnMut(&str) -> bool,
    before: &str,
    after: &str,
    version: &Version,
) -> Option<String> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if is_line(line) {
            let begins = start + line.find(before)? + before.len();
            let ends = begins + text[begins..].find(after)?;
            return Some(format!("{}{version}{}", &text[..begins], &text[ends..]));
        }
        start += line.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEW: Version = Version::new(0, 2, 0);

    #[test]
    fn one_line_of_a_manifest_changes() {
        let manifest = "[workspace]\n\n[workspace.package]\nversion = \"0.1.0\" # ours\n\n[workspace.dependencies]\nacme = { path = \"acme\", version = \"0.1.0\" }\nacme-x = \"0.1.0\"\n";
        assert_eq!(
            set_workspace(manifest, &NEW).as_deref(),
            Some(manifest.replacen("0.1.0", "0.2.0", 1).as_str())
        );
        assert_eq!(
            set_dependency(manifest, "acme", &NEW).as_deref(),
            Some(
                manifest
                    .replace("version = \"0.1.0\" }", "version = \"0.2.0\" }")
                    .as_str()
            )
        );
        assert_eq!(set_dependency(manifest, "acme-x", &NEW), None);
        assert_eq!(set_package(manifest, &NEW), None);
        assert_eq!(
            set_package("[package]\nversion.workspace = true\n", &NEW),
            None
        );
        let package =
            "[package]\nname = \"a\"\nversion = \"0.1.0\"\n[dependencies]\nversion = \"0.1.0\"\n";
        assert_eq!(
            set_package(package, &NEW).as_deref(),
            Some(package.replacen("0.1.0", "0.2.0", 1).as_str())
        );
    }

    #[test]
    fn the_version_of_a_document_is_that_of_the_extension() {
        let old = Version::new(0, 1, 0);
        for (document, changed) in [
            (
                "info:\n  version: 0.1.0\n  x-tokensmith:\n    version: 0.1.0\n",
                "info:\n  version: 0.1.0\n  x-tokensmith:\n    version: 0.2.0\n",
            ),
            (
                "x-tokensmith: {title: A, version: '0.1.0'}\n",
                "x-tokensmith: {title: A, version: '0.2.0'}\n",
            ),
            (
                r#"{"version": "0.1.0", "x-tokensmith": {"version": "0.1.0"}}"#,
                r#"{"version": "0.1.0", "x-tokensmith": {"version": "0.2.0"}}"#,
            ),
            (
                "x-tokensmith:\n  sources: [{facts: 'version: 0.1.01'}]\n  version: 0.1.0",
                "x-tokensmith:\n  sources: [{facts: 'version: 0.1.01'}]\n  version: 0.2.0",
            ),
        ] {
            assert_eq!(set_document(document, &old, &NEW).as_deref(), Some(changed));
        }
        assert_eq!(set_document("info: {version: 0.1.0}\n", &old, &NEW), None);
        assert_eq!(
            set_document("x-tokensmith: {version: 0.3.0}\n", &old, &NEW),
            None
        );
    }
}
