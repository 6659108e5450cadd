//! What an introspection endpoint declares of its responses, against what the runtime reads of them (RFC 7662, section 2.2).

use openapiv3::Operation;

use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::infer::response_member::members;
use crate::infer::schema::Schemas;
use crate::infer::{Context, token_response};
use crate::model::name::letters;
use crate::openapi::site::Site;

/// Members that mean the same as one of RFC 7662 under another name, which is not read.
const OTHER_NAMES: [(&str, &str); 6] = [
    ("clientid", "client_id"),
    ("expiresat", "exp"),
    ("expiresin", "exp"),
    ("scopes", "scope"),
    ("tokentype", "token_type"),
    ("userid", "sub"),
];

/// The members that the RFC defines.
const DEFINED: [&str; 12] = [
    "active",
    "aud",
    "client_id",
    "exp",
    "iat",
    "iss",
    "jti",
    "nbf",
    "scope",
    "sub",
    "token_type",
    "username",
];

/// Tells what of a declared response is not read: whether the token is active, and what has another name than in the RFC.
/// Returns the members that the RFC does not define, which are in `extra` of a response that is read.
pub(crate) fn tell(
    context: &Context<'_>,
    site: &Site,
    operation: &Operation,
    diagnostics: &mut Diagnostics,
) -> Vec<String> {
    let api = context.api;
    let Some(shape) = token_response::success(api, operation, &site.pointer, diagnostics) else {
        return Vec::new();
    };
    if shape.properties.is_empty() {
        return Vec::new();
    }
    let members = members(&shape, Schemas { api }, diagnostics);
    let top = || members.iter().filter(|member| member.depth == 0);
    let has = |name: &str| top().any(|member| member.name == name);
    let is_readable = has("active");
    if !is_readable {
        let message = "the response declares no `active`, which RFC 7662 requires; a response without it is an error";
        diagnostics.push(Diagnostic::new(Rule::Unused, &shape.pointer, message).help(
            "where the endpoint is another one than RFC 7662's, leave it out:\nx-tokensmith: {endpoint: none}",
        ));
    }
    let unread: Vec<String> = top()
        .filter_map(|member| {
            let own = letters(&member.name);
            let (_, standard) = OTHER_NAMES.iter().find(|(known, _)| *known == own)?;
            let is_other = member.name != *standard && !has(standard);
            is_other.then(|| {
                format!(
                    "`{}` is not read as `{standard}`",
                    member.name.escape_debug()
                )
            })
        })
        .collect();
    if !unread.is_empty() {
        let from = if is_readable {
            "; read it from `extra`"
        } else {
            ""
        };
        let message = format!("{}{from}", unread.join(", "));
        diagnostics.push(Diagnostic::new(Rule::Unused, &shape.pointer, message).help(
            "declare it under the RFC's name, in an overlay, where the provider sends that as well",
        ));
    }
    // Of a response that is an error nothing is set aside.
    let others = top().filter(|member| is_readable && !DEFINED.contains(&member.name.as_str()));
    let mut others: Vec<String> = others.map(|member| member.name.clone()).collect();
    // A list stands there with its first item.
    others.dedup();
    others
}
