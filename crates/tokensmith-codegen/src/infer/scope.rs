//! The scopes that a document's OAuth flows, its security requirements and its parameters list.

mod unlisted;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use openapiv3::{ReferenceOr, SecurityScheme};

use crate::diagnostic::budget::VARIABLES;
use crate::diagnostic::finding::{EvidenceKind, Finding, Question};
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::infer::Context;
use crate::infer::server::template_names;
use crate::infer::types::unusable;
use crate::model::{Endpoint, Operation, Parameter, ParameterKind, Scope, name};
use crate::pointer;
use unlisted::add_unlisted;

/// Where the flows stand.
const SCHEMES: &str = "/components/securitySchemes";

/// What is known of a scope.
struct Known {
    description: Option<String>,
    /// Where it stands first; scopes of one requirement share it.
    place: Arc<str>,
    by: EvidenceKind,
}

/// All scopes, sorted, each once: those of the flows, those that security requirements ask for, and those that a parameter lists or
/// has as its default.
pub(crate) fn scopes(
    context: &Context<'_>,
    endpoints: &[Endpoint],
    diagnostics: &mut Diagnostics,
) -> Vec<Scope> {
    let mut found = listed(context);
    found.retain(|wire, known| {
        let is_name = !wire.trim().is_empty();
        if !is_name {
            diagnostics.push(unnamed(wire, known));
        }
        is_name
    });
    add_unlisted(context, &mut found, diagnostics);
    for scope in of_parameters(endpoints) {
        found.entry(scope).or_insert_with(|| Known {
            description: None,
            place: "/paths".into(),
            by: EvidenceKind::Enum,
        });
    }
    tell_unaskable(&found, endpoints, diagnostics);
    tell_unaskable_by_grant(context, endpoints, diagnostics);
    record(&found, diagnostics);
    for (wire, known) in &found {
        if template_names(wire).count() > VARIABLES.most {
            diagnostics.push(VARIABLES.exceeded(&known.place));
            return Vec::new();
        }
    }
    let idents: Vec<Option<String>> = found
        .keys()
        .map(|wire| ident(wire, str::to_owned))
        .collect();
    let mut counts: BTreeMap<&Option<String>, usize> = BTreeMap::new();
    for ident in &idents {
        *counts.entry(ident).or_default() += 1;
    }
    let mut scopes: Vec<Scope> = Vec::new();
    let mut taken: BTreeMap<String, String> = BTreeMap::new();
    for (index, (wire, known)) in found.into_iter().enumerate() {
        let Known {
            description, place, ..
        } = known;
        // Scopes that differ in their punctuation only have it spelt out.
        let is_doubled = counts[&idents[index]] > 1;
        let short = idents[index].clone().filter(|_| !is_doubled);
        let Some(ident) = short.or_else(|| ident(&wire, name::spelt)) else {
            diagnostics.push(unusable(&wire, &place));
            continue;
        };
        let collision = |message: String| {
            Diagnostic::new(Rule::NameCollision, &*place, message).help(
                "remove one of them; a scope that is not listed can be asked for all the same",
            )
        };
        if let Some(other) = taken.get(&ident) {
            let message = format!("the scopes `{other}` and `{wire}` both become `{ident}`");
            diagnostics.push(collision(message));
            continue;
        }
        match parameters(&wire) {
            Ok(parameters) => {
                taken.insert(ident.clone(), wire.clone());
                scopes.push(Scope {
                    wire,
                    ident,
                    description,
                    parameters,
                });
            }
            Err([first, second]) => {
                let message = format!(
                    "the parameters `{first}` and `{second}` of `{wire}` are both called the same in Rust"
                );
                diagnostics.push(collision(message));
            }
        }
    }
    scopes
}

/// Tells a scope that has no name, or spaces only, which separate scopes.
fn unnamed(wire: &str, known: &Known) -> Diagnostic {
    let what = match wire {
        "" => "an empty name",
        _ => "a name of spaces only",
    };
    let words = known.description.as_deref().map(str::trim);
    let words = words.map_or_else(String::new, |text| {
        format!(" (\"{}\")", text.escape_debug())
    });
    let message =
        format!("the flow lists a scope with {what}{words}; the crate has no constant for it");
    Diagnostic::new(Rule::LeftOut, &*known.place, message)
        .help("where requests need no scope, write:\nscopes: {}")
}

/// Tells scopes that no request can ask for.
fn tell_unaskable(
    found: &BTreeMap<String, Known>,
    endpoints: &[Endpoint],
    diagnostics: &mut Diagnostics,
) {
    let takes_scopes =
        all_parameters(endpoints).any(|one| matches!(one.kind, ParameterKind::Scopes { .. }));
    if let Some(first) = found
        .values()
        .next()
        .filter(|_| !takes_scopes && !endpoints.is_empty())
    {
        let subject = match first.by {
            EvidenceKind::Flow => "the flows list scopes",
            _ => "`security` asks for scopes",
        };
        let message = format!("{subject}, and no request has a parameter for them");
        diagnostics.push(Diagnostic::new(Rule::Unused, &*first.place, message).help(
            "where requests may ask for scopes, declare the parameter:\nscope: {type: string}",
        ));
    }
}

/// Tells the scopes of a flow that requests of its grant cannot ask for, where others can.
fn tell_unaskable_by_grant(
    context: &Context<'_>,
    endpoints: &[Endpoint],
    diagnostics: &mut Diagnostics,
) {
    let takes_scopes = |operation: &Operation| {
        let mut parameters = operation.parameters.iter();
        parameters.any(|one| matches!(one.kind, ParameterKind::Scopes { .. }))
    };
    let operations = || endpoints.iter().flat_map(|endpoint| &endpoint.operations);
    if !operations().any(takes_scopes) {
        return;
    }
    for (scheme, flow, scopes) in flows_with_scopes(context) {
        // A browser asks for those of a code.
        let grant = match flow {
            "clientCredentials" => "client_credentials",
            "password" => "password",
            _ => continue,
        };
        let own = || operations().filter(|operation| operation.grant.as_deref() == Some(grant));
        let has_names = scopes.iter().any(|(wire, _)| !wire.trim().is_empty());
        if own().next().is_none() || own().any(takes_scopes) || !has_names {
            continue;
        }
        let message = format!(
            "the flow `{flow}` lists scopes, and requests of the grant {grant} have no parameter for them"
        );
        let at = pointer::join_all(SCHEMES, &[scheme, "flows", flow, "scopes"]);
        diagnostics.push(Diagnostic::new(Rule::Unused, at, message).help(
            "where requests may ask for scopes, declare the parameter in the body of the grant:\nscope: {type: string}",
        ));
    }
}

/// Records the scopes, with the first place of each kind that lists some of them.
fn record(found: &BTreeMap<String, Known>, diagnostics: &mut Diagnostics) {
    /// Scopes that are named.
    const SHOWN: usize = 20;
    if found.is_empty() {
        return;
    }
    let names: Vec<&str> = found.keys().take(SHOWN).map(String::as_str).collect();
    let mut answer = names.join(" ");
    let more = found.len().saturating_sub(SHOWN);
    if more > 0 {
        answer.push_str(&format!(" and {more} more"));
    }
    let mut seen = BTreeSet::new();
    let mut finding = Finding::new(Question::Scopes, answer);
    for known in found.values().filter(|known| seen.insert(known.by)) {
        finding = finding.by(known.by, &*known.place);
    }
    diagnostics.find(finding);
}

/// The scopes that parameters list, or have as their default; one value may be several.
fn of_parameters(endpoints: &[Endpoint]) -> impl Iterator<Item = String> {
    let scopes = all_parameters(endpoints)
        .filter(|parameter| matches!(parameter.kind, ParameterKind::Scopes { .. }));
    scopes.flat_map(|parameter| {
        let default = parameter.default.as_deref().unwrap_or_default();
        // That of a list is JSON.
        let default = match serde_json::from_str::<Vec<String>>(default) {
            Ok(items) => items,
            Err(_) => vec![default.to_owned()],
        };
        let values = parameter.values.iter().cloned().chain(default);
        let split = |value: String| {
            value
                .split_whitespace()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        values.flat_map(split).collect::<Vec<_>>()
    })
}

fn all_parameters(endpoints: &[Endpoint]) -> impl Iterator<Item = &Parameter> {
    let operations = endpoints.iter().flat_map(|endpoint| &endpoint.operations);
    operations.flat_map(|operation| &operation.parameters)
}

/// The scopes that flows list: what is said of each, and where it stands first.
fn listed(context: &Context<'_>) -> BTreeMap<String, Known> {
    let mut found = BTreeMap::new();
    for (scheme, flow, scopes) in flows_with_scopes(context) {
        for (wire, description) in scopes {
            let place = pointer::join_all(SCHEMES, &[scheme, "flows", flow, "scopes", wire]);
            let description = Some(description.clone()).filter(|text| !text.is_empty());
            found.entry(wire.clone()).or_insert(Known {
                description,
                place: place.into(),
                by: EvidenceKind::Flow,
            });
        }
    }
    found
}

/// The scopes of a flow, each with what is said of it.
type FlowScopes<'a> = Vec<(&'a String, &'a String)>;

/// The flows of a document: the name of the scheme, that of the flow, and its scopes.
fn flows_with_scopes<'a>(context: &Context<'a>) -> Vec<(&'a str, &'static str, FlowScopes<'a>)> {
    let components = context.api.components.iter();
    let schemes = components.flat_map(|components| components.security_schemes.iter());
    let mut found = Vec::new();
    for (name, scheme) in schemes {
        let ReferenceOr::Item(SecurityScheme::OAuth2 { flows, .. }) = scheme else {
            continue;
        };
        let client_credentials = flows.client_credentials.as_ref();
        let authorization_code = flows.authorization_code.as_ref();
        let of_flows = [
            (
                "clientCredentials",
                client_credentials.map(|flow| &flow.scopes),
            ),
            (
                "authorizationCode",
                authorization_code.map(|flow| &flow.scopes),
            ),
            ("password", flows.password.as_ref().map(|flow| &flow.scopes)),
            ("implicit", flows.implicit.as_ref().map(|flow| &flow.scopes)),
        ];
        let of_flows = of_flows.into_iter();
        found.extend(of_flows.filter_map(|(flow, scopes)| {
            let scopes: FlowScopes<'a> = scopes?.iter().collect();
            Some((name.as_str(), flow, scopes))
        }));
    }
    found
}

/// The scope's name without its parameters: a constant's, or a function's where it has any.
fn ident(wire: &str, write: impl Fn(&str) -> String) -> Option<String> {
    let parameters = parameters(wire).unwrap_or_default();
    let fixed = parameters.iter().fold(wire.to_owned(), |text, (name, _)| {
        text.replace(&format!("{{{name}}}"), "")
    });
    let fixed = write(&fixed);
    if parameters.is_empty() {
        name::screaming(&fixed)
    } else {
        name::snake(&fixed)
    }
}

/// What stands between braces and can be an argument: its name on the wire and in Rust. An error names two that are the same
/// in Rust.
pub(crate) fn parameters(template: &str) -> Result<Vec<(String, String)>, [String; 2]> {
    let mut parameters: Vec<(String, String)> = Vec::new();
    for wire in template_names(template) {
        let Some(ident) = name::snake(wire) else {
            continue;
        };
        match parameters.iter().find(|(_, other)| *other == ident) {
            Some((other, _)) if other == wire => {}
            Some((other, _)) => return Err([other.clone(), wire.to_owned()]),
            None => parameters.push((wire.to_owned(), ident)),
        }
    }
    Ok(parameters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_without_parameters_is_a_constant() {
        assert_eq!(
            ident("/accounts.write", str::to_owned).as_deref(),
            Some("ACCOUNTS_WRITE")
        );
        assert_eq!(
            ident("/a/{accountID}/cards.read", str::to_owned).as_deref(),
            Some("a_cards_read")
        );
        assert_eq!(ident("*", str::to_owned), None);
        assert_eq!(ident("*", name::spelt).as_deref(), Some("STAR"));
        assert_eq!(
            ident("users:read", name::spelt).as_deref(),
            Some("USERS_COLON_READ")
        );
    }

    #[test]
    fn parameters_are_told_once_and_apart() {
        let pair = |wire: &str, ident: &str| (wire.to_owned(), ident.to_owned());
        assert_eq!(
            parameters("/{a}/{b-c}/{a}"),
            Ok(vec![pair("a", "a"), pair("b-c", "b_c")])
        );
        assert_eq!(parameters("{\"}{open"), Ok(vec![]));
        assert_eq!(
            parameters("{b-c}{b_c}"),
            Err(["b-c".to_owned(), "b_c".to_owned()])
        );
    }
}
