//! What an attacker, a stale tab or a broken provider comes back with.

use std::time::Duration;

use pollster::block_on;
use tokensmith_runtime::{Endpoint, EndpointKind, Operation, TokenRequest};

use super::world::{Browser, ISSUER, REDIRECT_URI, World, keyring, state};
use crate::{Callback, ErrorKind, SignIn};

/// Begins a sign-in, and comes back with this query, in which `STATE` stands for the state.
fn refused(query: &str) -> ErrorKind {
    let world = World::new();
    let mut browser = Browser::default();
    let state = world.begin(&mut browser, "/");
    let query = query.replace("STATE", &state).replace("ISSUER", ISSUER);
    let callback = browser.callback(&query);
    let error = world.receive(&callback).expect_err(&query);
    let shown = format!("{error} {error:?} {callback:?}");
    assert!(
        !shown.contains("c0de") && !shown.contains(&state),
        "{shown}"
    );
    // Once it is known which sign-in it is, it has ended.
    let is_known = !matches!(
        error.kind(),
        ErrorKind::NoState | ErrorKind::NoSignIn | ErrorKind::Repeated
    );
    assert!(!is_known || error.set_cookie().is_some(), "{query}");
    error.kind()
}

#[test]
fn each_wrong_response_has_its_own_error() {
    let long = "code=c0de&state=STATE&iss=ISSUER&x=".to_owned() + &"a".repeat(65 * 1024);
    let many = "code=c0de&state=STATE&iss=ISSUER".to_owned() + &"&a=b".repeat(101);
    let cases: [(&str, ErrorKind); 33] = [
        ("", ErrorKind::NoState),
        ("code=c0de&iss=ISSUER", ErrorKind::NoState),
        ("code=c0de&state=&iss=ISSUER", ErrorKind::NoState),
        ("code=c0de&State=STATE&iss=ISSUER", ErrorKind::NoState),
        ("code=c0de&state=another&iss=ISSUER", ErrorKind::NoSignIn),
        ("code=c0de&state=STATE%20&iss=ISSUER", ErrorKind::NoSignIn),
        ("code=c0de&state=STATE%00&iss=ISSUER", ErrorKind::NoSignIn),
        ("code=c0de&state=STATE;iss=ISSUER", ErrorKind::NoSignIn),
        (
            "code=c0de&state=STATE&state=STATE&iss=ISSUER",
            ErrorKind::Repeated,
        ),
        (
            "state=another&code=c0de&state=STATE&iss=ISSUER",
            ErrorKind::Repeated,
        ),
        (
            "code=c0de&code=c0de&state=STATE&iss=ISSUER",
            ErrorKind::Repeated,
        ),
        (
            "code=c0de&state=STATE&iss=ISSUER&iss=ISSUER",
            ErrorKind::Repeated,
        ),
        (
            "code=c0de&state=STATE&iss=ISSUER&x=1&x=1",
            ErrorKind::Repeated,
        ),
        (
            "error=a&error=b&state=STATE&iss=ISSUER",
            ErrorKind::Repeated,
        ),
        ("code=c0de&state=STATE", ErrorKind::Issuer),
        ("code=c0de&state=STATE&iss=", ErrorKind::Issuer),
        (
            "code=c0de&state=STATE&iss=https://evil.example",
            ErrorKind::Issuer,
        ),
        ("code=c0de&state=STATE&iss=ISSUER/", ErrorKind::Issuer),
        // Not even a refusal of somebody else's counts.
        (
            "error=access_denied&state=STATE&iss=https://evil.example",
            ErrorKind::Issuer,
        ),
        ("error=access_denied&state=STATE", ErrorKind::Issuer),
        (
            "error=access_denied&state=STATE&iss=ISSUER",
            ErrorKind::Denied,
        ),
        (
            "error=access_denied&code=c0de&state=STATE&iss=ISSUER",
            ErrorKind::Denied,
        ),
        (
            "error=server_error&state=STATE&iss=ISSUER",
            ErrorKind::Refused,
        ),
        (
            "error=invalid_scope&error_description=STATE&state=STATE&iss=ISSUER",
            ErrorKind::Refused,
        ),
        ("state=STATE&iss=ISSUER", ErrorKind::NoCode),
        ("code=&state=STATE&iss=ISSUER", ErrorKind::NoCode),
        ("CODE=c0de&state=STATE&iss=ISSUER", ErrorKind::NoCode),
        (
            "code=c0de&access_token=t&state=STATE&iss=ISSUER",
            ErrorKind::Unsolicited,
        ),
        (
            "code=c0de&id_token=t&state=STATE&iss=ISSUER",
            ErrorKind::Unsolicited,
        ),
        (
            "response=e30.e30.&code=c0de&state=STATE&iss=ISSUER",
            ErrorKind::Unsolicited,
        ),
        ("code=%ff&state=STATE&iss=ISSUER", ErrorKind::Unreadable),
        (&long, ErrorKind::Unreadable),
        (&many, ErrorKind::Unreadable),
    ];
    for (query, kind) in cases {
        let shown: String = query.chars().take(100).collect();
        assert_eq!(refused(query), kind, "{shown}");
    }
}

#[test]
fn what_nobody_knows_is_handed_on() {
    let world = World::new();
    let mut browser = Browser::default();
    let state = world.begin(&mut browser, "/");
    let query = world.response(&state) + "&realmId=42&session_state=abc";
    let returned = world.receive(&browser.callback(&query)).expect("a code");
    assert_eq!(
        returned
            .redirect
            .extra
            .get("realmId")
            .and_then(|id| id.as_str()),
        Some("42")
    );
}

#[test]
fn a_response_that_another_browser_began_is_refused() {
    // Login CSRF: the attacker's response in the victim's browser.
    let world = World::new();
    let mut attacker = Browser::default();
    let state = world.begin(&mut attacker, "/");
    let mut victim = Browser::default();
    let callback = victim.callback(&world.response(&state));
    assert_eq!(
        world.receive(&callback).expect_err("no cookie").kind(),
        ErrorKind::NoSignIn
    );
    // Also if the victim is signing in at the same time.
    world.begin(&mut victim, "/");
    let callback = victim.callback(&world.response(&state));
    assert_eq!(
        world.receive(&callback).expect_err("no cookie").kind(),
        ErrorKind::NoSignIn
    );
}

#[test]
fn a_cookie_opens_no_other_sign_in_and_no_changed_one() {
    let world = World::new();
    let mut browser = Browser::default();
    let first = world.begin(&mut browser, "/1");
    let second = world.begin(&mut browser, "/2");
    let [one, other] = browser.cookies() else {
        panic!("two cookies");
    };
    let (name, value) = one.split_once('=').expect("a pair");
    let (_, other_value) = other.split_once('=').expect("a pair");
    let kind = |cookies: Vec<String>, state: &str| {
        let browser = Browser(cookies);
        let callback = browser.callback(&world.response(state));
        world
            .receive(&callback)
            .map(|_| ())
            .map_err(|error| error.kind())
    };
    assert_eq!(kind(vec![one.clone()], &first), Ok(()));
    assert_eq!(kind(vec![one.clone()], &second), Err(ErrorKind::NoSignIn));
    let swapped = format!("{name}={other_value}");
    assert_eq!(kind(vec![swapped], &first), Err(ErrorKind::Forged));
    assert_eq!(
        kind(vec![one.clone(), one.clone()], &first),
        Err(ErrorKind::NoSignIn)
    );
    let (seconds, content) = value.split_once('.').expect("a time");
    for changed in [
        format!("{seconds}.{}", &content[..content.len() - 2]),
        format!("{seconds}.B{}", &content[1..]),
        format!("{seconds}.{}B", &content[..content.len() - 1]),
        format!("{seconds}."),
        format!("{seconds}.****"),
        format!("{seconds}.{content}="),
    ] {
        let outcome = kind(vec![format!("{name}={changed}")], &first);
        // The last character of base64 may hold bits that do not count, and is checked all the same.
        assert_eq!(outcome, Err(ErrorKind::Forged), "{changed}");
    }
    assert_eq!(
        kind(vec![format!("{name}={content}")], &first),
        Err(ErrorKind::NoSignIn)
    );
    // The time beside it is for making room only.
    assert_eq!(kind(vec![format!("{name}=1.{content}")], &first), Ok(()));
}

#[test]
fn a_sign_in_ends_after_ten_minutes() {
    let mut world = World::new();
    let mut browser = Browser::default();
    let began = world.now;
    let state = world.begin(&mut browser, "/");
    let mut at = |seconds: i64| {
        let shift = Duration::from_secs(seconds.unsigned_abs());
        world.now = if seconds < 0 {
            began - shift
        } else {
            began + shift
        };
        let outcome = world.receive(&browser.callback(&world.response(&state)));
        outcome.map(|_| ()).map_err(|error| error.kind())
    };
    assert_eq!(at(598), Ok(()));
    assert_eq!(at(601), Err(ErrorKind::Expired));
    assert_eq!(at(1_000_000), Err(ErrorKind::Expired));
    // Another machine's clock may be behind, but not by much.
    assert_eq!(at(-59), Ok(()));
    assert_eq!(at(-62), Err(ErrorKind::Expired));
}

#[test]
fn a_response_of_another_provider_is_refused() {
    let one = World::new();
    let mut other = World::new();
    let mut browser = Browser::default();
    let state = one.begin(&mut browser, "/");
    let callback = browser.callback(&one.response(&state));
    // Another client at the same redirect URI.
    let credentials = tokensmith_runtime::Credentials::new("another", "secret");
    let elsewhere = "https://evil.example";
    other.client =
        tokensmith_runtime::Client::with_transport(other.server.clone(), elsewhere, credentials)
            .expect("a client");
    assert_eq!(
        other.receive(&callback).expect_err("mixed up").kind(),
        ErrorKind::OtherProvider
    );
    // The same client at another redirect URI.
    let mut other = World::new();
    other.sign_in = SignIn::new("https://app.example/other", keyring(1)).expect("a sign-in");
    assert_eq!(
        other.receive(&callback).expect_err("mixed up").kind(),
        ErrorKind::OtherProvider
    );
    // Another application.
    other.sign_in = SignIn::new("https://app.example/callback", keyring(9)).expect("a sign-in");
    assert_eq!(
        other.receive(&callback).expect_err("no key").kind(),
        ErrorKind::NoSignIn
    );
    // Other keys, of the same names.
    let keys = keyring(9).with_naming_key([1; 32]);
    other.sign_in = SignIn::new("https://app.example/callback", keys).expect("a sign-in");
    assert_eq!(
        other.receive(&callback).expect_err("no key").kind(),
        ErrorKind::Forged
    );
}

#[test]
fn a_response_that_names_a_server_of_another_form_is_another_providers() {
    static SHOPS: Endpoint<'static> =
        Endpoint::new(EndpointKind::Authorization, &["https://op.example/auth"])
            .with_server_in_redirect(&[("shop", "{shop}.shops.example")]);
    static CODE: Operation<'static> = Operation::grant("code");
    let world = World::new();
    let mut browser = Browser::default();
    let request = TokenRequest::new(&SHOPS, &CODE).parameter("redirect_uri", REDIRECT_URI);
    let headers = browser.headers();
    let begun = world
        .sign_in
        .begin_at(&world.client, &request, "/", &headers, world.now);
    let begun = block_on(begun).expect("begun");
    browser.keep(begun.response::<String>().headers());
    let response = world.response(&state(&begun.url));
    let receive = |shop: &str| {
        let query = format!("{response}&shop={shop}");
        let returned = world.receive(&browser.callback(&query));
        returned.map(drop).map_err(|error| error.kind())
    };
    assert_eq!(receive("one.shops.example"), Ok(()));
    assert_eq!(receive("evil.example"), Err(ErrorKind::OtherProvider));
}

#[test]
fn return_paths_are_checked_before_anything_is_made() {
    let world = World::new();
    for path in [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "/%2fevil",
        "",
    ] {
        let error = world.begun(&mut Browser::default(), path).expect_err(path);
        assert_eq!(error.kind(), ErrorKind::ReturnPath, "{path}");
        assert!(path.is_empty() || !error.response::<String>().body().contains(path));
    }
}

/// All of them at once would each leave a cookie.
#[test]
fn a_page_that_embeds_the_sign_in_begins_none() {
    let world = World::new();
    let mut headers = http::HeaderMap::new();
    headers.insert("sec-fetch-dest", http::HeaderValue::from_static("image"));
    let error = world.begun_with(&headers, "/").expect_err("an image");
    assert_eq!(error.kind(), ErrorKind::Embedded);
    headers.insert("sec-fetch-dest", http::HeaderValue::from_static("document"));
    assert!(world.begun_with(&headers, "/").is_ok());
}

#[test]
fn the_same_client_at_another_issuer_is_another_one() {
    let mut world = World::new();
    let mut browser = Browser::default();
    let state = world.begin(&mut browser, "/");
    world.client = world.client.issuer("https://op.example/another");
    let error = world.finish(&mut browser, &state).expect_err("another");
    assert_eq!(error.kind(), ErrorKind::OtherProvider);
}

#[test]
fn a_form_is_not_taken_for_a_query() {
    let world = World::new();
    let mut browser = Browser::default();
    let state = world.begin(&mut browser, "/");
    let callback = Callback::form(&world.response(&state), &browser.headers());
    assert_eq!(
        world.receive(&callback).expect_err("a form").kind(),
        ErrorKind::OtherProvider
    );
}
