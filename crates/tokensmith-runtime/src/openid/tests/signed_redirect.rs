//! Signed authorization responses (JARM). The cases are those of oauth4webapi's tests
//! (`jarm.test.ts`, and its conformance modules `ensure-jarm-*`), told again, and some more.

use serde_json::{Map, Value, json};

use super::signer::Signer;
use super::{CLIENT_ID, ISSUER};
use crate::jwt::Algorithm;
use crate::openid::{Jws, JwtKind, Parties};
use crate::testing::now;
use crate::{
    Error, ErrorCode, ErrorKind, ExpectedIdToken, PendingAuthorization, Redirect, RedirectProblem,
};

const STATE: &str = "canary-state-0123456789";

fn pending(mode: &str) -> PendingAuthorization {
    PendingAuthorization::new(STATE)
        .with_issuer(ISSUER, true)
        .with_response_mode(mode)
}

/// The claims of a good response, with these in place of its own.
fn claims(said: Value) -> Map<String, Value> {
    let claims = json!({
        "iss": ISSUER, "aud": CLIENT_ID, "exp": 1_750_000_030, "code": "c0de", "state": STATE,
    });
    let mut claims = claims.as_object().unwrap().clone();
    claims.extend(said.as_object().unwrap().clone());
    claims
}

fn read(signer: &Signer, token: &str) -> Result<Redirect, Error> {
    let url = format!("https://app.example/callback?response={token}");
    pending("jwt").signed_redirect(&url, CLIENT_ID, &signer.keys(), now())
}

fn assert_refused(error: &Error, problem: RedirectProblem, part: &str) {
    assert_eq!(error.kind(), ErrorKind::Malformed, "{error}");
    assert_eq!(error.redirect_problem(), Some(problem), "{error}");
    let shown = format!("{error} {error:?}");
    assert!(shown.contains(part), "{part}: {error}");
    assert!(!shown.contains(STATE) && !shown.contains("c0de"), "{shown}");
}

#[test]
fn a_signed_response_is_read_like_another() {
    let signer = Signer::new(Algorithm::RS256);
    let said = json!({"realmId": 42, "iat": 1_750_000_000, "jti": "1", "session_state": "s"});
    let token = signer.sign(&claims(said));
    let redirect = read(&signer, &token).unwrap();
    assert_eq!(redirect.code.expose(), "c0de");
    let extra: Vec<_> = redirect.extra.iter().collect();
    assert_eq!(
        extra,
        [("realmId", &json!("42")), ("session_state", &json!("s"))]
    );
    // It may be the body of a form, too.
    let form = pending("form_post.jwt");
    let body = format!("response={token}");
    assert!(
        form.signed_redirect(&body, CLIENT_ID, &signer.keys(), now())
            .is_ok()
    );
    assert_eq!(PendingAuthorization::states(&body)[0].expose(), STATE);
}

#[test]
fn a_refusal_is_read_when_the_signature_is_good() {
    let signer = Signer::new(Algorithm::RS256);
    let said = json!({"code": null, "error": "access_denied", "error_description": "no"});
    let error = read(&signer, &signer.sign(&claims(said.clone()))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Provider);
    assert_eq!(error.code(), Some(&ErrorCode::AccessDenied));
    assert_eq!(error.redirect_problem(), Some(RedirectProblem::Refused));
    let forged = Signer::new(Algorithm::ES256).sign(&claims(said));
    let error = read(&signer, &forged).unwrap_err();
    assert_eq!(error.redirect_problem(), Some(RedirectProblem::Unverified));
}

#[test]
fn claims_that_are_wrong() {
    use RedirectProblem::{Incomplete, OtherIssuer, OtherState, Unsolicited, Unverified};
    let signer = Signer::new(Algorithm::RS256);
    for (said, problem, part) in [
        (json!({"state": null}), OtherState, "another `state`"),
        (json!({"state": "other"}), OtherState, "another `state`"),
        (json!({"state": [STATE]}), OtherState, "another `state`"),
        (json!({"iss": null}), Unverified, "no `iss`"),
        (
            json!({"iss": "https://evil.example"}),
            OtherIssuer,
            "issuer",
        ),
        (json!({"iss": "https://op.example/"}), OtherIssuer, "issuer"),
        (json!({"iss": STATE}), OtherIssuer, "issuer"),
        (json!({"aud": STATE}), Unverified, "another client"),
        (json!({"aud": null}), Unverified, "no `aud`"),
        (json!({"aud": "another"}), Unverified, "another client"),
        (json!({"aud": ["another"]}), Unverified, "another client"),
        (json!({"exp": null}), Unverified, "no `exp`"),
        (json!({"exp": "1750000030"}), Unverified, "not a number"),
        (json!({"exp": 1_749_999_970}), Unverified, "expired 30s ago"),
        (json!({"nbf": 1_750_000_031}), Unverified, "begins in 31s"),
        (json!({"iat": 1_750_000_031}), Unverified, "begins in 31s"),
        (json!({"code": null}), Incomplete, "no code"),
        (json!({"access_token": "t"}), Unsolicited, "a token"),
        (json!({"response": "a.b.c"}), Unsolicited, "signed response"),
    ] {
        let token = signer.sign(&claims(said));
        assert_refused(&read(&signer, &token).unwrap_err(), problem, part);
    }
    let several = signer.sign(&claims(json!({"aud": ["another", CLIENT_ID]})));
    assert!(read(&signer, &several).is_ok());
}

#[test]
fn signatures_that_are_wrong() {
    use RedirectProblem::Unverified;
    let signer = Signer::new(Algorithm::RS256);
    let good = signer.sign(&claims(json!({})));
    let text = Value::Object(claims(json!({}))).to_string();
    let of = |header: Value| signer.sign_with(&header, &text);
    let (signed, _) = good.rsplit_once('.').unwrap();
    for (token, part) in [
        (format!("{signed}.{}", "A".repeat(342)), "signature"),
        (
            of(json!({"alg": "none"})),
            "`authorization_signed_response_alg`",
        ),
        (of(json!({"alg": "HS256", "kid": "key-1"})), "shared secret"),
        (
            of(json!({"alg": "PS256", "kid": "key-1"})),
            "another algorithm",
        ),
        (of(json!({"alg": "RS256", "kid": "key-2"})), "no key"),
        (
            of(json!({"alg": "RS256", "kid": "key-1", "crit": ["b64"]})),
            "`crit`",
        ),
        (
            of(json!({"alg": "RS256", "kid": "key-1", "typ": "at+jwt"})),
            "`typ`",
        ),
        (
            format!("{good}.a.b"),
            "`authorization_encrypted_response_alg`",
        ),
        ("canary".to_owned(), "not a JWT"),
    ] {
        assert_refused(&read(&signer, &token).unwrap_err(), Unverified, part);
    }
}

/// JARM section 4: `authorization_signing_alg_values_supported`, RS256 without it.
#[test]
fn the_metadata_name_the_algorithms() {
    let signer = Signer::new(Algorithm::ES256);
    let token = crate::Secret::from(signer.sign(&claims(json!({}))));
    let check = |algorithms: Option<&[&str]>| {
        let algorithms: Option<Vec<String>> =
            algorithms.map(|names| names.iter().map(|name| (*name).to_owned()).collect());
        let pending = pending("jwt");
        let jws = pending.read_signed(&token)?;
        let expected = Parties {
            issuer: ISSUER,
            client_id: CLIENT_ID,
            client_secret: None,
            algorithms: algorithms.as_deref(),
        };
        pending.check_signed(&jws, &expected, now())?;
        pending.accept_signed(&jws, &signer.keys())
    };
    assert!(check(Some(&["RS256", "ES256"])).is_ok());
    for algorithms in [None, Some(&["RS256"][..])] {
        let error = check(algorithms).unwrap_err();
        assert_refused(&error, RedirectProblem::Unverified, "another algorithm");
    }
}

#[test]
fn a_response_that_is_not_signed_does_not_pass_for_one_that_is() {
    let signer = Signer::new(Algorithm::RS256);
    let token = signer.sign(&claims(json!({})));
    let plain = format!("?code=c0de&state={STATE}&iss={ISSUER}");
    for mode in ["jwt", "query.jwt", "form_post.jwt"] {
        let pending = pending(mode);
        assert!(pending.expects_signature());
        let by_keys = |url: &str| pending.signed_redirect(url, CLIENT_ID, &signer.keys(), now());
        for error in [pending.redirect(&plain), by_keys(&plain)] {
            assert_refused(
                &error.unwrap_err(),
                RedirectProblem::Unverified,
                "not signed",
            );
        }
        // What stands beside the signed response does not count, and stands there once.
        let beside = format!("?response={token}&code=other&state=other");
        assert_eq!(by_keys(&beside).unwrap().code.expose(), "c0de");
        let twice = format!("?response={token}&response={token}");
        let error = by_keys(&twice).unwrap_err();
        assert_refused(&error, RedirectProblem::Repeated, "more than once");
        let error = pending.redirect(&format!("?response={token}")).unwrap_err();
        assert_refused(&error, RedirectProblem::Unverified, "`Client::redirect`");
    }
    // Nor is a signed response taken that nobody asked for.
    let asked = PendingAuthorization::new(STATE).with_issuer(ISSUER, true);
    assert!(!asked.expects_signature());
    let url = format!("?response={token}&state={STATE}&iss={ISSUER}");
    let error = asked.redirect(&url).unwrap_err();
    assert_refused(&error, RedirectProblem::Unsolicited, "none was asked for");
}

#[test]
fn an_id_token_is_no_authorization_response() {
    let signer = Signer::new(Algorithm::RS256);
    let id_token = signer.sign(&super::signer::claims(json!({"code": "c0de"})));
    let error = read(&signer, &id_token).unwrap_err();
    assert_refused(&error, RedirectProblem::OtherState, "another `state`");
    let response = signer.sign(&claims(json!({})));
    let jws = Jws::read(&response, JwtKind::IdToken).unwrap();
    assert!(jws.text("sub").is_err());
    let expected = ExpectedIdToken::new();
    let client = crate::Credentials::public(CLIENT_ID);
    let checked = expected.check(
        &response.as_str().into(),
        None,
        ISSUER,
        &client,
        &signer.keys(),
        now(),
    );
    assert!(checked.is_err());
}

#[test]
fn it_is_not_read_without_knowing_the_issuer() {
    let signer = Signer::new(Algorithm::RS256);
    let url = format!("?response={}", signer.sign(&claims(json!({}))));
    let pending = PendingAuthorization::new(STATE).with_response_mode("jwt");
    let error = pending.signed_redirect(&url, CLIENT_ID, &signer.keys(), now());
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Config);
}

#[test]
fn a_response_of_the_clients_issuer_is_not_one_of_the_authorizations() {
    let signer = Signer::new(Algorithm::RS256);
    let other = "https://other.example";
    let token = crate::Secret::from(signer.sign(&claims(json!({"iss": other}))));
    let pending = pending("jwt");
    let jws = pending.read_signed(&token).unwrap();
    let expected = Parties {
        issuer: other,
        client_id: CLIENT_ID,
        client_secret: None,
        algorithms: None,
    };
    let error = pending.check_signed(&jws, &expected, now()).unwrap_err();
    assert_refused(&error, RedirectProblem::OtherIssuer, "began at");
}
