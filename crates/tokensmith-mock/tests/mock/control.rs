//! Tests in other languages control a mock by requests.

use http::{Method, Request, Response};
use tokensmith_mock::{Fault, Options, Provider};

use super::acme::{acme, basic, json, member, post};

const GRANT: &str = "grant_type=client_credentials";

fn control(provider: &Provider, method: Method, path: &str, body: &str) -> Response<Vec<u8>> {
    let request = Request::builder()
        .method(method)
        .uri(format!("/.mock/{path}"));
    let request = request.body(body.as_bytes().to_vec()).unwrap();
    provider.respond(&request).response
}

#[test]
fn requests_and_counts_are_json() {
    let acme = acme(Options::new());
    basic(&acme, "/oauth/token", GRANT);
    basic(&acme, "/oauth/token", "grant_type=other");
    let seen = json(&control(&acme, Method::GET, "requests", ""));
    assert_eq!(
        (&seen[0]["number"], &seen[0]["client"]),
        (&1.into(), &"id".into())
    );
    assert_eq!(seen[0]["parameters"][0]["value"], "client_credentials");
    assert_eq!(seen[1]["refused"], "unsupported_grant_type");
    let counts = json(&control(&acme, Method::GET, "counts", ""));
    assert_eq!(
        (
            &counts["client_credentials"]["requests"],
            &counts["other"]["refused"]
        ),
        (&1.into(), &1.into())
    );
    assert_eq!(control(&acme, Method::DELETE, "requests", "").status(), 204);
    assert_eq!(acme.requests(), []);
    let about = json(&control(&acme, Method::GET, "", ""));
    assert_eq!(about["endpoints"][0]["grants"][1], "authorization_code");
}

#[test]
fn faults_are_replaced_while_it_runs() {
    let acme = acme(Options::new());
    let status = || basic(&acme, "/oauth/token", GRANT).status().as_u16();
    assert_eq!(
        control(&acme, Method::PUT, "faults", "- {status: 503, times: 1}").status(),
        204
    );
    assert_eq!(
        control(&acme, Method::POST, "faults", r#"[{"status": 500}]"#).status(),
        204
    );
    assert_eq!(json(&control(&acme, Method::GET, "faults", ""))["open"], 2);
    assert_eq!([status(), status()], [503, 500]);
    assert_eq!(control(&acme, Method::DELETE, "faults", "").status(), 204);
    assert_eq!(status(), 200);
    let bad = control(&acme, Method::PUT, "faults", "- {stauts: 503}");
    assert_eq!(bad.status(), 400);
    assert!(String::from_utf8_lossy(bad.body()).contains("stauts"));
}

#[test]
fn the_clock_is_moved_and_tokens_are_tried() {
    let acme = acme(Options::new());
    let token = member(&basic(&acme, "/oauth/token", GRANT), "/access_token");
    let tried = || {
        let request =
            Request::get("/.mock/resource").header("authorization", format!("Bearer {token}"));
        acme.respond(&request.body(Vec::new()).unwrap())
            .response
            .status()
            .as_u16()
    };
    assert_eq!(tried(), 200);
    let before = json(&control(&acme, Method::GET, "clock", ""))["now"]
        .as_i64()
        .unwrap();
    assert_eq!(
        control(&acme, Method::POST, "clock", r#"{"advance": 4000}"#).status(),
        204
    );
    let after = json(&control(&acme, Method::GET, "clock", ""))["now"]
        .as_i64()
        .unwrap();
    assert!((4_000..4_010).contains(&(after - before)));
    assert_eq!(tried(), 401);
    assert_eq!(control(&acme, Method::POST, "clock", "later").status(), 400);
}

#[test]
fn a_clock_stays_within_a_thousand_years() {
    let acme = acme(Options::new());
    let status = || basic(&acme, "/oauth/token", GRANT).status().as_u16();
    for seconds in ["300000000000", "18446744073709551615"] {
        let body = format!("{{\"advance\": {seconds}}}");
        let refused = control(&acme, Method::POST, "clock", &body);
        assert_eq!(refused.status(), 400);
        assert_eq!(status(), 200);
        let script = format!("- {{clock-skew: {seconds}}}");
        assert_eq!(
            control(&acme, Method::PUT, "faults", &script).status(),
            400,
            "{script}"
        );
    }
    for skew in [i64::MIN, -300_000_000_000, 300_000_000_000, i64::MAX] {
        acme.set_faults(vec![Fault::skewed(skew)]);
        assert_eq!(status(), 200, "{skew}");
    }
    for _ in 0..20 {
        acme.advance(std::time::Duration::MAX);
        assert_eq!(status(), 200);
    }
}

#[test]
fn a_device_is_approved_on_a_page() {
    let acme = acme(Options::new());
    let device = json(&post(&acme, "/oauth/device", "client_id=tv"));
    let code = device["user_code"].as_str().unwrap();
    let complete = device["verification_uri_complete"].as_str().unwrap();
    assert_eq!(
        complete,
        format!("http://localhost/.mock/device?user_code={code}")
    );
    let page = control(&acme, Method::GET, &format!("device?user_code={code}"), "");
    assert!(String::from_utf8_lossy(page.body()).contains(&format!("value=\"{code}\"")));
    let form = format!("user_code={code}&decision=approve");
    assert_eq!(control(&acme, Method::POST, "device", &form).status(), 200);
    assert_eq!(
        control(&acme, Method::POST, "device", "user_code=X&decision=deny").status(),
        404
    );
    assert_eq!(
        control(&acme, Method::POST, "device", &format!("user_code={code}")).status(),
        400
    );
    assert_eq!(control(&acme, Method::GET, "nothing", "").status(), 404);
}
