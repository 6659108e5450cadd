//! A request as it arrived, written so that it can be compared with one written by hand.

use std::collections::BTreeMap;

use tokensmith_runtime::{BodyFormat, ClientAuth};
use tokensmith_tests::endpoint::{Endpoint, Style};
use tokensmith_tests::strict_server::Received;

/// The endpoints' client by HTTP Basic, form-encoded: `client+id%2F1%2B%25:s3cret%26%3D%2F%C3%BC%7E`.
pub(crate) const BASIC: &str = "Basic Y2xpZW50K2lkJTJGMSUyQiUyNTpzM2NyZXQlMjYlM0QlMkYlQzMlQkMlN0U=";
/// The same as it is: `client id/1+%:s3cret&=/ü~`.
pub(crate) const BASIC_RAW: &str = "Basic Y2xpZW50IGlkLzErJTpzM2NyZXQmPS/DvH4=";
/// The same in a form.
const IN_FORM: &str = "client_id=client+id%2F1%2B%25&client_secret=s3cret%26%3D%2F%C3%BC%7E";
/// The same in JSON, members sorted.
const IN_JSON: &str = r#""client_id":"client id/1+%","client_secret":"s3cret&=/ü~""#;

/// Every client authentication, the one style that the server lets in, and the header it is sent as.
pub(crate) const AUTHENTICATIONS: [(ClientAuth, Style, Option<&str>); 4] = [
    (ClientAuth::Auto, Style::Basic, Some(BASIC)),
    (ClientAuth::Basic, Style::Basic, Some(BASIC)),
    (ClientAuth::BasicRaw, Style::BasicRaw, Some(BASIC_RAW)),
    (ClientAuth::Body, Style::Body, None),
];

/// A token request to this path; `body` is the form, or the JSON with its members sorted. Without the header the
/// client's credentials are added to the body.
pub(crate) fn expected(
    path: &str,
    authorization: Option<&str>,
    headers: &[&str],
    format: BodyFormat,
    body: &str,
) -> String {
    let media_type = match format {
        BodyFormat::Form => "application/x-www-form-urlencoded",
        BodyFormat::Json => "application/json",
        _ => panic!("a new body format"),
    };
    let mut lines: Vec<_> = headers.iter().map(|line| (*line).to_owned()).collect();
    lines.push("accept: application/json".to_owned());
    lines.push("accept-encoding: identity".to_owned());
    lines.push(format!("content-type: {media_type}"));
    lines.push("user-agent: tokensmith".to_owned());
    lines.extend(authorization.map(|value| format!("authorization: {value}")));
    lines.sort();
    let body = match (authorization, format) {
        (Some(_), _) => body.to_owned(),
        (None, BodyFormat::Form) => format!("{body}&{IN_FORM}"),
        (None, _) => body.replacen('{', &format!("{{{IN_JSON},"), 1),
    };
    format!("POST {path}\n{}\n\n{body}", lines.join("\n"))
}

/// Everything that the client decides about: all headers but the length, which the server checks, and the host.
pub(crate) fn shown(request: &Received) -> String {
    let mut lines: Vec<_> = request
        .headers
        .iter()
        .map(|(name, value)| (name.to_ascii_lowercase(), value))
        .filter(|(name, _)| name != "host" && name != "content-length")
        .map(|(name, value)| format!("{name}: {value}"))
        .map(|line| match line.strip_prefix("user-agent: tokensmith/") {
            Some(version) if version.split('.').all(|part| part.parse::<u32>().is_ok()) => {
                "user-agent: tokensmith".to_owned()
            }
            _ => line,
        })
        .collect();
    lines.sort();
    let body = match serde_json::from_slice::<BTreeMap<String, serde_json::Value>>(&request.body) {
        Ok(members) => serde_json::to_string(&members).expect("JSON"),
        Err(_) => request.text().to_owned(),
    };
    format!(
        "{} {}\n{}\n\n{body}",
        request.method,
        request.target,
        lines.join("\n")
    )
}

/// The requests so far, of which none is one that the page does not know.
#[track_caller]
pub(crate) fn requests(endpoint: &Endpoint) -> Vec<Received> {
    assert_eq!(endpoint.complaints(), [""; 0]);
    let host = endpoint.server().address().to_string();
    let requests = endpoint.requests();
    assert!(
        requests
            .iter()
            .all(|request| request.header("host") == Some(&host))
    );
    requests
}

/// The one request so far.
#[track_caller]
pub(crate) fn only(endpoint: &Endpoint) -> String {
    let requests = requests(endpoint);
    assert_eq!(requests.len(), 1, "{requests:#?}");
    shown(&requests[0])
}

/// How each request so far authenticated.
#[track_caller]
pub(crate) fn styles(endpoint: &Endpoint) -> Vec<Style> {
    let style = |request: &Received| match request.header("authorization") {
        Some(BASIC) => Style::Basic,
        Some(BASIC_RAW) => Style::BasicRaw,
        Some(other) => panic!("{other}"),
        None => Style::Body,
    };
    requests(endpoint).iter().map(style).collect()
}
