mod keys;
mod provider;
mod refused;
mod signed_redirect;
mod signer;

use std::time::{Duration, SystemTime};

use serde_json::json;

use self::signer::{Signer, claims};
use super::{ExpectedIdToken, IdToken, KeySet};
use crate::jwt::Algorithm;
use crate::testing::now;
use crate::{Credentials, Error, Secret};

const ISSUER: &str = "https://op.example";
const CLIENT_ID: &str = "client-id";
const CLIENT_SECRET: &str = "canary-secret-of-the-client-0123456789";
const NONCE: &str = "canary-nonce-0123456789abcdef";
const ACCESS_TOKEN: &str = "canary-access-token-0123456789";

fn expected() -> ExpectedIdToken {
    ExpectedIdToken::new()
        .with_nonce(NONCE)
        .with_algorithms([Algorithm::ES256])
}

fn check(
    expected: &ExpectedIdToken,
    token: &str,
    keys: &KeySet,
    now: SystemTime,
) -> Result<IdToken, Error> {
    let credentials = Credentials::new(CLIENT_ID, CLIENT_SECRET);
    let access_token = Secret::from(ACCESS_TOKEN);
    let token = Secret::from(token);
    expected.check(&token, Some(&access_token), ISSUER, &credentials, keys, now)
}

#[test]
fn a_good_token_says_who_signed_in() {
    let signer = Signer::new(Algorithm::ES256);
    let mut said = claims(json!({"email": "a@op.example", "auth_time": 1_749_999_000}));
    said.insert("aud".to_owned(), json!([CLIENT_ID]));
    let id_token = check(&expected(), &signer.sign(&said), &signer.keys(), now()).unwrap();
    assert_eq!(id_token.subject(), "subject");
    assert_eq!(id_token.issuer(), ISSUER);
    assert_eq!(id_token.audiences(), [CLIENT_ID]);
    assert_eq!(id_token.claim("email"), Some(&json!("a@op.example")));
    assert_eq!(id_token.issued_at(), Some(now()));
    assert_eq!(
        id_token.auth_time(),
        Some(now() - Duration::from_secs(1_000))
    );
    assert_eq!(
        id_token.expires_at(),
        Some(now() + Duration::from_secs(300))
    );
    assert_eq!(id_token.algorithm(), Algorithm::ES256);
    let shown = format!("{id_token:?}");
    assert!(shown.contains("email") && !shown.contains("a@op.example"));
}

#[derive(Debug, serde::Deserialize)]
struct Profile {
    email: String,
}

#[test]
fn claims_are_read_into_a_type_and_errors_do_not_show_them() {
    let signer = Signer::new(Algorithm::ES256);
    let read = |claim: serde_json::Value| {
        let token = signer.sign(&claims(json!({"email": claim})));
        let token = check(&expected(), &token, &signer.keys(), now()).unwrap();
        token.read::<Profile>()
    };
    assert_eq!(read(json!("a@op.example")).unwrap().email, "a@op.example");
    let error = read(json!({"canary": 1})).unwrap_err().to_string();
    assert!(
        error.contains("`email`") && !error.contains("canary"),
        "{error}"
    );
}

#[test]
fn time_is_told_with_skew() {
    let signer = Signer::new(Algorithm::ES256);
    let token = signer.sign(&claims(json!({})));
    let at = |seconds: i64| {
        let shift = Duration::from_secs(seconds.unsigned_abs());
        let now = if seconds < 0 {
            now() - shift
        } else {
            now() + shift
        };
        check(&expected(), &token, &signer.keys(), now)
    };
    // It holds from now until 300 seconds later, give or take 30.
    for good in [-30, -29, 0, 300, 329] {
        assert!(at(good).is_ok(), "{good}");
    }
    for (bad, claim) in [(-31, "`iat`"), (330, "`exp`"), (100_000, "`exp`")] {
        let error = at(bad).unwrap_err().to_string();
        assert!(error.contains(claim), "{bad}: {error}");
    }
    let strict = expected().with_clock_skew(Duration::ZERO);
    let late = now() + Duration::from_secs(300);
    assert!(check(&strict, &token, &signer.keys(), late).is_err());
}

#[test]
fn the_age_of_a_sign_in_is_checked_where_it_was_asked_for() {
    let signer = Signer::new(Algorithm::ES256);
    let expected = expected().with_max_age(Duration::from_secs(600));
    let with = |said| {
        check(
            &expected,
            &signer.sign(&claims(said)),
            &signer.keys(),
            now(),
        )
    };
    let since = |seconds: i64| json!({"auth_time": 1_750_000_000 - seconds});
    assert!(with(since(0)).is_ok());
    assert!(with(since(630)).is_ok());
    assert!(with(json!({"auth_time": 1_749_999_999.5})).is_ok());
    for (said, part) in [
        (json!({}), "has no `auth_time`"),
        (since(631), "longer than the `max_age`"),
        (since(-31), "still to come"),
        (json!({"auth_time": "1750000000"}), "not a number"),
        (json!({"auth_time": null}), "has no `auth_time`"),
    ] {
        let error = with(said).unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    }
}

#[test]
fn a_refreshed_token_is_about_the_same_sign_in() {
    let signer = Signer::new(Algorithm::ES256);
    let sign = |said| signer.sign(&claims(said));
    let first = json!({"auth_time": 1_749_000_000});
    let first = check(&expected(), &sign(first), &signer.keys(), now()).unwrap();
    let refreshed = ExpectedIdToken::refreshed(&first).with_algorithms([Algorithm::ES256]);
    let check = |said| check(&refreshed, &sign(said), &signer.keys(), now());
    // The nonce may be left out, and so may the time.
    assert!(check(json!({})).is_ok());
    assert!(check(json!({"nonce": null})).is_ok());
    assert!(check(json!({"auth_time": 1_749_000_000})).is_ok());
    for said in [
        json!({"sub": "another"}),
        json!({"nonce": "another"}),
        json!({"auth_time": 1_749_999_999}),
        json!({"aud": [CLIENT_ID, "another"], "azp": CLIENT_ID}),
        json!({"azp": CLIENT_ID}),
    ] {
        let error = check(said.clone()).unwrap_err().to_string();
        assert!(error.contains("than the first one"), "{said}: {error}");
    }
}
