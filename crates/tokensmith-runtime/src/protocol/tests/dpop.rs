//! Proofs of possession (RFC 9449), and the nonce that a server asks for.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::{client_credentials, good, refresh};
use crate::protocol::Settings;
use crate::testing::{Outcome, play, response, settings, with_headers};
use crate::{
    ClientAuth, DpopKey, Endpoint, EndpointKind, ErrorCode, GenericRequest, Method, Operation,
};

fn with_key() -> Settings {
    let mut settings = settings();
    settings.set_dpop(DpopKey::generate().unwrap());
    settings
}

fn wants(nonce: &str) -> Outcome {
    let body = r#"{"error":"use_dpop_nonce"}"#;
    with_headers(400, &[("dpop-nonce", nonce)], body)
}

/// The header and the claims of the proof.
fn proof(request: &http::Request<Vec<u8>>) -> [Value; 2] {
    let proof = request.headers()["dpop"].to_str().unwrap();
    let mut parts = proof
        .split('.')
        .map(|part| URL_SAFE_NO_PAD.decode(part).unwrap());
    [(); 2].map(|()| serde_json::from_slice(&parts.next().unwrap()).unwrap())
}

#[test]
fn each_request_has_a_proof_of_its_own() {
    let settings = with_key();
    let sent = [(); 2].map(|()| {
        play(&settings, &client_credentials(), [good()])
            .sent
            .remove(0)
    });
    let [[header, claims], [_, other]] = sent.each_ref().map(proof);
    assert_eq!(header["typ"], "dpop+jwt");
    assert_eq!(header["alg"], "ES256");
    assert_eq!(header["jwk"]["kty"], "EC");
    assert!(header["jwk"].get("d").is_none());
    assert_eq!(claims["htm"], "POST");
    assert_eq!(claims["htu"], "https://auth.example.com/oauth2/token");
    assert_eq!(claims["iat"], json!(1_750_000_000));
    assert!(claims.get("nonce").is_none());
    assert_ne!(claims["jti"], other["jti"]);
}

#[test]
fn the_nonce_is_learnt_and_even_a_one_time_credential_sent_again_with_it() {
    let settings = with_key();
    let played = play(&settings, &refresh(), [wants("n1"), good()]);
    assert!(played.outcome.is_ok() && played.waited.is_empty());
    assert!(proof(&played.sent[0])[1].get("nonce").is_none());
    assert_eq!(proof(&played.sent[1])[1]["nonce"], "n1");
    // The next request begins with it, and learns the next one from a success too.
    let next = with_headers(200, &[("dpop-nonce", "n2")], r#"{"access_token":"t"}"#);
    let played = play(&settings, &refresh(), [next]);
    assert_eq!(proof(&played.sent[0])[1]["nonce"], "n1");
    let played = play(&settings, &refresh(), [good()]);
    assert_eq!(proof(&played.sent[0])[1]["nonce"], "n2");
}

#[test]
fn a_server_that_is_never_content_is_not_asked_for_ever() {
    let played = play(&with_key(), &refresh(), [wants("n1"), wants("n2")]);
    let error = played.outcome.unwrap_err();
    assert_eq!(error.code(), Some(&ErrorCode::UseDpopNonce));
    // The same nonce again would be refused again.
    let settings = with_key();
    play(&settings, &refresh(), [wants("n1"), good()]);
    let played = play(&settings, &refresh(), [wants("n1")]);
    assert!(played.outcome.is_err());
}

/// RFC 9449 section 9, in the ways in which RFC 9110 section 11.6.1 allows to write it.
#[test]
fn a_challenge_may_ask_for_the_nonce() {
    let refusal = |challenge: &str| {
        let headers = [("dpop-nonce", "n1"), ("www-authenticate", challenge)];
        with_headers(401, &headers, "")
    };
    let with_key = || {
        let mut settings = with_key();
        settings.set_client_auth(ClientAuth::Basic);
        settings
    };
    for challenge in [
        r#"DPoP error="use_dpop_nonce""#,
        "DPoP error=use_dpop_nonce",
        r#"Bearer realm="x", dpop algs="ES256", ERROR = "use_dpop_nonce""#,
    ] {
        let responses = [refusal(challenge), good()];
        let played = play(&with_key(), &client_credentials(), responses);
        assert!(played.outcome.is_ok(), "{challenge}");
        assert_eq!(proof(&played.sent[1])[1]["nonce"], "n1", "{challenge}");
    }
    let quoted = r#"DPoP error="invalid_token", error_description="not error=\"use_dpop_nonce\"""#;
    let played = play(&with_key(), &client_credentials(), [refusal(quoted)]);
    assert!(played.outcome.is_err());
}

/// It would know the client again, at whatever server.
#[test]
fn what_is_public_has_no_proof() {
    static METADATA: Endpoint<'static> =
        Endpoint::new(EndpointKind::Metadata, &["/metadata"]).with_method(Method::Get);
    static READ: Operation<'static> = Operation::new();
    let request = GenericRequest::<()>::new(&METADATA, &READ);
    // Nor is a nonce taken from such a server.
    let played = play(&with_key(), &request, [wants("n1")]);
    assert!(!played.sent[0].headers().contains_key("dpop"));
    assert!(played.outcome.is_err());
}

#[test]
fn a_token_that_is_not_bound_is_told() {
    let warnings = |settings: &Settings, kind: &str| {
        let body = format!(r#"{{"access_token":"t"{kind}}}"#);
        let played = play(settings, &client_credentials(), [response(200, &body)]);
        let token = played.outcome.unwrap();
        assert_eq!(token.access_token.expose(), "t");
        let warnings = token.metadata.warnings.iter().map(ToString::to_string);
        warnings.collect::<Vec<_>>().join("\n")
    };
    let bearer = r#","token_type":"Bearer""#;
    let bound = with_key();
    for kind in [bearer, "", r#","token_type":7"#, r#","token_type":"N_A""#] {
        assert!(
            warnings(&bound, kind).starts_with("/token_type: "),
            "{kind}"
        );
    }
    assert!(warnings(&bound, bearer).contains("DPoP"));
    for kind in ["DPoP", "dpop"] {
        assert_eq!(warnings(&bound, &format!(r#","token_type":"{kind}""#)), "");
    }
    assert_eq!(warnings(&settings(), bearer), "");
}

#[test]
fn a_proof_for_a_resource_is_bound_to_the_token() {
    let key = DpopKey::generate().unwrap();
    assert_eq!(key.thumbprint().len(), 43);
    // RFC 9449 section 7.1.
    let token = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU".into();
    let url = "https://api.example/x?y#z";
    let proof = key.proof("GET", url, crate::testing::now(), None, Some(&token));
    let proof = proof.unwrap();
    let claims = proof.expose().split('.').nth(1).unwrap();
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
    assert_eq!(claims["htu"], "https://api.example/x");
    assert_eq!(claims["ath"], "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo");
}
