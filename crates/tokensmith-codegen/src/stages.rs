//! The stages in their order, from the bytes to the meaning.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::diagnostic::finding::{Evidence, Finding};
use crate::diagnostic::visible::visible;
use crate::diagnostic::{Diagnostic, Diagnostics, Excerpt, Rule};
use crate::model::name::NameFault;
use crate::model::{FirstServer, Model};
use crate::openapi::condition::Conditions;
use crate::openapi::site::Site;
use crate::openapi::untyped::Untyped;
use crate::repair::{self, normalize, parse};
use crate::select::Selected;
use crate::source::external::External;
use crate::source::hidden_text;
use crate::source::load::Loaded;
use crate::source::origin::Origins;
use crate::source::{external, load, overlay as overlays, position, swagger};
use crate::{Source, infer, lint, model, pointer, select};

/// Diagnostics of a file that are shown with its lines: to find these takes a pass over the file for each.
const MAX_EXCERPTS: usize = 200;

/// The files that a document is made of, and what was moved between them.
#[derive(Default)]
pub(crate) struct Files {
    loaded: Vec<Loaded>,
    origins: Origins,
    pub(crate) externals: Vec<External>,
}

impl Files {
    /// What a file says; nothing where it was not read.
    pub(crate) fn text(&self, name: &str) -> String {
        let loaded = self.loaded.iter().find(|loaded| loaded.file == name);
        loaded.map_or_else(String::new, |loaded| loaded.text.clone())
    }

    /// Fills in the file of what was found by stages that know pointers only.
    fn name_file(&self, file: &mut String, pointer: &mut String, document: &str) {
        if !file.is_empty() {
            return;
        }
        match self.origins.of(pointer) {
            Some(place) => {
                *file = place.file;
                *pointer = place.pointer;
            }
            None => document.clone_into(file),
        }
    }

    /// Fills in file and position of the evidence of findings.
    pub(crate) fn place_findings(&self, findings: &mut [Finding], document: &str) {
        let all = findings.iter_mut().flat_map(|finding| {
            let Finding {
                evidence, against, ..
            } = finding;
            evidence.iter_mut().chain(against)
        });
        let mut all: Vec<&mut Evidence> = all.collect();
        for evidence in &mut all {
            self.name_file(&mut evidence.file, &mut evidence.pointer, document);
        }
        for Loaded { file, text, .. } in &self.loaded {
            let here = all.iter_mut().filter(|evidence| evidence.file == *file);
            let mut here: Vec<&mut &mut Evidence> = here.collect();
            let pointers = here.iter().map(|evidence| evidence.pointer.as_str());
            let places = position::locate(text, &pointers.collect::<Vec<_>>());
            for (evidence, place) in here.iter_mut().zip(places) {
                evidence.position = place;
            }
        }
    }

    /// Fills in file, position and excerpt of diagnostics of stages that know pointers only.
    pub(crate) fn place(&self, diagnostics: &mut [Diagnostic], document: &str) {
        for diagnostic in diagnostics.iter_mut() {
            self.name_file(&mut diagnostic.file, &mut diagnostic.pointer, document);
        }
        for Loaded { file, text, .. } in &self.loaded {
            let mut here: Vec<&mut Diagnostic> = diagnostics
                .iter_mut()
                .filter(|diagnostic| diagnostic.file == *file && diagnostic.position.is_none())
                .collect();
            if here.is_empty() {
                continue;
            }
            let pointers: Vec<&str> = here
                .iter()
                .map(|diagnostic| diagnostic.pointer.as_str())
                .collect();
            let places = position::locate(text, &pointers);
            for (index, (diagnostic, place)) in here.iter_mut().zip(places).enumerate() {
                diagnostic.position = place;
                if index < MAX_EXCERPTS {
                    diagnostic.excerpt = place.and_then(|place| Excerpt::around(text, place));
                }
            }
        }
    }
}

/// Takes a document through the stages as far as its meaning.
pub(crate) fn read(
    provider: &str,
    document: Source<'_>,
    overlay: Option<Source<'_>>,
    diagnostics: &mut Diagnostics,
    files: &mut Files,
) -> Option<Model> {
    check_name(provider, diagnostics);
    let prepared = prepare(document, overlay, diagnostics, files)?;
    understand(provider, prepared, diagnostics, files)
}

/// Checks what a provider is to be called.
pub(crate) fn check_name(provider: &str, diagnostics: &mut Diagnostics) {
    if let Err(fault) = model::name::check_provider_name(provider) {
        diagnostics.push(unusable_name(provider, &fault));
    }
}

/// Takes a document from what is OAuth's in it to its meaning.
pub(crate) fn understand(
    provider: &str,
    mut prepared: Prepared,
    diagnostics: &mut Diagnostics,
    files: &mut Files,
) -> Option<Model> {
    let selected = &prepared.selected;
    let sites: Vec<Site> = selected.sites.iter().map(Site::in_selected).collect();
    lint::lint(&selected.tree, &sites, diagnostics);
    for Loaded { file, text, .. } in &files.loaded {
        hidden_text::lint_comments(file, text, diagnostics);
    }
    // All that is wrong is told at once; but where a part is missing, what follows from that is not told.
    if diagnostics.has_error_of(is_missing_part) {
        diagnostics.retain(|diagnostic| diagnostic.rule != Rule::Inferred);
        return None;
    }
    let model = meaning(
        provider,
        &mut prepared,
        &sites,
        diagnostics,
        &mut files.origins,
    );
    model.filter(|_| !diagnostics.has_errors())
}

fn unusable_name(provider: &str, fault: &NameFault) -> Diagnostic {
    let shown = visible(provider);
    let (message, help) = match fault {
        NameFault::Form => (
            format!("`{shown}` cannot be a provider's name"),
            "use lower-case letters, digits and hyphens, such as `moov.yaml`; 64 at most",
        ),
        NameFault::Taken(what) => (
            format!("`{shown}` cannot be a provider's name: it is the name of {what}"),
            "rename the document after the company or product, such as `acme-auth.yaml`, or give another name with `--name`",
        ),
    };
    Diagnostic::new(Rule::ProviderName, "", message).help(help)
}

/// Whether a rule says that something cannot be found or read.
fn is_missing_part(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::DanglingReference
            | Rule::CircularReference
            | Rule::ExternalFile
            | Rule::Syntax
            | Rule::TooLarge
            | Rule::Unreadable
    )
}

/// The stages behind `select`.
fn meaning(
    provider: &str,
    prepared: &mut Prepared,
    sites: &[Site],
    diagnostics: &mut Diagnostics,
    origins: &mut Origins,
) -> Option<Model> {
    let tree = &mut prepared.selected.tree;
    let written = tree.clone();
    repair::repair(tree, prepared.is_swagger, diagnostics);
    let untyped = Untyped::of(tree);
    let moves = normalize::normalize(tree);
    origins.moved_all(&moves, &prepared.document);
    let api = parse::parse(tree, diagnostics)?;
    let conditions = Conditions::of_all(&written, sites);
    let context = infer::Context {
        api: &api,
        untyped: &untyped,
        sites,
        asked_scopes: &prepared.selected.asked_scopes,
        conditions: &conditions,
        first_server: prepared.first_server.as_ref(),
    };
    let before = diagnostics.len();
    let model = infer::build(provider, &context, diagnostics);
    let endpoints: Vec<&str> = sites.iter().map(|site| site.pointer.as_str()).collect();
    diagnostics.place_findings_by_evidence(&endpoints);
    // What was not read to its end says nothing else that is sure.
    let exceeded = diagnostics.budget().exceeded();
    if let Some(exceeded) = exceeded.map(|(limit, at)| limit.exceeded(at)) {
        diagnostics.truncate(before);
        diagnostics.push(exceeded);
        return None;
    }
    if let Some(model) = &model {
        lint::account::tell(&written, (sites, &conditions), model, diagnostics);
    }
    model
}

/// A document after the stages that see all of it.
pub(crate) struct Prepared {
    /// How diagnostics name it.
    document: String,
    /// All of it, in one tree.
    pub(crate) tree: Value,
    /// What is left of it.
    pub(crate) selected: Selected,
    pub(crate) is_swagger: bool,
    /// The server that its author names first, whatever an overlay makes of that.
    first_server: Option<FirstServer>,
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
    if let Some(overlay) = overlay {
        let overlay = keep(overlays::load(overlay), diagnostics)?;
        let origins = &mut files.origins;
        overlays::apply(&mut tree, document.name, &overlay, origins, diagnostics);
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
    let beside = external::Files::new(document.folder, document.name, is_swagger)
        .with_common(document.common);
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
mod tests {
    use super::*;

    #[test]
    fn a_place_is_touched_from_above_and_from_below() {
        let pointers = ["/a", "/b/c/d", "/e-f"].map(str::to_owned);
        let pointers = BTreeSet::from(pointers);
        for (place, expected) in [
            ("/a", true),
            ("/a/x/y", true),
            ("/b", true),
            ("/b/c", true),
            ("", true),
            ("/b/x", false),
            ("/ab", false),
            ("/e", false),
        ] {
            assert_eq!(touches(place, &pointers), expected, "{place}");
        }
    }
}
