//! What tests expect of a request, in one statement.
#![expect(clippy::panic, reason = "a test fails by it")]

use super::SentRequest;

impl SentRequest {
    /// Checks the method, and how the URL ends without its query.
    ///
    /// # Panics
    ///
    /// If the request was sent to somewhere else.
    #[track_caller]
    pub fn assert_sent_to(&self, method: &str, path: &str) -> &Self {
        let url = self.url();
        let (url, _) = url.split_once('?').unwrap_or((&url, ""));
        let is_expected = self.method() == method && url.ends_with(path);
        assert!(
            is_expected,
            "the request is {} {url}, not {method} {path}",
            self.method()
        );
        self
    }

    /// Checks the credentials of HTTP Basic, `id:secret`.
    ///
    /// # Panics
    ///
    /// If they are other ones, or none.
    #[track_caller]
    pub fn assert_basic(&self, expected: &str) -> &Self {
        assert_eq!(self.basic().as_deref(), Some(expected));
        self
    }

    /// Checks the parameters of the URL's query, in the order of [`query`](Self::query).
    ///
    /// # Panics
    ///
    /// If they are other ones.
    #[track_caller]
    pub fn assert_query(&self, expected: &[&str]) -> &Self {
        assert_eq!(self.query(), expected);
        self
    }

    /// Checks the fields of a form, in the order of [`form`](Self::form).
    ///
    /// # Panics
    ///
    /// If they are other ones.
    #[track_caller]
    pub fn assert_form(&self, expected: &[&str]) -> &Self {
        assert_eq!(self.form(), expected);
        self
    }

    /// Checks the fields of a body in parts, in the order of [`parts`](Self::parts).
    ///
    /// # Panics
    ///
    /// If they are other ones.
    #[track_caller]
    pub fn assert_parts(&self, expected: &[&str]) -> &Self {
        assert_eq!(self.parts(), expected);
        self
    }

    /// Checks the value of a body in JSON.
    ///
    /// # Panics
    ///
    /// If it is another one, or if `expected` is not JSON.
    #[track_caller]
    pub fn assert_json(&self, expected: &str) -> &Self {
        let expected: serde_json::Value = match expected.parse() {
            Ok(expected) => expected,
            Err(error) => panic!("the expected value is not JSON: {error}"),
        };
        assert_eq!(self.json().ok(), Some(expected));
        self
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;
    use crate::testing::{CLIENT_CREDENTIALS, ID, REFRESH_TOKEN, SECRET, TOKEN};
    use crate::{Any, ClientAuth, Credentials, MockTransport, Operation, TokenRequest, blocking};

    fn sent(operation: &'static Operation<'static>) -> SentRequest {
        let credentials = Credentials::new(ID, SECRET);
        let server = "https://auth.example.com";
        let client: blocking::Client<Any, _> =
            blocking::Client::with_transport(MockTransport::new(), server, credentials).unwrap();
        let client = client.client_auth(ClientAuth::Basic);
        client.sent(TokenRequest::new(&TOKEN, operation))
    }

    fn fails(check: impl FnOnce()) -> bool {
        catch_unwind(AssertUnwindSafe(check)).is_err()
    }

    #[test]
    fn each_check_passes_for_what_was_sent_and_fails_for_anything_else() {
        let sent = sent(&CLIENT_CREDENTIALS);
        sent.assert_sent_to("POST", "/oauth2/token")
            .assert_basic(&format!("{ID}:{SECRET}"))
            .assert_form(&["grant_type=client_credentials"]);
        assert!(fails(|| _ = sent.assert_sent_to("GET", "/oauth2/token")));
        assert!(fails(|| _ = sent.assert_sent_to("POST", "/token/2")));
        assert!(fails(|| _ = sent.assert_basic(ID)));
        sent.assert_query(&[]);
        assert!(fails(|| _ = sent.assert_query(&["a=b"])));
        assert!(fails(|| _ = sent.assert_form(&[])));
        assert!(fails(|| _ = sent.assert_parts(&["a=b"])));
        assert!(fails(|| _ = sent.assert_json("{}")));
    }

    #[test]
    fn a_request_that_is_refused_before_it_is_sent_is_told() {
        assert!(fails(|| _ = sent(&REFRESH_TOKEN)));
    }
}
