//! What `tokensmith token` prints: a contract that scripts rely on, and a text for people.

mod text;

pub(crate) use self::text::in_words;

use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;
use serde_json::{Map, Value};
use tokensmith_runtime::connector::{Bearer, Connector};
use tokensmith_runtime::{Secret, Token, TokenUse};

use crate::args::{HeaderArgs, Output};
use crate::failure::Failure;
use tokensmith_codegen::diagnostic::output::{Printable, print_error, try_print};

/// A token with `--output json`. All members are always there; what is unknown is `null`.
#[derive(Serialize)]
struct Success<'a> {
    access_token: &'a str,
    token_type: &'a str,
    /// Whole seconds.
    expires_in: Option<u64>,
    /// Unix time in whole seconds.
    expires_at: Option<u64>,
    /// What was granted, as far as the response says.
    scope: Option<&'a [String]>,
    refresh_token: Option<&'a str>,
    id_token: Option<&'a str>,
    extra: Map<String, Value>,
    warnings: Vec<String>,
}

/// The header that carries a token.
pub(crate) struct Header<'a> {
    pub(crate) key: &'a str,
    /// The value, with `{token}` for the token.
    pub(crate) pattern: &'a str,
    /// The option or setting by which the user gives the value.
    pub(crate) setting: Option<&'static str>,
}

impl<'a> Header<'a> {
    /// The header that `--output header` prints: what the arguments say, else what the document
    /// says.
    pub(crate) fn of(args: &'a HeaderArgs, token: &Token, token_use: TokenUse<&'a str>) -> Self {
        let usual = usual_pattern(token);
        let (name, value) = match token_use {
            TokenUse::Header { name, pattern } if !token_use.is_standard() => (name, pattern),
            _ => ("Authorization", usual),
        };
        let key = args.header_key.as_deref();
        // A header of the caller's has the usual value, unless it is the document's.
        let is_documents = key.is_none_or(|key| key.eq_ignore_ascii_case(name));
        let value = if is_documents { value } else { usual };
        let pattern = args.header_pattern.as_deref();
        Header {
            key: key.unwrap_or(name),
            pattern: pattern.unwrap_or(value),
            setting: pattern.map(|_| "--header-pattern"),
        }
    }
}

/// Returns the value of the header for a token of this type: `DPoP {token}` if the token is bound
/// to a key (RFC 9449 section 7.1).
pub(crate) fn usual_pattern(token: &Token) -> &'static str {
    match is_bound(token) {
        true => "DPoP {token}",
        false => TokenUse::BEARER,
    }
}

fn is_bound(token: &Token) -> bool {
    token.metadata.token_type.eq_ignore_ascii_case("DPoP")
}

/// Tells a user who gives the header of a token that is bound to a key another scheme.
fn note_scheme(token: &Token, header: &Header<'_>) {
    let scheme = header.pattern.split(' ').next().unwrap_or_default();
    if let (Some(setting), true) = (header.setting, is_bound(token))
        && !scheme.eq_ignore_ascii_case("DPoP")
    {
        print_error(format!(
            "note: the header is `{}`, as `{setting}` says; the token type is DPoP, for which \
             RFC 9449 has `{}`",
            header.pattern,
            usual_pattern(token)
        ));
    }
}

/// Prints a token on standard output. Warnings that the form has no place for go to standard error.
pub(crate) fn print_token(
    token: &Token,
    output: Output,
    header: &Header<'_>,
) -> Result<(), Failure> {
    let access_token = token.access_token.expose();
    match output {
        Output::Text => text::print(token)?,
        Output::Json => try_print(Printable::json_line(&success(token)))?,
        Output::Token => try_print(exact(access_token)?)?,
        Output::Header => {
            note_scheme(token, header);
            print_header(&token.access_token, header)?;
        }
    }
    if output != Output::Json {
        for warning in &token.metadata.warnings {
            print_error(format!("warning: {warning}"));
        }
    }
    Ok(())
}

/// Prints the header that carries a token.
pub(crate) fn print_header(token: &Secret, header: &Header<'_>) -> Result<(), Failure> {
    let carrier = Connector::Bearer(Bearer {
        token: token.into(),
        header_key: header.key.to_owned(),
        header_value_pattern: header.pattern.to_owned(),
    });
    let (_, value) = carrier.header(None)?;
    let value = value.to_str().map_err(|_| {
        Failure::Failed("the access token holds characters that a header may not hold".to_owned())
    })?;
    print_carrier(header.key, value)
}

/// Prints a header that carries a credential.
pub(crate) fn print_carrier(name: &str, value: &str) -> Result<(), Failure> {
    Ok(try_print(exact(&format!("{name}: {value}"))?)?)
}

/// The text as scripts need it: on a terminal and in a pipe the same. A server may be hostile, and
/// what a script reads ends up in headers and on terminals, so that nothing is printed that could
/// do harm there.
fn exact(text: &str) -> Result<Printable, Failure> {
    Printable::exact(text).ok_or_else(|| {
        Failure::Failed(
            "the access token holds control characters, or what a log would take for a command \
             (RFC 6750 section 2.1 allows letters, digits and -._~+/=): --output json shows it escaped"
                .to_owned(),
        )
    })
}

fn success(token: &Token) -> Success<'_> {
    let metadata = &token.metadata;
    Success {
        access_token: token.access_token.expose(),
        token_type: &metadata.token_type,
        expires_in: metadata.expires_in.map(|lifetime| lifetime.as_secs()),
        expires_at: metadata.expires_at.and_then(unix),
        scope: metadata.scopes.as_deref(),
        refresh_token: token.refresh_token.as_ref().map(Secret::expose),
        id_token: token.id_token.as_ref().map(Secret::expose),
        extra: extra(token),
        warnings: metadata.warnings.iter().map(ToString::to_string).collect(),
    }
}

fn unix(time: SystemTime) -> Option<u64> {
    Some(time.duration_since(UNIX_EPOCH).ok()?.as_secs())
}

/// What came beside the token, then what could not be read, under its field's name, then what is
/// around the object that holds the token. Of one name, the first counts.
fn extra(token: &Token) -> Map<String, Value> {
    let metadata = &token.metadata;
    let field = |pointer: &str| {
        let name = pointer.rsplit('/').next().unwrap_or_default();
        name.replace("~1", "/").replace("~0", "~")
    };
    let beside = token
        .extra
        .iter()
        .map(|(name, value)| (name.to_owned(), value));
    let set_aside = metadata
        .set_aside
        .iter()
        .map(|(pointer, value)| (field(pointer), value));
    let around = metadata
        .envelope
        .iter()
        .map(|(name, value)| (name.to_owned(), value));
    let mut members = Map::new();
    for (name, value) in beside.chain(set_aside).chain(around) {
        members.entry(name).or_insert_with(|| value.clone());
    }
    members
}
