use http::header::{HeaderMap, HeaderValue, WWW_AUTHENTICATE};
use serde_json::{Value, json};

use super::{ProtectedResource, ResourceChallenge};
use crate::client::search::Search;
use crate::testing::{play, response, settings};
use crate::{Error, ErrorCode, ErrorKind};

const URL: &str = "https://api.example/v1/mcp";

fn challenge(values: &[&str]) -> Option<ResourceChallenge> {
    let values = values.iter().map(|value| {
        let value = HeaderValue::from_str(value).unwrap();
        (WWW_AUTHENTICATE, value)
    });
    let mut headers = HeaderMap::new();
    for (name, value) in values {
        headers.append(name, value);
    }
    ResourceChallenge::read(&headers)
}

/// Asks for a resource, with what each place responds; the places, and what came of it.
fn find(
    resource: &str,
    challenge: Option<&ResourceChallenge>,
    responses: &[(u16, Value)],
) -> (Vec<String>, Result<ProtectedResource, Error>) {
    let mut search = match Search::of_resource(&settings(), resource, challenge) {
        Ok(search) => search,
        Err(error) => return (Vec::new(), Err(error)),
    };
    let mut places = Vec::new();
    for (status, body) in responses {
        let response = response(*status, &body.to_string());
        let played = play(&settings(), search.request(), [response]);
        let sent = &played.sent[0];
        assert_eq!(sent.method(), "GET");
        assert!(sent.headers().get("authorization").is_none());
        places.push(sent.uri().to_string());
        if let Some(outcome) = search.outcome(played.outcome) {
            assert_eq!(places.len(), responses.len());
            return (places, outcome);
        }
    }
    panic!("{places:?} are not all");
}

fn of(resource: &str) -> Value {
    json!({"resource": resource, "authorization_servers": ["https://as.example"]})
}

#[test]
fn a_challenge_says_where_the_metadata_are() {
    let url = "https://api.example/meta";
    let first = challenge(&[
        "Basic realm=\"x\", Bearer error=\"invalid_token\"",
        "DPoP algs=\"ES256\", resource_metadata=\"https://api.example/meta\", scope=\"a  b\"",
    ]);
    let first = first.unwrap();
    assert!(first.is_dpop());
    assert_eq!(first.resource_metadata(), Some(url));
    assert_eq!(first.scopes(), ["a", "b"]);
    assert_eq!(first.error(), None);
    let bearer = challenge(&["bearer error=\"insufficient_scope\", scope=write"]).unwrap();
    assert!(!bearer.is_dpop() && bearer.resource_metadata().is_none());
    assert_eq!(bearer.error(), Some(&ErrorCode::InsufficientScope));
    assert_eq!(bearer.scopes(), ["write"]);
    assert!(challenge(&["Basic realm=\"x\"", "Negotiate"]).is_none());
    assert!(challenge(&[]).is_none());
}

/// RFC 9728 section 3.1.
#[test]
fn the_well_known_place_is_between_host_and_path() {
    for (resource, place) in [
        (
            "https://resource.example.com",
            "https://resource.example.com/.well-known/oauth-protected-resource",
        ),
        (
            "https://resource.example.com/",
            "https://resource.example.com/.well-known/oauth-protected-resource",
        ),
        (
            "https://resource.example.com:8443/resource1",
            "https://resource.example.com:8443/.well-known/oauth-protected-resource/resource1",
        ),
        (
            "https://resource.example.com/a/b/?k=v",
            "https://resource.example.com/.well-known/oauth-protected-resource/a/b/?k=v",
        ),
        (
            "https://resource.example.com/?k=v",
            "https://resource.example.com/.well-known/oauth-protected-resource?k=v",
        ),
    ] {
        let (places, found) = find(resource, None, &[(200, of(resource))]);
        assert_eq!(places, [place]);
        assert_eq!(found.unwrap().resource, resource);
    }
}

#[test]
fn the_root_is_asked_last() {
    let root = "https://api.example/.well-known/oauth-protected-resource";
    let (places, found) = find(URL, None, &[(404, json!({})), (200, of(URL))]);
    assert_eq!(places, [&format!("{root}/v1/mcp"), root]);
    assert_eq!(found.unwrap().resource, URL);
    let (_, found) = find(URL, None, &[(404, json!({})), (404, json!({}))]);
    assert_eq!(found.unwrap_err().kind(), ErrorKind::Provider);
    // What may pass is not asked elsewhere.
    let (_, found) = find(URL, None, &[(501, json!({}))]);
    assert_eq!(found.unwrap_err().kind(), ErrorKind::Server);
}

/// RFC 9728 section 3.3.
#[test]
fn nobody_speaks_for_another_resource() {
    let challenge = challenge(&["Bearer resource_metadata=\"https://api.example/meta\""]);
    for other in [
        "https://api.example",
        "https://api.example/v1/mcp/",
        "https://API.example/v1/mcp",
        "https://api.example:443/v1/mcp",
        "https://evil.example/v1/mcp",
        "",
    ] {
        for challenge in [challenge.as_ref(), None] {
            let (_, found) = find(URL, challenge, &[(200, of(other))]);
            assert_eq!(found.unwrap_err().kind(), ErrorKind::Malformed, "{other}");
        }
    }
    let (_, found) = find(
        URL,
        None,
        &[(404, json!({})), (200, of("https://api.example"))],
    );
    assert_eq!(found.unwrap_err().kind(), ErrorKind::Malformed);
    let (places, found) = find(URL, challenge.as_ref(), &[(200, of(URL))]);
    assert_eq!(places, ["https://api.example/meta"]);
    assert_eq!(found.unwrap().authorization_servers, ["https://as.example"]);
}

/// A token for a host is good for everything there: the caller asks for it, whatever says where its
/// metadata are.
#[test]
fn a_whole_host_is_asked_for_by_its_name() {
    let host = "https://api.example";
    let root = format!("{host}/.well-known/oauth-protected-resource");
    let header = format!("Bearer resource_metadata=\"{root}\"");
    for challenge in [challenge(&[&header]), None] {
        let (places, found) = find(host, challenge.as_ref(), &[(200, of(host))]);
        assert_eq!(places, [&*root]);
        assert_eq!(found.unwrap().resource, host);
        let (_, found) = find(URL, challenge.as_ref(), &[(200, of(host))]);
        let error = found.unwrap_err().to_string();
        assert!(error.contains("`https://api.example/v1/mcp`: of `https://api.example`. Ask for"));
    }
    let (_, found) = find(URL, None, &[(200, of("https://evil.example"))]);
    let error = found.unwrap_err().to_string();
    assert!(error.ends_with("of `https://evil.example`"), "{error}");
}

#[test]
fn only_https_is_asked() {
    for resource in [
        "http://api.example/v1",
        "api.example",
        "ftp://api.example/",
        "https://user@api.example/",
        "https://api.example/#fragment",
        "",
    ] {
        let (_, found) = find(resource, None, &[]);
        assert_eq!(found.unwrap_err().kind(), ErrorKind::Config, "{resource}");
    }
    for url in ["http://api.example/meta", "/meta", "https://a@b.example/"] {
        let header = format!("Bearer resource_metadata=\"{url}\"");
        let (_, found) = find(URL, challenge(&[&header]).as_ref(), &[]);
        assert_eq!(found.unwrap_err().kind(), ErrorKind::Config, "{url}");
    }
}

#[test]
fn a_resource_elsewhere_names_nothing_on_this_machine() {
    let here = "http://127.0.0.1:9200/_cluster/health";
    let header = format!("Bearer resource_metadata=\"{here}\"");
    let challenge = challenge(&[&header]);
    let (_, found) = find(URL, challenge.as_ref(), &[]);
    let error = found.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.to_string().contains("127.0.0.1:9200"), "{error}");
    for (member, value) in [
        ("authorization_servers", json!(["https://as.example", here])),
        ("jwks_uri", json!(here)),
    ] {
        let mut body = of(URL);
        body[member] = value;
        let (_, found) = find(URL, None, &[(200, body)]);
        assert_eq!(found.unwrap_err().kind(), ErrorKind::Config, "{member}");
    }
    // Who is on this machine may.
    let resource = "http://localhost:8080/mcp";
    let mut body = of(resource);
    body["authorization_servers"] = json!([here]);
    let (places, found) = find(resource, challenge.as_ref(), &[(200, body)]);
    assert_eq!((places, found.is_ok()), (vec![here.to_owned()], true));
}

#[test]
fn the_challenge_decides_on_scopes_and_the_metadata_on_the_place_of_tokens() {
    let read = |more: Value| {
        let mut body = of(URL);
        for (name, value) in more.as_object().unwrap() {
            body[name] = value.clone();
        }
        find(URL, None, &[(200, body)]).1.unwrap()
    };
    let resource = read(json!({
        "scopes_supported": ["a", "b"],
        "bearer_methods_supported": ["body"],
        "dpop_bound_access_tokens_required": true,
        "resource_policy_uri": "https://api.example/policy",
    }));
    assert_eq!(resource.scopes(None), ["a", "b"]);
    let challenged = challenge(&["Bearer scope=c"]);
    assert_eq!(resource.scopes(challenged.as_ref()), ["c"]);
    assert_eq!(resource.scopes(challenge(&["Bearer"]).as_ref()), ["a", "b"]);
    assert!(!resource.takes_header() && resource.dpop_bound_access_tokens_required);
    assert!(resource.extra.get("resource_policy_uri").is_some());
    let silent = read(json!({}));
    assert!(silent.takes_header() && silent.scopes(None).is_empty());
    assert!(!read(json!({"bearer_methods_supported": []})).takes_header());
}
