//! Where a value of the tree was written.
//!
//! The tree that the later stages see is put together: an overlay changes it, other files are brought in, Swagger 2.0 is raised to 3.0. A
//! diagnostic points at what its author wrote, so whoever moves a value notes where it came from.

use std::collections::BTreeMap;

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// The file as it was named when it was loaded.
    pub(crate) file: String,
    /// JSON Pointer within that file.
    pub(crate) pointer: String,
}

/// What was moved, and from where, by where it is now. What is not noted stands where the main document has it.
#[derive(Debug, Default)]
pub(crate) struct Origins(BTreeMap<String, Place>);

impl Origins {
    /// Notes that the value at `to` in the tree, and all below it, was written at `from`.
    pub(crate) fn note(&mut self, to: impl Into<String>, file: &str, from: impl Into<String>) {
        let place = Place {
            file: file.to_owned(),
            pointer: from.into(),
        };
        self.0.insert(to.into(), place);
    }

    /// Notes that the value at `from` of the tree is at `to` of the next one, for each `(to, from)`. Where it was written, and where parts of it
    /// were, is kept; `document` names the main document.
    pub(crate) fn moved_all(&mut self, moves: &[(String, String)], document: &str) {
        let mut moved = Vec::new();
        for (to, from) in moves {
            let place = self.of(from).unwrap_or_else(|| Place {
                file: document.to_owned(),
                pointer: from.clone(),
            });
            moved.push((to.clone(), place));
            let below = format!("{from}/");
            let parts = self.0.range(below.clone()..);
            let parts = parts.take_while(|(part, _)| part.starts_with(&below));
            moved.extend(parts.map(|(part, place)| {
                let part = &part[from.len()..];
                (format!("{to}{part}"), place.clone())
            }));
        }
        self.0.extend(moved);
    }

    /// Where the value at `pointer` of the tree was written; `None` if it is the main document's, at the same pointer.
    ///
    /// The nearest noted ancestor decides, and of several notes for one the last.
    pub(crate) fn of(&self, pointer: &str) -> Option<Place> {
        let mut ancestor = pointer;
        loop {
            if let Some(place) = self.0.get(ancestor) {
                let rest = &pointer[ancestor.len()..];
                return Some(Place {
                    file: place.file.clone(),
                    pointer: format!("{}{rest}", place.pointer),
                });
            }
            (ancestor, _) = ancestor.rsplit_once('/')?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(origins: &Origins, pointer: &str) -> Option<(String, String)> {
        let place = origins.of(pointer)?;
        Some((place.file, place.pointer))
    }

    #[test]
    fn the_nearest_ancestor_decides() {
        let mut origins = Origins::default();
        origins.note("/a", "other.yaml", "/x");
        origins.note("/a/b", "overlay.yaml", "/actions/0/update");
        let place = |file: &str, pointer: &str| Some((file.to_owned(), pointer.to_owned()));
        assert_eq!(of(&origins, "/a/c"), place("other.yaml", "/x/c"));
        assert_eq!(
            of(&origins, "/a/b/c"),
            place("overlay.yaml", "/actions/0/update/c")
        );
        assert_eq!(of(&origins, "/ab"), None);
    }

    #[test]
    fn what_moves_twice_is_found_where_it_was_written() {
        let mut origins = Origins::default();
        origins.note("/a", "other.yaml", "/x");
        origins.note("/a/b", "overlay.yaml", "/y");
        let moves = |moves: &[(&str, &str)]| -> Vec<(String, String)> {
            let owned = moves
                .iter()
                .map(|(to, from)| ((*to).to_owned(), (*from).to_owned()));
            owned.collect()
        };
        origins.moved_all(
            &moves(&[("/c", "/a"), ("/d", "/e/f"), ("/a", "/e/i")]),
            "main.yaml",
        );
        origins.moved_all(&moves(&[("/g", "/d/h")]), "main.yaml");
        let place = |file: &str, pointer: &str| Some((file.to_owned(), pointer.to_owned()));
        assert_eq!(of(&origins, "/c/z"), place("other.yaml", "/x/z"));
        assert_eq!(of(&origins, "/c/b/z"), place("overlay.yaml", "/y/z"));
        assert_eq!(of(&origins, "/a"), place("main.yaml", "/e/i"));
        assert_eq!(of(&origins, "/g/i"), place("main.yaml", "/e/f/h/i"));
    }

    #[test]
    fn the_last_note_of_a_place_counts() {
        let mut origins = Origins::default();
        origins.note("/a", "one.yaml", "/x");
        origins.note("/a", "two.yaml", "/y");
        assert_eq!(
            of(&origins, "/a"),
            Some(("two.yaml".to_owned(), "/y".to_owned()))
        );
    }
}
