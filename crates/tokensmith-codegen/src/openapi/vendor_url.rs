//! The URLs in keys that a vendor has made up.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::vendor_key;
use crate::host::{authority, is_of_world};
use crate::model::name::letters;
use crate::pointer::{self, Trail};

/// Most texts that are looked at.
const MOST: usize = 20_000;

/// The keys of these members that list servers.
pub(crate) fn lists_of_servers(members: &Map<String, Value>) -> BTreeSet<String> {
    let urls = urls(members, "", &is_of_server).into_iter();
    urls.filter_map(|(at, _)| pointer::tokens(&at).next().map(|key| key.to_string()))
        .collect()
}

/// Whether a text is a server of a list, by the keys that lead to it.
pub(crate) fn is_of_server(keys: &[&str], _: &str) -> bool {
    let is_url = keys
        .last()
        .is_some_and(|key| ["url", "baseurl"].contains(&letters(key).as_str()));
    let mut above = keys.iter().rev().skip(1);
    is_url && above.any(|key| letters(key).contains("server"))
}

/// The absolute URLs in keys of a vendor's own, and where they stand, that a function takes: it is given the keys that lead to them.
pub(crate) fn urls<'a>(
    members: &'a Map<String, Value>,
    at: &str,
    is_wanted: &dyn Fn(&[&str], &str) -> bool,
) -> Vec<(String, &'a str)> {
    let mut search = Search {
        is_wanted,
        left: MOST,
        found: Vec::new(),
    };
    let vendors = members.iter();
    let vendors = vendors.filter(|(key, _)| vendor_key::may_have_urls(key));
    for (key, value) in vendors {
        search.value(value, &mut vec![key], &Trail::Start(at).key(key));
    }
    search.found
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
        (is_url && is_of_world(authority(url))).then_some(url)
    })
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

    #[test]
    fn a_list_of_servers_is_kept_whatever_its_key_is_called() {
        let members = serde_json::json!({
            "x-configuration": {"servers": [{"url": "https://api.acme.dev"}]},
            "x-integration": {"servers": [{"url": "https://inner.acme.dev"}]},
            "x-logo": {"url": "https://acme.dev/logo.png"},
            "servers": [{"url": "https://api.acme.dev"}]
        });
        let members = members.as_object().expect("an object");
        assert_eq!(
            Vec::from_iter(lists_of_servers(members)),
            ["x-configuration"]
        );
    }
}
