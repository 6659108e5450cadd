//! An application, a provider and a browser.

use std::time::SystemTime;

use http::{HeaderMap, HeaderValue, header};
use pollster::block_on;
use serde_json::json;
use tokensmith_runtime::{
    Any, Client, Credentials, MockTransport, ServerMetadata, Token, TokenRequest,
};

use crate::{Begun, Callback, Error, Keyring, Returned, SignIn, SignedIn};

pub(super) const ISSUER: &str = "https://op.example";
pub(super) const REDIRECT_URI: &str = "https://app.example/callback";
pub(super) const SECRET: &str = "a secret of at least thirty-two bytes";

pub(super) fn keyring(key: u8) -> Keyring {
    Keyring::new(key.to_string(), [key; 32])
}

pub(super) fn client(server: &MockTransport) -> Client<Any, MockTransport> {
    let credentials = Credentials::new("client", SECRET);
    Client::with_transport(server.clone(), ISSUER, credentials).expect("a client")
}

fn metadata() -> ServerMetadata {
    let metadata = json!({
        "issuer": ISSUER,
        "authorization_endpoint": "https://op.example/auth",
        "token_endpoint": "https://op.example/token",
        "jwks_uri": "https://op.example/keys",
        "authorization_response_iss_parameter_supported": true,
    });
    serde_json::from_value(metadata).expect("metadata")
}

pub(super) struct World {
    pub(super) server: MockTransport,
    pub(super) client: Client<Any, MockTransport>,
    pub(super) metadata: ServerMetadata,
    pub(super) sign_in: SignIn,
    /// Those of the authorization request.
    pub(super) parameters: Vec<(&'static str, &'static str)>,
    pub(super) now: SystemTime,
}

impl World {
    pub(super) fn new() -> Self {
        Self::with_response(r#"{"access_token": "a token"}"#)
    }

    pub(super) fn with_response(response: &str) -> Self {
        let server = MockTransport::new().respond(200, "application/json", response);
        let metadata = metadata();
        Self {
            client: client(&server).server(&metadata),
            server,
            metadata,
            sign_in: SignIn::new(REDIRECT_URI, keyring(1)).expect("a sign-in"),
            parameters: vec![("redirect_uri", REDIRECT_URI)],
            now: SystemTime::now(),
        }
    }

    fn request(&self) -> TokenRequest<'static> {
        let mut request = self.metadata.authorization_request().expect("an endpoint");
        for (name, value) in &self.parameters {
            request = request.parameter(*name, *value);
        }
        request
    }

    pub(super) fn begun(&self, browser: &mut Browser, return_to: &str) -> Result<Begun, Error> {
        let begun = self.begun_with(&browser.headers(), return_to)?;
        browser.keep(begun.response::<String>().headers());
        Ok(begun)
    }

    pub(super) fn begun_with(&self, headers: &HeaderMap, return_to: &str) -> Result<Begun, Error> {
        let request = self.request();
        let begun = self
            .sign_in
            .begin_at(&self.client, &request, return_to, headers, self.now);
        block_on(begun)
    }

    /// Begins a sign-in; its state.
    pub(super) fn begin(&self, browser: &mut Browser, return_to: &str) -> String {
        state(&self.begun(browser, return_to).expect("begun").url)
    }

    /// The query that the provider sends the browser back with.
    pub(super) fn response(&self, state: &str) -> String {
        format!("code=c0de&state={state}&iss={ISSUER}")
    }

    pub(super) fn receive(&self, callback: &Callback) -> Result<Returned, Error> {
        block_on(self.sign_in.receive_at(&self.client, callback, self.now))
    }

    pub(super) fn finish(
        &self,
        browser: &mut Browser,
        state: &str,
    ) -> Result<SignedIn<Token>, Error> {
        let callback = browser.callback(&self.response(state));
        block_on(self.sign_in.finish(&self.client, &callback, |code| {
            let verifier = code.code_verifier.as_ref();
            self.metadata
                .code_request(&code.redirect.code, &code.redirect_uri, verifier)
        }))
    }
}

pub(super) fn state(url: &str) -> String {
    let (_, query) = url.split_once('?').expect("a query");
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let (_, state) = pairs.find(|(name, _)| name == "state").expect("a state");
    state.into_owned()
}

/// The cookies of a browser, as `name=value`.
#[derive(Default)]
pub(super) struct Browser(pub(super) Vec<String>);

impl Browser {
    pub(super) fn cookies(&self) -> &[String] {
        &self.0
    }

    pub(super) fn keep(&mut self, headers: &HeaderMap) {
        for cookie in headers.get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().expect("text");
            let pair = cookie.split(';').next().unwrap_or_default();
            let (name, _) = pair.split_once('=').expect("a cookie");
            self.0
                .retain(|other| !other.starts_with(&format!("{name}=")));
            if !cookie.ends_with("Max-Age=0") {
                self.0.push(pair.to_owned());
            }
        }
    }

    pub(super) fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for cookie in &self.0 {
            headers.append(
                header::COOKIE,
                HeaderValue::from_str(cookie).expect("a header"),
            );
        }
        headers
    }

    pub(super) fn callback(&self, query: &str) -> Callback {
        Callback::query(query, &self.headers())
    }
}
