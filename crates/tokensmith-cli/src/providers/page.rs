//! One provider: all that its document says, for people.

use std::fmt::Write as _;

use tokensmith_providers::Entry;
use tokensmith_runtime::{
    BodyFormat, ClientAuth, Endpoint, EndpointKind, Operation, Parameter, ServerDescription,
};

use super::urls;

/// How far lists stand from the left.
const INDENT: &str = "  ";

// Writing to a text does not fail.
macro_rules! line {
    ($text:expr $(, $argument:expr)* $(,)?) => {
        let _ = writeln!($text $(, $argument)*);
    };
}

pub(super) fn page(entry: &Entry) -> String {
    let (description, about) = (entry.description, entry.about);
    let mut text = String::new();
    line!(
        text,
        "{} (tokensmith-{} {})",
        description.title(),
        description.name(),
        about.version()
    );
    if !about.documentation().is_empty() {
        line!(text, "{}", about.documentation());
    }
    heading(&mut text, "Servers");
    for server in description.servers() {
        servers(&mut text, server);
    }
    if description.servers().is_empty() {
        line!(text, "{INDENT}the document names none: give --server URL");
    }
    for endpoint in description.endpoints() {
        let kind = endpoint.kind().as_str();
        heading(
            &mut text,
            &format!("{}{} endpoint", kind[..1].to_uppercase(), &kind[1..]),
        );
        for url in urls(description, endpoint) {
            line!(text, "{INDENT}{} {url}", endpoint.method().as_str());
        }
        facts(&mut text, endpoint);
        for operation in endpoint.operations() {
            request(&mut text, operation);
        }
    }
    list(
        &mut text,
        "Scopes",
        about.scopes().iter().map(|scope| (*scope).to_owned()),
    );
    list(
        &mut text,
        "Deviations from RFC 6749",
        about
            .deviations()
            .iter()
            .map(|sentence| (*sentence).to_owned()),
    );
    let sources = about.sources().iter().map(|source| {
        let colon = if source.facts().is_empty() { "" } else { ": " };
        let (kind, date) = (source.kind().as_str(), source.date());
        format!("{} ({kind}, {date}){colon}{}", source.url(), source.facts())
    });
    let known = about.verified();
    let known = known.map_or("Sources".to_owned(), |kind| {
        format!("Sources (verified: {})", kind.as_str())
    });
    list(&mut text, &known, sources);
    examples(&mut text, entry);
    text
}

fn heading(text: &mut String, heading: &str) {
    line!(text, "\n{heading}");
}

fn list(text: &mut String, title: &str, items: impl Iterator<Item = String>) {
    let mut items = items.peekable();
    if items.peek().is_none() {
        return;
    }
    heading(text, title);
    for item in items {
        line!(text, "{INDENT}{item}");
    }
}

fn servers(text: &mut String, server: &ServerDescription<'_>) {
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

/// What holds for every request to an endpoint.
fn facts(text: &mut String, endpoint: &Endpoint<'_>) {
    if endpoint.kind() == EndpointKind::Authorization {
        line!(
            text,
            "{INDENT}code challenge: {}",
            endpoint.code_challenge().as_str()
        );
        return;
    }
    let formats = endpoint.formats().iter().copied();
    let formats: Vec<&str> = formats.map(BodyFormat::as_str).collect();
    let formats = match endpoint.method().has_body() {
        true => formats.join(" or "),
        false => "none, parameters are in the query".to_owned(),
    };
    line!(text, "{INDENT}body: {formats}");
    let client_auth = match endpoint.client_auth() {
        ClientAuth::Auto => "auto: basic, then body",
        method => method.as_str(),
    };
    line!(text, "{INDENT}client authentication: {client_auth}");
    if endpoint.kind() == EndpointKind::Token {
        line!(
            text,
            "{INDENT}access token at: {}",
            endpoint.access_token().join(", ")
        );
        let expiry = endpoint.expiry();
        let place = expiry.pointer.unwrap_or("expires_in beside it");
        line!(
            text,
            "{INDENT}lifetime: {place}, {}",
            expiry.format.as_str()
        );
    }
}

/// A request and its parameters; what must be given is marked.
fn request(text: &mut String, operation: &Operation<'_>) {
    if let Some(grant) = operation.grant_type() {
        line!(text, "{INDENT}grant {grant}");
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
fn examples(text: &mut String, entry: &Entry) {
    let description = entry.description;
    let endpoints = description.endpoints().iter().copied();
    let mut tokens = endpoints.filter(|endpoint| endpoint.kind() == EndpointKind::Token);
    let Some(endpoint) = tokens.next() else {
        return;
    };
    let name = description.name();
    heading(text, "Command");
    line!(text, "{INDENT}tokensmith token {name}");
    heading(text, "Rust");
    line!(text, "{INDENT}cargo add tokensmith-{name}");
    line!(
        text,
        "{INDENT}the first page of https://docs.rs/tokensmith-{name} has a whole program"
    );
    if let Some(url) = urls(description, endpoint).first() {
        heading(text, "curl");
        line!(text, "{INDENT}{}", curl(endpoint, url));
    }
}

/// A command of curl that asks for a token by the first grant.
fn curl(endpoint: &Endpoint<'_>, url: &str) -> String {
    let mut command = format!("curl {}", quoted(url));
    let operation = endpoint.operations().first();
    let mut pairs: Vec<(String, String)> = Vec::new();
    if let Some(grant) = operation.and_then(|operation| operation.grant_type()) {
        pairs.push((endpoint.grant_type().to_owned(), grant.to_owned()));
    }
    let parameters = operation.map_or(&[][..], |operation| operation.parameters());
    for parameter in parameters
        .iter()
        .filter(|parameter| parameter.is_required())
    {
        let variable = format!("${}", parameter.name().to_uppercase());
        pairs.push((parameter.name().to_owned(), variable));
    }
    match endpoint.client_auth() {
        ClientAuth::Basic | ClientAuth::BasicRaw | ClientAuth::Auto => {
            command.push_str(" --user \"$CLIENT_ID:$CLIENT_SECRET\"");
        }
        ClientAuth::Body | ClientAuth::Query => {
            for (name, value) in [
                (endpoint.client_id(), "$CLIENT_ID"),
                (endpoint.client_secret(), "$CLIENT_SECRET"),
            ] {
                pairs.push((name.to_owned(), value.to_owned()));
            }
        }
        _ => {}
    }
    let is_json = endpoint.formats().first() == Some(&BodyFormat::Json);
    match (endpoint.method().has_body(), is_json) {
        (true, true) => {
            let members: Vec<String> = pairs
                .iter()
                .map(|(name, value)| format!("\\\"{name}\\\": \\\"{value}\\\""))
                .collect();
            let body = members.join(", ");
            let _ = write!(command, " --json \"{{{body}}}\"");
        }
        (has_body, _) => {
            if !has_body {
                command.push_str(" --get");
            }
            for (name, value) in &pairs {
                let _ = write!(command, " --data-urlencode \"{name}={value}\"");
            }
        }
    }
    command
}

/// A text in single quotes of a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
