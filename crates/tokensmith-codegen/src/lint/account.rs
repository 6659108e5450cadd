//! The account of a document: each part of an OAuth operation that bears on a request or a response became something, or is told here.

mod client_in_header;
mod empty_request;
mod empty_success;
mod endpoint_parts;
mod grant_in_words;
mod in_words;
mod loss;
mod made;
mod media_in_header;
mod openid_provider;
mod optional_in_words;
mod other_credential;
mod other_success;
mod place_in_words;
mod plus_in_scope;
mod refusal_words;
mod registration;
#[cfg(test)]
mod request_tests;
#[cfg(test)]
mod response_tests;
mod scope_of_user;
#[cfg(test)]
mod tests;
mod text_error;
mod token_use;
mod told;
mod transport_header;
mod undeclared_member;
mod unlisted_mapping;
mod untyped;
mod vendor;

use std::collections::BTreeMap;

use serde_json::Value;

use super::list;
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::model::Model;
use crate::openapi::condition::Conditions;
use crate::openapi::facts::{Enumeration, Fact};
use crate::openapi::operation::Operation;
use crate::openapi::site::Site;
use endpoint_parts::Known;
use loss::Loss;
use told::Told;

/// Tells what nothing became of, once for an operation and a consequence, of limits once for those that have the same. `root` is what was selected, as its authors wrote it.
pub(crate) fn tell(
    root: &Value,
    (sites, conditions): (&[Site], &Conditions<'_>),
    model: &Model,
    diagnostics: &mut Diagnostics,
) {
    let mut enumeration = Enumeration::new(root);
    let told = Told::of(diagnostics);
    for site in sites {
        let Some(operation) = Operation::at(root, &site.pointer) else {
            continue;
        };
        // An endpoint that was left out is told.
        let mut endpoints = model.endpoints.iter();
        let endpoint = endpoints.find(|endpoint| endpoint.declared_at.contains(&site.pointer));
        let Some(endpoint) = endpoint else {
            continue;
        };
        let known = Known::of((site, endpoint), model, conditions);
        let mut losses: BTreeMap<Loss, Vec<Fact<'_>>> = BTreeMap::new();
        let facts = enumeration.of(operation);
        let unlisted = unlisted_mapping::tell(root, &facts);
        let undeclared = undeclared_member::tell(&facts);
        let misplaced = facts
            .iter()
            .filter_map(|fact| place_in_words::tell(root, fact, &known));
        let misplaced: Vec<Diagnostic> = misplaced.collect();
        for fact in facts {
            let loss = loss::of(&fact, &known);
            let loss = loss.filter(|loss| !told.is_about(&fact.pointer, *loss));
            if let Some(loss) = loss {
                losses.entry(loss).or_default().push(fact);
            }
        }
        for (loss, facts) in losses {
            for diagnostic in loss.diagnostics(&facts) {
                diagnostics.push(diagnostic);
            }
        }
        let of_words = in_words::tell(root, &operation, &known);
        let names_grants = |told: &Diagnostic| told.message.contains("`grant_type`");
        let empty = empty_request::tell(&operation, endpoint)
            .filter(|_| !of_words.as_ref().is_some_and(names_grants));
        let told = of_words
            .into_iter()
            .chain(in_words::tell_demanded(root, &operation, &known))
            .chain(in_words::tell_named(root, &operation, &known))
            .chain(empty)
            .chain(optional_in_words::tell(&operation, endpoint))
            .chain(refusal_words::tell(root, &operation, &known))
            .chain(transport_header::tell(root, &operation, endpoint))
            .chain(vendor::tell(&operation, site))
            .chain(empty_success::tell(root, &operation, endpoint.kind))
            .chain(empty_success::tell_redirect(&operation, endpoint.kind))
            .chain(other_success::tell(root, &operation, (endpoint, &known)))
            .chain(other_credential::tell(&operation, endpoint))
            .chain(misplaced)
            .chain(client_in_header::tell(&site.pointer, endpoint))
            .chain(text_error::tell(root, &operation, endpoint.kind))
            .chain(unlisted)
            .chain(scope_of_user::tell(model, endpoint))
            .chain(undeclared)
            .chain(media_in_header::tell(root, &operation, endpoint));
        for diagnostic in told {
            diagnostics.push(diagnostic);
        }
    }
    let of_document = vendor::tell_of_whole_document(root, sites, model)
        .into_iter()
        .chain(token_use::tell(root, sites))
        .chain(registration::tell(model))
        .chain(grant_in_words::tell(root, model))
        .chain(openid_provider::tell(root, model))
        .chain(plus_in_scope::tell(root, model));
    for diagnostic in of_document {
        diagnostics.push(diagnostic);
    }
    if enumeration.is_cut() {
        let message = "the document says too much for all of it to be held against the crate";
        let help = "leave out what does not belong to OAuth, in an overlay";
        diagnostics.push(Diagnostic::new(Rule::Unused, "/paths", message).help(help));
    }
}
