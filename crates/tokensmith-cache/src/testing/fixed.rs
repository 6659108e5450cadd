//! A source that always has the same token.

use serde_json::json;
use tokensmith_runtime::{
    Any, Client, Credentials, Endpoint, EndpointKind, MockTransport, Operation, TokenRequest,
};

use crate::{TokenError, TokenErrorKind, TokenSource};

static CLIENT_CREDENTIALS: Operation<'static> = Operation::grant("client_credentials");
static TOKEN: Endpoint<'static> = Endpoint::new(EndpointKind::Token, &["/token"]);

/// Creates a source that always has the same access token, and asks nobody for it: for tests of what
/// uses tokens.
///
/// ```
/// # fn main() -> Result<(), tokensmith_cache::TokenError> {
/// use tokensmith_cache::testing::fixed;
///
/// let tokens = fixed("abc")?;
/// # pollster::block_on(async {
/// assert_eq!(tokens.token().await?.header_value(), "Bearer abc");
/// # Ok(()) })
/// # }
/// ```
///
/// # Errors
///
/// Of the kind `config` if a header cannot carry the token, or it is empty.
pub fn fixed(access_token: &str) -> Result<TokenSource, TokenError> {
    let is_carried = access_token.bytes().all(|byte| byte.is_ascii_graphic());
    if access_token.is_empty() || !is_carried {
        let expected = "expected an access token of visible ASCII characters";
        return Err(TokenErrorKind::Config.because(expected));
    }
    let body = json!({"access_token": access_token, "token_type": "Bearer"});
    let provider = MockTransport::new().respond(200, "application/json", body.to_string());
    let credentials = Credentials::new("fixed", "fixed");
    let client = Client::<Any, _>::with_transport(provider, "https://fixed.invalid", credentials)
        .map_err(|error| TokenErrorKind::Config.because(error.to_string()))?;
    TokenSource::new(&client, TokenRequest::new(&TOKEN, &CLIENT_CREDENTIALS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_stays_the_same() {
        pollster::block_on(async {
            let tokens = fixed("abc").expect("a source");
            let first = tokens.token().await.expect("a token");
            assert_eq!(first.header_value(), "Bearer abc");
            tokens.invalidate(&first);
            let next = tokens.token().await.expect("a token");
            assert_eq!(next.header_value(), "Bearer abc");
        });
    }

    #[test]
    fn a_token_that_no_header_carries_is_refused() {
        for token in ["", "a b", "a\nb", "ä"] {
            let error = fixed(token).expect_err(token);
            assert!(error.to_string().contains("visible ASCII"), "{error}");
        }
    }
}
