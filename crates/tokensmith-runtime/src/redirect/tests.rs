use super::PendingAuthorization;
use crate::error::redirect_problem::RedirectProblem;
use crate::{Endpoint, EndpointKind, ErrorCode, ErrorKind};

fn pending() -> PendingAuthorization {
    PendingAuthorization::new("s1")
}

#[test]
fn a_redirect_holds_the_code_and_what_the_provider_adds() {
    for url in [
        "https://app.example/cb?code=c+1&state=s1&api_domain=https%3A%2F%2Feu.example",
        "https://app.example/cb?state=s1&api_domain=https://eu.example&code=c%201#fragment",
        "code=c+1&state=s1&api_domain=https%3A%2F%2Feu.example",
    ] {
        let redirect = pending().redirect(url).unwrap();
        assert_eq!(redirect.code.expose(), "c 1");
        assert_eq!(
            redirect.extra.get("api_domain").unwrap(),
            "https://eu.example"
        );
        assert_eq!(redirect.extra.len(), 1);
    }
    let amazon = pending().with_code_name("spapi_oauth_code");
    let redirect = amazon.redirect("?spapi_oauth_code=c&state=s1").unwrap();
    assert_eq!(redirect.code.expose(), "c");
}

#[test]
fn what_is_not_the_response_to_this_authorization_is_refused() {
    for url in [
        "https://app.example/cb?code=c",
        "https://app.example/cb?code=c&state=s2",
        "https://app.example/cb?code=c&state=s1&state=s1",
        "https://app.example/cb?code=a&code=b&state=s1",
        "https://app.example/cb?code=&state=s1",
        "https://app.example/cb?state=s1",
        "https://app.example/cb",
        "",
    ] {
        let error = pending().redirect(url).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed, "{url}");
    }
    // An error of somebody else's is no response either.
    let error = pending()
        .redirect("?error=access_denied&state=s2")
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Malformed);
}

/// The texts are those of oauth4webapi's `validateAuthResponse`, which has the same checks in the
/// order `response`, `iss`, `state`, `error`, tokens; its verdict stands beside ours.
#[test]
fn checks_are_those_of_oauth4webapi_and_some_more() {
    use ErrorKind::{Malformed, Provider};
    let issuer = "https://op.example";
    let cases: [(&str, bool, Option<ErrorKind>); 20] = [
        ("code=c&state=s1", true, None),
        ("code=c&state=s1&iss=https%3A%2F%2Fop.example", true, None),
        // A parameter without a value counts as omitted (RFC 6749 section 3.1).
        ("code=c&state=s1&error=&iss=", true, None),
        ("code=c&state=s2", false, Some(Malformed)),
        ("code=c&state=", false, Some(Malformed)),
        ("code=c", false, Some(Malformed)),
        ("code=c&state=s1&state=s1", false, Some(Malformed)),
        (
            "code=c&state=s1&iss=https%3A%2F%2Fop.example%2F",
            false,
            Some(Malformed),
        ),
        (
            "code=c&state=s1&iss=https%3A%2F%2FOP.example",
            false,
            Some(Malformed),
        ),
        ("response=e30.e30.&code=c&state=s1", false, Some(Malformed)),
        ("error=access_denied&state=s1", false, Some(Provider)),
        ("error=access_denied&code=c&state=s1", false, Some(Provider)),
        ("code=c&id_token=t&state=s1", false, Some(Malformed)),
        ("code=c&token=t&state=s1", false, Some(Malformed)),
        // Where an error is another's, it does not count: `state` and `iss` come first.
        ("error=access_denied&state=s2", false, Some(Malformed)),
        (
            "error=access_denied&state=s1&iss=https%3A%2F%2Fevil.example",
            false,
            Some(Malformed),
        ),
        // Stricter than oauth4webapi, which leaves the code to the exchange and looks for repeated
        // names among its own only.
        ("state=s1", true, Some(Malformed)),
        ("code=&state=s1", true, Some(Malformed)),
        ("code=c&state=s1&realmId=1&realmId=2", true, Some(Malformed)),
        ("code=%ff&state=s1", true, Some(Malformed)),
    ];
    let pending = pending().with_issuer(issuer, false);
    for (query, is_valid_there, expected) in cases {
        let kind = pending.redirect(query).err().map(|error| error.kind());
        assert_eq!(kind, expected, "{query}");
        assert!(is_valid_there || kind.is_some(), "{query}");
    }
}

#[test]
fn the_state_is_looked_at_before_anything_else() {
    for query in [
        "error=access_denied&state=s2",
        "code=c&code=c&state=s2",
        "code=c&iss=https://evil.example&state=s2",
        "response=x&state=s2",
        "code=&state=s2",
        "state=s1&state=s2",
    ] {
        let error = pending().redirect(query).unwrap_err().to_string();
        assert!(error.contains("another `state`"), "{query}: {error}");
    }
    // What was never sent cannot come back.
    for query in ["code=c", "code=c&state="] {
        assert!(PendingAuthorization::new("").redirect(query).is_err());
    }
}

#[test]
fn only_the_query_is_read() {
    let code = |url: &str| {
        let pending = pending().with_authorization_host("op.example");
        let redirect = pending.redirect(url).map_err(|error| error.to_string());
        redirect.map(|redirect| redirect.code.expose().to_owned())
    };
    for (url, expected) in [
        (
            "https://app.example/cb?code=c&state=s1#code=d&state=s2",
            "c",
        ),
        ("/cb?code=c&state=s1", "c"),
        ("cb?code=c&state=s1", "c"),
        ("?code=c&state=s1", "c"),
        ("com.example.app:/cb?code=c&state=s1", "c"),
        ("https://app.example/cb;a=1?code=c&state=s1", "c"),
        ("code=c?d&state=s1", "c?d"),
        ("code=c&state=s1&next=/a?code=d", "c"),
        ("state=s1&code=c&iss=https://op.example/tenant", "c"),
    ] {
        assert_eq!(code(url).as_deref(), Ok(expected), "{url}");
    }
    for url in [
        "https://app.example/cb#code=c&state=s1",
        "https://app.example/#/route?code=c&state=s1",
        "https://app.example/cb#?code=c&state=s1",
        "https://app.example/code=c&state=s1",
        "#code=c&state=s1",
    ] {
        let error = code(url).unwrap_err();
        assert!(
            error.contains("in the fragment") || error.contains("another `state`"),
            "{url}: {error}"
        );
    }
    let error = code("https://app.example/cb#code=c&state=s1").unwrap_err();
    assert!(error.contains("response_mode"), "{error}");
}

#[test]
fn reading_is_bounded_and_linear() {
    let many = |count: usize| {
        let more: String = (0..count).map(|index| format!("&p{index}=")).collect();
        pending().redirect(&format!("?code=c&state=s1{more}"))
    };
    assert_eq!(many(98).unwrap().extra.len(), 98);
    assert!(many(99).unwrap_err().to_string().contains("100 parameters"));
    let long = |length: usize| {
        let start = "?state=s1&code=";
        let code = "c".repeat(length - start.len());
        pending().redirect(&format!("{start}{code}"))
    };
    assert!(long(64 * 1024).is_ok());
    assert!(
        long(64 * 1024 + 1)
            .unwrap_err()
            .to_string()
            .contains("64 KiB")
    );
    // A hundred megabytes are not looked at.
    assert!(pending().redirect(&"&a".repeat(50_000_000)).is_err());
}

#[test]
fn a_refusal_has_code_and_description() {
    let error = pending()
        .redirect("?error=access_denied&error_description=not+now&state=s1")
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Provider);
    assert_eq!(error.code(), Some(&ErrorCode::AccessDenied));
    assert_eq!(error.description(), Some("not now"));
    assert!(!error.is_retryable());
}

/// Anybody can make a browser come back with such a text.
#[test]
fn a_code_beside_a_refusal_is_masked() {
    let error = pending()
        .redirect("error=x&error_description=abcd-1234+was+refused&code=abcd-1234&state=s1")
        .unwrap_err();
    let shown = format!("{error} {error:?}");
    assert!(!shown.contains("abcd-1234"), "{shown}");
}

#[test]
fn the_texts_of_a_refusal_are_masked() {
    let pending =
        PendingAuthorization::new("s1").with_code_verifier("dBjftJeZ4CVP-mB92K27uhbUJU1p");
    let url = "?error=x%1b%5B31m&error_description=a%0Ab%20dBjftJeZ4CVP%20\
               eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4eXp6eSJ9.c2lnbmF0dXJl&error_uri=x%07&state=s1";
    let error = pending.redirect(url).unwrap_err();
    assert_eq!(error.code().map(ErrorCode::as_str), Some("x\\u{1b}[31m"));
    assert_eq!(error.description(), Some("a b [redacted] [redacted]"));
    assert_eq!(error.uri(), Some("x\\u{7}"));
    let long = format!("?error=x&state=s1&error_description={}", "a".repeat(50_000));
    let error = pending.redirect(&long).unwrap_err();
    assert!(error.to_string().len() < 2_000, "{error}");
}

#[test]
fn the_issuer_is_checked() {
    let honest = "https://honest.example";
    let response = |issuer: &str| format!("?code=c&state=s1{issuer}");
    let named = response("&iss=https%3A%2F%2Fhonest.example");
    let other = response("&iss=https%3A%2F%2Fattacker.example");
    let unnamed = response("");
    let optional = pending().with_issuer(honest, false);
    assert!(optional.redirect(&named).is_ok());
    assert!(optional.redirect(&unnamed).is_ok());
    assert!(optional.redirect(&other).is_err());
    let required = pending().with_issuer(honest, true);
    assert!(required.redirect(&named).is_ok());
    assert!(required.redirect(&unnamed).is_err());
    assert!(required.redirect(&other).is_err());
}

#[test]
fn without_an_issuer_the_host_of_the_authorization_endpoint_counts() {
    let redirect = |pending: &PendingAuthorization, issuer: &str| {
        let issuer: String = form_urlencoded::byte_serialize(issuer.as_bytes()).collect();
        pending.redirect(&format!("?code=c&state=s1&iss={issuer}"))
    };
    let on_host = pending().with_authorization_host("login.example");
    for issuer in [
        "https://login.example",
        "https://LOGIN.example/tenant",
        "https://login.example:8443",
    ] {
        assert!(redirect(&on_host, issuer).is_ok(), "{issuer}");
    }
    // RFC 9207 section 2.
    for issuer in [
        "login.example",
        "login.example:443",
        "//login.example",
        "http://login.example",
        "ftp://login.example",
        "javascript://login.example",
        "https://login.example?a=b",
        "https://login.example#a",
        "https:login.example",
        "https://login.example\\@evil.example",
        " https://login.example",
    ] {
        let error = redirect(&on_host, issuer).unwrap_err();
        assert_eq!(error.redirect_problem(), Some(RedirectProblem::OtherIssuer));
        assert!(
            error.to_string().contains("is not an `https` URL"),
            "{issuer}: {error}"
        );
    }
    let here = pending().with_authorization_host("127.0.0.1");
    assert!(redirect(&here, "http://127.0.0.1:8080/realms/a").is_ok());
    // A host that plain http is allowed to is at plain http.
    let by = |url: &str| pending().sent_to(&url.parse().unwrap());
    let keycloak = "http://keycloak:8080/realms/a";
    assert!(redirect(&by("http://keycloak:8080/authorize"), keycloak).is_ok());
    assert!(redirect(&by("https://keycloak:8080/authorize"), keycloak).is_err());
    for issuer in [
        "https://evil.example",
        "https://evil.example/login.example",
        "https://login.example.evil.example",
        "https://login.example@evil.example",
        "https://evil.example@login.example",
        "https://sub.login.example",
        "login.example/x",
        "not a URL",
    ] {
        assert!(redirect(&on_host, issuer).is_err(), "{issuer}");
    }
    assert!(on_host.redirect("?code=c&state=s1").is_ok());
    // The issuer counts where it is known, whatever was set first.
    let both = on_host.with_issuer("https://issuer.example", false);
    assert!(redirect(&both, "https://issuer.example").is_ok());
    assert!(redirect(&both, "https://login.example").is_err());
    let error = redirect(&pending(), "https://login.example").unwrap_err();
    assert!(error.to_string().contains("with_issuer"), "{error}");
}

#[test]
fn debug_shows_no_secret() {
    let pending = pending().with_code_verifier("verifier").with_nonce("n0nce");
    let shown = format!("{pending:?}");
    assert!(!shown.contains("s1") && !shown.contains("verifier") && !shown.contains("n0nce"));
    let authorization = super::Authorization {
        url: "https://op.example/authorize?state=canary&nonce=canary".to_owned(),
        pending: super::PendingAuthorization::new("canary"),
    };
    let shown = format!("{authorization:?}");
    assert!(
        !shown.contains("canary") && shown.contains("op.example/authorize"),
        "{shown}"
    );
}

#[test]
fn what_is_wrong_is_said_without_a_text() {
    use RedirectProblem::{
        Incomplete, NoIssuer, OtherIssuer, OtherState, Refused, Repeated, Unreadable, Unsolicited,
    };
    let pending = pending().with_issuer("https://op.example", true);
    for (query, problem) in [
        ("code=c&state=s2", OtherState),
        ("code=c", OtherState),
        ("code=c&state=s1&state=s1", OtherState),
        ("code=c&code=c&state=s1", Repeated),
        ("code=c&state=s1", NoIssuer),
        ("code=c&state=s1&iss=https://evil.example", OtherIssuer),
        (
            "error=access_denied&state=s1&iss=https://op.example",
            Refused,
        ),
        ("state=s1&iss=https://op.example", Incomplete),
        (
            "code=c&token=t&state=s1&iss=https://op.example",
            Unsolicited,
        ),
        ("code=%ff&state=s1&iss=https://op.example", Unreadable),
        ("/cb#code=c&state=s1", Unreadable),
    ] {
        let error = pending.redirect(query).unwrap_err();
        assert_eq!(error.redirect_problem(), Some(problem), "{query}");
    }
    assert!(crate::Error::config("another").redirect_problem().is_none());
}

#[test]
fn it_is_stored_with_its_secrets_marked() {
    static ENDPOINT: Endpoint<'static> = Endpoint::new(EndpointKind::Authorization, &["/auth"])
        .with_fields(&[("code", "/auth_code")])
        .with_error_codes(&[("user_cancelled", "access_denied")]);
    let pending = pending()
        .with_nonce("n1")
        .with_code_verifier("v1")
        .with_max_age(std::time::Duration::from_secs(60))
        .with_issuer("https://op.example", true)
        .with_authorization_host("op.example")
        .with_redirect_uri("https://app.example/cb")
        .with_endpoint(&ENDPOINT);
    let json = serde_json::to_value(pending.expose()).unwrap();
    let secrets = serde_json::json!({"state": "s1", "nonce": "n1", "code_verifier": "v1"});
    assert_eq!(json["secrets"], secrets);
    let again: PendingAuthorization = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(serde_json::to_value(again.expose()).unwrap(), json);
    let redirect = again.redirect("auth_code=c&state=s1&iss=https://op.example");
    assert_eq!(redirect.unwrap().code.expose(), "c");
    let error = again
        .redirect("error=user_cancelled&state=s1&iss=https://op.example")
        .unwrap_err();
    assert_eq!(error.code(), Some(&ErrorCode::AccessDenied));

    // What was not set takes no room.
    let plain = serde_json::to_string(&super::PendingAuthorization::new("s1").expose()).unwrap();
    assert_eq!(plain, r#"{"secrets":{"state":"s1"}}"#);
    assert!(serde_json::from_str::<PendingAuthorization>("{}").is_err());
}
