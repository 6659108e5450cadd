//! `src/lib.rs`: what the crate is about, and its modules.

use super::front_page::{self, Programs};
use super::print::root;
use super::{docs, endpoint_docs};
use crate::model::Model;

/// The root of the crate, of which a list of providers tells if it `is_listed`.
pub(crate) fn library(model: &Model, programs: &Programs, is_listed: bool) -> String {
    const MODULES: [(&str, &str); 8] = [
        ("mod", "about"),
        ("mod", "client"),
        ("mod", "endpoint"),
        ("pub mod", "error"),
        ("pub mod", "request"),
        ("pub mod", "response"),
        ("pub mod", "scope"),
        ("mod", "server"),
    ];
    let has_scopes = !model.scopes.is_empty();
    let modules = MODULES.into_iter();
    let modules = modules.filter(|(_, name)| match *name {
        "about" => is_listed,
        "scope" => has_scopes,
        _ => true,
    });
    // docs.rs says of each item which feature it needs.
    let badges = "#![cfg_attr(docsrs, feature(doc_cfg))]\n\n";
    root(&crate_docs(model, programs, is_listed), badges, modules) + "\npub use client::*;\n"
}

fn crate_docs(model: &Model, programs: &Programs, is_listed: bool) -> String {
    let title = docs::inline(&model.title);
    let mut text = format!("OAuth 2.0 client for {title}.\n");
    let description = model.description.as_deref().map(docs::description);
    let description = description.unwrap_or_default();
    let first = docs::first_paragraph(&description);
    if !first.is_empty() {
        text.push_str(&format!("\n{first}\n"));
    }
    text.push_str(&format!(
        "\n# {}\n\n```no_run\n{}```\n{}",
        programs.title,
        programs.first,
        front_page::sections(model, programs, is_listed)
    ));
    let words = endpoint_docs::of_endpoints(model, 1);
    if !words.is_empty() {
        text.push_str(&format!("\n# Endpoints\n{words}"));
    }
    if !model.deviations.is_empty() {
        text.push_str("\n# Deviations from RFC 6749\n\n");
        for sentence in &model.deviations {
            text.push_str(&docs::markdown(&format!("- {sentence}")));
            text.push('\n');
        }
    }
    if let Some(url) = &model.docs_url {
        text.push_str(&format!(
            "\nDocumentation of the provider: {}\n",
            docs::inline(url)
        ));
    }
    text
}
