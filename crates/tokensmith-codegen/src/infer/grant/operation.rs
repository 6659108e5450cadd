//! The operation of each grant: what it is called, and what its requests have.

use super::request_label::Labels;
use super::required_in_words::{self, InWords};
use super::{parameter_finding, parameters, repeatable, request_name, takes_grant};
use crate::diagnostic::budget::GRANTS;
use crate::diagnostic::finding::Finding;
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::infer::declaration::Declarations;
use crate::model::{Location, Operation, rfc};
use crate::openapi::extension::RepeatableGrants;
use crate::openapi::site::Site;

/// One operation per grant, in the order of the RFCs, then by name.
pub(crate) fn operations(
    provider: &str,
    grants: &[String],
    declarations: &Declarations<'_>,
    site: &Site,
    diagnostics: &mut Diagnostics,
) -> Vec<Operation> {
    let mut operations: Vec<Operation> = Vec::new();
    if grants.len() > GRANTS.most {
        diagnostics.push(GRANTS.exceeded(&site.pointer));
        return operations;
    }
    let labels = declarations
        .operation_description
        .map_or_else(Labels::default, Labels::of);
    if grants.is_empty() && !takes_grant(declarations) {
        operations.push(Operation {
            ident: rfc::CREATE_TOKEN.to_owned(),
            grant: None,
            // Of what no RFC defines, the worst is assumed.
            one_time: site.extension.repeatable_grants != Some(RepeatableGrants::Only),
            names_client: false,
            description: None,
            parameters: parameters::of_grant(
                "",
                grants,
                (declarations, &labels),
                site,
                diagnostics,
            ),
        });
    }
    let repeatable = repeatable::named(grants, site, diagnostics);
    for value in sorted(grants) {
        let known = rfc::grant(value);
        let Some(ident) = known
            .map(|grant| grant.ident.to_owned())
            .or_else(|| request_name::custom_ident(provider, value, grants))
        else {
            let message = format!(
                "the grant type `{}` cannot become a Rust identifier",
                value.escape_debug()
            );
            diagnostics.push(
                Diagnostic::new(Rule::UnusableName, &site.pointer, message)
                    .help("a name needs at least one ASCII letter or digit: remove it from the grants, or leave it to an extra parameter"),
            );
            continue;
        };
        if let Some(diagnostic) = collision(value, &ident, &operations, site) {
            diagnostics.push(diagnostic);
            continue;
        }
        operations.push(Operation {
            ident,
            grant: Some(value.to_owned()),
            one_time: known.is_none_or(|grant| grant.one_time) && !repeatable.contains(&value),
            names_client: names_client(value, declarations),
            description: described(value, declarations),
            parameters: parameters::of_grant(
                value,
                grants,
                (declarations, &labels),
                site,
                diagnostics,
            ),
        });
    }
    repeatable::find_assumed(&operations, site, diagnostics);
    operations
}

/// What the document says of the body of a grant. What is said of one of several ways to ask is not said of the grant.
fn described(grant: &str, declarations: &Declarations<'_>) -> Option<String> {
    let own = declarations.branches.iter();
    let mut own = own
        .filter(|branch| !branch.grants.is_empty() && branch.is_for(grant))
        .peekable();
    let value = declarations.described(declarations.runtime.grant_type);
    let is_deprecated_value =
        value.is_some_and(|value| value.shape.deprecated_values.iter().any(|one| one == grant));
    let Some(first) = own.peek() else {
        return is_deprecated_value.then(|| "Deprecated.".to_owned());
    };
    let first = first.description;
    let is_deprecated = is_deprecated_value || own.clone().all(|branch| branch.deprecated);
    let description = first.filter(|first| own.all(|other| other.description == Some(*first)));
    match (is_deprecated, description) {
        (true, Some(text)) => Some(format!("Deprecated. {text}")),
        (true, None) => Some("Deprecated.".to_owned()),
        (false, text) => text.map(str::to_owned),
    }
}

/// Whether all bodies of a grant demand the client's identifier.
fn names_client(grant: &str, declarations: &Declarations<'_>) -> bool {
    let own = declarations.branches.iter();
    let mut own = own
        .filter(|branch| !branch.grants.is_empty() && branch.is_for(grant))
        .peekable();
    own.peek().is_some()
        && own.all(|branch| branch.required.contains(declarations.runtime.client_id))
}

/// Finds, where the client's identifier is optional in the body, that its description calls it required with a grant.
pub(crate) fn client_in_words(grant: &str, declarations: &Declarations<'_>) -> Option<Finding> {
    let name = declarations.runtime.client_id;
    let declared = declarations.described(name)?;
    if !declared.places.has(Location::Body) || declared.places.is_required() {
        return None;
    }
    let labels = declarations
        .operation_description
        .map_or_else(Labels::default, Labels::of);
    let words = declared.description.or(declared.shape.description)?;
    let said = required_in_words::read(&labels.spelt_out(words), grant);
    let at = &declared.shape.pointer;
    (said == InWords::Required).then(|| parameter_finding::required_in_words(name, grant, true, at))
}

/// Why a grant cannot have a request of this name beside the others.
fn collision(
    value: &str,
    ident: &str,
    operations: &[Operation],
    site: &Site,
) -> Option<Diagnostic> {
    let others = || operations.iter().filter(|other| other.ident == ident);
    // A title, or other letters, for a grant that is there by its value.
    let same = others()
        .filter_map(|other| other.grant.as_deref())
        .find(|other| rfc::grant(other).is_some());
    if let Some(other) = same {
        let message = format!(
            "the grant `{}` is left out: it means `{other}`, which is there",
            value.escape_debug()
        );
        return Some(
            Diagnostic::new(Rule::LeftOut, &site.pointer, message)
                .help("remove the one that the provider does not take"),
        );
    }
    let other = others().next()?.grant.as_deref().unwrap_or_default();
    let message =
        format!("the grant types `{other}` and `{value}` both become the request `{ident}`");
    Some(Diagnostic::new(Rule::NameCollision, &site.pointer, message).help("remove one of them"))
}

fn sorted(grants: &[String]) -> Vec<&str> {
    let rank = |value: &str| {
        rfc::GRANTS
            .iter()
            .position(|grant| grant.is(value))
            .unwrap_or(rfc::GRANTS.len())
    };
    let mut values: Vec<&str> = grants.iter().map(String::as_str).collect();
    // The RFC's own letters before others.
    values.sort_by_key(|value| {
        (
            rank(value),
            rfc::grant(value).is_some_and(|grant| grant.value != *value),
            *value,
        )
    });
    values
}
