//! Where the parameters of a request stand that are neither in the body nor in the query alone.

use super::{good, pairs};
use crate::protocol::Settings;
use crate::testing::{ID, SECRET, form, play, settings};
use crate::{
    BodyFormat, ClientAuth, Credentials, Endpoint, EndpointKind, Location, Method, Operation,
    Parameter, TokenRequest,
};

static CLIENT_CREDENTIALS: Operation<'static> = Operation::grant("client_credentials");
static TOKEN: Endpoint<'static> =
    Endpoint::new(EndpointKind::Token, &["/token"]).with_client_auth(ClientAuth::Basic);

fn sent(endpoint: &Endpoint<'_>, settings: &Settings) -> http::Request<Vec<u8>> {
    let request = TokenRequest::new(endpoint, &CLIENT_CREDENTIALS);
    play(settings, &request, [good()]).sent.remove(0)
}

#[test]
fn the_grant_may_be_a_header_or_a_part_of_the_path() {
    let in_header = TOKEN.with_grant_type("grant_type", Location::Header);
    let request = sent(&in_header, &settings());
    assert_eq!(request.headers()["grant_type"], "client_credentials");
    assert!(request.body().is_empty() && request.uri().query().is_none());

    let in_path = Endpoint::new(EndpointKind::Token, &["/{grant_type}/token"])
        .with_grant_type("grant_type", Location::Path);
    let request = sent(&in_path, &settings());
    assert_eq!(request.uri().path(), "/client_credentials/token");
    assert!(request.body().is_empty());
}

#[test]
fn a_client_may_stand_in_headers_of_its_own() {
    let endpoint = TOKEN
        .with_client_auth(ClientAuth::Header)
        .with_client_names("X-Client-Id", "X-Client-Secret");
    let request = sent(&endpoint, &settings());
    let headers = request.headers();
    assert_eq!(headers["x-client-id"], ID);
    assert_eq!(headers["x-client-secret"], SECRET);
    assert!(headers["x-client-secret"].is_sensitive());
    assert!(!headers.contains_key("authorization"));
    assert_eq!(
        form(&request),
        pairs(&[("grant_type", "client_credentials")])
    );

    let mut taken = settings();
    taken.set_header("X-Client-Secret", "other").unwrap();
    let request = TokenRequest::new(&endpoint, &CLIENT_CREDENTIALS);
    let error = play(&taken, &request, []).outcome.unwrap_err();
    assert!(error.to_string().contains("X-Client-Secret"), "{error}");
}

#[test]
fn an_operation_may_name_the_client_beside_basic() {
    static CODE: Operation<'static> = Operation::grant("authorization_code").naming_client();
    let request = TokenRequest::new(&TOKEN, &CODE);
    let request = play(&settings(), &request, [good()]).sent.remove(0);
    assert!(request.headers().contains_key("authorization"));
    let expected = pairs(&[("grant_type", "authorization_code"), ("client_id", ID)]);
    assert_eq!(form(&request), expected);
}

#[test]
fn copies_are_sent_beside_the_first() {
    let copies = [
        ("grant_type", Location::Header),
        ("client_id", Location::Body),
        ("client_id", Location::Query),
        ("tenant", Location::Header),
    ];
    let parameters = [Parameter::new("tenant").required()];
    let operation = CLIENT_CREDENTIALS.with_parameters(&parameters);
    let endpoint = TOKEN.with_copies(&copies);
    let request = TokenRequest::new(&endpoint, &operation).parameter("tenant", "t");
    let sent = play(&settings(), &request, [good()]).sent.remove(0);
    assert_eq!(sent.headers()["grant_type"], "client_credentials");
    assert_eq!(sent.headers()["tenant"], "t");
    assert_eq!(sent.uri().query(), Some("client_id=client"));
    assert_eq!(
        form(&sent),
        pairs(&[
            ("grant_type", "client_credentials"),
            ("tenant", "t"),
            ("client_id", ID)
        ])
    );
}

#[test]
fn an_empty_body_has_a_length() {
    let endpoint = TOKEN.with_grant_type("grant_type", Location::Query);
    let request = sent(&endpoint, &settings());
    assert!(request.body().is_empty());
    assert_eq!(request.headers()["content-length"], "0");
    assert!(
        !sent(&TOKEN, &settings())
            .headers()
            .contains_key("content-length")
    );
}

#[test]
fn a_public_client_is_named_where_the_document_has_it() {
    let public = Settings::new("https://auth.example.com", Credentials::public(ID)).unwrap();
    let in_query = TOKEN.with_copies(&[("client_id", Location::Query)]);
    let request = sent(&in_query, &public);
    assert_eq!(request.uri().query(), Some("client_id=client"));
    assert_eq!(
        form(&request),
        pairs(&[("grant_type", "client_credentials")])
    );
    let beside_secret = TOKEN.with_client_auth(ClientAuth::Query);
    let request = sent(&beside_secret, &public);
    assert_eq!(request.uri().query(), Some("client_id=client"));
    let in_header = TOKEN.with_client_auth(ClientAuth::Header);
    let request = sent(&in_header, &public);
    assert_eq!(request.headers()["client_id"], ID);
    let nowhere = TOKEN.without_client_id();
    let request = sent(&nowhere, &public);
    assert_eq!(request.uri().query(), None);
    assert_eq!(
        form(&request),
        pairs(&[("grant_type", "client_credentials")])
    );
}

#[test]
fn nothing_is_twice_in_one_place() {
    let copies = [
        ("grant_type", Location::Query),
        ("client_id", Location::Body),
        ("client_id", Location::Query),
    ];
    let endpoint = TOKEN
        .with_copies(&copies)
        .with_client_auth(ClientAuth::Query);
    let expected =
        "grant_type=client_credentials&client_id=client&client_secret=S3cret%2Fcanary%2Bvalue";
    let request = sent(&endpoint.with_method(Method::Get), &settings());
    assert_eq!(request.uri().query(), Some(expected));
}

#[test]
fn a_secret_is_copied_where_it_is_a_parameter_and_never_into_the_url() {
    let copies = [
        ("client_secret", Location::Header),
        ("client_secret", Location::Query),
    ];
    let endpoint = TOKEN.with_copies(&copies);
    let request = sent(&endpoint.with_client_auth(ClientAuth::Body), &settings());
    assert_eq!(request.headers()["client_secret"], SECRET);
    assert_eq!(request.uri().query(), None);
    let request = sent(&endpoint, &settings());
    assert!(!request.headers().contains_key("client_secret"));
    assert!(request.headers().contains_key("authorization"));
}

#[test]
fn a_client_in_the_path_is_filled_in() {
    let endpoint = Endpoint::new(EndpointKind::Token, &["/{client_id}/token"])
        .with_copies(&[("client_id", Location::Path)]);
    let base = "https://auth.example.com";
    let odd = Settings::new(base, Credentials::new("a/b", SECRET)).unwrap();
    assert_eq!(sent(&endpoint, &odd).uri().path(), "/a%2Fb/token");
    let none = Settings::new(base, Credentials::public("")).unwrap();
    let request = TokenRequest::new(&endpoint, &CLIENT_CREDENTIALS);
    let error = play(&none, &request, []).outcome.unwrap_err();
    assert!(error.to_string().contains("client_id"), "{error}");
}

#[test]
fn bodies_have_the_media_type_of_the_endpoint() {
    let json = TOKEN
        .with_formats(&[BodyFormat::Json])
        .with_json_media_type("application/vnd.api+json");
    let request = sent(&json, &settings());
    assert_eq!(
        request.headers()["content-type"],
        "application/vnd.api+json"
    );
    let parts = TOKEN.with_formats(&[BodyFormat::Multipart]);
    let request = sent(&parts, &settings());
    let media_type = request.headers()["content-type"].to_str().unwrap();
    let boundary = media_type
        .strip_prefix("multipart/form-data; boundary=")
        .unwrap();
    let body = str::from_utf8(request.body()).unwrap();
    assert!(body.starts_with(&format!("--{boundary}\r\n")), "{body}");
    assert!(body.contains("name=\"grant_type\"\r\n\r\nclient_credentials\r\n"));
}
