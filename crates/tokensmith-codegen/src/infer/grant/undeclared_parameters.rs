//! What an RFC says that a grant must have, where the document does not declare it.

use crate::diagnostic::{Diagnostic, Rule};
use crate::infer::declaration::{Declarations, DeclaredParameter};
use crate::infer::schema::{Kind, Shape};
use crate::model::credential;
use crate::model::{self, Location, Method, name, rfc};
use crate::openapi::site::Site;

/// Words in the names of parameters that stand in for one of an RFC, by providers who call it otherwise.
const OTHER_WORDS: [(&str, &[&str]); 7] = [
    ("code", &["code"]),
    ("refresh_token", &["refresh"]),
    ("username", &["user", "login", "email", "account"]),
    ("password", &["pass", "pwd", "pin", "secret"]),
    ("device_code", &["device", "code"]),
    ("assertion", &["assertion", "jwt", "saml", "token"]),
    ("subject_token", &["subject", "token"]),
];

/// The parameters of the grant's RFC that the endpoint does not have under any name: those that must be there, and all of them where
/// the document declares none.
pub(super) fn undeclared(
    grant: &rfc::Grant,
    declarations: &Declarations<'_>,
    site: &Site,
) -> Vec<(&'static str, DeclaredParameter<'static>)> {
    let names = || {
        let branches = declarations.branches.iter();
        let of_branches = branches.flat_map(|branch| branch.parameters.keys());
        declarations.common.keys().chain(of_branches).copied()
    };
    let is_declared = |name: &str| declarations.has(name);
    let is_called_otherwise = |wanted: &str| names().any(|other| stands_in(other, wanted));
    let required = grant.parameters.iter().filter(|(_, required)| *required);
    let absent: Vec<&str> = required
        .map(|(name, _)| *name)
        .filter(|name| !is_declared(name) && !is_called_otherwise(name))
        .collect();
    if absent.is_empty() {
        return Vec::new();
    }
    let has_none = !grant.parameters.iter().any(|(name, _)| is_declared(name));
    let parameters = grant.parameters.iter();
    parameters
        .filter(|(name, _)| absent.contains(name) || has_none && !is_called_otherwise(name))
        .map(|(name, required)| {
            let shape = Shape {
                pointer: site.pointer.clone(),
                kind: Kind::Text,
                ..Shape::default()
            };
            let location = location(declarations, site);
            (
                *name,
                DeclaredParameter::new(shape, location, *required, None),
            )
        })
        .collect()
}

/// Whether a parameter may be the one of an RFC under the provider's own name.
fn stands_in(other: &str, wanted: &str) -> bool {
    let words = OTHER_WORDS.iter().find(|(known, _)| *known == wanted);
    let words = words.map_or(&[][..], |(_, words)| words);
    let snake = name::snake(other).unwrap_or_default();
    let is_alike = snake == wanted || words.iter().any(|word| snake.contains(word));
    is_alike && !rfc::is_defined(other)
}

/// Whether a parameter carries the credential of its grant under the provider's own name.
pub(super) fn carries_credential(
    grant: &rfc::Grant,
    other: &str,
    declarations: &Declarations<'_>,
) -> bool {
    /// What ends the name of something that is said of a credential.
    const SAID_OF_IT: [&str; 8] = ["format", "hint", "id", "in", "name", "type", "uri", "url"];
    let snake = name::snake(other).unwrap_or_default();
    let last = snake.rsplit('_').next().unwrap_or_default();
    let credentials = grant
        .parameters
        .iter()
        .filter(|(name, _)| credential::is_credential_parameter(name) && !declarations.has(name));
    !SAID_OF_IT.contains(&last)
        && credentials
            .map(|(name, _)| name)
            .any(|name| stands_in(other, name))
}

/// They stand where the grant is named.
fn location(declarations: &Declarations<'_>, site: &Site) -> Location {
    let has_body = model::method(&site.method).is_some_and(Method::has_body);
    match super::location(declarations) {
        Location::Query => Location::Query,
        _ if !has_body => Location::Query,
        _ => Location::Body,
    }
}

/// Says what is added to a grant.
pub(super) fn tell(grant: &str, names: &[&str], site: &Site) -> Diagnostic {
    let list = names.join("`, `");
    let grant = grant.escape_debug();
    let message = format!(
        "the grant {grant} is declared without `{list}`, which its RFC asks for; it is sent all the same"
    );
    let properties: Vec<String> = names
        .iter()
        .map(|name| format!("{name}: {{type: string}}"))
        .collect();
    Diagnostic::new(Rule::Inferred, &site.pointer, message).help(format!(
        "declare it in the request body:\nproperties: {{{}}}",
        properties.join(", ")
    ))
}
