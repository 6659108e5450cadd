use std::collections::HashMap;

use super::authorize;
use crate::protocol::Settings;
use crate::testing::settings;
use crate::{
    Authorization, CodeChallengeMethod, Credentials, Description, Endpoint, EndpointKind,
    Environment, Error, ErrorKind, Location, Method, Operation, Parameter, PlainHttpHosts, Secret,
    ServerChoice, ServerDescription, ServerVariable, TokenRequest,
};

static CODE: Operation<'static> = Operation::grant("code").with_parameters(&[
    Parameter::new("redirect_uri").required(),
    Parameter::new("scope"),
]);
static AUTHORIZE: Endpoint<'static> =
    Endpoint::new(EndpointKind::Authorization, &["/authorize?tenant=1"])
        .with_method(Method::Get)
        .with_grant_type("response_type", Location::Query);

fn url(endpoint: &Endpoint<'_>, scope: &str) -> Result<Authorization, Error> {
    let request = TokenRequest::new(endpoint, &CODE)
        .scope(scope)
        .parameter("redirect_uri", "https://app.example/cb?x=1")
        .parameter("prompt", "consent");
    authorize(&settings(), &request)
}

fn query(authorization: &Authorization) -> HashMap<String, String> {
    let (_, query) = authorization.url.split_once('?').unwrap();
    form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect()
}

#[test]
fn the_url_has_what_the_rfcs_ask_for() {
    let authorization = url(&AUTHORIZE, "read write").unwrap();
    assert!(authorization.url.starts_with(
        "https://auth.example.com/authorize?tenant=1&response_type=code&client_id=client&"
    ));
    let query = query(&authorization);
    let pending = &authorization.pending;
    assert_eq!(query["redirect_uri"], "https://app.example/cb?x=1");
    assert_eq!(query["scope"], "read write");
    assert_eq!(query["prompt"], "consent");
    assert_eq!(query["state"], pending.state().expose());
    assert_eq!(query["code_challenge_method"], "S256");
    assert_eq!(query["code_challenge"].len(), 43);
    assert_ne!(
        query["code_challenge"],
        pending.code_verifier().unwrap().expose()
    );
    assert!(pending.nonce().is_none() && !query.contains_key("nonce"));
    let again = url(&AUTHORIZE, "read write").unwrap();
    assert_ne!(again.pending.state(), pending.state());
    assert_ne!(again.pending.code_verifier(), pending.code_verifier());
}

/// RFC 6749 section 3.1: the query of the endpoint stays, and no parameter is there twice.
#[test]
fn what_the_url_has_already_is_not_said_twice() {
    let url = |query: &str| {
        let path = format!("https://auth.example.com/authorize?{query}");
        let request = TokenRequest::new(&AUTHORIZE, &CODE)
            .path(path)
            .parameter("redirect_uri", "https://app.example/cb")
            .parameter("prompt", "consent");
        authorize(&settings(), &request).map(|authorization| authorization.url)
    };
    let said = url("response_type=code&client_id=client&p=policy").unwrap();
    assert!(said.contains("&p=policy&redirect_uri="), "{said}");
    assert_eq!(said.matches("response_type=").count(), 1);
    assert_eq!(said.matches("client_id=").count(), 1);
    for (query, name) in [
        ("client_id=evil", "client_id"),
        ("client%5Fid=evil", "client_id"),
        ("response_type=token", "response_type"),
        ("redirect_uri=https://evil.example", "redirect_uri"),
        ("code_challenge_method=plain", "code_challenge_method"),
        ("state=x", "state"),
        ("prompt=none", "prompt"),
    ] {
        let error = url(query).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{query}");
        let named = format!("`{name}` with another value");
        assert!(error.to_string().contains(&named), "{error}");
    }
}

#[test]
fn whom_the_redirect_has_to_come_from_is_remembered() {
    let pending = url(&AUTHORIZE, "a").unwrap().pending;
    assert_eq!(pending.authorization_host(), Some("auth.example.com"));
    assert_eq!((pending.issuer(), pending.requires_issuer()), (None, false));
    let back = |issuer: &str| {
        let state = pending.state().expose();
        pending.redirect(&format!("?code=c&state={state}{issuer}"))
    };
    assert!(back("").is_ok() && back("&iss=https://auth.example.com").is_ok());
    assert!(back("&iss=https://evil.example").is_err());

    let mut settings = settings();
    settings.set_issuer("https://issuer.example");
    settings.require_issuer();
    let request = TokenRequest::new(&AUTHORIZE, &CODE).parameter("redirect_uri", "x:/");
    let pending = authorize(&settings, &request).unwrap().pending;
    assert_eq!(pending.issuer(), Some("https://issuer.example"));
    assert!(pending.requires_issuer());
}

#[test]
fn the_issuer_of_the_document_is_expected() {
    static VARIABLES: [ServerVariable<'static>; 1] = [ServerVariable::new("tenant")];
    let servers = [
        ServerDescription::new("Tenant", "https://{tenant}.api.example.com")
            .with_issuer("https://{tenant}.login.example.com/")
            .with_variables(&VARIABLES),
    ];
    let description = Description::new("example", "Example").with_servers(&servers);
    let choice = ServerChoice::named("Tenant").with_value("tenant", "acme");
    let environment = Environment::new(&description, &choice).unwrap();
    let mut settings = Settings::for_environment(
        environment,
        Credentials::new("client", "secret"),
        PlainHttpHosts::default(),
    )
    .unwrap();
    let request = TokenRequest::new(&AUTHORIZE, &CODE).parameter("redirect_uri", "x:/");
    let pending = authorize(&settings, &request).unwrap().pending;
    assert_eq!(pending.issuer(), Some("https://acme.login.example.com/"));
    let back = |issuer: &str| {
        let state = pending.state().expose();
        pending.redirect(&format!("?code=c&state={state}&iss={issuer}"))
    };
    assert!(back("https://acme.login.example.com/").is_ok());
    assert!(back("https://other.login.example.com/").is_err());
    assert!(back("https://acme.api.example.com").is_err());

    // What the caller names counts more, and the URL of a test has an issuer of its own.
    settings.set_issuer("https://named.example");
    assert_eq!(settings.issuer(), "https://named.example");
}

/// RFC 9207 section 2.4.
#[cfg(feature = "discovery")]
#[test]
fn the_issuer_is_required_where_metadata_promises_it() {
    for promised in [true, false] {
        let metadata = serde_json::from_value(serde_json::json!({
            "issuer": "https://issuer.example",
            "authorization_response_iss_parameter_supported": promised,
        }));
        let mut settings = settings();
        settings.set_server(&metadata.unwrap());
        let request = TokenRequest::new(&AUTHORIZE, &CODE).parameter("redirect_uri", "x:/");
        let pending = authorize(&settings, &request).unwrap().pending;
        let back = |issuer: &str| {
            let state = pending.state().expose();
            pending.redirect(&format!("?code=c&state={state}{issuer}"))
        };
        assert_eq!(back("").is_err(), promised);
        assert!(back("&iss=https://issuer.example").is_ok());
        assert!(back("&iss=https://auth.example.com").is_err());
    }
}

/// Metadata that promise nothing do not take back what the caller asked for.
#[cfg(feature = "discovery")]
#[test]
fn an_issuer_that_the_caller_requires_stays_required() {
    let metadata = serde_json::json!({"issuer": "https://issuer.example"});
    let metadata = serde_json::from_value(metadata).unwrap();
    for requires_first in [true, false] {
        let mut settings = settings();
        if requires_first {
            settings.require_issuer();
        }
        settings.set_server(&metadata);
        if !requires_first {
            settings.require_issuer();
        }
        let request = TokenRequest::new(&AUTHORIZE, &CODE).parameter("redirect_uri", "x:/");
        let pending = authorize(&settings, &request).unwrap().pending;
        assert!(pending.requires_issuer(), "{requires_first}");
    }
}

#[test]
fn openid_has_a_nonce() {
    let authorization = url(&AUTHORIZE, "openid profile").unwrap();
    let nonce = authorization.pending.nonce().unwrap();
    assert_eq!(query(&authorization)["nonce"], nonce.expose());
}

#[test]
fn a_declared_nonce_is_the_callers() {
    static WITH_NONCE: Operation<'static> = Operation::grant("code").with_parameters(&[
        Parameter::new("redirect_uri").required(),
        Parameter::new("nonce"),
    ]);
    let of = |operation| {
        let request = TokenRequest::new(&AUTHORIZE, operation)
            .parameter("redirect_uri", "x:/")
            .parameter("nonce", "n-0S6");
        authorize(&settings(), &request)
    };
    let authorization = of(&WITH_NONCE).unwrap();
    assert_eq!(authorization.url.matches("nonce=n-0S6").count(), 1);
    let nonce = authorization.pending.nonce().map(Secret::expose);
    assert_eq!(nonce, Some("n-0S6"));
    let error = of(&CODE).expect_err("the client sends it");
    assert!(error.to_string().contains("`nonce` cannot be given"));
}

#[test]
fn a_document_may_name_things_otherwise() {
    let endpoint = AUTHORIZE
        .with_client_names("client_key", "client_secret")
        .with_code_challenge(CodeChallengeMethod::None)
        .with_fields(&[("code", "/auth_code")])
        .with_scope_separator(",");
    let authorization = url(&endpoint, "a").unwrap();
    let query = query(&authorization);
    assert_eq!(query["client_key"], "client");
    assert!(!query.contains_key("client_id") && !query.contains_key("code_challenge"));
    let back = format!(
        "?auth_code=c&state={}",
        authorization.pending.state().expose()
    );
    assert_eq!(
        authorization.pending.redirect(&back).unwrap().code.expose(),
        "c"
    );

    let plain = url(
        &AUTHORIZE.with_code_challenge(CodeChallengeMethod::Plain),
        "a",
    )
    .unwrap();
    let verifier = plain.pending.code_verifier().unwrap();
    assert_eq!(self::query(&plain)["code_challenge"], verifier.expose());
}

/// RFC 9101 section 5: the `state` and the code challenge beside it would not count.
#[test]
fn no_other_request_takes_the_place_of_this_one() {
    static DECLARED: Operation<'static> = Operation::grant("code").with_parameters(&[
        Parameter::new("redirect_uri").required(),
        Parameter::new("request_uri"),
    ]);
    let with = |operation, name| {
        let request = TokenRequest::new(&AUTHORIZE, operation)
            .parameter("redirect_uri", "https://app.example/cb")
            .parameter(name, "x");
        authorize(&settings(), &request)
    };
    for name in ["request", "request_uri"] {
        let error = with(&CODE, name).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request);
        let error = error.to_string();
        assert!(
            error.contains(&format!("`{name}` cannot be given")),
            "{error}"
        );
    }
    assert!(with(&DECLARED, "request_uri").is_ok());
}

/// The endpoint of a document or of metadata may have it in its URL.
#[test]
fn the_response_mode_of_the_url_is_expected() {
    let url = "/authorize?response_mode=form_post";
    let request = TokenRequest::new(&AUTHORIZE, &CODE)
        .path(url)
        .parameter("redirect_uri", "https://app.example/cb");
    let authorization = authorize(&settings(), &request).unwrap();
    assert_eq!(authorization.pending.response_mode(), Some("form_post"));
    assert_eq!(query(&authorization)["response_mode"], "form_post");
}

#[test]
fn what_the_client_sends_cannot_be_given() {
    for name in [
        "state",
        "client_id",
        "response_type",
        "code_challenge",
        "redirect_uri",
    ] {
        let request = TokenRequest::new(&AUTHORIZE, &CODE)
            .parameter("redirect_uri", "https://app.example/cb")
            .parameter(name, "x");
        let error = authorize(&settings(), &request);
        if name == "redirect_uri" {
            // Given twice it is a list.
            assert_eq!(error.unwrap_err().kind(), ErrorKind::Request);
        } else {
            assert!(error.unwrap_err().to_string().contains(name));
        }
    }
    let error = authorize(&settings(), &TokenRequest::new(&AUTHORIZE, &CODE)).unwrap_err();
    assert!(error.to_string().contains("`redirect_uri` is required"));
}
