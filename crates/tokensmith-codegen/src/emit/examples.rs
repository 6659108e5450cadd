//! `tests/examples`: the examples of the document, sent and read by the crate.

mod request;
mod response;

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;

use super::docs;
use super::print::root;
use crate::model::{Endpoint, EndpointKind, Model, name};

/// A program of tests.
pub(crate) struct Examples {
    /// `main.rs`.
    pub(crate) root: String,
    /// The modules that it declares, by name.
    pub(crate) modules: BTreeMap<&'static str, TokenStream>,
}

/// The tests; nothing where no example becomes one.
pub(crate) fn examples(model: &Model) -> Option<Examples> {
    let first = model.servers.first().map(|server| server.ident.as_str());
    // The tests' client is one of the first server.
    let is_there = |endpoint: &&Endpoint| {
        let mut servers = endpoint.servers.iter();
        servers.len() == 0 || servers.any(|own| Some(own.server.as_str()) == first)
    };
    let endpoints: Vec<&Endpoint> = model.endpoints.iter().filter(is_there).collect();
    let tests = [
        ("requests", request::module(model, &endpoints)),
        ("responses", response::module(model, &endpoints)),
    ];
    let tests = tests.into_iter();
    let modules: BTreeMap<_, _> = tests
        .filter_map(|(name, module)| Some((name, module?)))
        .collect();
    if modules.is_empty() {
        return None;
    }
    let docs = format!(
        "The examples of {}'s document, sent and read by this crate. Nothing leaves the program.",
        docs::inline(&model.title)
    );
    let declared = modules.keys().map(|name| ("mod", *name));
    Some(Examples {
        root: root(&docs, "", declared),
        modules,
    })
}

/// The names of tests, which are those of their examples as far as these tell them apart.
#[derive(Default)]
struct Names(BTreeSet<String>);

impl Names {
    /// A name of these words.
    fn free(&mut self, words: &[&str]) -> String {
        let wanted = name::snake(&words.join(" ")).unwrap_or_else(|| "example".to_owned());
        let wanted = short(wanted.trim_start_matches("r#"));
        let numbered = (2_usize..).map(|number| format!("{wanted}_{number}"));
        let mut names = std::iter::once(wanted.to_owned()).chain(numbered);
        let free = names
            .find(|name| !self.0.contains(name))
            .unwrap_or_default();
        self.0.insert(free.clone());
        free
    }
}

/// The words of a name that fit on the line of a function's head.
fn short(name: &str) -> &str {
    const LONGEST: usize = 60;
    match name.get(..LONGEST) {
        Some(start) => start.rsplit_once('_').map_or(start, |(words, _)| words),
        None => name,
    }
}

/// The word for an endpoint in a test's name; the token endpoint, where it is the only one, needs none.
fn mark<'a>(endpoint: &Endpoint, noun: &'a str) -> &'a str {
    if noun == EndpointKind::Token.as_str() && endpoint.kind == EndpointKind::Token {
        return "";
    }
    noun
}

/// How a test's documentation calls an endpoint: one that is the only one of its kind, by its kind.
fn noun(model: &Model, endpoint: &Endpoint) -> String {
    let mut counts = BTreeMap::new();
    for other in &model.endpoints {
        *counts.entry(other.kind).or_insert(0) += 1;
    }
    match counts.get(&endpoint.kind) {
        Some(1) => endpoint.kind.as_str().to_owned(),
        _ => endpoint.ident.to_ascii_lowercase().replace('_', " "),
    }
}
