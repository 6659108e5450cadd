//! Users sign in, and codes are used once.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokensmith_mock::{MockClient, Options, Provider};
use tokensmith_runtime::{PendingAuthorization, RedirectProblem};

use super::acme::{INITECH, acme, basic, get, member, post, redeem, refusal, signed_in, value};

const TOKEN: &str = "/oauth/token";
/// RFC 7636 appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str =
    "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";

#[test]
fn a_code_is_used_once() {
    let acme = acme(Options::new());
    let back = signed_in(&acme, "&scope=a");
    assert_eq!(
        (value(&back, "state"), value(&back, "shop")),
        ("s", "mock-shop")
    );
    let code = value(&back, "code");
    let first = basic(&acme, TOKEN, &redeem(code));
    let token = member(&first, "/access_token");
    assert!(acme.is_active(&token));
    let second = basic(&acme, TOKEN, &redeem(code));
    assert_eq!(member(&second, "/error"), "invalid_grant");
    assert!(
        !acme.is_active(&token),
        "a second use revokes what the first gave"
    );
}

#[test]
fn of_two_threads_one_redeems_a_code() {
    let acme = acme(Options::new());
    for _ in 0..50 {
        let back = signed_in(&acme, "");
        let form = redeem(value(&back, "code"));
        let ask = || basic(&acme, TOKEN, &form).status().as_u16();
        let mut statuses = std::thread::scope(|scope| {
            let threads = [scope.spawn(ask), scope.spawn(ask)];
            threads.map(|thread| thread.join().unwrap())
        });
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 400]);
    }
}

#[test]
fn a_code_is_bound_to_client_redirect_uri_and_time() {
    let acme = acme(Options::new());
    let code = || value(&signed_in(&acme, ""), "code").to_owned();
    let form = redeem(&code());
    let other = post(
        &acme,
        TOKEN,
        &format!("{form}&client_id=other&client_secret=s"),
    );
    assert!(refusal(&other).contains("the code was issued to another client"));
    let elsewhere = basic(&acme, TOKEN, &form.replace("app.example", "evil.example"));
    assert!(
        refusal(&elsewhere).contains("`redirect_uri` is not that of the authorization request")
    );
    assert_eq!(basic(&acme, TOKEN, &form).status(), 200);
    let late = redeem(&code());
    acme.advance(std::time::Duration::from_secs(601));
    assert!(refusal(&basic(&acme, TOKEN, &late)).contains("has expired"));
    assert!(refusal(&basic(&acme, TOKEN, &redeem("guess"))).contains("was never issued"));
}

#[test]
fn the_verifier_has_to_fit_the_challenge() {
    let acme = acme(Options::new());
    let back = signed_in(&acme, CHALLENGE);
    let form = redeem(value(&back, "code"));
    let verified =
        |verifier: &str| basic(&acme, TOKEN, &format!("{form}&code_verifier={verifier}"));
    assert!(refusal(&basic(&acme, TOKEN, &form)).contains("`code_verifier` is missing"));
    assert!(refusal(&verified("short")).contains("43 to 128"));
    let wrong = VERIFIER.replace('d', "e");
    assert!(refusal(&verified(&wrong)).contains("does not match `code_challenge`"));
    assert_eq!(verified(VERIFIER).status(), 200);

    let unbound = redeem(value(&signed_in(&acme, ""), "code"));
    let response = basic(&acme, TOKEN, &format!("{unbound}&code_verifier={VERIFIER}"));
    assert!(refusal(&response).contains("had no challenge"));
}

#[test]
fn a_user_consents_on_a_page() {
    let acme = acme(Options::new());
    let uri = "/oauth/authorize?response_type=code&client_id=%3Cb%3E&redirect_uri=https%3A%2F%2Fapp.example%2Fcb&scope=x%26y";
    let decide = |decision: &str| {
        let page = String::from_utf8(get(&acme, uri).into_body()).unwrap();
        assert!(page.contains("&lt;b&gt;") && page.contains("x&amp;y") && !page.contains("<b>\""));
        let (_, id) = page.split_once("name=\"id\" value=\"").unwrap();
        let id = id.split('"').next().unwrap().to_owned();
        let form = format!("id={id}&decision={decision}");
        let response = post(&acme, "/.mock/consent", &form);
        assert_eq!(post(&acme, "/.mock/consent", &form).status(), 404);
        response.headers()["location"].to_str().unwrap().to_owned()
    };
    assert!(decide("approve").starts_with("https://app.example/cb?code=mock-code-"));
    assert_eq!(
        decide("deny"),
        "https://app.example/cb?error=access_denied&shop=mock-shop"
    );
}

#[test]
fn redirects_are_signed_with_the_client_secret() {
    let client = MockClient::new("id", "secret");
    let initech = Provider::new(INITECH, &[], Options::new().client(client));
    let pairs = signed_in(&initech, "");
    let back = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(&pairs)
        .finish();
    let endpoint = INITECH.endpoints()[1];
    let read = |secret: &str| {
        let pending = PendingAuthorization::new("s").with_endpoint(endpoint);
        pending.with_client_secret(secret).redirect(&back)
    };
    let redirect = read("secret").expect("is signed with it");
    assert_eq!(redirect.code.expose(), value(&pairs, "code"));
    let error = read("other").expect_err("is signed with another one");
    let problem = error.redirect_problem();
    assert_eq!(problem, Some(RedirectProblem::OtherSignature));

    // Without a client, no secret is known to sign with.
    let open = Provider::new(INITECH, &[], Options::new());
    assert!(signed_in(&open, "").iter().all(|(name, _)| name != "hmac"));
}

#[test]
fn a_mock_that_waits_for_a_user_shows_no_client_secret() {
    let client = MockClient::new("id", "the-client-secret");
    let initech = Provider::new(INITECH, &[], Options::new().client(client));
    let good = "response_type=code&client_id=id&redirect_uri=https%3A%2F%2Fapp.example%2Fcb";
    let page = get(&initech, &format!("/oauth/authorize?{good}"));
    assert_eq!(page.status(), 200);
    let shown = format!("{initech:?}");
    assert!(shown.contains("hmac"), "{shown}");
    assert!(!shown.contains("the-client-secret"), "{shown}");
}

#[test]
fn mistakes_go_back_to_the_client_unless_it_is_unknown() {
    let client = MockClient::public("id").redirect_uri("https://app.example/cb");
    let acme = acme(Options::new().client(client));
    let to = |query: &str| get(&acme, &format!("/oauth/authorize?{query}"));
    let good = "client_id=id&redirect_uri=https%3A%2F%2Fapp.example%2Fcb&state=s";
    let response = to(&format!("response_type=token&{good}"));
    let location = response.headers()["location"].to_str().unwrap();
    assert_eq!(
        location,
        "https://app.example/cb?error=unsupported_response_type&state=s"
    );
    let plain = to(&format!(
        "response_type=code&{good}&code_challenge=x&code_challenge_method=plain"
    ));
    assert!(refusal(&plain).contains("`code_challenge_method` is not S256"));
    assert!(plain.headers().contains_key("location"));
    let challenge = CHALLENGE.split('&').nth(1).unwrap();
    let unnamed = to(&format!("response_type=code&{good}&{challenge}"));
    assert!(
        refusal(&unnamed).contains("`code_challenge_method` is missing, which means `plain`"),
        "{}",
        refusal(&unnamed)
    );
    for value in ["x".repeat(42), "+".repeat(43), "x".repeat(44)] {
        let query = format!("code_challenge={value}&code_challenge_method=S256");
        let malformed = to(&format!("response_type=code&{good}&{query}"));
        assert!(
            refusal(&malformed).contains("`code_challenge` is not 43 characters of base64url"),
            "{value}"
        );
    }

    for (query, expected) in [
        (
            "client_id=id&redirect_uri=https%3A%2F%2Fevil.example",
            "is not registered",
        ),
        (
            "client_id=other&redirect_uri=https%3A%2F%2Fapp.example%2Fcb",
            "`other` is not registered",
        ),
        (
            "redirect_uri=https%3A%2F%2Fapp.example%2Fcb",
            "`client_id` is missing",
        ),
    ] {
        let response = to(&format!("response_type=code&{query}"));
        assert_eq!(response.status(), 400, "{query}");
        assert!(!response.headers().contains_key("location"));
        assert!(
            refusal(&response).contains(expected),
            "{}",
            refusal(&response)
        );
    }
}

#[test]
fn a_script_is_not_a_place_to_go_back_to() {
    let acme = acme(Options::new().approve());
    for uri in [
        "javascript:alert(1)",
        // Browsers drop tabs and leading spaces.
        "java%09script:alert(1)",
        "%20javascript:alert(1)",
        "%01javascript:alert(1)",
        "javascript%09:alert(1)",
        "data:text/html,x",
        "https://a.example/%0D%0Ax",
        "7:x",
        "/relative",
        "https://a.example/%23x",
    ] {
        let uri = uri.replace(':', "%3A");
        let query = format!("response_type=code&client_id=id&redirect_uri={uri}");
        let response = get(&acme, &format!("/oauth/authorize?{query}"));
        assert_eq!(response.status(), 400, "{uri}");
    }
    for uri in ["com.example.app:/cb", "urn:ietf:wg:oauth:2.0:oob"] {
        let query = format!("response_type=code&client_id=id&redirect_uri={uri}");
        let response = get(&acme, &format!("/oauth/authorize?{query}"));
        assert_eq!(response.status(), 302, "{uri}");
    }
}

#[test]
fn a_page_runs_no_script_but_its_own() {
    let acme = acme(Options::new().approve());
    let form = "response_type=code&client_id=id&response_mode=form_post&redirect_uri=https%3A%2F%2Fapp.example%2Fcb";
    let response = get(&acme, &format!("/oauth/authorize?{form}"));
    let policy = response.headers()["content-security-policy"]
        .to_str()
        .unwrap()
        .to_owned();
    let page = String::from_utf8(response.into_body()).unwrap();
    assert!(page.contains("action=\"https://app.example/cb\"") && page.contains("name=\"code\""));
    let (_, script) = page.split_once("<script>").unwrap();
    let (script, _) = script.split_once("</script>").unwrap();
    let digest = ring::digest::digest(&ring::digest::SHA256, script.as_bytes());
    let hash = format!("script-src 'sha256-{}'", STANDARD.encode(digest));
    assert!(policy.contains("default-src 'none'") && policy.contains(&hash));
    let refused = get(&acme, "/oauth/authorize?response_type=code&client_id=id");
    for page in [refused, get(&acme, "/.mock/device")] {
        assert_eq!(page.headers()["content-security-policy"], policy.as_str());
    }
}
