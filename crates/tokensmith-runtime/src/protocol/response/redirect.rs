//! Where a redirect leads, as far as it can be shown.

use http::{HeaderMap, header};

use crate::error::mask;

/// Scheme, host and path of the `Location` header, without user information, query and fragment.
/// `None` if there is no such header, or its value is not a URL.
pub(in crate::protocol) fn target(headers: &HeaderMap) -> Option<String> {
    let location = headers.get(header::LOCATION)?.to_str().ok()?.trim();
    let location = location.split(['?', '#']).next()?;
    let (origin, path) = match location.split_once("://") {
        Some((scheme, rest)) => {
            let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            let host = authority.rsplit('@').next()?;
            let is_scheme = scheme
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'+');
            let is_host = host
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b".-:[]_".contains(&byte));
            if !is_scheme || !is_host || host.is_empty() {
                return None;
            }
            (format!("{scheme}://{}", mask::host(host)), path)
        }
        None => (String::new(), location),
    };
    let shown = origin + &mask::path(path);
    (!shown.is_empty()).then_some(shown)
}
