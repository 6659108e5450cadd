//! What the security schemes of an operation ask for.

use openapiv3::{Operation as ApiOperation, SecurityRequirement};

use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::model::declared::Declared;
use crate::model::schema::{Kind, Shape};
use crate::model::{Context, Location};
use crate::pointer;
use crate::prune::Site;
use crate::reference::resolve;

/// What one security scheme is, as far as a client's authentication goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme<'a> {
    /// HTTP Basic.
    Basic,
    /// Another word in the `Authorization` header.
    Word(&'a str),
    /// The client's certificate.
    Certificate,
    /// A key of the application: its name and where it stands; nowhere for a cookie.
    Key(&'a str, Option<Location>),
    /// A token: on an endpoint that gives one it is circular, and not obeyed.
    Token,
}

/// The alternatives, each with all that it asks for at once.
pub(crate) fn alternatives<'a>(
    context: &Context<'a>,
    operation: &'a ApiOperation,
) -> Vec<Vec<Scheme<'a>>> {
    let requirements = operation
        .security
        .as_ref()
        .or(context.api.security.as_ref());
    let alternatives = requirements.into_iter().flatten();
    alternatives
        .map(|requirement: &SecurityRequirement| {
            requirement
                .keys()
                .map(|name| scheme(context, name))
                .collect()
        })
        .collect()
}

/// Reads from the document itself: the typed model knows no certificates.
fn scheme<'a>(context: &Context<'a>, name: &str) -> Scheme<'a> {
    let at = pointer::join_all("/components", &["securitySchemes", name]);
    let Some(Ok(scheme)) = context
        .tree
        .pointer(&at)
        .map(|scheme| resolve(context.tree, scheme, &at))
    else {
        return Scheme::Token;
    };
    let text = |key| scheme.value.get(key).and_then(serde_json::Value::as_str);
    match (text("type"), text("scheme"), text("name")) {
        (Some("mutualTLS"), ..) => Scheme::Certificate,
        (Some("http"), Some(word), _) if word.eq_ignore_ascii_case("basic") => Scheme::Basic,
        (Some("http"), Some(word), _) if !is_for_tokens(word) => Scheme::Word(word),
        (Some("apiKey"), _, Some(name)) if !name.eq_ignore_ascii_case("authorization") => {
            Scheme::Key(
                name,
                match text("in") {
                    Some("header") => Some(Location::Header),
                    Some("query") => Some(Location::Query),
                    _ => None,
                },
            )
        }
        _ => Scheme::Token,
    }
}

fn is_for_tokens(word: &str) -> bool {
    ["bearer", "dpop"]
        .iter()
        .any(|known| word.eq_ignore_ascii_case(known))
}

/// The keys that requests carry beside the client's authentication: required where every alternative asks for them.
pub(crate) fn keys<'a>(
    alternatives: &[Vec<Scheme<'a>>],
    site: &Site,
    diagnostics: &mut Diagnostics,
) -> Vec<(&'a str, Declared<'a>)> {
    let mut keys: Vec<(&'a str, Declared<'a>)> = Vec::new();
    for scheme in alternatives.iter().flatten() {
        let Scheme::Key(name, location) = *scheme else {
            continue;
        };
        let required = alternatives.iter().all(|all| all.contains(scheme));
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
        if keys.iter().all(|(other, _)| *other != name) {
            let shape = Shape {
                pointer: site.pointer.clone(),
                kind: Kind::Text,
                is_password: true,
                ..Shape::default()
            };
            let description = "A key that the provider wants beside the client's authentication.";
            keys.push((
                name,
                Declared::new(shape, location, required, Some(description)),
            ));
        }
    }
    keys
}
