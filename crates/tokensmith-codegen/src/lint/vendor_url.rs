//! Hosts that only a vendor's own keys have: code samples, and lists of servers for other tools.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::host::authority;
use crate::openapi::operation::Operation;
use crate::openapi::site::Site;
use crate::openapi::vendor_url::{is_of_server, urls};
use crate::pointer;
use crate::select::leads_to;

/// Tells the URLs of an endpoint, and the servers, that stand in keys of a vendor's own and on no declared host.
pub(super) fn lint(root: &Value, sites: &[Site], diagnostics: &mut Diagnostics) {
    let mut told = BTreeSet::new();
    for site in sites {
        let Some(operation) = Operation::at(root, &site.pointer) else {
            continue;
        };
        let declared = Declared::of(&operation, site);
        let is_of_endpoint = |_: &[&str], url: &str| leads_to(url, &site.path);
        for (at, url) in urls(operation.members, &site.pointer, &is_of_endpoint) {
            if !declared.has(url) && told.insert(authority(url).to_owned()) {
                diagnostics.push(of_endpoint(&at, url));
            }
        }
    }
    let Some(first) = sites.first() else {
        return;
    };
    let Some(operation) = Operation::at(root, &first.pointer) else {
        return;
    };
    let declared = Declared::of(&operation, first);
    let owners = [("", Some(root)), ("/info", root.get("info"))];
    for (at, owner) in owners {
        let Some(members) = owner.and_then(Value::as_object) else {
            continue;
        };
        for (at, url) in urls(members, at, &is_of_server) {
            if !declared.has(url) && told.insert(authority(url).to_owned()) {
                diagnostics.push(of_server(&at, url));
            }
        }
    }
}

/// The hosts of an operation's servers.
struct Declared {
    hosts: BTreeSet<String>,
    /// Whether a host has a variable: it may be any.
    is_open: bool,
}

impl Declared {
    fn of(operation: &Operation<'_>, site: &Site) -> Self {
        let servers = operation.servers();
        let urls = servers.iter().filter_map(|server| server.value.get("url"));
        let urls = urls.filter_map(Value::as_str).chain(site.server.as_deref());
        let hosts: BTreeSet<String> = urls
            .filter(|url| url.contains("://") || url.contains('{'))
            .map(|url| authority(url).to_owned())
            .collect();
        Self {
            is_open: hosts.iter().any(|host| host.contains('{')),
            hosts,
        }
    }

    fn has(&self, url: &str) -> bool {
        self.is_open || self.hosts.contains(authority(url))
    }
}

fn of_endpoint(at: &str, url: &str) -> Diagnostic {
    let message = format!(
        "`{}` has the endpoint at `{}`, a host that no server of the document has; no request goes there",
        vendor_key(at),
        shown(url)
    );
    told(at, message, url)
}

fn of_server(at: &str, url: &str) -> Diagnostic {
    let message = format!(
        "`{}` names the server `{}`, a host that no server of the document has; no request goes there",
        vendor_key(at),
        shown(url)
    );
    told(at, message, url)
}

fn told(at: &str, message: String, url: &str) -> Diagnostic {
    let shown = shown(url);
    let path = shown.find("://").and_then(|colon| {
        let slash = shown[colon + 3..].find('/')?;
        Some(colon + 3 + slash)
    });
    let server = &shown[..path.unwrap_or(shown.len())];
    let help = format!(
        "where the provider is there, name it, in an overlay where the document is a vendor's:\nservers:\n  - url: {server}"
    );
    Diagnostic::new(Rule::Unused, at, message).help(help)
}

/// A URL as messages have it. What a sample has as a user and in its query may be a credential.
fn shown(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("https", url));
    let authority = authority(url);
    let host = authority.rsplit('@').next().unwrap_or_default();
    let path = &rest[authority.len()..];
    let path = path.split(['?', '#']).next().unwrap_or_default();
    format!("{scheme}://{host}{path}")
        .escape_debug()
        .to_string()
}

/// The vendor's key that a pointer leads through.
fn vendor_key(at: &str) -> String {
    let mut tokens = pointer::tokens(at);
    let key = tokens.find(|token| token.starts_with("x-"));
    key.unwrap_or_default().escape_debug().to_string()
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn messages_have_no_query_and_no_user() {
        for (url, expected) in [
            (
                "https://acme.dev/token?key=s3cr3t",
                "https://acme.dev/token",
            ),
            (
                "http://id:s3cr3t@acme.dev:81/token#x",
                "http://acme.dev:81/token",
            ),
            ("https://acme.dev?key=s3cr3t", "https://acme.dev"),
            ("https://acme.dev", "https://acme.dev"),
        ] {
            assert_eq!(shown(url), expected, "{url}");
        }
    }
}
