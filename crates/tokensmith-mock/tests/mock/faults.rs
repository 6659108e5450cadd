//! Faults befall requests.

use std::time::Duration;

use tokensmith_mock::{Delivery, Fault, Options, Provider};
use tokensmith_runtime::EndpointKind;

use super::acme::{BASIC, acme, basic, get, globex, json, member, post, refusal};

const TOKEN: &str = "/oauth/token";
const GRANT: &str = "grant_type=client_credentials";

#[test]
fn the_provider_is_busy_in_its_own_way() {
    let busy = Fault::status(429)
        .retry_after(Duration::from_secs(3))
        .times(1);
    let acme = acme(Options::new().fault(busy));
    let first = basic(&acme, TOKEN, GRANT);
    assert_eq!(
        (first.status().as_u16(), &first.headers()["retry-after"]),
        (429, &"3".parse().unwrap())
    );
    assert_eq!(basic(&acme, TOKEN, GRANT).status(), 200);
    let count = acme.counts()["client_credentials"];
    assert_eq!((count.requests, count.refused, count.faults), (2, 1, 1));
    acme.add_fault(Fault::refuse_at_success("invalid_grant"));
    let third = basic(&acme, TOKEN, GRANT);
    assert_eq!(
        (third.status().as_u16(), member(&third, "/error").as_str()),
        (200, "invalid_grant")
    );
    acme.set_faults(vec![Fault::refuse("invalid_scope")]);
    assert!(refusal(&basic(&acme, TOKEN, GRANT)).starts_with("invalid_scope"));
}

#[test]
fn somebody_in_between_responds() {
    let acme = acme(
        Options::new()
            .fault(Fault::captive_portal().times(1))
            .fault(Fault::redirect("https://evil.example/")),
    );
    let portal = basic(&acme, TOKEN, GRANT);
    assert!(
        portal.headers()["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/html")
    );
    let redirect = basic(&acme, TOKEN, GRANT);
    assert_eq!(
        (redirect.status().as_u16(), &redirect.headers()["location"]),
        (307, &"https://evil.example/".parse().unwrap())
    );
}

#[test]
fn a_lost_response_was_issued() {
    let acme = acme(Options::new().fault(Fault::lost().grant("refresh_token").times(1)));
    acme.accept_refresh_token("r");
    let form = "grant_type=refresh_token&refresh_token=r";
    let request = http::Request::post(TOKEN)
        .header("content-type", "application/x-www-form-urlencoded")
        .header(BASIC.0, BASIC.1)
        .body(form.as_bytes().to_vec())
        .unwrap();
    let reply = acme.respond(&request);
    assert_eq!(
        (reply.delivery, reply.response.status().as_u16()),
        (Delivery::Lost, 200)
    );
    assert_eq!(acme.requests().pop().unwrap().status, None);
    // Whoever sends it again is taken for a thief.
    let again = acme.respond(&request);
    assert_eq!(
        (again.delivery, again.response.status().as_u16()),
        (Delivery::Whole, 400)
    );
}

#[test]
fn types_are_wrong_but_for_the_token() {
    let acme = acme(Options::new().fault(Fault::wrong_types()));
    let body = json(&basic(&acme, TOKEN, GRANT));
    assert_eq!(
        (&body["expires_in"], &body["token_type"]),
        (&"soon".into(), &7.into())
    );
    assert!(acme.is_active(body["access_token"].as_str().unwrap()));
    let globex = globex(Options::new().fault(Fault::wrong_types()));
    let form = format!("{GRANT}&client_id=i&client_secret=s");
    let body = json(&super::acme::post(&globex, "/token", &form));
    assert_eq!((&body["plan"], &body["ok"]), (&7.into(), &"yes".into()));
    assert!(body["data"]["token"].is_string());
}

#[test]
fn a_clock_is_off() {
    let acme = acme(Options::new().fault(Fault::skewed(-3_600)));
    let response = basic(&acme, TOKEN, GRANT);
    let date = httpdate::parse_http_date(response.headers()["date"].to_str().unwrap()).unwrap();
    let behind = std::time::SystemTime::now().duration_since(date).unwrap();
    assert!((3_599..3_605).contains(&behind.as_secs()), "{behind:?}");
}

/// What a plain server has beside its endpoints fails as they do, and is seen as they are.
#[test]
fn metadata_keys_and_users_can_fail() {
    let plain = Provider::standard(Options::new().fault(Fault::lost().jwks()));
    let lost = |path: &str| {
        let request = http::Request::get(path).body(Vec::new()).unwrap();
        plain.respond(&request).delivery == Delivery::Lost
    };
    assert!(lost("/jwks") && !lost("/userinfo") && !lost("/.well-known/openid-configuration"));
    let busy = Fault::status(503).endpoint(EndpointKind::Metadata);
    plain.set_faults(vec![busy, Fault::refuse("invalid_token").userinfo()]);
    let metadata = get(&plain, "/.well-known/openid-configuration");
    assert_eq!(metadata.status(), 503);
    let user = get(&plain, "/userinfo");
    assert_eq!(
        (user.status().as_u16(), member(&user, "/error").as_str()),
        (401, "invalid_token")
    );
    assert_eq!(get(&plain, "/jwks").status(), 200);
    assert_eq!(post(&plain, "/jwks", "").status(), 405);
    let seen: Vec<_> = plain.requests().into_iter().skip(3).collect();
    let seen: Vec<_> = seen
        .iter()
        .map(|seen| (seen.endpoint.unwrap(), seen.status, seen.fault.as_deref()))
        .collect();
    assert_eq!(
        seen,
        [
            ("metadata", Some(503), Some("status")),
            ("userinfo", Some(401), Some("refuse")),
            ("jwks", Some(200), None),
            ("jwks", Some(405), None),
        ]
    );
}

#[test]
fn a_body_is_compressed() {
    use std::io::Read as _;
    let acme = acme(Options::new().fault(Fault::gzip()));
    let response = basic(&acme, TOKEN, GRANT);
    assert_eq!(response.headers()["content-encoding"], "gzip");
    let mut body = Vec::new();
    let mut decoder = flate2::read::GzDecoder::new(response.body().as_slice());
    decoder.read_to_end(&mut body).unwrap();
    let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
    assert!(acme.is_active(body["access_token"].as_str().unwrap()));
}
