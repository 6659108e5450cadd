//! The stages that see all of a document: from its bytes to what is OAuth's in it.

use std::collections::BTreeSet;

use serde_json::Value;

use super::files::Files;
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::model::FirstServer;
use crate::repair::parse;
use crate::select::Selected;
use crate::source::load::Loaded;
use crate::source::origin::Origins;
use crate::source::{external, load, overlay as overlays, swagger};
use crate::{Source, infer, pointer, select};

/// A document after the stages that see all of it.
pub(crate) struct Prepared {
    /// How diagnostics name it.
    pub(super) document: String,
    /// All of it, in one tree.
    pub(crate) tree: Value,
    /// What is left of it.
    pub(crate) selected: Selected,
    pub(crate) is_swagger: bool,
    /// The server that its author names first, whatever an overlay makes of that.
    pub(super) first_server: Option<FirstServer>,
}

/// Loads a document and its overlay, and keeps what is OAuth's.
pub(crate) fn prepare(
    document: Source<'_>,
    overlay: Option<Source<'_>>,
    diagnostics: &mut Diagnostics,
    files: &mut Files,
) -> Option<Prepared> {
    let mut loaded = keep(load::load(document.name, document.bytes), diagnostics)?;
    let mut tree = loaded.tree.take();
    files.loaded.push(loaded);
    let first_server = infer::server::first_server(&tree);
    let was_swagger = swagger::is_swagger(&tree).unwrap_or_default();
    let mut beside = external::Files::new(document.folder, document.name, was_swagger)
        .with_common(document.common);
    if let Some(overlay) = overlay {
        let overlay = keep(overlays::load(overlay), diagnostics)?;
        let origins = &mut files.origins;
        overlays::apply(&mut tree, &beside, &overlay, origins, diagnostics);
        files.loaded.push(overlay);
    }
    version_by_other_name(&mut tree, diagnostics);
    let is_swagger = keep(swagger::is_swagger(&tree), diagnostics)?;
    if let Some(exceeded) = is_swagger.then(|| swagger::beyond(&tree)).flatten() {
        diagnostics.push(exceeded);
        return None;
    }
    let oddities = match is_swagger {
        true => swagger::raise(&mut tree, document.name, &mut files.origins),
        false => Vec::new(),
    };
    keep(parse::check_version(&tree), diagnostics)?;
    beside.set_swagger(is_swagger);
    let selected = select(&tree, beside, document.name, diagnostics, files)?;
    tell_of_bodies(
        &oddities,
        &selected,
        document.name,
        &files.origins,
        diagnostics,
    );
    selected.note(&mut files.origins, document.name);
    Some(Prepared {
        document: document.name.to_owned(),
        tree,
        selected,
        is_swagger,
        first_server,
    })
}

/// OpenAPI 3 that calls itself Swagger 3.
fn version_by_other_name(tree: &mut Value, diagnostics: &mut Diagnostics) {
    let Some(root) = tree
        .as_object_mut()
        .filter(|root| !root.contains_key("openapi"))
    else {
        return;
    };
    let version = root.get("swagger").map(ToString::to_string);
    let is_later = version.is_some_and(|version| version.trim_matches('"').starts_with('3'));
    if is_later && let Some(version) = root.remove("swagger") {
        let message = format!(
            "OpenAPI {} is not called Swagger",
            version.to_string().trim_matches('"')
        );
        diagnostics.push(
            Diagnostic::new(Rule::Repaired, "/swagger", message)
                .help("write `openapi:` in its place"),
        );
        root.insert("openapi".to_owned(), version);
    }
}

/// Selects from the tree and the files beside it.
fn select(
    tree: &Value,
    beside: external::Files<'_>,
    document: &str,
    diagnostics: &mut Diagnostics,
    files: &mut Files,
) -> Option<Selected> {
    let selected = select::select(tree, &beside, diagnostics);
    let (externals, loaded) = beside.into_parts(&mut files.origins);
    files.externals = externals;
    files.loaded.extend(loaded);
    let selected = selected?;
    for loaded in &files.loaded {
        loaded
            .warnings
            .iter()
            .for_each(|warning| diagnostics.push(warning.clone()));
        duplicates(loaded, &selected, document, &files.origins, diagnostics);
    }
    Some(selected)
}

/// Tells of the kept request bodies that were odd in Swagger 2.0, where they were written.
fn tell_of_bodies(
    oddities: &[(String, swagger::Oddity)],
    selected: &Selected,
    document: &str,
    origins: &Origins,
    diagnostics: &mut Diagnostics,
) {
    if oddities.is_empty() {
        return;
    }
    let kept: BTreeSet<String> = selected.kept.iter().cloned().collect();
    for (at, oddity) in oddities.iter().filter(|(at, _)| touches(at, &kept)) {
        let told = match origins.of(at) {
            Some(place) => oddity.tell(&place.pointer).in_file(&place.file),
            None => oddity.tell(at).in_file(document),
        };
        diagnostics.push(told);
    }
}

/// Reports the repeated keys of a file that touch what was kept.
fn duplicates(
    loaded: &Loaded,
    selected: &Selected,
    document: &str,
    origins: &Origins,
    diagnostics: &mut Diagnostics,
) {
    if loaded.duplicates.is_empty() {
        return;
    }
    let kept: BTreeSet<String> = selected
        .kept
        .iter()
        .filter_map(|kept| match origins.of(kept) {
            Some(place) => (place.file == loaded.file).then_some(place.pointer),
            None => (loaded.file == document).then(|| kept.clone()),
        })
        .collect();
    for duplicate in &loaded.duplicates {
        if touches(duplicate, &kept) {
            let key = pointer::tokens(duplicate).last().unwrap_or_default();
            let is_path = pointer::tokens(duplicate).count() == 2 && key.starts_with('/');
            let counts = match is_path {
                true => "of each method the last one counts",
                false => "the last one counts",
            };
            let message = format!("the key `{key}` stands here more than once; {counts}");
            diagnostics.push(
                Diagnostic::new(Rule::DuplicateKey, duplicate, message)
                    .help("keep one of them")
                    .in_file(&loaded.file),
            );
        }
    }
}

/// Whether one of these pointers leads to a place, above it or below it.
fn touches(place: &str, pointers: &BTreeSet<String>) -> bool {
    let ends = place.match_indices('/').map(|(end, _)| end);
    let mut above = ends.chain([place.len()]).map(|end| &place[..end]);
    let below = format!("{place}/");
    above.any(|ancestor| pointers.contains(ancestor))
        || pointers
            .range(below.clone()..)
            .next()
            .is_some_and(|first| first.starts_with(&below))
}

fn keep<T>(result: Result<T, Diagnostic>, diagnostics: &mut Diagnostics) -> Option<T> {
    result
        .map_err(|diagnostic| diagnostics.push(diagnostic))
        .ok()
}

#[cfg(test)]
mod tests;
