//! Hosts that only a vendor's own keys have: code samples, and lists of servers for other tools.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::model::name::letters;
use crate::openapi::extension::KEY;
use crate::openapi::operation::Operation;
use crate::openapi::site::Site;
use crate::pointer::{self, Trail};
use crate::select::leads_to;

/// Most texts that are looked at.
const MOST: usize = 20_000;

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
            if !declared.has(url) && told.insert(host(url).to_owned()) {
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
            if !declared.has(url) && told.insert(host(url).to_owned()) {
                diagnostics.push(of_server(&at, url));
            }
        }
    }
}

/// Whether a text is a server of a list, by the keys that lead to it.
fn is_of_server(keys: &[&str], _: &str) -> bool {
    let is_url = keys
        .last()
        .is_some_and(|key| ["url", "baseurl"].contains(&letters(key).as_str()));
    let mut above = keys.iter().rev().skip(1);
    is_url && above.any(|key| letters(key).contains("server"))
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
            .map(|url| host(url).to_owned())
            .collect();
        Self {
            is_open: hosts.iter().any(|host| host.contains('{')),
            hosts,
        }
    }

    fn has(&self, url: &str) -> bool {
        self.is_open || self.hosts.contains(host(url))
    }
}

/// The host of an absolute URL, with its port.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

/// The absolute URLs in keys of a vendor's own, and where they stand, that a function takes: it is given the keys that lead to them.
fn urls<'a>(
    members: &'a Map<String, Value>,
    at: &str,
    is_wanted: &dyn Fn(&[&str], &str) -> bool,
) -> Vec<(String, &'a str)> {
    let mut search = Search {
        is_wanted,
        left: MOST,
        found: Vec::new(),
    };
    let vendors = members
        .iter()
        .filter(|(key, _)| key.starts_with("x-") && *key != KEY && !is_of_gateway(key));
    for (key, value) in vendors {
        search.value(value, &mut vec![key], &Trail::Start(at).key(key));
    }
    search.found
}

/// Whether a key says where a gateway passes requests on to, which is no business of callers.
fn is_of_gateway(key: &str) -> bool {
    const WORDS: [&str; 5] = ["backend", "gateway", "integration", "proxy", "upstream"];
    let key = letters(key);
    WORDS.iter().any(|word| key.contains(word))
}

struct Search<'a, 'w> {
    is_wanted: &'w dyn Fn(&[&str], &str) -> bool,
    left: usize,
    found: Vec<(String, &'a str)>,
}

impl<'a> Search<'a, '_> {
    fn value(&mut self, value: &'a Value, keys: &mut Vec<&'a str>, at: &Trail<'_>) {
        if self.left == 0 {
            return;
        }
        self.left -= 1;
        match value {
            Value::String(text) => {
                let urls = in_text(text).filter(|url| (self.is_wanted)(keys, url));
                let found: Vec<&str> = urls.collect();
                let found = found.into_iter().map(|url| (at.pointer(), url));
                self.found.extend(found);
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.value(item, keys, &at.index(index));
                }
            }
            Value::Object(members) => {
                for (key, member) in members {
                    keys.push(key);
                    self.value(member, keys, &at.key(key));
                    keys.pop();
                }
            }
            _ => {}
        }
    }
}

/// The URLs in a text that lead to a host of the world's.
fn in_text(text: &str) -> impl Iterator<Item = &str> {
    let is_part =
        |letter: char| letter.is_ascii_graphic() && !"\"'`<>(){}[]\\,;|$".contains(letter);
    let starts = text.match_indices("http").map(|(start, _)| &text[start..]);
    starts.filter_map(move |rest| {
        let end = rest.find(|letter| !is_part(letter)).unwrap_or(rest.len());
        let url = rest[..end].trim_end_matches(['.', ':', '/']);
        let is_url = url.starts_with("https://") || url.starts_with("http://");
        (is_url && is_of_world(host(url))).then_some(url)
    })
}

/// Whether a host is neither this machine nor one that stands for any other (RFC 2606).
fn is_of_world(host: &str) -> bool {
    let name = host.split(':').next().unwrap_or_default();
    let last = name.rsplit('.').next().unwrap_or_default();
    let is_reserved = ["example", "invalid", "localhost", "test"].contains(&last)
        || ["example.com", "example.net", "example.org"]
            .iter()
            .any(|reserved| name == *reserved || name.ends_with(&format!(".{reserved}")));
    let is_name = last.len() > 1 && last.bytes().all(|byte| byte.is_ascii_alphabetic());
    name.contains('.') && is_name && !is_reserved
}

fn of_endpoint(at: &str, url: &str) -> Diagnostic {
    let message = format!(
        "`{}` has the endpoint at `{}`, a host that no server of the document has; no request goes there",
        vendor_key(at),
        url.escape_debug()
    );
    told(at, message, url)
}

fn of_server(at: &str, url: &str) -> Diagnostic {
    let message = format!(
        "`{}` names the server `{}`, a host that no server of the document has; no request goes there",
        vendor_key(at),
        url.escape_debug()
    );
    told(at, message, url)
}

fn told(at: &str, message: String, url: &str) -> Diagnostic {
    let scheme = url.split("://").next().unwrap_or("https");
    let help = format!(
        "where the provider is there, name it, in an overlay where the document is a vendor's:\nservers:\n  - url: {scheme}://{}",
        host(url).escape_debug()
    );
    Diagnostic::new(Rule::Unused, at, message).help(help)
}

/// The vendor's key that a pointer leads through.
fn vendor_key(at: &str) -> String {
    let mut tokens = pointer::tokens(at);
    let key = tokens.find(|token| token.starts_with("x-"));
    key.unwrap_or_default().escape_debug().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_found_in_code_and_placeholders_are_not() {
        let found = |text| in_text(text).collect::<Vec<_>>();
        assert_eq!(
            found("curl 'https://api.acme.dev/token?x=1' -d \"http://b.acme.dev:81/\""),
            ["https://api.acme.dev/token?x=1", "http://b.acme.dev:81"]
        );
        for text in [
            "https://example.com/token",
            "https://api.example.com/token",
            "https://acme.example/token",
            "http://localhost:8080/token",
            "http://127.0.0.1/token",
            "https://{host}/token",
            "https://$HOST/token",
            "https://<host>.acme.dev/token",
            "httpClient.post('/token')",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn hosts_behind_a_gateway_are_not_looked_at() {
        let found = |key: &str| {
            let members = serde_json::json!({key: {"uri": "https://inner.acme.dev/token"}});
            let members = members.as_object().expect("an object");
            let found = urls(members, "/a", &|_, _| true).into_iter();
            found.map(|(at, _)| at).collect::<Vec<_>>()
        };
        assert_eq!(found("x-samples"), ["/a/x-samples/uri"]);
        assert_eq!(found("x-amazon-apigateway-integration"), [""; 0]);
    }

    #[test]
    fn a_server_is_known_by_the_keys_around_it() {
        assert!(is_of_server(&["x-configuration", "servers", "url"], ""));
        assert!(is_of_server(&["x-server-list", "baseUrl"], ""));
        assert!(!is_of_server(&["x-logo", "url"], ""));
        assert!(!is_of_server(&["x-servers", "docs"], ""));
    }
}
