//! Grants that a document lists, against what else it says of them.

use std::collections::BTreeSet;

use crate::diagnostic::finding::{Evidence, EvidenceKind};
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::infer::declaration::Declarations;
use crate::infer::grant::grants_to_write::with_added;
use crate::infer::grant::listed_in_words::IMPLICIT;
use crate::infer::grant::{Flow, evidence as found, grant_type_values};
use crate::infer::schema::Shape;
use crate::model::rfc;
use crate::openapi::site::Site;
use crate::pointer;
use crate::prose;

/// What lists the grants.
pub(super) fn evidence(shape: &Shape<'_>, grants: &BTreeSet<String>) -> Evidence {
    let kind = match shape.values.as_slice() {
        [_] => EvidenceKind::Const,
        [] if shape.pattern.is_some() => EvidenceKind::Pattern,
        _ => EvidenceKind::Enum,
    };
    let list: Vec<&str> = grants.iter().map(String::as_str).collect();
    Evidence::new(kind, &shape.pointer).saying(&list.join(", "))
}

/// Tells grants that words name and the list lacks.
pub(super) fn tell_named(
    (grants, read): (&BTreeSet<String>, &BTreeSet<String>),
    name: &str,
    at: &str,
    diagnostics: &mut Diagnostics,
) -> Option<Evidence> {
    if grants.is_empty() {
        return None;
    }
    let list: Vec<&str> = grants.iter().map(String::as_str).collect();
    let all = with_added(each(read), list.iter().copied());
    let list = list.join(", ");
    let message = format!(
        "a description names the grant {list}, which `{name}` does not list; there is no request for it"
    );
    let help = match grants.contains(IMPLICIT) {
        true => format!("where this endpoint takes it, {}", stating(&all)),
        false => {
            format!("where the provider takes it, add it to the values of `{name}`:\nenum: [{all}]")
        }
    };
    diagnostics.push(Diagnostic::new(Rule::Unused, at, message).help(help));
    Some(Evidence::new(EvidenceKind::Description, at).saying(&list))
}

fn each(grants: &BTreeSet<String>) -> impl Iterator<Item = &str> {
    grants.iter().map(String::as_str)
}

/// How a document says that requests have a grant which the schema cannot give them.
fn stating(list: &str) -> String {
    format!("name it beside all others on the operation:\nx-tokensmith: {{grants: [{list}]}}")
}

/// Leaves out what no request to a token endpoint asks for, and tells flows that the list lacks:
/// they speak against it.
pub(super) fn check(
    grants: &mut BTreeSet<String>,
    flows: &[Flow],
    (site, name, place): (&Site, &str, Option<&str>),
    diagnostics: &mut Diagnostics,
) -> Vec<Evidence> {
    let is_implicit = |grant: &String| grant.eq_ignore_ascii_case(IMPLICIT);
    if grants.iter().any(is_implicit) && grants.len() > 1 {
        grants.retain(|grant| !is_implicit(grant));
        let message = "the grant `implicit` is left out: its tokens come from the authorization endpoint, and no request to the token endpoint names it (RFC 6749 section 4.2)";
        diagnostics.push(
            Diagnostic::new(Rule::LeftOut, place.unwrap_or(&site.pointer), message).help(format!(
                "remove it from the values of `{name}`; or where this endpoint takes it, {}",
                stating(&with_added(each(grants), [IMPLICIT]))
            )),
        );
    }
    let is_missing = |flow: &&Flow| {
        let mut grants = grants.iter();
        grants.all(|grant| !rfc::is_same_grant(grant, &flow.grant))
    };
    let missing: Vec<&Flow> = flows.iter().filter(is_missing).collect();
    if missing.is_empty() {
        return Vec::new();
    }
    let list: BTreeSet<&str> = missing.iter().map(|flow| flow.grant.as_str()).collect();
    let list: Vec<&str> = list.into_iter().collect();
    let message = format!(
        "an OAuth flow has this endpoint for the grant {}, which `{name}` does not list; there is no request for it",
        list.join(", ")
    );
    diagnostics.push(Diagnostic::new(Rule::Unused, &site.pointer, message).help(format!(
        "add what the provider takes to the values of `{name}`:\nenum: [{}]\nor remove the flow",
        with_added(each(grants), list)
    )));
    missing.into_iter().map(Flow::evidence).collect()
}

/// Tells patterns of `grant_type` that stand for more than a list of values.
pub(super) fn tell_patterns(shape: &Shape<'_>, name: &str, diagnostics: &mut Diagnostics) {
    let patterns: BTreeSet<&str> = grant_type_values::open_patterns(shape)
        .into_iter()
        .collect();
    for pattern in patterns {
        let message = format!(
            "`{name}` may be any text that matches `{}`; there are requests for the values that the document names",
            pattern.escape_debug()
        );
        let help = format!("list the other values in the schema of `{name}`:\nenum: [..]");
        diagnostics.push(Diagnostic::new(Rule::Unused, &shape.pointer, message).help(help));
    }
}

/// Tells a default that no value allows.
pub(super) fn tell_default(
    shape: &Shape<'_>,
    (grants, name): (&BTreeSet<String>, &str),
    diagnostics: &mut Diagnostics,
) {
    let Some(default) = &shape.default else {
        return;
    };
    let is_listed = shape.values.contains(default)
        || grants
            .iter()
            .any(|grant| rfc::is_same_grant(grant, default));
    if is_listed {
        return;
    }
    let shown = default.escape_debug().to_string();
    let message = format!(
        "the default `{shown}` of `{name}` is not one of its values; there is no request for it"
    );
    let at = pointer::join(&shape.pointer, "default");
    diagnostics.push(Diagnostic::new(Rule::Unused, at, message).help(format!(
        "where the provider takes it, add it to the values of `{name}`:\nenum: [{}]",
        with_added(each(grants), [shown.as_str()])
    )));
}

/// Tells grants whose own parameters all requests declare, and that are not among those that are listed. A grant of the provider's
/// own may have them as well.
pub(super) fn tell_unlisted_parameters(
    grants: &BTreeSet<String>,
    declarations: &Declarations<'_>,
    diagnostics: &mut Diagnostics,
) {
    if grants.iter().any(|grant| rfc::grant(grant).is_none()) {
        return;
    }
    let name = declarations.runtime.grant_type;
    let common = &declarations.common;
    let is_sure = |grant: &String| {
        // A code alone may be one of a second factor.
        grant != "authorization_code"
            || ["redirect_uri", "code_verifier"]
                .iter()
                .any(|name| common.contains_key(name))
    };
    let is_listed = |grant: &String| grants.iter().any(|known| rfc::is_same_grant(known, grant));
    let found = found::by_parameters(common).into_iter();
    for grant in found.filter(|grant| is_sure(grant) && !is_listed(grant)) {
        let own = rfc::grant(&grant).map_or(&[][..], |known| known.parameters);
        let is_own = |name: &&&str| own.contains(&(rfc::meant(name), true));
        let own: Vec<String> = common
            .keys()
            .filter(is_own)
            .map(|name| format!("`{}`", name.escape_debug()))
            .collect();
        let Some((at, own)) = common
            .get(name)
            .map(|declared| declared.shape.pointer.as_str())
            .zip((!own.is_empty()).then(|| prose::listed(&own, "and")))
        else {
            continue;
        };
        let message = format!(
            "requests declare {own}, by which a token is asked for with the grant {grant}; `{name}` does not list it, and there is no request for it"
        );
        let help = format!(
            "where the provider takes it, add it to the values of `{name}`:\nenum: [{}]",
            with_added(each(grants), [grant.as_str()])
        );
        diagnostics.push(Diagnostic::new(Rule::Unused, at, message).help(help));
    }
}
