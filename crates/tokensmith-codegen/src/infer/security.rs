//! What the security schemes of an operation ask for.

mod caller;
mod scheme_text;

use std::collections::{BTreeMap, BTreeSet};

use openapiv3::{Operation as ApiOperation, SecurityRequirement};

pub(crate) use caller::{
    AUTHORIZATION, BEARER, asks_callers, authorization_key, bearer, credential, has_flow,
    has_flow_only, scopes_in_words,
};
pub(crate) use scheme_text::{is_about_basic, is_about_bearer, is_about_key, names_basic};

use crate::diagnostic::budget::PARAMETERS;
use crate::diagnostic::finding::{EvidenceKind, Finding, Question};
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::infer::Context;
use crate::infer::declaration::DeclaredParameter;
use crate::infer::schema::{Kind, Shape};
use crate::model::Location;
use crate::openapi::security_scheme::SecurityScheme;
use crate::openapi::site::Site;
use crate::pointer;
use crate::prose::listed;
use tokensmith_description::ClientAuth;

/// What one security scheme is, as far as a client's authentication goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme<'a> {
    /// HTTP Basic.
    Basic,
    /// Another word in the `Authorization` header.
    Word(&'a str),
    /// The method of client authentication that the scheme is named after.
    Method(ClientAuth),
    /// The client's certificate.
    Certificate,
    /// A key of the application: its name and where it stands; nowhere for a cookie.
    Key(&'a str, Option<Location>),
    /// A token after `Bearer`.
    Bearer,
    /// A token of an OAuth flow or of OpenID Connect, after `Bearer`.
    Token,
    /// A key of the application that is all of the `Authorization` header.
    Authorization,
    /// Something that no request can have.
    Unknown,
}

impl Scheme<'_> {
    /// What it asks for, in words.
    fn shown(self) -> String {
        match self {
            Self::Basic => "HTTP Basic".to_owned(),
            Self::Word(word) => format!("the HTTP scheme `{}`", word.escape_debug()),
            Self::Method(method) => format!("`{}`", method.as_str()),
            Self::Certificate => "a certificate of the client".to_owned(),
            Self::Key(name, None) => format!("the key `{}` in a cookie", name.escape_debug()),
            Self::Key(name, Some(_)) => format!("the key `{}`", name.escape_debug()),
            Self::Bearer | Self::Token => "a token after `Bearer`".to_owned(),
            Self::Authorization => "a key in the `Authorization` header".to_owned(),
            Self::Unknown => "what is not known".to_owned(),
        }
    }
}

/// The keys of the application that every alternative asks for, in words.
pub(crate) fn demanded_keys(alternatives: &[Vec<Scheme<'_>>]) -> Vec<String> {
    let asked = asked_by_all(alternatives).into_iter();
    let keys = asked.map(|(name, location)| Scheme::Key(name, location).shown());
    keys.collect()
}

/// What alternatives ask for that no request has, where requests have all that another one asks for.
pub(crate) fn lost(
    alternatives: &[Vec<Scheme<'_>>],
    is_sent: impl Fn(Scheme<'_>) -> bool,
) -> Vec<String> {
    let is_whole = |all: &Vec<Scheme<'_>>| all.iter().all(|scheme| is_sent(*scheme));
    let mut whole = alternatives.iter().filter(|all| !all.is_empty());
    if !whole.any(is_whole) {
        return Vec::new();
    }
    let lost = alternatives.iter().flatten();
    let mut lost: Vec<String> = lost
        .filter(|scheme| !is_sent(**scheme))
        .map(|scheme| scheme.shown())
        .collect();
    // Requests have the key, and Basic beside it.
    let has_basic = |all: &Vec<Scheme<'_>>| all.contains(&Scheme::Basic);
    let is_key = |scheme: &Scheme<'_>| matches!(scheme, Scheme::Key(_, Some(_)));
    if alternatives.iter().any(has_basic) && is_sent(Scheme::Basic) {
        let keys = alternatives
            .iter()
            .filter(|all| !all.is_empty() && all.iter().all(is_key));
        lost.extend(keys.map(|all| {
            let shown: Vec<String> = all.iter().map(|scheme| scheme.shown()).collect();
            format!("{} without HTTP Basic", listed(&shown, "and"))
        }));
    }
    lost.sort();
    lost.dedup();
    lost
}

/// What is said of the schemes that an operation asks for and that are HTTP Basic, and where.
pub(crate) fn said_of_basic<'a>(
    context: &Context<'a>,
    operation: &'a ApiOperation,
) -> Vec<(&'a str, String)> {
    let requirements = operation
        .security
        .as_ref()
        .or(context.api.security.as_ref());
    let names = requirements
        .into_iter()
        .flatten()
        .flat_map(SecurityRequirement::keys);
    let said = names.filter_map(|name| {
        let scheme = context.untyped.security_scheme(name)?;
        let known = SecurityScheme(scheme.value);
        let text = known.text("description")?;
        let is_basic = read(name, known, &mut |_| {}) == Scheme::Basic;
        is_basic.then_some((text, scheme.pointer))
    });
    said.collect()
}

/// The alternatives, each with all that it asks for at once.
pub(crate) fn alternatives<'a>(
    context: &Context<'a>,
    operation: &'a ApiOperation,
    site: &Site,
    diagnostics: &mut Diagnostics,
) -> Vec<Vec<Scheme<'a>>> {
    let requirements = operation
        .security
        .as_ref()
        .or(context.api.security.as_ref());
    let requirements: Vec<&SecurityRequirement> = requirements.into_iter().flatten().collect();
    let names = requirements
        .iter()
        .flat_map(|requirement| requirement.keys());
    let at = match operation.security {
        Some(_) => pointer::join(&site.pointer, "security"),
        None => "/security".to_owned(),
    };
    let mut schemes = BTreeMap::new();
    for name in names {
        schemes
            .entry(name.as_str())
            .or_insert_with(|| scheme(context, name, &at, diagnostics));
    }
    let known = |name: &String| schemes.get(name.as_str()).copied();
    let alternatives = requirements.iter();
    alternatives
        .map(|requirement| requirement.keys().filter_map(known).collect())
        .collect()
}

/// The typed model knows no certificates.
fn scheme<'a>(
    context: &Context<'a>,
    name: &str,
    at: &str,
    diagnostics: &mut Diagnostics,
) -> Scheme<'a> {
    let Some(scheme) = context.untyped.security_scheme(name) else {
        let reference = context.untyped.unread_security_scheme(name);
        return undefined(name, reference, at, diagnostics);
    };
    read(name, SecurityScheme(scheme.value), &mut |told| match told {
        Told::Repaired(message, help) => {
            let at = &scheme.pointer;
            diagnostics.push(Diagnostic::new(Rule::Repaired, at, message).help(help));
        }
        Told::Inferred(answer, message, help) => diagnostics.find(
            Finding::new(Question::ClientAuthentication, answer)
                .by(EvidenceKind::Name, &scheme.pointer)
                .inferred(&scheme.pointer, message, help),
        ),
    })
}

/// What is said of a scheme that is not OpenAPI's, with what to write instead.
enum Told {
    Repaired(String, String),
    /// It is read as this client authentication.
    Inferred(&'static str, String, String),
}

/// What a scheme is; what is understood although it is not OpenAPI's is told.
fn read<'a>(name: &str, scheme: SecurityScheme<'a>, tell: &mut dyn FnMut(Told)) -> Scheme<'a> {
    let text = |key| scheme.text(key);
    let written = scheme.kind();
    let kind = written.to_ascii_lowercase();
    if kind == "basic" {
        let message = "`type: basic`, as in Swagger 2, is read as `http` with the scheme `basic`";
        let help = "type: http\nscheme: basic";
        tell(Told::Repaired(message.to_owned(), help.to_owned()));
        return Scheme::Basic;
    }
    let standard = ["http", "apiKey", "mutualTLS", "oauth2", "openIdConnect"]
        .into_iter()
        .find(|standard| written.eq_ignore_ascii_case(standard));
    if let Some(standard) = standard.filter(|standard| *standard != written) {
        let message = format!("the type `{written}` is read as `{standard}`");
        tell(Told::Repaired(message, format!("type: {standard}")));
    }
    match (kind.as_str(), text("scheme"), text("name")) {
        ("mutualtls", ..) => Scheme::Certificate,
        ("http", Some(word), _) if word.eq_ignore_ascii_case("basic") => Scheme::Basic,
        ("http", Some(word), _) if !is_for_tokens(word) => of_word(word, tell),
        ("apikey", _, Some(header)) if header.eq_ignore_ascii_case("authorization") => {
            let description = text("description").unwrap_or_default();
            if !scheme_text::is_named_basic(name) && !is_about_basic(description) {
                return Scheme::Authorization;
            }
            let message =
                "the key `Authorization` is read as HTTP Basic, by its name or its description";
            let help = "type: http\nscheme: basic";
            tell(Told::Inferred("basic", message.to_owned(), help.to_owned()));
            Scheme::Basic
        }
        ("apikey", _, Some(name)) => Scheme::Key(
            name,
            match text("in") {
                Some("header") => Some(Location::Header),
                Some("query") => Some(Location::Query),
                _ => None,
            },
        ),
        ("http", Some(word), _) if !word.eq_ignore_ascii_case("bearer") => Scheme::Unknown,
        ("http", Some(_), _) => Scheme::Bearer,
        ("oauth2" | "openidconnect", ..) => Scheme::Token,
        _ => Scheme::Unknown,
    }
}

/// What an HTTP scheme is that is not registered: some are called like a method of client authentication.
fn of_word<'a>(word: &'a str, tell: &mut dyn FnMut(Told)) -> Scheme<'a> {
    let Some(method) = scheme_text::method(word) else {
        return Scheme::Word(word);
    };
    let (shown, name) = (word.escape_debug(), method.as_str());
    let message = format!(
        "`{shown}` is not an HTTP scheme; by its name it is read as the client authentication `{name}`"
    );
    let help = format!("say so on the operation:\nx-tokensmith: {{client-auth: {name}}}");
    tell(Told::Inferred(name, message, help));
    match method {
        ClientAuth::Basic => Scheme::Basic,
        ClientAuth::TlsClientAuth => Scheme::Certificate,
        method => Scheme::Method(method),
    }
}

/// A name that stands for nothing says at most what it is called.
fn undefined<'a>(
    name: &str,
    reference: Option<&str>,
    at: &str,
    diagnostics: &mut Diagnostics,
) -> Scheme<'a> {
    let shown = name.escape_debug();
    let defining = match reference {
        Some(_) => "copy what it refers to into an overlay, such as",
        None => "define it:",
    };
    let help = format!(
        "{defining}\ncomponents: {{securitySchemes: {{{shown}: {{type: http, scheme: basic}}}}}}"
    );
    let fault = match reference {
        Some(reference) => format!(
            "refers to `{}`, which is not read",
            reference.escape_debug()
        ),
        None => "is defined nowhere".to_owned(),
    };
    if scheme_text::is_named_basic(name) {
        let message =
            format!("the security scheme `{shown}` {fault}; by its name it is read as HTTP Basic");
        diagnostics.find(
            Finding::new(Question::ClientAuthentication, ClientAuth::Basic.as_str())
                .by(EvidenceKind::Name, at)
                .inferred(at, message, help),
        );
        return Scheme::Basic;
    }
    let message = format!("the security scheme `{shown}` {fault}; it is left out");
    diagnostics.push(Diagnostic::new(Rule::LeftOut, at, message).help(help));
    Scheme::Unknown
}

fn is_for_tokens(word: &str) -> bool {
    ["bearer", "dpop"]
        .iter()
        .any(|known| word.eq_ignore_ascii_case(known))
}

/// What is said of a key of which the document says nothing.
pub(crate) const KEY_WORDS: &str =
    "A key that the provider wants beside the client's authentication.";

/// The keys that requests carry beside the client's authentication: required where every alternative that requests go asks for them.
pub(crate) fn keys<'a>(
    alternatives: &[Vec<Scheme<'a>>],
    site: &Site,
    diagnostics: &mut Diagnostics,
) -> Vec<(&'a str, DeclaredParameter<'a>)> {
    let mut keys: Vec<(&'a str, DeclaredParameter<'a>)> = Vec::new();
    let mut known = BTreeSet::new();
    // Of several alternatives, requests go the one with the client's own authentication.
    let by_basic: Vec<Vec<Scheme<'a>>> = alternatives
        .iter()
        .filter(|all| all.contains(&Scheme::Basic))
        .cloned()
        .collect();
    let is_basic = !by_basic.is_empty() && site.extension.client_auth.method.is_none();
    let asked = asked_by_all(if is_basic { &by_basic } else { alternatives });
    for scheme in alternatives.iter().flatten() {
        let Scheme::Key(name, location) = *scheme else {
            continue;
        };
        let required = asked.contains(&(name, location));
        let Some(location) = location else {
            if required {
                diagnostics.push(
                    Diagnostic::new(
                        Rule::Unsupported,
                        &site.pointer,
                        format!("the key `{}` is a cookie, which no request sends", name.escape_debug()),
                    )
                    .help("where the provider takes it as a header, declare that; or remove it from `security`"),
                );
            }
            continue;
        };
        if keys.len() == PARAMETERS.most {
            diagnostics.push(PARAMETERS.exceeded(&site.pointer));
            return Vec::new();
        }
        if known.insert(name) {
            let shape = Shape {
                pointer: site.pointer.clone(),
                kind: Kind::Text,
                is_password: true,
                ..Shape::default()
            };
            let declared = DeclaredParameter::new(shape, location, required, Some(KEY_WORDS));
            keys.push((name, declared));
        }
    }
    keys
}

/// The keys that every alternative asks for.
fn asked_by_all<'a>(alternatives: &[Vec<Scheme<'a>>]) -> BTreeSet<(&'a str, Option<Location>)> {
    let of = |schemes: &[Scheme<'a>]| -> BTreeSet<_> {
        let keys = schemes.iter().filter_map(|scheme| match *scheme {
            Scheme::Key(name, location) => Some((name, location)),
            _ => None,
        });
        keys.collect()
    };
    let Some((first, others)) = alternatives.split_first() else {
        return BTreeSet::new();
    };
    let mut asked = of(first);
    for other in others {
        if asked.is_empty() {
            break;
        }
        let other = of(other);
        asked.retain(|key| other.contains(key));
    }
    asked
}
