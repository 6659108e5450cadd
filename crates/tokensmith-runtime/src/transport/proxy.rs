//! The proxy that the environment names.

use http::Uri;
use hyper_util::client::proxy::matcher::Matcher;

use crate::Error;

/// The proxy for `https`, and the hosts that it is not for; `None` where there is none.
pub(super) fn of(environment: impl Fn(&str) -> Option<String>) -> Result<Option<Matcher>, Error> {
    let first = |names: &[&'static str]| {
        let mut named = names
            .iter()
            .filter_map(|name| Some((*name, environment(name)?.trim().to_owned())));
        named.find(|(_, value)| !value.is_empty())
    };
    let Some((name, url)) = first(&["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]) else {
        return Ok(None);
    };
    let is_http = match url.split_once("://") {
        Some((scheme, _)) => scheme.eq_ignore_ascii_case("http"),
        None => true,
    };
    // An invalid URL is forgotten by the matcher, and the proxy would be passed by.
    let probe = Uri::from_static("https://proxied.invalid/");
    let is_url = Matcher::builder()
        .https(url.as_str())
        .build()
        .intercept(&probe)
        .is_some();
    if !(is_http && is_url) {
        return Err(Error::config(format!(
            "the environment variable {name} has an invalid proxy URL: it must begin with `http://`"
        )));
    }
    let (_, exempt) = first(&["NO_PROXY", "no_proxy"]).unwrap_or_default();
    Ok(Some(Matcher::builder().https(url).no(exempt).build()))
}

#[cfg(test)]
mod tests;
