//! Where the provider sends browsers back to.

use http::Uri;

use crate::{Error, ErrorKind};

/// Fails unless a text is an `https` URL, or one of `http` on this machine, without a fragment.
pub(crate) fn check(uri: &str) -> Result<(), Error> {
    if is_redirect_uri(uri) {
        return Ok(());
    }
    let message = format!(
        "the redirect URI `{}` is not an https URL without a fragment, nor one on this machine",
        uri.escape_debug()
    );
    Err(Error::new(ErrorKind::Config, message))
}

fn is_redirect_uri(uri: &str) -> bool {
    let parsed: Option<Uri> = uri.parse().ok();
    let Some((parsed, host)) = parsed.as_ref().and_then(|uri| Some((uri, uri.host()?))) else {
        return false;
    };
    let is_here = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
    let is_safe = match parsed.scheme_str() {
        Some("https") => true,
        Some("http") => is_here,
        _ => false,
    };
    is_safe && !uri.contains(['#', '@'])
}
