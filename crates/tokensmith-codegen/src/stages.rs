//! The stages in their order, from the bytes to the meaning.

mod files;
mod prepare;

use crate::diagnostic::visible::visible;
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::model::Model;
use crate::model::name::NameFault;
use crate::openapi::condition::Conditions;
use crate::openapi::site::Site;
use crate::openapi::untyped::Untyped;
use crate::repair::{self, normalize, parse};
use crate::source::hidden_text;
use crate::source::load::Loaded;
use crate::source::origin::Origins;
use crate::source::swagger;
use crate::{Source, emit, infer, lint, model};
pub(crate) use files::Files;
pub(crate) use prepare::{Prepared, prepare};

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
    prepared: Prepared,
    diagnostics: &mut Diagnostics,
    files: &mut Files,
) -> Option<Model> {
    let is_swagger = prepared.is_swagger;
    let model = meaning_of_selected(provider, prepared, diagnostics, files);
    if is_swagger {
        diagnostics.rewrite_help(swagger::help::in_its_words);
    }
    model
}

fn meaning_of_selected(
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
    let model = model.filter(|_| !diagnostics.has_errors());
    // Which features the crate has shows only in its meaning.
    let checks_id_tokens = model.as_ref().is_some_and(emit::checks_id_tokens);
    if let Some(advice) = prepared.selected.passed_over.filter(|_| checks_id_tokens) {
        diagnostics.rewrite_help(|help| advice.with_id_tokens(help));
    }
    model
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
