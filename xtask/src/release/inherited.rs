//! What a crate has from the workspace's manifest.

/// Whether what a crate's manifest takes from the workspace's differs between two of the workspace's.
/// Versions of the project's own crates do not count: a release raises them.
pub(super) fn differs(manifest: &str, before: &str, now: &str) -> bool {
    let mut table = "";
    manifest.lines().any(|line| {
        if line.starts_with('[') {
            table = line.trim();
        }
        let Some((inherited, key)) = inherited(table, line) else {
            return false;
        };
        key != "version" && entry(before, inherited, key) != entry(now, inherited, key)
    })
}

/// The table of the workspace and the key in it that a line of a crate's manifest refers to.
fn inherited<'l>(table: &str, line: &'l str) -> Option<(&'static str, &'l str)> {
    let (key, value) = line.split_once('=')?;
    let key = key.trim();
    let (key, is_inherited) = match key.strip_suffix(".workspace") {
        Some(key) => (key, value.trim_start().starts_with("true")),
        None => (key, value.replace(' ', "").contains("workspace=true")),
    };
    let inherited = match table.contains("dependencies") {
        true => "[workspace.dependencies]",
        false => "[workspace.package]",
    };
    // What only tests need, and lints, change nothing of what is published.
    let is_published = table == "[package]" || table.ends_with("dependencies]");
    (is_inherited && is_published && table != "[dev-dependencies]").then_some((inherited, key))
}

/// The value of a key, with all lines that it goes over.
fn entry(manifest: &str, table: &str, key: &str) -> Option<String> {
    let lines = manifest.lines().skip_while(|line| line.trim() != table);
    let lines = lines.skip(1).take_while(|line| !line.starts_with('['));
    let is_key = |line: &&str| {
        let rest = line.strip_prefix(key);
        rest.is_some_and(|rest| rest.trim_start().starts_with(['=', '.']))
    };
    let mut lines = lines.skip_while(|line| !is_key(line));
    let first = lines.next()?;
    let more = lines.take_while(|line| line.starts_with([' ', '\t', ']', '}']));
    let text = more.fold(first.to_owned(), |text, line| text + "\n" + line);
    Some(match text.contains("path = ") {
        true => without_version(&text),
        false => text,
    })
}

fn without_version(text: &str) -> String {
    let parts = text.split_once("version = \"");
    let rest = parts.and_then(|(before, rest)| Some((before, rest.split_once('"')?.1)));
    rest.map_or_else(
        || text.to_owned(),
        |(before, after)| format!("{before}{after}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORKSPACE: &str = "[workspace.package]\nversion = \"0.1.0\"\nrust-version = \"1.89\"\n\n[workspace.dependencies]\n\
        base = { path = \"base\", version = \"0.1.0\" }\nhttp = { version = \"1\", features = [\n  \"std\",\n] }\nhttparse = \"1\"\n\n[workspace.lints]\n";

    #[test]
    fn a_crate_changes_with_what_it_inherits() {
        let manifest = "[package]\nname = \"a\"\nversion.workspace = true\nrust-version.workspace = true\n[dependencies]\nhttp.workspace = true\n\
            base = { workspace = true, features = [\"x\"] }\n[dev-dependencies]\nhttparse.workspace = true\n";
        for (from, to, expected) in [
            ("rust-version = \"1.89\"", "rust-version = \"1.90\"", true),
            ("\"std\"", "\"alloc\"", true),
            ("path = \"base\"", "path = \"other\"", true),
            (
                "\nhttp = { version = \"1\"",
                "\nhttp = { version = \"2\"",
                true,
            ),
            ("version = \"0.1.0\" }", "version = \"0.2.0\" }", false),
            ("httparse = \"1\"", "httparse = \"2\"", false),
            ("\nversion = \"0.1.0\"", "\nversion = \"0.2.0\"", false),
            ("[workspace.lints]", "[workspace.lints]\nx = 1", false),
        ] {
            let now = WORKSPACE.replace(from, to);
            assert_ne!(now, WORKSPACE, "{from}");
            assert_eq!(differs(manifest, WORKSPACE, &now), expected, "{from}");
        }
    }
}
