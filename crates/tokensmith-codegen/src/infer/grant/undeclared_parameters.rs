//! What an RFC says that a grant must have, where the document does not declare it.

use std::collections::BTreeSet;

use crate::diagnostic::finding::{EvidenceKind, Finding, Question};
use crate::infer::body_branch::Branch;
use crate::infer::declaration::{Declarations, DeclaredParameter};
use crate::infer::grant::tagged_grant::is_tagged_for_others;
use crate::infer::schema::{Kind, Shape};
use crate::model::credential;
use crate::model::{self, Location, Method, name, rfc};
use crate::openapi::site::Site;
use crate::prose::listed;

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

/// Names that say as much as the one of the RFC, by their letters.
const OTHER_NAMES: [(&str, &[&str]); 7] = [
    (
        "code",
        &[
            "accesscode",
            "authcode",
            "authorizationcode",
            "authorizecode",
            "code",
            "grantcode",
            "oauthcode",
        ],
    ),
    ("refresh_token", &["refresh", "refreshtoken"]),
    (
        "username",
        &[
            "email",
            "emailaddress",
            "login",
            "loginid",
            "loginname",
            "user",
            "useremail",
            "userid",
            "username",
        ],
    ),
    (
        "password",
        &["pass", "passwd", "password", "pwd", "userpassword"],
    ),
    ("device_code", &["devicecode"]),
    (
        "assertion",
        &[
            "assertion",
            "jwt",
            "jwtassertion",
            "samlassertion",
            "samlresponse",
        ],
    ),
    ("subject_token", &["subjecttoken"]),
];

/// The parameters of the grant's RFC that neither the grant's branches nor all requests have under any name: those that must be there,
/// and all of them where none is declared.
pub(super) fn undeclared(
    grant: &rfc::Grant,
    branches: &[&Branch<'_>],
    (declarations, grants): (&Declarations<'_>, &[String]),
    site: &Site,
) -> Vec<(&'static str, DeclaredParameter<'static>)> {
    let names = names(branches, declarations);
    let is_declared = |name: &str| names.contains(name);
    let is_of_others = |name: &str| {
        let declared = declarations.described(name);
        let words = declared.and_then(|one| one.description.or(one.shape.description));
        words.is_some_and(|words| is_tagged_for_others(words, grant.value, grants))
    };
    let is_called_otherwise = |wanted: &str| {
        names
            .iter()
            .any(|other| stands_in(other, wanted) && !is_of_others(other))
            || wanted == DEVICE_CODE && is_code_of_device(&names, declarations, grants)
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
            (
                *name,
                DeclaredParameter::new(shape, location, *required, None),
            )
        })
        .collect()
}

/// The names of all that requests of a grant may have.
fn names<'a>(branches: &[&Branch<'a>], declarations: &Declarations<'a>) -> BTreeSet<&'a str> {
    let of_branches = branches.iter().flat_map(|branch| branch.parameters.keys());
    declarations
        .common
        .keys()
        .chain(of_branches)
        .copied()
        .collect()
}

/// The parameters that a grant must have and that are there under the provider's own name: that name, and the RFC's. Of several that it
/// could be, it is none.
pub(super) fn renamed<'a>(
    grant: &rfc::Grant,
    branches: &[&Branch<'a>],
    (declarations, grants): (&Declarations<'a>, &[String]),
) -> Vec<(&'a str, &'static str)> {
    let names = names(branches, declarations);
    let required = grant.parameters.iter().filter(|(_, required)| *required);
    let absent = required
        .map(|(name, _)| *name)
        .filter(|name| !names.contains(name));
    let found = absent.filter_map(|wanted| {
        let is_other_name = |other: &&&str| {
            let mut known = OTHER_NAMES.iter().filter(|(known, _)| *known == wanted);
            let letters = name::letters(other);
            let is_same = rfc::meant(other) == wanted;
            let is_known = known.any(|(_, names)| names.contains(&letters.as_str()));
            !rfc::is_defined(other) && (is_same || is_known)
        };
        if wanted == DEVICE_CODE && is_code_of_device(&names, declarations, grants) {
            return Some(("code", wanted));
        }
        let only = |others: &mut dyn Iterator<Item = &&'a str>| {
            let first = others.next().filter(|_| others.next().is_none());
            first.map(|only| (*only, wanted))
        };
        // The letters of the RFC's own name count more than other names.
        let has_its_letters = |other: &&&str| {
            !rfc::is_defined(other) && name::letters(other) == name::letters(wanted)
        };
        only(&mut names.iter().filter(has_its_letters))
            .or_else(|| only(&mut names.iter().filter(is_other_name)))
    });
    found.collect()
}

/// The parameter of RFC 8628 that some providers call `code`.
const DEVICE_CODE: &str = "device_code";

/// Whether the parameter `code` is that of a device: no other grant here has one, or its description says so.
fn is_code_of_device(
    names: &BTreeSet<&str>,
    declarations: &Declarations<'_>,
    grants: &[String],
) -> bool {
    if !names.contains("code") || names.contains(DEVICE_CODE) {
        return false;
    }
    let has_code = |grant: &String| rfc::grant(grant).is_none_or(|grant| grant.has("code"));
    let words = declarations
        .described("code")
        .and_then(|code| code.description.or(code.shape.description));
    let is_said = words.is_some_and(|words| name::letters(words).contains("devicecode"));
    is_said || !grants.iter().any(has_code)
}

/// Says that a parameter is read as the one of an RFC.
pub(super) fn tell_renamed(
    grant: &str,
    (name, wanted): (&str, &str),
    (at, is_required): (&str, bool),
) -> Finding {
    let own = name.escape_debug();
    let shown = grant.escape_debug();
    let (message, help) = match is_required {
        true => (
            format!("`{own}`, which is required, is read as the `{wanted}` of the grant {shown}"),
            format!("where it is another parameter, declare `{wanted}` as well"),
        ),
        false => (
            format!("`{own}` is read as the `{wanted}` of the grant {shown}: it is required"),
            format!("list it where that is so:\nrequired: [{own}]"),
        ),
    };
    Finding::new(Question::Parameter, format!("the `{wanted}` of the RFC"))
        .of(name)
        .of_grant(grant)
        .by(EvidenceKind::Name, at)
        .inferred(at, message, help)
}

/// Whether a parameter may be the one of an RFC under the provider's own name.
fn stands_in(other: &str, wanted: &str) -> bool {
    let words = OTHER_WORDS.iter().find(|(known, _)| *known == wanted);
    let words = words.map_or(&[][..], |(_, words)| words);
    let snake = name::snake(other).unwrap_or_default();
    let mut parts = snake.split('_');
    let is_alike =
        snake == wanted || parts.any(|part| words.iter().any(|word| is_word(part, word)));
    is_alike && !rfc::is_defined(other) && !rfc::is_of_extension(other)
}

/// Whether a part of a name is a word, which may be written together with another: `userid`, and not `shipping` for `pin`.
fn is_word(part: &str, word: &str) -> bool {
    /// What such words are written together with.
    const OTHERS: [&str; 25] = [
        "access", "account", "address", "auth", "code", "device", "email", "grant", "hash", "id",
        "jwt", "key", "name", "number", "oauth", "phrase", "saml", "sub", "token", "type", "user",
        "value", "wd", "word", "words",
    ];
    let rest = part.strip_prefix(word).or_else(|| part.strip_suffix(word));
    rest.is_some_and(|rest| rest.is_empty() || OTHERS.contains(&rest))
}

/// Whether a parameter carries the credential of its grant under the provider's own name.
pub(super) fn carries_credential(
    grant: &rfc::Grant,
    other: &str,
    declarations: &Declarations<'_>,
) -> bool {
    /// What ends the name of something that is said of a credential.
    const SAID_OF_IT: [&str; 11] = [
        "algorithm",
        "encoding",
        "format",
        "hint",
        "id",
        "in",
        "method",
        "name",
        "type",
        "uri",
        "url",
    ];
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
pub(super) fn tell(grant: &str, (names, optional): (&[&str], &[&str]), site: &Site) -> Finding {
    let list = names.join("`, `");
    let shown = grant.escape_debug();
    let others: Vec<String> = optional.iter().map(|name| format!("`{name}`")).collect();
    let others = match others.is_empty() {
        true => String::new(),
        false => format!(", and {} of the RFC can be sent", listed(&others, "and")),
    };
    let message = format!(
        "the grant {shown} is declared without `{list}`, which its RFC asks for; it is sent all the same{others}"
    );
    let properties: Vec<String> = names
        .iter()
        .map(|name| format!("{name}: {{type: string}}"))
        .collect();
    let help = format!(
        "declare it in the request body:\nproperties: {{{}}}",
        properties.join(", ")
    );
    Finding::new(
        Question::Parameter,
        format!("`{list}` of the RFC, undeclared"),
    )
    .of_grant(grant)
    .by(EvidenceKind::Convention, &site.pointer)
    .inferred(&site.pointer, message, help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_in_for_others_by_whole_words() {
        for (other, wanted) in [
            ("loginId", "username"),
            ("useremail", "username"),
            ("app_password", "password"),
            ("passphrase", "password"),
            ("user_pin", "password"),
            ("devicecode", "device_code"),
            ("mfa_code", "code"),
        ] {
            assert!(stands_in(other, wanted), "{other}");
        }
        for (other, wanted) in [
            ("shipping_zone", "password"),
            ("compass", "password"),
            ("postcode", "code"),
            ("encoded", "code"),
            ("accountant", "username"),
        ] {
            assert!(!stands_in(other, wanted), "{other}");
        }
    }
}
