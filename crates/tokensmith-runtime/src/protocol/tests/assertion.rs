//! Assertions are made anew for each try.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::good;
use crate::testing::{form, now, play, response, settings};
use crate::{
    Assertion, Audience, ClientAuth, Credentials, Endpoint, EndpointKind, ErrorKind, NoBody,
    Operation, Parameter, Parameters, Request, Secret, Token, TokenRequest,
};

static JWT_BEARER: Operation<'static> =
    Operation::grant("urn:ietf:params:oauth:grant-type:jwt-bearer")
        .one_time()
        .with_parameters(&[Parameter::new("assertion").required().secret()]);
static CLIENT_CREDENTIALS: Operation<'static> = Operation::grant("client_credentials");
static TOKEN: Endpoint<'static> = Endpoint::new(EndpointKind::Token, &["/token?v=1"]);

/// Counts, and says whom it is for.
fn counting() -> Assertion {
    let count = Arc::new(AtomicU32::new(0));
    Assertion::from_fn(move |occasion| {
        assert_eq!((occasion.client_id, occasion.now), ("client", now()));
        let count = count.fetch_add(1, Ordering::Relaxed);
        Ok(Secret::from(format!(
            "assertion {count} for {}",
            occasion.audience
        )))
    })
}

struct JwtBearer(Assertion);

impl Request for JwtBearer {
    type Provider = crate::Any;
    type Response = Token;
    type Error = NoBody;

    fn endpoint(&self) -> &Endpoint<'_> {
        &TOKEN
    }

    fn operation(&self) -> &Operation<'_> {
        &JWT_BEARER
    }

    fn parameters<'a>(&'a self, parameters: &mut Parameters<'a>) {
        parameters.push("assertion", &self.0);
    }
}

fn value(request: &http::Request<Vec<u8>>, name: &str) -> Option<String> {
    form(request)
        .into_iter()
        .find(|(other, _)| other == name)
        .map(|(_, value)| value)
}

#[test]
fn a_grant_has_a_new_assertion_for_each_try() {
    let request = JwtBearer(counting());
    let played = play(&settings(), &request, [response(503, ""), good()]);
    assert!(played.outcome.is_ok());
    for (count, sent) in played.sent.iter().enumerate() {
        let expected = format!("assertion {count} for https://auth.example.com/token");
        assert_eq!(value(sent, "assertion"), Some(expected));
    }
}

#[test]
fn an_assertion_that_was_given_as_a_text_is_sent_once() {
    let request = JwtBearer(Assertion::from("given"));
    let played = play(&settings(), &request, [response(503, "")]);
    assert_eq!(
        value(&played.sent[0], "assertion").as_deref(),
        Some("given")
    );
    assert!(!played.outcome.unwrap_err().is_retryable());
}

static REFRESH_TOKEN: Operation<'static> = Operation::grant("refresh_token")
    .one_time()
    .with_parameters(&[
        Parameter::new("refresh_token").required().secret(),
        Parameter::new("client_assertion").required().secret(),
    ]);

/// A refresh token, and an assertion of the client beside it.
struct Refresh(Secret, Assertion);

impl Request for Refresh {
    type Provider = crate::Any;
    type Response = Token;
    type Error = NoBody;

    fn endpoint(&self) -> &Endpoint<'_> {
        &TOKEN
    }

    fn operation(&self) -> &Operation<'_> {
        &REFRESH_TOKEN
    }

    fn parameters<'a>(&'a self, parameters: &mut Parameters<'a>) {
        parameters.push("refresh_token", &self.0);
        parameters.push("client_assertion", &self.1);
    }
}

#[test]
fn an_assertion_that_is_made_anew_makes_no_other_credential_good_twice() {
    let mut settings = settings();
    settings.set_client_auth(ClientAuth::None);
    let request = Refresh("refresh".into(), counting());
    let played = play(&settings, &request, [response(503, "")]);
    assert_eq!(played.sent.len(), 1);
    assert!(!played.outcome.unwrap_err().is_retryable());
}

#[test]
fn no_assertion_is_for_another_host_than_it_is_sent_to() {
    let mut settings = settings();
    settings.credentials = Credentials::with_assertion("client", counting());
    settings.set_client_auth(ClientAuth::PrivateKeyJwt);
    for audience in [
        "https://bank.example/token",
        "https://auth.example.com:8443",
        "https://auth.example.com.bank.example",
        "bank.example",
        "//bank.example",
        "https:bank.example",
        " https://bank.example",
        "my-realm",
        "api://bank.example",
        "urn:example:a.b",
    ] {
        let endpoint = TOKEN.with_audience(Audience::Fixed(audience));
        let request = TokenRequest::new(&endpoint, &CLIENT_CREDENTIALS);
        let error = play(&settings, &request, []).outcome.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        let message = error.to_string();
        assert!(
            message.contains(audience) && message.contains("auth.example.com"),
            "{message}"
        );

        let mut told = settings.clone();
        told.set_audience(audience);
        let sent = play(&told, &request, [good()]).sent;
        let assertion = value(&sent[0], "client_assertion").unwrap();
        assert!(assertion.ends_with(audience), "{assertion}");
    }
    for audience in ["https://auth.example.com/x", "https://auth.example.com"] {
        let endpoint = TOKEN.with_audience(Audience::Fixed(audience));
        let request = TokenRequest::new(&endpoint, &CLIENT_CREDENTIALS);
        assert!(
            play(&settings, &request, [good()]).outcome.is_ok(),
            "{audience}"
        );
    }
    // What was made before is the caller's own.
    settings.credentials = Credentials::with_assertion("client", "given");
    let endpoint = TOKEN.with_audience(Audience::Fixed("https://bank.example"));
    let request = TokenRequest::new(&endpoint, &CLIENT_CREDENTIALS);
    assert!(play(&settings, &request, [good()]).outcome.is_ok());
}

#[test]
fn a_client_may_authenticate_by_assertion() {
    let mut settings = settings();
    settings.credentials = Credentials::with_assertion("client", counting());
    let endpoint = TOKEN.with_audience(Audience::Issuer);
    for (auth, endpoint) in [
        (ClientAuth::PrivateKeyJwt, &endpoint),
        (ClientAuth::ClientSecretJwt, &endpoint),
        (ClientAuth::Auto, &endpoint),
    ] {
        settings.set_client_auth(auth);
        let request = TokenRequest::new(endpoint, &CLIENT_CREDENTIALS);
        let sent = play(&settings, &request, [good()]).sent;
        assert!(
            value(&sent[0], "client_assertion")
                .unwrap()
                .ends_with(" for https://auth.example.com")
        );
        assert_eq!(
            value(&sent[0], "client_assertion_type").as_deref(),
            Some("urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
        );
        assert_eq!(value(&sent[0], "client_id").as_deref(), Some("client"));
        assert!(!sent[0].headers().contains_key("authorization"));
    }
    settings.set_issuer("https://issuer.example");
    let request = TokenRequest::new(&endpoint, &CLIENT_CREDENTIALS);
    let sent = play(&settings, &request, [good()]).sent;
    assert!(
        value(&sent[0], "client_assertion")
            .unwrap()
            .ends_with("for https://issuer.example")
    );
}

#[test]
fn a_client_without_what_it_takes_sends_nothing() {
    let mut settings = settings();
    settings.set_client_auth(ClientAuth::PrivateKeyJwt);
    let request = TokenRequest::new(&TOKEN, &CLIENT_CREDENTIALS);
    let error = play(&settings, &request, []).outcome.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.to_string().contains("Credentials::with_assertion"));

    settings.credentials = Credentials::with_assertion(
        "client",
        Assertion::from_fn(|_| Err("the key store is closed".into())),
    );
    let error = play(&settings, &request, []).outcome.unwrap_err();
    assert!(!error.may_have_been_sent());
    let source = std::error::Error::source(&error).unwrap();
    assert_eq!(source.to_string(), "the key store is closed");
}

#[test]
fn an_assertion_is_not_shown_even_when_the_server_echoes_it() {
    let request = JwtBearer(Assertion::from_fn(|_| {
        Ok(Secret::from("canary.canary.canary"))
    }));
    let body = r#"{"error":"invalid_grant","error_description":"bad canary.canary.canary"}"#;
    let error = play(&settings(), &request, [response(400, body)])
        .outcome
        .unwrap_err();
    assert_eq!(error.description(), Some("bad [redacted]"));
}

#[cfg(feature = "jwt")]
#[test]
fn the_secret_signs_where_the_document_says_so() {
    let endpoint = TOKEN.with_client_auth(ClientAuth::ClientSecretJwt);
    let request = TokenRequest::new(&endpoint, &CLIENT_CREDENTIALS);
    let sent = play(&settings(), &request, [good()]).sent;
    let assertion = value(&sent[0], "client_assertion").unwrap();
    assert_eq!(assertion.split('.').count(), 3);
    assert!(value(&sent[0], "client_secret").is_none());
}
