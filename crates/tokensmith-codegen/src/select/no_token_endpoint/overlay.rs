//! Overlays that give a document its token endpoint: they can be pasted as they are.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::select::documents::Documents;
use crate::select::url::{flows_with, with_slash};

const HEAD: &str = "overlay: 1.0.0\ninfo: {title: Token endpoint, version: '1'}\nactions:\n";

/// An overlay that makes an operation a token endpoint.
pub(super) fn marking((path, method): (&str, &str), grants: &[&str]) -> String {
    let escaped = path.replace('\\', "\\\\").replace('\'', "\\'");
    let target = format!("$.paths['{escaped}'].{method}");
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "/_-.{}".contains(letter);
    let target = match path.chars().all(is_plain) {
        true => target,
        false => Value::from(target).to_string(),
    };
    let grants = match grants {
        [] => String::new(),
        grants => format!(", grants: [{}]", grants.join(", ")),
    };
    format!("{HEAD}  - target: {target}\n    update: {{x-tokensmith: {{endpoint: token{grants}}}}}")
}

/// An overlay that describes the operation at a flow's URL.
pub(super) fn describing(url: &str, documents: Documents<'_>) -> String {
    let (server, path) = place(url, documents);
    let path = quoted(&path);
    let is_swagger = documents.is_swagger();
    let basic = scheme_name(documents);
    let grants = grants(url, documents).join(", ");
    let others = other_parameters(url, documents);
    let mut lines = vec![
        "  - target: $".to_owned(),
        "    update:".to_owned(),
        "      paths:".to_owned(),
        format!("        {path}:"),
        "          post:".to_owned(),
    ];
    let mut add = |line: &str| lines.push(format!("            {line}"));
    if let Some(server) = server {
        add(&format!("servers: [{{url: {}}}]", quoted(&server)));
    }
    add(&format!("security: [{{{basic}: []}}]"));
    if is_swagger {
        add("consumes: [application/x-www-form-urlencoded]");
        add("produces: [application/json]");
        add("parameters:");
        add(&format!(
            "  - {{name: grant_type, in: formData, required: true, type: string, enum: [{grants}]}}"
        ));
        for name in &others {
            add(&format!("  - {{name: {name}, in: formData, type: string}}"));
        }
        add("responses:");
        add("  '200':");
        add("    description: The token.");
        add("    schema: {properties: {access_token: {type: string}}}");
        lines.push(format!(
            "      securityDefinitions: {{{basic}: {{type: basic}}}}"
        ));
    } else {
        add("requestBody:");
        add("  content:");
        add("    application/x-www-form-urlencoded:");
        add("      schema:");
        add("        required: [grant_type]");
        let others = others
            .iter()
            .map(|name| format!(", {name}: {{type: string}}"));
        add(&format!(
            "        properties: {{grant_type: {{type: string, enum: [{grants}]}}{}}}",
            others.collect::<String>()
        ));
        add("responses:");
        add("  '200':");
        add("    description: The token.");
        add("    content:");
        add("      application/json:");
        add("        schema: {properties: {access_token: {type: string}}}");
        lines.push(format!(
            "      components: {{securitySchemes: {{{basic}: {{type: http, scheme: basic}}}}}}"
        ));
    }
    HEAD.to_owned() + &lines.join("\n")
}

/// The server of a URL, unless it is the document's, and the path with the query.
fn place(url: &str, documents: Documents<'_>) -> (Option<String>, String) {
    let url = url.split('#').next().unwrap_or_default();
    let servers = documents.root.get("servers");
    let first = servers
        .and_then(|servers| servers.get(0)?.get("url")?.as_str())
        .map(|server| server.trim().trim_end_matches('/'));
    if let Some((scheme, rest)) = url.split_once("://") {
        let of_server = first
            .and_then(|server| url.strip_prefix(server))
            .filter(|rest| rest.starts_with('/'));
        if let Some(path) = of_server {
            return (None, path.to_owned());
        }
        let (host, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        return (
            Some(format!("{scheme}://{host}")),
            with_slash(path).into_owned(),
        );
    }
    let mut base = first.unwrap_or_default();
    let mut path = url;
    let mut is_above = false;
    while let Some(rest) = path.strip_prefix("../") {
        // The host stays.
        let start = base.find("://").map_or(0, |scheme| scheme + 3);
        let end = base[start..].rfind('/').map(|slash| start + slash);
        base = end.map_or(base, |end| &base[..end]);
        (path, is_above) = (rest, true);
    }
    let server = (is_above && base.contains("://")).then(|| base.to_owned());
    (server, with_slash(path).into_owned())
}

/// The grants of the flows that have the URL.
fn grants(url: &str, documents: Documents<'_>) -> Vec<&'static str> {
    let names: BTreeSet<&str> = flows_with(documents, url).map(|(name, _)| name).collect();
    let known = [
        ("authorizationCode", "authorization_code"),
        ("clientCredentials", "client_credentials"),
        ("password", "password"),
    ];
    let named = known.into_iter().filter(|(flow, _)| names.contains(flow));
    let mut named: Vec<&str> = named.map(|(_, grant)| grant).collect();
    if named.is_empty() {
        named.push("client_credentials");
    }
    if is_refreshed(url, documents) {
        named.push("refresh_token");
    }
    named
}

/// Whether a flow has its URL for refreshed tokens there as well.
fn is_refreshed(url: &str, documents: Documents<'_>) -> bool {
    flows_with(documents, url).any(|(_, flow)| {
        let own = flow.get("refreshUrl").and_then(Value::as_str);
        own.is_some_and(|own| own.trim() == url)
    })
}

/// The parameters that the flows say of their requests beside the grant.
fn other_parameters(url: &str, documents: Documents<'_>) -> Vec<&'static str> {
    let has_scopes = flows_with(documents, url).any(|(_, flow)| {
        let scopes = flow.get("scopes").and_then(Value::as_object);
        scopes.is_some_and(|scopes| !scopes.is_empty())
    });
    let refresh = is_refreshed(url, documents).then_some("refresh_token");
    let scope = has_scopes.then_some("scope");
    refresh.into_iter().chain(scope).collect()
}

/// A name for HTTP Basic that means nothing else in the document.
fn scheme_name(documents: Documents<'_>) -> &'static str {
    let schemes = documents.object("/components/securitySchemes");
    let is_other = schemes.is_some_and(|(schemes, _)| {
        let scheme = schemes.get("basic");
        scheme.is_some_and(|scheme| scheme.get("scheme").is_none_or(|scheme| scheme != "basic"))
    });
    if is_other { "clientBasic" } else { "basic" }
}

/// A text in YAML, whatever it contains.
fn quoted(text: &str) -> String {
    if text.chars().any(char::is_control) {
        return Value::from(text).to_string();
    }
    format!("'{}'", text.replace('\'', "''"))
}
