//! What somebody wrote into an imported document, which importing anew would lose.

use similar::{ChangeTag, TextDiff};

use crate::markdown::plain;

/// Lines that are listed.
const SHOWN: usize = 20;

/// Returns what of an imported document would be lost if `newer` took its place, a line each; nothing
/// if nothing would.
///
/// Given what was `imported`, it knows what somebody wrote. Without it, what the vendor has dropped
/// looks the same, and what somebody removed looks like what the vendor added.
pub fn lost(document: &str, newer: &str, imported: Option<&str>) -> Option<String> {
    let edits = match imported {
        Some(imported) => edits(imported, document, &[ChangeTag::Delete, ChangeTag::Insert]),
        None => edits(newer, document, &[ChangeTag::Insert]),
    };
    if imported.is_some() && edits.is_empty() {
        return None;
    }
    let more = match edits.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!("\n    and {more} more"),
    };
    let listed: Vec<&str> = edits.iter().take(SHOWN).map(String::as_str).collect();
    Some(format!("{}{more}", listed.join("\n")))
}

/// The lines that are in one of two texts only, those of the second with their numbers. The head, which names the file and what it held, is not compared.
fn edits(before: &str, after: &str, tags: &[ChangeTag]) -> Vec<String> {
    let diff = TextDiff::from_lines(before, after);
    let changes = diff
        .iter_all_changes()
        .filter(|change| tags.contains(&change.tag()));
    let lines = changes.filter_map(|change| {
        let shown = plain(change.value().trim_end());
        let index = change.new_index().or(change.old_index())?;
        let line = change
            .new_index()
            .map_or(String::new(), |index| (index + 1).to_string());
        let is_told = index >= HEAD && !shown.is_empty();
        is_told.then(|| format!("    {line:>5} {} {shown}", change.tag()))
    });
    lines.collect()
}

/// Lines of an import's head.
const HEAD: usize = 3;

#[cfg(test)]
mod tests {
    use super::lost;

    #[test]
    fn what_was_imported_tells_edits_from_what_the_vendor_dropped() {
        let head = "# a\n# b\n# c\n";
        let of = |lines: &str| format!("{head}{lines}");
        let (imported, newer) = (of("one\ntwo\n"), of("one\n"));
        assert_eq!(lost(&imported, &newer, Some(&imported)), None);
        let told = lost(&imported, &newer, None).expect("may be lost");
        assert_eq!(told, "        5 + two");
        let edited = of("one\nmine\u{202e}\n");
        let told = lost(&edited, &newer, Some(&imported)).expect("is lost");
        assert_eq!(told, "          - two\n        5 + mine\\u{202e}");
        let many = of(&"line\n".repeat(25));
        assert!(lost(&many, &newer, None).is_some_and(|told| told.ends_with("and 5 more")));
    }
}
