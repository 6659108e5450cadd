//! What an RFC says that a grant must have, where the document does not declare it.

use crate::diagnostic::{Diagnostic, Rule};
use crate::model::declared::{Declarations, Declared};
use crate::model::schema::{Kind, Shape};
use crate::model::{Location, Method, name, rfc};
use crate::prune::Site;

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
pub(super) fn missing(
    grant: &rfc::Grant,
    declarations: &Declarations<'_>,
    site: &Site,
) -> Vec<(&'static str, Declared<'static>)> {
    let names = || {
        let branches = declarations.branches.iter();
        let of_branches = branches.flat_map(|branch| branch.parameters.keys());
        declarations.common.keys().chain(of_branches).copied()
    };
    let is_declared = |name: &str| names().any(|other| other == name);
    let is_called_otherwise = |wanted: &str| {
        let words = OTHER_WORDS.iter().find(|(known, _)| *known == wanted);
        let words = words.map_or(&[][..], |(_, words)| words);
        names()
            .filter(|other| !rfc::is_defined(other))
            .any(|other| {
                let other = name::snake(other).unwrap_or_default();
                other == wanted || words.iter().any(|word| other.contains(word))
            })
    };
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
            (*name, Declared::new(shape, location, *required, None))
        })
        .collect()
}

/// They stand where the grant is named.
fn location(declarations: &Declarations<'_>, site: &Site) -> Location {
    let has_body = Method::of(&site.method).is_some_and(Method::has_body);
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
