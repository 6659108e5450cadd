//! One provider: everything that its document says, for people.

use tokensmith_codegen::diagnostic::output::{Style, Styled, is_terminal};
use tokensmith_providers::Entry;
use tokensmith_runtime::{
    Endpoint, EndpointKind, Environment, Operation, Parameter, ServerDescription,
};

use super::facts::{EndpointFacts, ExpiryFacts, ProviderFacts};
use crate::exchange::curl;
use crate::server::select;
use crate::terminal::wrap::wrapped;

/// How far lists stand from the left.
const INDENT: &str = "  ";

macro_rules! line {
    ($text:expr $(, $argument:expr)* $(,)?) => {
        $text.text(&format!($($argument),*)).end_line()
    };
}

/// Returns the page of a provider.
pub(super) fn page(entry: &Entry, facts: &ProviderFacts, coloured: bool) -> Styled {
    let (description, about) = (entry.description, entry.about);
    let mut text = Styled::new(coloured);
    text.push(Style::Strong, facts.title);
    line!(text, " ({} {})", facts.package, facts.version);
    if let Some(docs) = facts.docs {
        line!(text, "{docs}");
    }
    heading(&mut text, "Servers");
    for server in description.servers() {
        servers(&mut text, server);
    }
    if description.servers().is_empty() {
        line!(
            text,
            "{INDENT}the document names no server: give --server URL"
        );
    }
    for (endpoint, facts) in description.endpoints().iter().zip(&facts.endpoints) {
        self::endpoint(&mut text, endpoint, facts);
    }
    let scopes = about.scopes().iter().map(|scope| (*scope).to_owned());
    list(&mut text, "Scopes", scopes);
    let deviations = facts.deviations.iter();
    let deviations = deviations.map(|sentence| (*sentence).to_owned());
    list(&mut text, "Deviations from RFC 6749", deviations);
    let sources = facts.sources.iter().map(|source| {
        let said = source
            .facts
            .map_or_else(String::new, |facts| format!(": {facts}"));
        format!("{} ({}, {}){said}", source.url, source.kind, source.date)
    });
    let title = facts.verified.map_or("Sources".to_owned(), |kind| {
        format!("Sources (verified: {kind})")
    });
    list(&mut text, &title, sources);
    examples(&mut text, entry, facts);
    text
}

fn heading(text: &mut Styled, heading: &str) {
    text.end_line().push(Style::Strong, heading).end_line();
}

fn list(text: &mut Styled, title: &str, items: impl Iterator<Item = String>) {
    let mut items = items.peekable();
    if items.peek().is_none() {
        return;
    }
    heading(text, title);
    for item in items {
        let indent = INDENT.len();
        let item = wrapped(&item, indent, 2 * indent, is_terminal());
        line!(text, "{INDENT}{item}");
    }
}

fn servers(text: &mut Styled, server: &ServerDescription<'_>) {
    let issuer = server.issuer();
    let issuer = issuer.map_or_else(String::new, |issuer| format!("  issuer {issuer}"));
    line!(text, "{INDENT}{}  {}{issuer}", server.name(), server.url());
    for variable in server.variables() {
        let default = variable.default();
        let default = default.map_or_else(String::new, |default| format!(" [default: {default}]"));
        let values = variable.values();
        let values = match values {
            [] => String::new(),
            values => format!(": {}", values.join(", ")),
        };
        line!(
            text,
            "{INDENT}{INDENT}--server-variable {}=VALUE{values}{default}",
            variable.name()
        );
    }
}

/// An endpoint, and its requests.
fn endpoint(text: &mut Styled, endpoint: &Endpoint<'_>, facts: &EndpointFacts) {
    let kind = facts.kind;
    heading(
        text,
        &format!("{}{} endpoint", kind[..1].to_uppercase(), &kind[1..]),
    );
    for url in &facts.urls {
        line!(text, "{INDENT}{} {url}", facts.method);
    }
    if endpoint.kind() == EndpointKind::Authorization {
        let pkce = facts.pkce.unwrap_or("none");
        line!(text, "{INDENT}code challenge: {pkce}");
    } else if !endpoint.kind().is_for_browsers() {
        line!(text, "{INDENT}parameters: {}", facts.formats.join(" or "));
        let client_auth = facts.client_auth.join(", then ");
        line!(text, "{INDENT}client authentication: {client_auth}");
    }
    if let Some(separator) = facts.scope_separator.filter(|separator| *separator != " ") {
        line!(text, "{INDENT}scope separator: {separator}");
    }
    if let Some(separator) = facts.response_scope_separator {
        let separator = if separator == " " { "space" } else { separator };
        line!(text, "{INDENT}scope separator in responses: {separator}");
    }
    if let Some(expiry) = &facts.expiry {
        let access_token = endpoint.access_token().join(" or ");
        let access_token = Some(access_token).filter(|place| !place.is_empty());
        let place = access_token.as_deref().unwrap_or("the whole response");
        line!(text, "{INDENT}access token: {place}");
        line!(text, "{INDENT}lifetime: {}", lifetime(expiry));
    }
    let type_name = match endpoint.kind().is_for_browsers() {
        true => "response type",
        false => "grant",
    };
    for operation in endpoint.operations() {
        request(text, type_name, operation);
    }
}

fn lifetime(expiry: &ExpiryFacts) -> String {
    let mut parts: Vec<String> = Vec::new();
    if let Some(pointer) = &expiry.pointer {
        parts.push(format!("{pointer} ({})", expiry.format));
    }
    if let Some(seconds) = expiry.lifetime {
        parts.push(format!("{seconds} seconds unless the response says"));
    }
    if expiry.zero_is_never {
        parts.push("0 means never".to_owned());
    }
    match parts.is_empty() {
        true => "unknown".to_owned(),
        false => parts.join("; "),
    }
}

/// A request and its parameters.
fn request(text: &mut Styled, type_name: &str, operation: &Operation<'_>) {
    if let Some(value) = operation.grant_type() {
        line!(text, "{INDENT}{type_name} {value}");
    }
    for parameter in operation.parameters() {
        line!(text, "{INDENT}{INDENT}{}", shown(parameter));
    }
}

fn shown(parameter: &Parameter<'_>) -> String {
    let mut marks: Vec<String> = Vec::new();
    if parameter.is_required() {
        marks.push("required".to_owned());
    }
    if parameter.is_secret() {
        marks.push("secret".to_owned());
    }
    if !parameter.values().is_empty() {
        marks.push(format!("one of {}", parameter.values().join(", ")));
    }
    if let Some(default) = parameter.default() {
        marks.push(format!("default {default}"));
    }
    match marks.is_empty() {
        true => parameter.name().to_owned(),
        false => format!("{} ({})", parameter.name(), marks.join("; ")),
    }
}

/// The same request by the command, in Rust and by curl.
fn examples(text: &mut Styled, entry: &Entry, facts: &ProviderFacts) {
    let description = entry.description;
    let usual = select::operation(description, None, None).ok();
    let Some((endpoint, operation)) = usual.or_else(|| first_grant(entry)) else {
        return;
    };
    let name = facts.name;
    heading(text, "Command");
    let grant = operation.grant_type().filter(|_| usual.is_none());
    let grant = grant.map_or_else(String::new, |grant| format!(" --grant {grant}"));
    literal(text, &format!("tokensmith token {name}{grant}"));
    heading(text, "Rust");
    literal(text, &format!("cargo add {}", facts.package));
    line!(text, "{INDENT}https://docs.rs/{}", facts.package);
    let urls = Environment::url_templates(description, endpoint);
    let command = urls.first();
    let command = command.and_then(|url| curl::operation::command(url, endpoint, operation));
    if let Some(command) = command {
        heading(text, "curl");
        literal(text, &command);
    }
}

/// A line that can be typed as it stands.
fn literal(text: &mut Styled, line: &str) {
    text.text(INDENT).push(Style::Literal, line).end_line();
}

/// Returns the first operation that the command finds by its grant.
fn first_grant(entry: &Entry) -> Option<(&'static Endpoint<'static>, &'static Operation<'static>)> {
    let endpoints = entry.description.endpoints().iter().copied();
    let mut tokens = endpoints.filter(|endpoint| endpoint.kind() == EndpointKind::Token);
    tokens.find_map(|endpoint| {
        let mut operations = endpoint.operations().iter().copied();
        let operation = operations.find(|operation| operation.grant_type().is_some())?;
        Some((endpoint, operation))
    })
}
