mod id_token;
mod pushed;
mod refused;
mod sign_out;
mod stored;
mod world;

use http::{StatusCode, header};
use pollster::block_on;

use self::world::{Browser, ISSUER, REDIRECT_URI, World, keyring};
use crate::{ErrorKind, SignIn};

#[test]
fn somebody_signs_in() {
    let world = World::new();
    let mut browser = Browser::default();
    let state = world.begin(&mut browser, "/account?tab=2");
    let [cookie] = browser.cookies() else {
        panic!("one cookie");
    };
    assert!(cookie.starts_with("__Host-sign-in-"), "{cookie}");
    let signed_in = world.finish(&mut browser, &state).expect("signed in");
    assert_eq!(signed_in.response.access_token.expose(), "a token");
    assert_eq!(signed_in.return_to, "/account?tab=2");
    let redirect = signed_in.to_return_path::<String>();
    assert_eq!(redirect.status(), StatusCode::SEE_OTHER);
    assert_eq!(redirect.headers()[header::LOCATION], "/account?tab=2");
    assert_eq!(redirect.headers()[header::CACHE_CONTROL], "no-store");
    browser.keep(redirect.headers());
    assert!(browser.cookies().is_empty());
    let request = world.server.only_request().expect("one request");
    let form = request.form();
    assert!(form.contains(&"code=c0de".to_owned()), "{form:?}");
    assert!(
        form.contains(&format!("redirect_uri={REDIRECT_URI}")),
        "{form:?}"
    );
    assert!(
        form.iter().any(|pair| pair.starts_with("code_verifier=")),
        "{form:?}"
    );
}

#[test]
fn the_browser_learns_nothing_from_its_cookie() {
    let world = World::new();
    let mut browser = Browser::default();
    let begun = world.begun(&mut browser, "/canary-path").expect("begun");
    let state = world::state(&begun.url);
    let shown = format!("{begun:?} {:?}", world.sign_in);
    assert!(
        !shown.contains(&state) && !shown.contains("__Host"),
        "{shown}"
    );
    let cookie = browser.cookies()[0].clone();
    for known in [&state, "canary-path", REDIRECT_URI, ISSUER] {
        assert!(!cookie.contains(known), "{cookie}");
    }
    // The URL has no return path: the provider need not know it.
    assert!(!begun.url.contains("canary"), "{}", begun.url);
}

#[test]
fn tabs_sign_in_beside_each_other_and_in_any_order() {
    let world = World::new();
    let mut browser = Browser::default();
    let states: Vec<_> = ["/1", "/2", "/3"]
        .map(|path| world.begin(&mut browser, path))
        .into();
    assert_eq!(browser.cookies().len(), 3);
    for (state, path) in [(&states[1], "/2"), (&states[0], "/1"), (&states[2], "/3")] {
        let signed_in = world.finish(&mut browser, state).expect("signed in");
        assert_eq!(signed_in.return_to, path);
        browser.keep(signed_in.to_return_path::<String>().headers());
    }
    assert!(browser.cookies().is_empty());
}

#[test]
fn a_page_that_opens_many_sign_ins_does_not_fill_the_browser() {
    let world = World::new();
    let mut browser = Browser::default();
    for _ in 0..20 {
        world.begin(&mut browser, "/");
        assert!(browser.cookies().len() <= 5);
    }
    let last = world.begin(&mut browser, "/last");
    assert!(world.finish(&mut browser, &last).is_ok());
}

#[test]
fn the_keys_of_an_application_change_while_people_sign_in() {
    let world = World::new();
    let mut browser = Browser::default();
    let state = world.begin(&mut browser, "/");
    let changed = keyring(2).with_older("1", [1; 32]).with_naming_key([1; 32]);
    let world = World {
        sign_in: SignIn::new(REDIRECT_URI, changed).expect("a sign-in"),
        ..world
    };
    assert!(world.finish(&mut browser, &state).is_ok());
}

#[test]
fn a_form_that_is_posted_from_the_provider() {
    let mut world = World::new();
    world.sign_in = world.sign_in.form_post();
    world.parameters.push(("response_mode", "form_post"));
    let mut browser = Browser::default();
    let begun = world.begun(&mut browser, "/").expect("begun");
    let cookie = begun.cookies[0].to_str().expect("text");
    assert!(cookie.contains("; SameSite=None; "), "{cookie}");
    let state = world::state(&begun.url);
    let by_query = world.receive(&browser.callback(&world.response(&state)));
    assert_eq!(
        by_query.expect_err("not a form").kind(),
        ErrorKind::OtherProvider
    );
    let callback = crate::Callback::form(&world.response(&state), &browser.headers());
    let returned = world.receive(&callback).expect("a code");
    let set_cookie = returned.set_cookie.to_str().expect("text");
    assert!(
        set_cookie.contains("; SameSite=None; Max-Age=0"),
        "{set_cookie}"
    );
}

#[test]
fn what_cannot_work_is_said_before_anybody_signs_in() {
    let world = World::new();
    let begin = |world: &World| world.begun(&mut Browser::default(), "/").map(drop);
    let message = |world: &World| {
        let error = begin(world).expect_err("refused");
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.set_cookie().is_none());
        error.to_string()
    };
    assert!(begin(&world).is_ok());
    let mut other = World::new();
    other.parameters = vec![("redirect_uri", "https://app.example/other")];
    assert!(message(&other).contains("another `redirect_uri`"));
    let mut form = World::new();
    form.parameters.push(("response_mode", "form_post"));
    assert!(message(&form).contains("response_mode"));
    let mut form = World::new();
    form.sign_in = form.sign_in.form_post();
    assert!(message(&form).contains("response_mode"));
    let mut unknown = World::new();
    unknown.client = world::client(&unknown.server);
    unknown.parameters.push(("scope", "openid"));
    assert!(message(&unknown).contains("issuer"));
    let mut taken = World::new();
    taken.parameters.push(("state", "mine"));
    assert!(message(&taken).contains("`state`"));
}

#[test]
fn a_redirect_uri_is_https_or_on_this_machine() {
    let new = |uri: &str| SignIn::new(uri, keyring(1)).map(drop);
    for good in [
        "https://app.example/callback",
        "http://localhost:8080/callback",
        "http://127.0.0.1/callback?x=1",
        "http://[::1]:1/",
    ] {
        assert!(new(good).is_ok(), "{good}");
    }
    for bad in [
        "",
        "/callback",
        "app.example/callback",
        "http://app.example/callback",
        "http://localhost.evil.example/",
        "http://127.0.0.1@evil.example/",
        "https://app.example/#callback",
        "custom:/callback",
        "https://",
    ] {
        assert_eq!(new(bad).expect_err(bad).kind(), ErrorKind::Config);
    }
}

#[test]
fn an_error_deletes_the_cookie_and_shows_the_person_no_detail() {
    let world = World::new();
    let mut browser = Browser::default();
    let state = world.begin(&mut browser, "/");
    let query =
        format!("error=access_denied&error_description=canary-detail&state={state}&iss={ISSUER}");
    let error = block_on(
        world
            .sign_in
            .receive(&world.client, &browser.callback(&query)),
    );
    let error = error.expect_err("denied");
    assert_eq!(error.kind(), ErrorKind::Denied);
    let response = error.response::<String>();
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    assert!(!response.body().contains("canary"));
    // Whoever runs the application sees it.
    assert!(error.to_string().contains("canary-detail"));
    browser.keep(response.headers());
    assert!(browser.cookies().is_empty());
}
