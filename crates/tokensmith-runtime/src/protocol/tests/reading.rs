//! What an exchange makes of a response.

use super::{client_credentials, pairs};
use crate::testing::{SECRET, TOKEN_BODY, form, play, response, settings, with_headers};
use crate::{
    Endpoint, EndpointKind, ErrorCode, ErrorKind, Operation, Parameter, Parameters, Request, Secret,
};

#[test]
fn the_id_of_a_successful_request_shows_no_secret() {
    let echoed = with_headers(200, &[("x-request-id", SECRET)], TOKEN_BODY);
    let played = play(&settings(), &client_credentials(), [echoed]);
    let metadata = played.outcome.unwrap().metadata;
    assert!(metadata.request_id.is_some());
    assert!(!format!("{metadata:?}").contains(SECRET));
}

#[test]
fn a_revocation_needs_no_response() {
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
    for accepted in [response(204, ""), response(200, "ok"), response(200, "{}")] {
        let played = play(&settings(), &revoke, [accepted]);
        assert_eq!(form(&played.sent[0]), pairs(&[("token", "gone")]));
        assert!(played.outcome.is_ok());
    }
    let error = play(
        &settings(),
        &revoke,
        [response(200, r#"{"error":"unsupported_token_type"}"#)],
    );
    assert_eq!(
        error.outcome.unwrap_err().code(),
        Some(&ErrorCode::UnsupportedTokenType)
    );
}

#[test]
fn a_response_that_is_compressed_is_called_so() {
    let gzip: &[u8] = b"\x1f\x8b\x08\0\0\0\0\0\0\x03\xabV*J-N-*KMQ\xb2R\xaa\x05";
    let read = |status, encoding, body: &[u8]| {
        let response = http::Response::builder()
            .status(status)
            .header("content-encoding", encoding)
            .body(body.to_vec());
        play(&settings(), &client_credentials(), [Ok(response.unwrap())]).outcome
    };
    for (status, encoding, kind) in [
        (200, "gzip", ErrorKind::Malformed),
        (200, "br, gzip", ErrorKind::Malformed),
        (400, "gzip", ErrorKind::Provider),
    ] {
        let error = read(status, encoding, gzip).unwrap_err();
        assert_eq!(error.kind(), kind);
        assert!(error.to_string().contains("compressed"), "{error}");
    }
    for encoding in ["", "Identity"] {
        // Its first bytes tell it, too.
        let error = read(200, encoding, gzip).unwrap_err();
        assert!(error.to_string().contains("compressed (gzip)"), "{error}");
        let error = read(200, encoding, b"\x0b\x02\x80").unwrap_err();
        assert!(
            error.to_string().contains("neither JSON nor a form"),
            "{error}"
        );
    }
    // A proxy may unpack a response and leave the header as it is.
    assert!(read(200, "gzip", TOKEN_BODY.as_bytes()).is_ok());
}
