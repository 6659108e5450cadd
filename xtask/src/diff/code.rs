//! How much of the generated code differs, whether a document or the generator changed it.

use std::collections::BTreeMap;
use std::path::Path;

use tokensmith_author::comparison::Code;

use super::base::Base;

/// Below the root: a folder for each crate.
const PROVIDERS: &str = "crates/providers/";

/// The crates whose generated code differs from the base's, by the provider's name.
pub(super) fn changed(root: &Path, base: &Base) -> Result<BTreeMap<String, Code>, String> {
    let mut crates = read(&base.lines_changed(root, PROVIDERS)?);
    for file in base.untracked(root, PROVIDERS)? {
        let Some(code) = provider(&file).map(|name| crates.entry(name.to_owned()).or_default())
        else {
            continue;
        };
        let text = std::fs::read(root.join(&file)).unwrap_or_default();
        code.files += 1;
        code.added += text.iter().filter(|byte| **byte == b'\n').count();
    }
    Ok(crates)
}

/// Reads `git diff --numstat -z`: lines added, lines removed and the file, between tabs.
fn read(list: &str) -> BTreeMap<String, Code> {
    let mut crates = BTreeMap::<String, Code>::new();
    for entry in list.split('\0') {
        let mut fields = entry.splitn(3, '\t');
        let (Some(added), Some(removed), Some(file)) =
            (fields.next(), fields.next(), fields.next())
        else {
            continue;
        };
        if let Some(name) = provider(file) {
            let code = crates.entry(name.to_owned()).or_default();
            code.files += 1;
            // Git counts no lines of a binary file.
            code.added += added.parse().unwrap_or(0);
            code.removed += removed.parse().unwrap_or(0);
        }
    }
    crates
}

fn provider(file: &str) -> Option<&str> {
    let (name, _) = file.strip_prefix(PROVIDERS)?.split_once('/')?;
    Some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_by_crate() {
        let list = "1\t2\tcrates/providers/acme/src/lib.rs\0-\t-\tcrates/providers/acme/x\0\
                    3\t0\tcrates/providers/other/a\tb\0";
        let code = |files, added, removed| Code {
            files,
            added,
            removed,
        };
        let expected = [("acme", code(2, 1, 2)), ("other", code(1, 3, 0))];
        assert_eq!(
            read(list),
            expected.map(|(name, code)| (name.to_owned(), code)).into()
        );
        assert!(read("").is_empty());
    }
}
