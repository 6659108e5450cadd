//! `tokensmith providers`: the providers that are built in.

mod facts;
mod page;
mod table;

use std::process::ExitCode;

use tokensmith_codegen::diagnostic::output::{Printable, is_coloured, is_terminal, try_print};
use tokensmith_providers::{Entry, PROVIDERS};

use crate::args::{ProvidersArgs, ProvidersOutput};
use crate::failure::Failure;
use facts::{ProviderFacts, short_grant};

/// Prints the providers that match the arguments: a page of one, a table of several, or JSON.
pub(crate) fn run(args: &ProvidersArgs) -> Result<ExitCode, Failure> {
    let known = PROVIDERS
        .iter()
        .map(|entry| (entry, ProviderFacts::new(entry)));
    let matching = known.filter(|(_, facts)| matches(facts, args));
    let (entries, mut providers): (Vec<&Entry>, Vec<ProviderFacts>) = matching.unzip();
    let named = args.name.as_deref();
    let named = providers
        .iter()
        .position(|facts| Some(facts.name) == named)
        .map(|index| (entries[index], providers.swap_remove(index)));
    let coloured = is_coloured(is_terminal());
    match (args.output, named) {
        (ProvidersOutput::Json, Some((_, facts))) => try_print(Printable::json_line(&[facts]))?,
        (ProvidersOutput::Json, None) => try_print(Printable::json_line(&providers))?,
        (ProvidersOutput::Text, Some((entry, facts))) => {
            try_print(page::page(entry, &facts, coloured))?;
        }
        (ProvidersOutput::Text, None) if providers.is_empty() => return Err(not_found(args)),
        (ProvidersOutput::Text, None) => {
            try_print(table::table(&providers, coloured))?;
            if is_terminal() {
                try_print("\n`tokensmith providers NAME` shows one of them")?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Whether a provider has the text in its name or title, and the grant.
fn matches(facts: &ProviderFacts, args: &ProvidersArgs) -> bool {
    let has_name = args.name.as_ref().is_none_or(|name| {
        let name = name.to_lowercase();
        facts.name.contains(&name) || facts.title.to_lowercase().contains(&name)
    });
    let has_grant = args.grant.as_ref().is_none_or(|wanted| {
        let mut grants = facts.grants();
        grants.any(|grant| grant == wanted || short_grant(grant) == wanted)
    });
    has_name && has_grant
}

fn not_found(args: &ProvidersArgs) -> Failure {
    let name = args.name.as_ref();
    let name = name.map_or_else(String::new, |name| format!(" called `{name}`"));
    let grant = args.grant.as_ref();
    let grant = grant.map_or_else(String::new, |grant| format!(" with the grant `{grant}`"));
    Failure::Failed(format!(
        "no built-in provider{name}{grant} was found: `tokensmith providers` lists all of them; \
         for any other provider, give its document with `--spec FILE`"
    ))
}
