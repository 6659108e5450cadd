//! What is wrong with a request is said in plain words.

use tokensmith_mock::{MockClient, Options, Provider};

use super::acme::{BASIC, UMBRELLA, acme, basic, get, member, post, post_as, refusal};

const TOKEN: &str = "/oauth/token";
const GRANT: &str = "grant_type=client_credentials";

#[test]
fn a_request_as_described_gets_a_token() {
    let acme = acme(Options::new());
    let more = "&scope=a+b&tenant=abcd&lifetime=7";
    let headers = [BASIC, ("x-region", "eu"), ("accept", "application/*")];
    let response = post_as(&acme, TOKEN, &format!("{GRANT}{more}"), &headers);
    assert_eq!(response.status(), 200, "{}", refusal(&response));
    assert!(acme.is_active(&member(&response, "/access_token")));
    assert_eq!(member(&response, "/token_type"), "Bearer");
    let seen = acme.requests().pop().unwrap();
    assert_eq!(
        (seen.client.as_deref(), seen.client_auth),
        (Some("id"), Some("basic"))
    );
    assert_eq!(
        (seen.grant.as_deref(), seen.status),
        (Some("client_credentials"), Some(200))
    );
}

#[test]
fn the_client_authenticates_once_and_as_declared() {
    let acme = acme(Options::new());
    let cases = [
        (
            GRANT,
            &[][..],
            "invalid_client: there is no client authentication: auto is expected",
        ),
        (
            "grant_type=client_credentials&client_id=id",
            &[],
            "which client credentials need",
        ),
        (
            "grant_type=client_credentials&client_id=id&client_secret=s",
            &[BASIC],
            "invalid_request: the client authenticates more than once: `Basic` in the header \
             Authorization and `client_secret` in the body",
        ),
        (
            "grant_type=client_credentials&client_id=other",
            &[BASIC],
            "`client_id` names another client",
        ),
        (
            GRANT,
            &[("authorization", "Bearer x")],
            "has the scheme `Bearer`, not `Basic`",
        ),
        (
            GRANT,
            &[("authorization", "Basic aWQ6JQ==")],
            "not form-encoded",
        ),
        (
            GRANT,
            &[("authorization", "Basic aWQ=")],
            "not base64 of `id:secret`",
        ),
        (GRANT, &[("authorization", "Basic aWQ6")], "is empty"),
    ];
    for (form, headers, expected) in cases {
        let response = post_as(&acme, TOKEN, form, headers);
        assert!(
            refusal(&response).contains(expected),
            "{}",
            refusal(&response)
        );
    }
    let in_query = post(
        &acme,
        &format!("{TOKEN}?client_secret=s"),
        "grant_type=client_credentials&client_id=id",
    );
    assert!(refusal(&in_query).contains("by `client_secret` in the query; auto is expected"));
    assert_eq!(acme.counts()["client_credentials"].refused, 9);
}

#[test]
fn a_client_without_a_secret_may_have_to_use_basic() {
    let umbrella = Provider::new(UMBRELLA, &[], Options::new());
    // `id:`, and `id:secret`.
    let public = post_as(&umbrella, TOKEN, GRANT, &[("authorization", "Basic aWQ6")]);
    assert_eq!(public.status(), 200, "{}", refusal(&public));
    let confidential = basic(&umbrella, TOKEN, GRANT);
    assert!(refusal(&confidential).contains("body is expected of others"));
    let in_body = post(
        &umbrella,
        TOKEN,
        &format!("{GRANT}&client_id=id&client_secret=s"),
    );
    assert_eq!(in_body.status(), 200, "{}", refusal(&in_body));
}

#[test]
fn a_secret_without_a_scheme_is_not_shown() {
    let acme = acme(Options::new());
    let both = "grant_type=client_credentials&client_id=id&client_secret=s";
    for value in ["s3cret", "s3cret word", "Basics3cret"] {
        for form in [GRANT, both] {
            let response = post_as(&acme, TOKEN, form, &[("authorization", value)]);
            let text = refusal(&response);
            assert!(text.contains("no known scheme"), "{text}");
            assert!(!text.contains("s3cret"), "{text}");
        }
    }
    assert!(!format!("{:?}", acme.requests()).contains("s3cret"));
}

#[test]
fn client_assertions_are_read() {
    let acme = acme(Options::new());
    // {"iss":"id","sub":"id","aud":"http://localhost","exp":…}, with and without a year to come.
    let (good, old) = (
        "e30.eyJpc3MiOiJpZCIsInN1YiI6ImlkIiwiYXVkIjoiaHR0cDovL2xvY2FsaG9zdCIsImV4cCI6NDAwMDAwMDAwMH0.c2ln",
        "e30.eyJpc3MiOiJpZCIsInN1YiI6ImlkIiwiYXVkIjoiaHR0cDovL2xvY2FsaG9zdCIsImV4cCI6NDAwMDAwMH0.c2ln",
    );
    let kind =
        "client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer";
    let cases = [
        (format!("{GRANT}&{kind}&client_assertion={good}"), ""),
        (
            format!("{GRANT}&{kind}&client_assertion={old}"),
            "has expired",
        ),
        (
            format!("{GRANT}&{kind}&client_assertion=abc"),
            "is not a JWT",
        ),
        (
            format!("{GRANT}&client_assertion={good}"),
            "`client_assertion_type` is not",
        ),
    ];
    for (form, expected) in cases {
        let response = post(&acme, TOKEN, &form);
        let refusal = refusal(&response);
        assert_eq!(refusal.is_empty(), expected.is_empty(), "{refusal}");
        assert!(refusal.contains(expected), "{refusal}");
    }
}

#[test]
fn registered_clients_are_compared() {
    let options = Options::new()
        .client(MockClient::new("id", "secret"))
        .client(MockClient::public("app"));
    let acme = acme(options);
    assert_eq!(basic(&acme, TOKEN, GRANT).status(), 200);
    let cases = [
        (
            "client_id=id&client_secret=wrong",
            "the client secret is wrong",
        ),
        (
            "client_id=nobody&client_secret=s",
            "the client `nobody` is not registered",
        ),
        (
            "client_id=app&client_secret=s",
            "is public and sent a secret",
        ),
    ];
    for (client, expected) in cases {
        let response = post(&acme, TOKEN, &format!("{GRANT}&{client}"));
        assert!(
            refusal(&response).contains(expected),
            "{}",
            refusal(&response)
        );
        assert_eq!(response.status(), 401);
        assert!(response.headers().contains_key("www-authenticate"));
    }
    acme.accept_refresh_token("r");
    let refresh = "grant_type=refresh_token&refresh_token=r&client_id=";
    let response = post(&acme, TOKEN, &format!("{refresh}id"));
    assert!(refusal(&response).contains("did not authenticate"));
    assert_eq!(post(&acme, TOKEN, &format!("{refresh}app")).status(), 200);
}

#[test]
fn parameters_have_their_places_types_and_limits() {
    let acme = acme(Options::new());
    let cases = [
        ("", "`grant_type` is missing in the body"),
        (
            "grant_type=implicit",
            "unsupported_grant_type: `grant_type` is `implicit`",
        ),
        (
            "grant_type=client_credentials&tenant=abcde",
            "has 5 characters, more than 4",
        ),
        (
            "grant_type=client_credentials&tenant=AB",
            "does not match ^[a-z]+$",
        ),
        (
            "grant_type=client_credentials&tenant=a&tenant=b",
            "`tenant` is repeated",
        ),
        (
            "grant_type=client_credentials&lifetime=long",
            "`lifetime` is not a whole number",
        ),
        (
            "grant_type=authorization_code&code=c",
            "`redirect_uri` is missing in the body",
        ),
        // A parameter without a value is omitted.
        (
            "grant_type=refresh_token&refresh_token=",
            "`refresh_token` is missing in the body",
        ),
        ("grant_type=%zz", "the body is not form-encoded"),
    ];
    for (form, expected) in cases {
        let response = basic(&acme, TOKEN, form);
        assert!(
            refusal(&response).contains(expected),
            "{form}: {}",
            refusal(&response)
        );
    }
    let region = post_as(&acme, TOKEN, GRANT, &[BASIC, ("x-region", "mars")]);
    assert!(refusal(&region).contains("`x-region` is not one of: eu, us"));
    let in_query = basic(&acme, &format!("{TOKEN}?{GRANT}"), "scope=a");
    assert!(refusal(&in_query).contains("`grant_type` is in the query, not in the body"));
    let in_query = basic(&acme, &format!("{TOKEN}?tenant=a"), GRANT);
    assert!(refusal(&in_query).contains("`tenant` is in the query, not in the body"));
}

#[test]
fn method_path_and_media_types_are_checked() {
    let acme = acme(Options::new());
    let nowhere = basic(&acme, "/oauth/tokens", GRANT);
    assert_eq!(
        (nowhere.status().as_u16(), refusal(&nowhere)),
        (404, "Acme has no endpoint at `/oauth/tokens`")
    );
    let got = get(&acme, TOKEN);
    assert_eq!(
        (got.status().as_u16(), refusal(&got)),
        (405, "the method is GET, not POST")
    );
    let headers = [BASIC, ("content-type", "application/json")];
    let request = http::Request::post(TOKEN)
        .header(headers[0].0, headers[0].1)
        .header("content-type", "application/json");
    let request = request.body(b"{}".to_vec()).unwrap();
    let json = acme.respond(&request).response;
    assert!(
        refusal(&json).contains(
            "the content type is `application/json`, not application/x-www-form-urlencoded"
        )
    );
    let html = post_as(
        &acme,
        TOKEN,
        GRANT,
        &[BASIC, ("accept", "text/html, image/*")],
    );
    assert!(refusal(&html).contains("the header Accept does not allow application/json"));
}

#[test]
fn a_refusal_fits_in_a_header() {
    let acme = acme(Options::new());
    let long = format!("grant_type={}", "%C3%A9".repeat(10_000));
    let response = basic(&acme, TOKEN, &long);
    let header = response.headers()[tokensmith_mock::REFUSAL_HEADER].as_bytes();
    let text = std::str::from_utf8(header).unwrap();
    assert!(
        text.starts_with("unsupported_grant_type: `grant_type` is `é"),
        "{text}"
    );
    assert!(text.chars().count() < 400);
}

#[test]
fn undeclared_parameters_are_noted_or_refused() {
    let form = format!("{GRANT}&tennant=a");
    let lenient = acme(Options::new());
    assert_eq!(basic(&lenient, TOKEN, &form).status(), 200);
    let seen = lenient.requests().pop().unwrap();
    assert_eq!(seen.notes, ["`tennant` in the body is not declared"]);
    assert_eq!(seen.parameter("tennant"), Some("…"));
    let strict = acme(Options::new().refuse_undeclared());
    assert!(
        refusal(&basic(&strict, TOKEN, &form)).contains("`tennant` in the body is not declared")
    );
}

#[test]
fn secrets_are_not_seen_unless_asked_for() {
    let form =
        "grant_type=refresh_token&refresh_token=s3cret&scope=a&client_id=id&client_secret=hush";
    for (options, shown) in [
        (Options::new(), false),
        (Options::new().reveal_secrets(), true),
    ] {
        let acme = acme(options);
        acme.accept_refresh_token("s3cret");
        assert_eq!(post(&acme, TOKEN, form).status(), 200);
        let seen = format!("{:?}", acme.requests());
        assert_eq!(seen.contains("s3cret"), shown);
        assert_eq!(seen.contains("hush"), shown);
        assert!(seen.contains("refresh_token") && seen.contains("\"a\""));
    }
}

#[test]
fn a_request_has_no_more_than_a_thousand_parameters() {
    let acme = acme(Options::new());
    let many = format!("{GRANT}{}", "&a=1".repeat(1_000));
    assert!(
        refusal(&basic(&acme, TOKEN, &many)).contains("the body has more than 1000 parameters")
    );
    let path = format!("{TOKEN}?{}", "a=1&".repeat(1_001));
    assert!(
        refusal(&basic(&acme, &path, GRANT)).contains("the query has more than 1000 parameters")
    );
}
