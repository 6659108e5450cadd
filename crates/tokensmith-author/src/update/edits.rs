//! What somebody wrote into an imported document, which importing anew would lose.

use std::path::Path;

use similar::{ChangeTag, TextDiff};
use tokensmith_author::import::import;
use tokensmith_codegen::Source;

use crate::specs;

/// Lines that are listed.
const SHOWN: usize = 20;

/// An imported document that is not as it was imported.
pub(super) struct Edited<'a> {
    pub(super) provider: &'a str,
    /// The document's name.
    pub(super) shown: &'a str,
    pub(super) document: &'a str,
    /// What is to take its place.
    pub(super) newer: &'a str,
}

impl Edited<'_> {
    /// Refuses, and says what would be lost. Given the file that the document was imported from, it knows what somebody wrote; else what the vendor
    /// has dropped looks the same, and what somebody removed looks like what the vendor added.
    pub(super) fn check(&self, old: Option<&str>) -> Result<(), String> {
        let (told, edits) = match old {
            Some(old) => {
                let edits = edits(&self.import(old)?, self.document, &[ChangeTag::Delete, ChangeTag::Insert]);
                if edits.is_empty() {
                    return Ok(());
                }
                (String::new(), edits)
            }
            None => (
                " The newer file does not give these lines (with --old FILE, the file that was imported, you see the changes themselves)".to_owned(),
                edits(self.newer, self.document, &[ChangeTag::Insert]),
            ),
        };
        let more = match edits.len().saturating_sub(SHOWN) {
            0 => String::new(),
            more => format!("\n    and {more} more"),
        };
        let listed: Vec<&str> = edits.iter().take(SHOWN).map(String::as_str).collect();
        Err(format!(
            "{} is left as it is: somebody changed it since it was imported, and that would be lost.{told}\n{}{more}\n\
             Move it to the overlay, specs/{}.overlay.yaml, where it stays; to lose it, add --force",
            self.shown,
            listed.join("\n"),
            self.provider
        ))
    }

    fn import(&self, old: &str) -> Result<String, String> {
        let bytes = specs::read(Path::new(old))?;
        let source = Source::new(old, &bytes).in_folder(Path::new(old).parent());
        let imported = import(self.provider, source).map_err(|diagnostics| {
            specs::print(&diagnostics);
            format!("{old} cannot be imported: nothing is written")
        })?;
        Ok(imported.document)
    }
}

/// The lines that are in one of two texts only, those of the second with their numbers. The head, which names the file and what it held, is not compared.
fn edits(before: &str, after: &str, tags: &[ChangeTag]) -> Vec<String> {
    let diff = TextDiff::from_lines(before, after);
    let changes = diff
        .iter_all_changes()
        .filter(|change| tags.contains(&change.tag()));
    let lines = changes.filter_map(|change| {
        let shown = tokensmith_author::markdown::plain(change.value().trim_end());
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
