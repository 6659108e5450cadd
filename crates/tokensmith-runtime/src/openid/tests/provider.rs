//! When keys and metadata are asked for.

use std::time::{Duration, SystemTime};

use serde_json::json;

use super::signer::{Signer, claims};
use crate::jwt::Algorithm;
use crate::openid::{Jws, JwtKind, Needed, OpenIdProvider, ProviderFacts};
use crate::testing::now;
use crate::{Error, ErrorKind, KeySet, ServerMetadata};

const URL: &str = "https://op.example/keys";

fn provider() -> OpenIdProvider {
    OpenIdProvider::with_facts(ProviderFacts {
        jwks_uri: Some(URL.to_owned()),
        ..ProviderFacts::default()
    })
}

fn at(seconds: u64) -> SystemTime {
    now() + Duration::from_secs(seconds)
}

/// Whether keys have to be asked for; the error is what is remembered.
fn asks(provider: &OpenIdProvider, jws: &Jws<'_>, now: SystemTime) -> Result<bool, Error> {
    match provider.needed(Some(jws), now)? {
        Needed::Keys(url) => {
            assert_eq!(url, URL);
            Ok(true)
        }
        Needed::Nothing(_, keys) => {
            assert!(keys.is_some());
            Ok(false)
        }
        Needed::Metadata => panic!("the metadata were given"),
    }
}

fn failure() -> Result<KeySet, Error> {
    Err(Error::local(ErrorKind::Timeout, "the server is slow"))
}

#[test]
fn keys_are_asked_for_once_and_again_after_ten_minutes() {
    let signer = Signer::new(Algorithm::ES256);
    let token = signer.sign(&claims(json!({})));
    let jws = Jws::read(&token, JwtKind::IdToken).unwrap();
    let provider = provider();
    assert!(asks(&provider, &jws, at(0)).unwrap());
    assert!(provider.learn_keys(Ok(signer.keys()), at(0)).is_none());
    assert!(!asks(&provider, &jws, at(1)).unwrap());
    assert!(!asks(&provider, &jws, at(599)).unwrap());
    assert!(asks(&provider, &jws, at(600)).unwrap());
    // A clock that was set back does not keep keys for ever.
    assert!(asks(&provider, &jws, now() - Duration::from_secs(1)).unwrap());
}

#[test]
fn an_unknown_key_is_asked_for_every_thirty_seconds_at_most() {
    let (old, new) = (Signer::new(Algorithm::ES256), Signer::new(Algorithm::EdDsa));
    let token = new.sign(&claims(json!({})));
    let jws = Jws::read(&token, JwtKind::IdToken).unwrap();
    let provider = provider();
    provider.learn_keys(Ok(old.keys()), at(0));
    assert!(!asks(&provider, &jws, at(29)).unwrap());
    assert!(asks(&provider, &jws, at(30)).unwrap());
    provider.learn_keys(Ok(old.keys()), at(30));
    assert!(!asks(&provider, &jws, at(59)).unwrap());
    assert!(asks(&provider, &jws, at(60)).unwrap());
    provider.learn_keys(Ok(new.keys()), at(60));
    assert!(!asks(&provider, &jws, at(61)).unwrap());
}

#[test]
fn old_keys_are_used_for_an_hour_while_there_are_no_new_ones() {
    let signer = Signer::new(Algorithm::ES256);
    let token = signer.sign(&claims(json!({})));
    let jws = Jws::read(&token, JwtKind::IdToken).unwrap();
    let provider = provider();
    provider.learn_keys(Ok(signer.keys()), at(0));
    for time in (600..3600).step_by(5) {
        assert!(asks(&provider, &jws, at(time)).unwrap(), "{time}");
        let error = provider.learn_keys(failure(), at(time)).unwrap();
        assert_eq!(error.kind(), ErrorKind::Timeout);
        assert!(!asks(&provider, &jws, at(time + 4)).unwrap(), "{time}");
    }
    provider.learn_keys(failure(), at(3600));
    let error = asks(&provider, &jws, at(3601)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.is_retryable());
    assert!(error.to_string().contains("the server is slow"), "{error}");
}

/// Otherwise all sign-ins wait for a provider that accepts connections and never responds.
#[test]
fn whoever_would_wait_for_another_uses_keys_that_hold() {
    let signer = Signer::new(Algorithm::ES256);
    let token = signer.sign(&claims(json!({})));
    let jws = Jws::read(&token, JwtKind::IdToken).unwrap();
    let provider = provider();
    assert!(provider.older(Some(&jws), at(0)).is_none());
    provider.learn_keys(Ok(signer.keys()), at(0));
    assert!(asks(&provider, &jws, at(600)).unwrap());
    assert!(provider.older(Some(&jws), at(600)).is_some());
    assert!(provider.older(Some(&jws), at(3600)).is_none());
    let header = json!({"alg": "ES256", "kid": "another"});
    let other = signer.sign_with(&header, "{}");
    let other = Jws::read(&other, JwtKind::IdToken).unwrap();
    assert!(provider.older(Some(&other), at(600)).is_none());
}

#[test]
fn whoever_waited_for_a_failure_does_not_ask_again_at_once() {
    let signer = Signer::new(Algorithm::ES256);
    let token = signer.sign(&claims(json!({})));
    let jws = Jws::read(&token, JwtKind::IdToken).unwrap();
    let provider = provider();
    provider.learn_keys(failure(), at(0));
    assert!(asks(&provider, &jws, at(0)).is_err());
    assert!(asks(&provider, &jws, at(4)).is_err());
    assert!(asks(&provider, &jws, at(5)).unwrap());
}

#[test]
fn metadata_are_discovered_where_none_were_given() {
    let signer = Signer::new(Algorithm::ES256);
    let token = signer.sign(&claims(json!({})));
    let jws = Jws::read(&token, JwtKind::IdToken).unwrap();
    let provider = OpenIdProvider::default();
    assert!(matches!(
        provider.needed(Some(&jws), at(0)),
        Ok(Needed::Metadata)
    ));
    let metadata = json!({"issuer": "https://op.example", "jwks_uri": URL});
    let metadata: ServerMetadata = serde_json::from_value(metadata).unwrap();
    provider.learn_metadata(Ok(metadata), at(0));
    assert!(asks(&provider, &jws, at(0)).unwrap());
    provider.learn_keys(Ok(signer.keys()), at(0));
    assert!(!asks(&provider, &jws, at(1)).unwrap());
    // Both are asked for again.
    assert!(matches!(
        provider.needed(None, at(600)),
        Ok(Needed::Metadata)
    ));

    let without: ServerMetadata = serde_json::from_value(json!({"issuer": "x"})).unwrap();
    provider.learn_metadata(Ok(without), at(600));
    let error = asks(&provider, &jws, at(601)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.to_string().contains("jwks_uri"), "{error}");
}

#[test]
fn errors_name_what_is_not_known_and_what_it_is_needed_for() {
    let signer = Signer::new(Algorithm::ES256);
    let token = signer.sign(&claims(json!({})));
    let provider = OpenIdProvider::default();
    provider.learn_metadata(Err(Error::local(ErrorKind::Timeout, "slow")), at(0));
    for kind in [JwtKind::IdToken, JwtKind::AuthorizationResponse] {
        let jws = Jws::read(&token, kind).unwrap();
        let error = asks(&provider, &jws, at(1)).unwrap_err().to_string();
        assert!(
            error.contains("provider's metadata are not known"),
            "{error}"
        );
        let without = OpenIdProvider::with_facts(ProviderFacts::default());
        let error = asks(&without, &jws, at(1)).unwrap_err().to_string();
        let cannot = format!("the {kind} cannot be checked");
        assert!(error.contains(&cannot), "{error}");
    }
    let jws = Jws::read(&token, JwtKind::IdToken).unwrap();
    let provider = self::provider();
    provider.learn_keys(failure(), at(0));
    let error = asks(&provider, &jws, at(1)).unwrap_err().to_string();
    assert!(error.contains("provider's keys are not known"), "{error}");
}
