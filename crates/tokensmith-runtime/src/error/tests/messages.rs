//! What an error says, in one line.

use super::refused;
use crate::testing::{
    CLIENT_CREDENTIALS, Outcome, SECRET, TOKEN, play, response, settings, with_headers,
};
use crate::{ErrorCode, ErrorKind, Retry, TokenRequest, TransportError, TransportErrorKind};

const AT: &str = "from POST auth.example.com/oauth2/token: ";

/// What is said of a response, after the status and the endpoint.
fn told(response: Outcome) -> String {
    let shown = refused(response).to_string();
    let (_, told) = shown.split_once(AT).expect("the endpoint is named");
    told.to_owned()
}

#[test]
fn without_a_declaration_the_usual_members_describe() {
    let cases = [
        (
            r#"{"scope":"unknown scope"}"#,
            None,
            "`scope`: unknown scope",
        ),
        (
            r#"{"errors":{"scope":["is not known"]}}"#,
            None,
            "`scope`: is not known",
        ),
        (
            r#"{"errors":{"scope":["invalid"],"name":["can't be blank","is short"],"base":"Not now."}}"#,
            None,
            "`base`: Not now.; `name`: can't be blank; `scope`: invalid",
        ),
        (
            r#"{"message":"The data was invalid.","errors":{"Client.Id":["The id is required."]}}"#,
            None,
            "The data was invalid. (`Client.Id`: The id is required.)",
        ),
        (
            r#"{"error":"invalid_request","errors":{"a":["is a"],"b":["is b"],"c":["is c"],"d":["is d"],"e":["is e"]}}"#,
            Some("invalid_request"),
            "`a`: is a; `b`: is b; `c`: is c; 2 more",
        ),
        (
            r#"{"errors":{"message":"no such scope"}}"#,
            None,
            "no such scope",
        ),
        // What may be an echo of what was sent.
        (
            r#"{"errors":{"base":["0pen-sesame"],"a b":["is c"]}}"#,
            None,
            "",
        ),
        (r#"{"message":"Forbidden"}"#, None, "Forbidden"),
        (r#"{"Message":"Forbidden"}"#, None, "Forbidden"),
        (r#"{"error_msg":"no such app"}"#, None, "no such app"),
        (r#"{"errorMessage":"no such app"}"#, None, "no such app"),
        (
            r#"{"errorCode":"invalid_client","errorSummary":"A client_id is required."}"#,
            Some("invalid_client"),
            "A client_id is required.",
        ),
        (
            r#"{"type":"about:blank","title":"Bad Request","status":400,"detail":"no such scope"}"#,
            None,
            "no such scope",
        ),
        (r#"{"title":"Bad Request"}"#, None, "Bad Request"),
        (
            r#"{"errors":[{"status":"422","title":"Invalid","detail":"no such scope"}]}"#,
            None,
            "no such scope",
        ),
        (
            r#"{"errors":[{"errorType":"invalid_grant","message":"it is spent"}]}"#,
            Some("invalid_grant"),
            "it is spent",
        ),
        (r#"{"errors":["no such scope"]}"#, None, "no such scope"),
        (
            r#"{"response":{"errors":[{"message":"no such scope"}]}}"#,
            None,
            "no such scope",
        ),
        (
            r#"{"fault":{"faultstring":"Invalid ApiKey","detail":{"errorcode":"oauth.v2.InvalidApiKey"}}}"#,
            None,
            "Invalid ApiKey",
        ),
        (
            r#"{"code":40110000,"message":"invalid_client"}"#,
            Some("invalid_client"),
            "invalid_client",
        ),
        (
            r#"{"code":"invalid_request","description":"not that audience"}"#,
            Some("invalid_request"),
            "not that audience",
        ),
        (
            r#"{"error":"invalid_request","error_description":"It is malformed.","hint":"it has expired"}"#,
            Some("invalid_request"),
            "It is malformed. (it has expired)",
        ),
        (r#""no such scope""#, None, "no such scope"),
        (
            r#"{"message":["client_id must be a string","scope must be a string"],"error":"Bad Request"}"#,
            Some("Bad Request"),
            "client_id must be a string; scope must be a string",
        ),
        (r#"{"message":["no such scope"]}"#, None, "no such scope"),
        (
            r#"{"message":{"text":"no such scope"}}"#,
            None,
            "no such scope",
        ),
        (
            r#"{"message":{"scope":["is not known"]}}"#,
            None,
            "`scope`: is not known",
        ),
        (
            r#"{"errcode":40013,"errmsg":"invalid appid"}"#,
            None,
            "invalid appid",
        ),
        (r#"{"err":"no such scope"}"#, None, "no such scope"),
        (r#"{"err":{"msg":"no such scope"}}"#, None, "no such scope"),
        (r#"{"error":42}"#, None, "`error`: 42"),
        (r#"{"errcode":40013}"#, None, "`errcode`: 40013"),
        (
            r#"{"error_name":"BadScope"}"#,
            None,
            "`error_name`: BadScope",
        ),
        (r#"{"errors":[{"code":"E17"}]}"#, None, "`code`: E17"),
        (
            r#"{"result":{"error":"no such scope"}}"#,
            None,
            "no such scope",
        ),
        (
            r#"{"result":{"error":{"code":17,"message":"no such scope"}}}"#,
            None,
            "no such scope",
        ),
        (
            r#"{"result":{"error":{"errorCode":"invalid_scope"}}}"#,
            Some("invalid_scope"),
            "",
        ),
        (
            r#"{"detail":[{"loc":["body","scope"],"msg":"field required"}]}"#,
            None,
            "field required",
        ),
        (
            r#"{"errors":[{"id":"1","code":"E17","title":"Invalid scope","source":{"parameter":"scope"}}]}"#,
            None,
            "Invalid scope",
        ),
    ];
    for (body, code, description) in cases {
        let error = refused(response(422, body));
        assert_eq!(error.code().map(ErrorCode::as_str), code, "{body}");
        let description = Some(description).filter(|description| !description.is_empty());
        assert_eq!(error.description(), description, "{body}");
    }
    let plain = with_headers(
        401,
        &[("content-type", "text/plain; charset=utf-8")],
        "No such client\n",
    );
    assert_eq!(told(plain), "No such client");
    assert_eq!(
        told(response(422, r#"{"scope":"unknown scope"}"#)),
        "`scope`: unknown scope"
    );
}

#[test]
fn a_success_is_not_made_an_error_by_what_only_usual_members_say() {
    let error = refused(response(
        200,
        r#"{"code":"invalid_request","message":"m","data":"0pen-sesame"}"#,
    ));
    assert_eq!(error.kind(), ErrorKind::Malformed);
    assert!(!format!("{error} {error:?}").contains("sesame"));
    for body in [
        r#"["0pen-sesame"]"#,
        r#"{"message":["0pen-sesame"]}"#,
        r#"{"message":{"text":"0pen-sesame"}}"#,
        r#"{"code":"0pen-sesame"}"#,
        r#"{"result":{"code":"0pen-sesame"},"text":"0pen-sesame"}"#,
    ] {
        assert_eq!(refused(response(200, body)).description(), None, "{body}");
    }
}

#[test]
fn a_response_without_a_reason_is_described() {
    let cases: [(&str, &str); 10] = [
        (
            r#"{"accessToken":1,"tokenType":2}"#,
            "the response body is a JSON object with the members `accessToken`, `tokenType` (31 bytes)",
        ),
        ("", "the response body is empty"),
        (" \n", "the response body is empty"),
        (
            "<!DOCTYPE html><p>x",
            "the response body is an HTML page (19 bytes)",
        ),
        (
            r#"{"a":1,"b":2}"#,
            "the response body is a JSON object with 2 members of other names (13 bytes)",
        ),
        (
            r#"{"status":7,"request_id":1,"b":2}"#,
            "the response body is a JSON object with the members `request_id`, `status` and 1 of other names \
             (33 bytes)",
        ),
        (
            "{}",
            "the response body is a JSON object without members (2 bytes)",
        ),
        (
            "[1,2]",
            "the response body is a JSON array of length 2 (5 bytes)",
        ),
        ("{\"a\":", "the response body is malformed JSON (5 bytes)"),
        (
            "x: y",
            "the response body is text that is neither JSON nor a form (4 bytes)",
        ),
    ];
    for (body, expected) in cases {
        assert_eq!(told(response(400, body)), expected, "{body}");
    }
}

#[test]
fn a_redirect_shows_where_it_leads_but_no_query() {
    let target = |location: &str| {
        let error = refused(with_headers(302, &[("location", location)], ""));
        assert_eq!(error.kind(), ErrorKind::Redirect);
        let target = error.redirect_target().map(str::to_owned);
        let shown = error.to_string();
        assert!(
            target
                .as_ref()
                .is_none_or(|target| shown.contains(&format!("redirect to {target}: "))),
            "{shown}"
        );
        assert!(!shown.contains("sesame"), "{shown}");
        target
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(target("/oauth2/token/"), some("/oauth2/token/"));
    assert_eq!(
        target("https://user:sesame@elsewhere.example:8443/token?code=sesame#sesame"),
        some("https://elsewhere.example:8443/token")
    );
    assert_eq!(
        target("https://elsewhere.example/session/4f9c1d0be83a4c2f9d11"),
        some("https://elsewhere.example/session/[redacted]")
    );
    assert_eq!(target("?code=sesame"), None);
    assert_eq!(target("https://sesame sesame/"), None);
}

#[test]
fn a_redirect_that_cannot_be_shown_says_why() {
    let told = |headers: &[(&str, &str)]| told(with_headers(307, headers, ""));
    let not_followed = "redirects are not followed, because they would carry the credentials along";
    for (location, reason) in [
        (None, "the response has no `Location`"),
        (Some(""), "the response has no `Location`"),
        (
            Some("https://sesame sesame/"),
            "the `Location` of the response is not a URL",
        ),
        (
            Some("https://a.example/\u{fc}"),
            "the `Location` of the response is not ASCII",
        ),
        (
            Some("?code=sesame"),
            "the `Location` of the response is a query or fragment alone, which is not shown",
        ),
    ] {
        let headers: Vec<_> = location.map(|it| ("location", it)).into_iter().collect();
        assert_eq!(
            told(&headers),
            format!("{reason}; {not_followed}: the response body is empty")
        );
    }
    // What is long is shown from its beginning.
    let long = format!("https://a.example/{}", "a/".repeat(4_000));
    let shown = told(&[("location", &long)]);
    assert!(
        shown.starts_with("redirect to https://a.example/a/a/"),
        "{shown}"
    );
    assert!(shown.len() < 2_000 && shown.contains('…'), "{shown}");
}

#[test]
fn the_provider_is_named_where_it_is_known() {
    let mut settings = settings();
    settings.set_provider("moov");
    settings.set_retry(Retry::never());
    let request = TokenRequest::new(&TOKEN, &CLIENT_CREDENTIALS).scope("a");
    let limited = with_headers(429, &[("retry-after", "30")], r#"{"message":"slow down"}"#);
    let error = play(&settings, &request, [limited]).outcome.unwrap_err();
    assert_eq!(error.provider(), Some("moov"));
    assert_eq!(error.host(), Some("auth.example.com"));
    let endpoint = error.endpoint().unwrap();
    assert_eq!(
        (endpoint.method(), endpoint.path()),
        ("POST", "/oauth2/token")
    );
    assert_eq!(
        error.to_string(),
        "moov: HTTP 429 from POST auth.example.com/oauth2/token: slow down (retry after 30 s)"
    );
    assert_eq!(
        error.reason().to_string(),
        "HTTP 429: slow down (retry after 30 s)"
    );
    let twice = request.parameter("scope", "b");
    let error = play(&settings, &twice, []).outcome.unwrap_err();
    assert_eq!(
        error.to_string(),
        "moov: cannot send POST auth.example.com/oauth2/token: the parameter `scope` is given twice"
    );
}

#[test]
fn transport_errors_name_the_peer_and_the_cause() {
    let cases = [
        (
            TransportErrorKind::Resolve,
            false,
            "cannot resolve auth.example.com: the cause",
        ),
        (
            TransportErrorKind::Connect,
            false,
            "cannot connect to auth.example.com:443: the cause",
        ),
        (
            TransportErrorKind::Timeout,
            false,
            "timed out connecting to auth.example.com:443: the cause",
        ),
        (
            TransportErrorKind::Timeout,
            true,
            "timed out waiting for the response of POST auth.example.com/oauth2/token: the cause",
        ),
        (
            TransportErrorKind::Tls,
            false,
            "cannot make a TLS connection to auth.example.com:443: the cause",
        ),
        (
            TransportErrorKind::Other,
            true,
            "the connection to auth.example.com:443 broke before the response of \
             POST auth.example.com/oauth2/token was complete: the cause",
        ),
    ];
    for (kind, sent, shown) in cases {
        let error = refused(Err(TransportError::new(kind, sent, "the cause")));
        assert_eq!(error.to_string(), shown);
        let told = refused(Err(TransportError::new(
            kind,
            sent,
            format!("no {SECRET} here"),
        )));
        assert!(told.to_string().ends_with("no [redacted] here"), "{told}");
    }
    let refusal = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
    let error = refused(Err(TransportError::new(
        TransportErrorKind::Connect,
        false,
        refusal,
    )));
    assert_eq!(
        error.to_string(),
        "cannot connect to auth.example.com:443: connection refused"
    );
}
