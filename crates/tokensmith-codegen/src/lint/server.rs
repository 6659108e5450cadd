//! Tokens and secrets go to servers by TLS only; the runtime refuses anything else but loopback.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::pointer;
use crate::prune::Site;

pub(super) fn lint(root: &Value, sites: &[Site], diagnostics: &mut Diagnostics) {
    let mut owners = BTreeSet::from([String::new()]);
    for site in sites {
        owners.extend(
            site.pointer
                .rsplit_once('/')
                .map(|(item, _)| item.to_owned()),
        );
        owners.insert(site.pointer.clone());
    }
    for owner in owners {
        let servers = root
            .pointer(&owner)
            .and_then(|owner| owner.get("servers")?.as_array());
        for (index, server) in servers.into_iter().flatten().enumerate() {
            let Some(url) = server.get("url").and_then(Value::as_str) else {
                continue;
            };
            if is_plain(url) {
                let place = pointer::join_all(&owner, &["servers", &index.to_string(), "url"]);
                let message = format!("`{}` is reached without TLS", url.escape_debug());
                diagnostics.push(
                    Diagnostic::new(Rule::PlainHttp, place, message)
                        .help("write `https://`: requests to it are refused as it stands, as RFC 6749 section 3.2 asks"),
                );
            }
        }
    }
}

fn is_plain(url: &str) -> bool {
    let scheme = "http://";
    let Some(rest) = url
        .get(..scheme.len())
        .filter(|start| start.eq_ignore_ascii_case(scheme))
        .map(|_| &url[scheme.len()..])
    else {
        return false;
    };
    let is_local = ["localhost", "127.", "[::1]"]
        .iter()
        .any(|host| rest.starts_with(host));
    !is_local
}

#[cfg(test)]
mod tests {
    use super::is_plain;

    #[test]
    fn loopback_needs_no_tls() {
        assert!(is_plain("HTTP://api.example.com"));
        assert!(!is_plain("https://api.example.com"));
        assert!(!is_plain("http://127.0.0.1:8080"));
        assert!(!is_plain("http://localhost"));
        assert!(!is_plain("/v1"));
    }
}
