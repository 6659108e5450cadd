//! What an exchange makes of an answer.

use super::{client_credentials, pairs};
use crate::testing::{SECRET, TOKEN_BODY, answer, form, play, settings, with_headers};
use crate::{Endpoint, EndpointKind, ErrorCode, Operation, Parameter, Parameters, Request, Secret};

#[test]
fn the_id_of_a_successful_request_shows_no_secret() {
    let echoed = with_headers(200, &[("x-request-id", SECRET)], TOKEN_BODY);
    let played = play(&settings(), &client_credentials(), [echoed]);
    let metadata = played.outcome.unwrap().metadata;
    assert!(metadata.request_id.is_some());
    assert!(!format!("{metadata:?}").contains(SECRET));
}

#[test]
fn a_revocation_needs_no_answer() {
    struct Revoke(Secret);
    static ENDPOINT: Endpoint<'static> = Endpoint::new(EndpointKind::Revocation, &["/revoke"]);
    static REVOKE: Operation<'static> =
        Operation::new().with_parameters(&[Parameter::new("token").required().secret()]);
    impl Request for Revoke {
        type Provider = crate::Any;
        type Response = ();
        type Error = crate::NoBody;
        fn endpoint(&self) -> &Endpoint<'_> {
            &ENDPOINT
        }
        fn operation(&self) -> &Operation<'_> {
            &REVOKE
        }
        fn parameters<'a>(&'a self, parameters: &mut Parameters<'a>) {
            parameters.push("token", &self.0);
        }
    }
    let revoke = Revoke("gone".into());
    for accepted in [answer(204, ""), answer(200, "ok"), answer(200, "{}")] {
        let played = play(&settings(), &revoke, [accepted]);
        assert_eq!(form(&played.sent[0]), pairs(&[("token", "gone")]));
        assert!(played.outcome.is_ok());
    }
    let error = play(
        &settings(),
        &revoke,
        [answer(200, r#"{"error":"unsupported_token_type"}"#)],
    );
    assert_eq!(
        error.outcome.unwrap_err().code(),
        Some(&ErrorCode::UnsupportedTokenType)
    );
}
