//! Tokens and secrets go to servers by TLS only; the runtime refuses anything else but loopback.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::host;
use crate::openapi::site::Site;
use crate::pointer;
use crate::prose::listed;

pub(super) fn lint(root: &Value, sites: &[Site], diagnostics: &mut Diagnostics) {
    let mut owners = BTreeSet::from([""]);
    for site in sites {
        owners.extend(site.pointer.rsplit_once('/').map(|(item, _)| item));
        match &site.server {
            // The key of the path names it.
            Some(url) => judge(url, &site.pointer, diagnostics),
            None => drop(owners.insert(&site.pointer)),
        }
    }
    let mut loopback: Vec<(String, String)> = Vec::new();
    let mut has_others = sites.iter().any(|site| site.server.is_some());
    for owner in owners {
        let servers = root
            .pointer(owner)
            .and_then(|owner| owner.get("servers")?.as_array());
        for (index, server) in servers.into_iter().flatten().enumerate() {
            if let Some(url) = server.get("url").and_then(Value::as_str) {
                let place = pointer::join_all(owner, &["servers", &index.to_string(), "url"]);
                judge(url, &place, diagnostics);
                match is_on_this_machine(url) {
                    true => loopback.push((url.to_owned(), place)),
                    false => has_others = true,
                }
            }
        }
    }
    if let Some((_, place)) = loopback.first().filter(|_| !has_others) {
        let urls: BTreeSet<String> = loopback
            .iter()
            .map(|(url, _)| format!("`{}`", url.escape_debug()))
            .collect();
        let urls: Vec<String> = urls.into_iter().collect();
        let what = if urls.len() == 1 {
            "which is"
        } else {
            "which are on"
        };
        let message = format!(
            "the document names no server but {}, {what} the machine that a program runs on",
            listed(&urls, "and")
        );
        diagnostics.push(
            Diagnostic::new(Rule::NoServer, place, message)
                .help("name the provider's own:\nservers: [{url: 'https://api.example.com'}]"),
        );
    }
}

/// Whether a URL leads to the machine that a program runs on.
fn is_on_this_machine(url: &str) -> bool {
    url.contains("://") && host::is_loopback(host::authority(url))
}

fn judge(url: &str, place: &str, diagnostics: &mut Diagnostics) {
    if is_plain(url) {
        let message = format!("`{}` is reached without TLS", url.escape_debug());
        diagnostics.push(
            Diagnostic::new(Rule::PlainHttp, place, message)
                .help("write `https://`: RFC 6749 section 3.2 asks for TLS, and requests to it are refused unless the caller names the host (`allow_plain_http`)"),
        );
    }
}

/// Whether a URL is reached without TLS, and is not on this machine.
pub(crate) fn is_plain(url: &str) -> bool {
    let scheme = url.get(.."http://".len()).unwrap_or_default();
    scheme.eq_ignore_ascii_case("http://") && !host::is_loopback(host::authority(url))
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
        assert!(!is_plain("http://LOCALHOST:8080/v1"));
        assert!(!is_plain("http://[::1]:8080"));
        assert!(!is_plain("/v1"));
        assert!(is_plain("http://localhost.evil.example"));
        assert!(is_plain("http://127.0.0.1.nip.io/v1"));
        assert!(is_plain("http://127.evil.example"));
        assert!(is_plain("http://localhost@evil.example"));
    }
}
