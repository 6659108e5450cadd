//! `tokensmith providers`: what is built in.

mod json;
mod page;
mod table;

use std::process::ExitCode;

use tokensmith_codegen::diagnostic::output::try_print;
use tokensmith_providers::{Entry, PROVIDERS};
use tokensmith_runtime::{Description, Endpoint};

use crate::args::{ProvidersArgs, ProvidersOutput};
use crate::failure::Failure;
use crate::select::grants;

/// Prints the providers that are asked for: a page of one, a table of several, or JSON.
pub(crate) fn run(args: &ProvidersArgs) -> Result<ExitCode, Failure> {
    let found: Vec<&Entry> = PROVIDERS
        .iter()
        .filter(|entry| is_asked_for(entry, args))
        .collect();
    let named = args.name.as_deref().and_then(|name| {
        let mut found = found.iter();
        found.find(|entry| entry.description.name() == name)
    });
    match (args.output, named) {
        (ProvidersOutput::Json, Some(entry)) => try_print(json::print(&[*entry]))?,
        (ProvidersOutput::Json, None) => try_print(json::print(&found))?,
        (ProvidersOutput::Text, Some(entry)) => try_print(page::page(entry).trim_end())?,
        (ProvidersOutput::Text, None) if found.is_empty() => return Err(nothing(args)),
        (ProvidersOutput::Text, None) => try_print(table::table(&found).trim_end())?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Whether a provider has the text that is looked for in its name or title, and the grant.
fn is_asked_for(entry: &Entry, args: &ProvidersArgs) -> bool {
    let description = entry.description;
    let has_name = args.name.as_ref().is_none_or(|name| {
        let name = name.to_lowercase();
        description.name().contains(&name) || description.title().to_lowercase().contains(&name)
    });
    let has_grant = args.grant.as_ref().is_none_or(|wanted| {
        let mut grants = grants(description).into_iter();
        grants.any(|grant| grant == wanted || grant.rsplit(':').next() == Some(wanted))
    });
    has_name && has_grant
}

fn nothing(args: &ProvidersArgs) -> Failure {
    let name = args.name.as_ref();
    let name = name.map_or_else(String::new, |name| format!(" called `{name}`"));
    let grant = args.grant.as_ref();
    let grant = grant.map_or_else(String::new, |grant| format!(" with the grant `{grant}`"));
    Failure::Failed(format!(
        "no provider{name}{grant} is built in: `tokensmith providers` lists all of them; of any \
         other, give its document with `--spec FILE`"
    ))
}

/// The URLs of an endpoint on all servers, with variables in braces.
fn urls(description: &Description<'_>, endpoint: &Endpoint<'_>) -> Vec<String> {
    let own = endpoint.servers().iter().map(|(_, url)| *url);
    let servers = description.servers().iter().map(|server| server.url());
    let bases: Vec<&str> = match endpoint.servers().is_empty() {
        false => own.collect(),
        true => servers.collect(),
    };
    let mut urls: Vec<String> = Vec::new();
    for base in bases {
        for path in endpoint.paths() {
            let url = format!("{}{path}", base.trim_end_matches('/'));
            if !urls.contains(&url) {
                urls.push(url);
            }
        }
    }
    urls
}
