//! Which refresh token is used next, by the token cache.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokensmith_cache::blocking::UserTokens;
use tokensmith_cache::{Options, Policy};
use tokensmith_runtime::{
    Any, BlockingTransport, Credentials, Endpoint, EndpointKind, TokenRequest, TransportError,
    blocking, grants,
};

use crate::wire::SERVER;

static TOKEN: Endpoint<'static> = Endpoint::new(EndpointKind::Token, &["/token"]);

/// Responses every request alike, and keeps the bodies.
#[derive(Clone)]
struct Wire(http::Response<Vec<u8>>, Arc<Mutex<Vec<Vec<u8>>>>);

impl BlockingTransport for Wire {
    fn send(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        let mut bodies = self.1.lock().expect("no panic");
        bodies.push(request.into_body());
        Ok(self.0.clone())
    }

    fn sleep(&self, _duration: Duration) {}
}

/// The refresh token of the second request, where the first one has this one and every response is the same.
pub(crate) fn next(old: &str, response: http::Response<Vec<u8>>) -> Option<String> {
    let wire = Wire(response, Arc::default());
    let credentials = Credentials::new("client", "secret");
    let client = blocking::Client::<Any, _>::with_transport(wire.clone(), SERVER, credentials);
    let policy = Policy::default().with_min_age(Duration::ZERO);
    let builder = UserTokens::builder(&client.expect("a client"), |token| {
        let request = TokenRequest::new(&TOKEN, &grants::REFRESH_TOKEN);
        request.secret_parameter("refresh_token", token.clone())
    });
    let users = UserTokens::build(builder.options(Options::default().policy(policy)));
    let users = users.expect("users");
    let source = users.source_with("user", old).expect("a source");
    for _ in 0..2 {
        let token = source.token().ok()?;
        source.invalidate(&token);
    }
    let bodies = wire.1.lock().expect("no panic");
    let mut pairs = form_urlencoded::parse(bodies.get(1)?);
    let found = pairs.find(|(name, _)| name == "refresh_token");
    found.map(|(_, token)| token.into_owned())
}
