//! What tells one token from another before it is there.

use std::borrow::Cow;

use zeroize::Zeroizing;

use super::Settings;
use super::request::Plan;
use super::request::fresh::Fresh;
use super::request::parameter_check::is_scope;
use crate::{Error, Parameters, Request, response::scope, server::url};

/// All that decides which token a request gets, in one text: the URL, the client and how it
/// authenticates, the grant, the scopes in any order, the resources in any order, and every other
/// parameter and header.
///
/// Two requests with the same identity get the same kind of token. It holds secrets: keep a keyed
/// hash of it at most.
///
/// An [`Assertion`](crate::Assertion) that a function makes counts as one of its own, unless it is
/// given an identity. What a transport adds, such as a certificate, is not covered.
///
/// # Errors
///
/// Of the kind `request` or `config` if the request could not be sent.
pub fn identity<R: Request>(settings: &Settings, request: &R) -> Result<Zeroizing<Vec<u8>>, Error> {
    let mut parameters = Parameters::default();
    request.parameters(&mut parameters);
    let endpoint = request.endpoint();
    let plan = Plan::new(
        settings,
        endpoint,
        request.operation(),
        request.path(),
        parameters.into_named_values(),
    )?;
    let mut writer = Writer::default();
    writer.texts("url", [plan.url.to_string().as_str()]);
    writer.texts("method", [format!("{:?}", endpoint.method()).as_str()]);
    writer.texts("grant", plan.operation.grant_type());
    writer.texts("format", settings.format.map(crate::BodyFormat::media_type));
    let credentials = &settings.credentials;
    let auth = settings.client_auth.unwrap_or(endpoint.client_auth());
    writer.texts(
        "client",
        [credentials.id(), auth.as_str(), settings.issuer()],
    );
    writer.texts("audience", settings.audience());
    writer.texts("secret", credentials.secret().map(crate::Secret::expose));
    let assertion = credentials.assertion().map(crate::Assertion::identity);
    writer.texts("assertion", assertion.map(crate::Secret::expose));
    #[cfg(feature = "dpop")]
    if let Some(thumbprint) = settings.dpop.as_ref().map(|proofs| proofs.thumbprint()) {
        writer.texts("dpop", [thumbprint.as_str()]);
    }

    let mut headers: Vec<_> = settings.headers.iter().collect();
    headers.sort_by_key(|(name, _)| name.as_str());
    for (name, value) in headers {
        writer.bytes("header", [name.as_str().as_bytes(), value.as_bytes()]);
    }
    let none = Fresh::default();
    let mut parameters: Vec<_> = plan.parameters.iter().collect();
    parameters.sort_by_key(|parameter| parameter.name);
    for parameter in parameters {
        writer.texts("parameter", [parameter.name]);
        if let Some(assertion) = parameter.assertion() {
            writer.texts("made", [assertion.identity().expose()]);
            continue;
        }
        let mut texts = parameter.texts(&none);
        if is_scope(parameter.name) {
            let split = |text: &Cow<'_, str>| scope::split(text, endpoint.scope_separator());
            texts = texts.iter().flat_map(split).map(Cow::Owned).collect();
        }
        if is_scope(parameter.name) || matches!(parameter.name, "resource" | "audience") {
            texts.sort_unstable();
            texts.dedup();
        }
        writer.texts("values", texts.iter().map(AsRef::as_ref));
    }
    Ok(writer.0)
}

/// What stays the same of a client when its secrets, its keys or its way to authenticate change:
/// the URL and the client id. Refresh tokens belong to it (RFC 6749 section 6).
pub fn client_identity(settings: &Settings) -> Zeroizing<Vec<u8>> {
    of_client(settings).0
}

/// The client, and the authorization server to which it sends people: two of a multi-tenant server
/// may have the same base URL (RFC 9700 section 4.4).
pub fn sign_in_identity(settings: &Settings) -> Zeroizing<Vec<u8>> {
    let mut writer = of_client(settings);
    writer.texts("issuer", [settings.issuer()]);
    writer.0
}

fn of_client(settings: &Settings) -> Writer {
    let mut writer = Writer::default();
    writer.texts("url", [url::without_query(settings.base_url())]);
    writer.texts("client", [settings.credentials.id()]);
    writer
}

/// Whether a request was given a parameter of this name.
pub fn has_parameter<R: Request>(request: &R, name: &str) -> bool {
    let mut parameters = Parameters::default();
    request.parameters(&mut parameters);
    let given = parameters.into_named_values();
    given.iter().any(|parameter| parameter.name == name)
}

/// Writes lists of texts so that no two of them look alike: each with how long it is.
#[derive(Default)]
struct Writer(Zeroizing<Vec<u8>>);

impl Writer {
    fn texts<'t>(&mut self, label: &str, texts: impl IntoIterator<Item = &'t str>) {
        self.bytes(label, texts.into_iter().map(str::as_bytes));
    }

    fn bytes<'t>(&mut self, label: &str, items: impl IntoIterator<Item = &'t [u8]>) {
        let items: Vec<_> = items.into_iter().collect();
        self.item(label.as_bytes());
        self.0.extend((items.len() as u64).to_le_bytes());
        for item in items {
            self.item(item);
        }
    }

    fn item(&mut self, item: &[u8]) {
        // Room for all of it, so that no part stays behind in memory that was too small.
        if self.0.capacity() - self.0.len() < item.len() + 16 {
            let mut larger = Vec::with_capacity(2 * self.0.capacity() + item.len() + 256);
            larger.extend_from_slice(&self.0);
            self.0 = Zeroizing::new(larger);
        }
        self.0.extend((item.len() as u64).to_le_bytes());
        self.0.extend_from_slice(item);
    }
}

#[cfg(test)]
mod tests;
