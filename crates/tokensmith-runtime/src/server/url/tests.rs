use super::{has_in_query, is_on_host_of, split_whole, with_query};
use crate::{Error, PlainHttpHosts};

fn compose(base: &str, path: &str, values: &[(String, String)]) -> Result<http::Uri, Error> {
    super::compose(base, path, values, &PlainHttpHosts::default())
}

fn check(base: &str) -> Result<(), Error> {
    super::check(base, &PlainHttpHosts::default())
}

fn url(base: &str, path: &str) -> String {
    compose(base, path, &[]).map_or_else(|error| error.to_string(), |url| url.to_string())
}

#[test]
fn joins_and_keeps_what_was_written() {
    let cases = [
        ("https://a.example", "/token", "https://a.example/token"),
        ("https://a.example/", "/token/", "https://a.example/token/"),
        (
            "https://a.example/v1/",
            "token",
            "https://a.example/v1/token",
        ),
        (
            "https://a.example/oauth/token/",
            "",
            "https://a.example/oauth/token/",
        ),
        (
            "https://a.example/token?x=1&y",
            "",
            "https://a.example/token?x=1&y",
        ),
        (
            "https://a.example?x=1",
            "/token?y=2#part",
            "https://a.example/token?x=1&y=2",
        ),
        ("HTTPS://a.example:8443", "/t", "https://a.example:8443/t"),
    ];
    for (base, path, expected) in cases {
        assert_eq!(url(base, path), expected);
    }
}

#[test]
fn fills_in_the_path_and_adds_to_the_query() {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let url = compose(
        "https://a.example?k=v",
        "/{tenant}/token",
        &[pair("tenant", "a/b ?ü")],
    );
    let url = url.unwrap();
    assert_eq!(url, "https://a.example/a%2Fb%20%3F%C3%BC/token?k=v");
    assert_eq!(
        with_query(&url, [("q", "x y&z")]).unwrap(),
        "https://a.example/a%2Fb%20%3F%C3%BC/token?k=v&q=x+y%26z"
    );
    assert_eq!(with_query(&url, []).unwrap(), url);
    assert!(has_in_query(&url, "k") && !has_in_query(&url, "v"));
}

#[cfg(feature = "authorization")]
#[test]
fn no_parameter_is_in_a_url_twice() {
    let url = "https://a.example/authorize?response_type=code&tenant=1"
        .parse()
        .unwrap();
    let with = |name, value| super::with_own_query(&url, [(name, value), ("state", "s")]);
    assert_eq!(
        with("response_type", "code").unwrap(),
        "https://a.example/authorize?response_type=code&tenant=1&state=s"
    );
    assert_eq!(
        with("client_id", "a").unwrap(),
        "https://a.example/authorize?response_type=code&tenant=1&client_id=a&state=s"
    );
    let error = with("tenant", "s3cret").unwrap_err();
    assert_eq!(error.kind(), crate::ErrorKind::Config);
    let error = error.to_string();
    assert!(
        error.contains("`tenant`") && !error.contains("s3cret"),
        "{error}"
    );
}

#[test]
fn plain_http_goes_to_this_machine_and_to_hosts_that_are_named() {
    assert!(check("http://localhost:8080/").is_ok());
    let error = check("http://keycloak:8080/token").unwrap_err().to_string();
    assert!(error.contains("`keycloak:8080`"), "{error}");
    assert!(error.contains("allow_plain_http"), "{error}");
    let mut named = PlainHttpHosts::default();
    named.allow("keycloak:8080").unwrap();
    assert!(super::check("http://keycloak:8080/token", &named).is_ok());
    for other in [
        "http://keycloak/",
        "http://keycloak:8080@evil.example/",
        "http://keycloak:8080.evil.example/",
        "ftp://keycloak:8080/",
    ] {
        assert!(super::check(other, &named).is_err(), "{other}");
    }
}

#[test]
fn refuses_what_is_no_url_for_credentials() {
    let bases = [
        "",
        "token",
        "/token",
        "https://",
        "ftp://a.example",
        "https://user:pw@a.example",
        "https://user@a.example",
        "https://a.example\\@b.example",
        "https://a.example/a b",
        "https://a.example/ü",
        "https://a.example/#x",
        "http://localhost\\.b.example",
        "https://a.example:port",
        "https://a.example/\n",
    ];
    for base in bases {
        let error = check(base).unwrap_err();
        assert_eq!(error.kind(), crate::ErrorKind::Config, "{base}");
        assert!(!error.to_string().contains("pw"), "{error}");
    }
}

/// Some programs on the way shorten a path with dot segments, and others do not: the credentials
/// would go to another endpoint than the one that was checked and shown.
#[test]
fn refuses_dot_segments() {
    for url in [
        "https://a.example/..",
        "https://a.example/../..",
        "https://a.example/./token",
        "https://a.example/v1/../token",
        "https://a.example/v1/%2e%2E/token",
        "https://a.example/v1/.%2e",
        "https://a.example/v1/%2e.?a=b",
        "https://a.example/%2E/",
    ] {
        let error = check(url).unwrap_err();
        assert_eq!(error.kind(), crate::ErrorKind::Config, "{url}");
        assert!(error.to_string().contains("`..` as a segment"), "{error}");
        assert!(compose("https://a.example/v1", url.split_at(17).1, &[]).is_err());
    }
    for url in [
        "https://a.example/...",
        "https://a.example/.well-known/x",
        "https://a.example/a..b/..c/d..",
        "https://a.example/v1?next=/../x",
        "https://a.example/%2e%2e%2e",
    ] {
        assert!(check(url).is_ok(), "{url}");
    }
}

#[test]
fn names_the_variable_without_a_value() {
    let error = url("https://{tenant}.a.example", "/token");
    assert_eq!(
        error,
        "invalid URL `https://{tenant}.a.example/token`: `tenant` has no value"
    );
}

#[test]
fn a_path_may_be_a_whole_url() {
    let whole = |path| split_whole(path);
    assert_eq!(
        whole("https://b.example/revoke"),
        Some(("https://b.example", "/revoke"))
    );
    assert_eq!(whole("HTTPS://b.example"), Some(("HTTPS://b.example", "")));
    assert_eq!(
        whole("https://b.example?a=c"),
        Some(("https://b.example", "?a=c"))
    );
    // What stands in a query is not where a request goes.
    assert_eq!(whole("/token?audience=https://b.example"), None);
    assert_eq!(whole("/token"), None);
}

#[test]
fn an_audience_is_on_a_host_or_asked_for() {
    let is_on = |audience| is_on_host_of(audience, &"https://a.example/token".parse().unwrap());
    for same in [
        "https://a.example",
        "https://A.example:443/x?y",
        "HTTPS://a.example/",
        "https://a.example/x/../y",
    ] {
        assert!(is_on(same), "{same}");
    }
    for other in [
        "https://b.example",
        "https://a.example.b.example/",
        "https://a.example:8443",
        "http://a.example",
        "https://a.example@b.example",
        "https://b.example@a.example",
        "https://b.example\\@a.example",
        "b.example/token",
        "b.example:443",
        "a.example",
        "//b.example",
        "//a.example",
        "/\\b.example",
        "https:b.example",
        "https:/b.example",
        "https:a.example",
        "https:///b.example",
        " https://b.example",
        " https://a.example",
        "https://a.example ",
        "https://a.example\n",
        "https://a.example.",
        "https://\u{ff41}.example",
        "evil",
        "my-realm",
        "api://b.example",
        "urn:a:b.c",
        "spiffe://b.example/x",
        "",
    ] {
        assert!(!is_on(other), "{other:?}");
    }
}

#[test]
fn a_path_parameter_leads_to_no_other_path() {
    for value in [".", "..", ""] {
        let values = [("tenant".to_owned(), value.to_owned())];
        let error = compose("https://a.example", "/{tenant}/token", &values).unwrap_err();
        assert!(error.to_string().contains("`tenant`"), "{error}");
    }
}

#[test]
fn a_refused_url_is_shown_without_what_is_secret_in_it() {
    for (base, message) in [
        (
            "htps://login.example/token?key=s3cret",
            "invalid URL `htps://login.example/token`: the scheme must be `https`",
        ),
        (
            "https://id:pa/ss@login.example/token",
            "invalid URL `https://…@login.example/token`: ",
        ),
        ("login.example/token", "invalid URL `login.example/token`: "),
        (
            "https://login.example:70000",
            "invalid URL `https://login.example:70000`: ",
        ),
        (
            "https://a\u{1b}[31m.example",
            "invalid URL `https://a\\u{1b}[31m.example`: it has characters that RFC 3986",
        ),
    ] {
        let error = check(base).unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }
}
