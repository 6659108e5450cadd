//! Where a redirect leads, as far as it can be shown.

use http::{HeaderMap, header};

use crate::error::mask;

/// Why it is not shown where a redirect leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::protocol) enum Hidden {
    Missing,
    NotText,
    NotUrl,
    OnlyQuery,
}

impl Hidden {
    /// A clause about the response.
    pub(in crate::protocol) fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "the response has no `Location`",
            Self::NotText => "the `Location` of the response is not ASCII",
            Self::NotUrl => "the `Location` of the response is not a URL",
            Self::OnlyQuery => {
                "the `Location` of the response is a query or fragment alone, which is not shown"
            }
        }
    }
}

/// Scheme, host and path of the `Location` header, without user information, query and fragment.
pub(in crate::protocol) fn target(headers: &HeaderMap) -> Result<String, Hidden> {
    let location = headers.get(header::LOCATION).ok_or(Hidden::Missing)?;
    let location = location.to_str().map_err(|_| Hidden::NotText)?.trim();
    if location.is_empty() {
        return Err(Hidden::Missing);
    }
    let location = location.split(['?', '#']).next().unwrap_or_default();
    let (origin, path) = match location.split_once("://") {
        Some((scheme, rest)) => {
            let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            let host = authority.rsplit('@').next().unwrap_or_default();
            let is_scheme = scheme
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'+');
            let is_host = host
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b".-:[]_".contains(&byte));
            if !is_scheme || !is_host || host.is_empty() {
                return Err(Hidden::NotUrl);
            }
            (format!("{scheme}://{}", mask::host(host)), path)
        }
        None => (String::new(), location),
    };
    let shown = origin + &mask::path(path);
    match shown.is_empty() {
        true => Err(Hidden::OnlyQuery),
        false => Ok(shown),
    }
}
