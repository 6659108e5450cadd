//! The example `web_sign_in`, whose people sign in with two providers in a real browser.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::json;
use tokensmith_tests::chromium::{Chromium, Place};
use tokensmith_tests::example;
use tokensmith_tests::oidc_provider::OidcProvider;

use crate::{SECRET, person};

const PATIENCE: Duration = Duration::from_secs(30);
/// What the names of its cookies begin with while somebody signs in.
const SIGN_IN: &str = "__Host-sign-in-";

/// The application and its providers.
struct World {
    process: Child,
    origin: String,
    _providers: [OidcProvider; 2],
    _folder: tempfile::TempDir,
}

impl World {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        drop(listener);
        // Another host than the providers', for the browser: cookies are not sent across.
        let origin = format!("http://localhost:{}", address.port());
        let provider = |name: &str| {
            let mut client = person(name, "client_secret_basic");
            client["redirect_uris"] = json!([format!("{origin}/{name}/callback")]);
            OidcProvider::start(&[client], None)
        };
        let providers = [provider("one"), provider("two")];
        let folder = tempfile::tempdir().expect("a folder");
        let mut command = Command::new(example::path("web_sign_in"));
        command
            .env("PROVIDERS", "one two")
            .env("DATABASE", folder.path().join("tokens.db"))
            .env("KEY", "0123456789abcdef0123456789abcdef")
            .env("LISTEN", address.to_string());
        for (name, provider) in ["one", "two"].into_iter().zip(&providers) {
            command
                .env(format!("{name}_ISSUER"), provider.issuer())
                .env(format!("{name}_ID"), name)
                .env(format!("{name}_SECRET"), SECRET)
                .env(
                    format!("{name}_CALLBACK"),
                    format!("{origin}/{name}/callback"),
                );
        }
        let process = command.spawn().expect("a program");
        wait_for(address);
        Self {
            process,
            origin,
            _providers: providers,
            _folder: folder,
        }
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// Begins to sign in, up to the page of the provider.
    fn begin(&self, browser: &mut Chromium, tab: u32, provider: &str) -> Place {
        browser.open(tab, &self.url("/"));
        let place = browser.click(tab, &format!("#sign-in-{provider}"));
        assert!(place.url.starts_with("http://127.0.0.1:"), "{place:?}");
        place
    }

    /// Whose tokens the application has, as the provider's API says.
    fn account(&self, browser: &mut Chromium, tab: u32, provider: &str) -> Option<String> {
        let place = browser.open(tab, &self.url(&format!("/{provider}/account")));
        if place.title == "Welcome" {
            return None;
        }
        let json = place.text.lines().next().expect("a line");
        let claims: serde_json::Value = serde_json::from_str(json).expect("JSON");
        Some(claims["sub"].as_str().expect("a subject").to_owned())
    }
}

impl Drop for World {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

fn wait_for(address: SocketAddr) {
    let start = Instant::now();
    while TcpStream::connect(address).is_err() {
        assert!(start.elapsed() < PATIENCE, "the application does not start");
        sleep(Duration::from_millis(20));
    }
}

/// Says who somebody is, and consents, on the pages of a provider.
pub(crate) fn finish(browser: &mut Chromium, tab: u32, name: &str) -> Place {
    if browser.look(tab).text.contains("Sign-in") {
        browser.fill(tab, "input[name=login]", name);
        browser.fill(tab, "input[name=password]", "any");
        browser.click(tab, "button[type=submit]");
    }
    browser.click(tab, "button[type=submit]")
}

fn sign_ins(place: &Place) -> usize {
    let cookies = place.cookies.iter();
    cookies.filter(|cookie| cookie.starts_with(SIGN_IN)).count()
}

#[test]
fn people_sign_in_and_out_in_a_real_browser() {
    let world = World::new();
    let mut browser = Chromium::start();
    assert_eq!(world.account(&mut browser, 1, "one"), None);

    // Sign in, return.
    let place = world.begin(&mut browser, 1, "one");
    assert_eq!(sign_ins(&place), 1);
    let place = finish(&mut browser, 1, "alice");
    assert_eq!(place.url, world.url("/"));
    assert_eq!(sign_ins(&place), 0, "{:?}", place.cookies);
    assert_eq!(
        world.account(&mut browser, 1, "one").as_deref(),
        Some("alice")
    );

    // Reload the callback: the sign-in has ended, and nothing else has.
    let is_callback = |url: &&String| url.starts_with(&world.url("/one/callback?"));
    let callback = place.visited.iter().find(is_callback).expect("a callback");
    for _ in 0..2 {
        let place = browser.open(1, callback);
        assert!(place.text.contains("has ended already"), "{place:?}");
        let place = browser.reload(1);
        assert!(place.text.contains("has ended already"), "{place:?}");
    }
    assert_eq!(
        world.account(&mut browser, 1, "one").as_deref(),
        Some("alice")
    );

    // Sign out.
    let place = browser.click(1, "button");
    assert_eq!(place.url, world.url("/"));
    assert_eq!(world.account(&mut browser, 1, "one"), None);
}

#[test]
fn going_back_harms_nothing() {
    let world = World::new();
    let mut browser = Chromium::start();
    world.begin(&mut browser, 1, "one");
    // Back to the application before anything was said, and again.
    let place = browser.back(1);
    assert_eq!(place.title, "Welcome");
    let place = browser.click(1, "#sign-in-one");
    assert_eq!(sign_ins(&place), 2);
    let place = finish(&mut browser, 1, "alice");
    assert_eq!(place.url, world.url("/"));
    // The one that was given up is left until it ends by itself.
    assert_eq!(sign_ins(&place), 1);
    // Back from the application to the provider, whose page has nothing left to do.
    let place = browser.back(1);
    assert_ne!(place.url, world.url("/"));
    assert_eq!(
        world.account(&mut browser, 1, "one").as_deref(),
        Some("alice")
    );
}

#[test]
fn tabs_and_providers_do_not_disturb_each_other() {
    let world = World::new();
    let mut browser = Chromium::start();
    world.begin(&mut browser, 1, "one");
    world.begin(&mut browser, 2, "two");
    let place = world.begin(&mut browser, 3, "one");
    assert_eq!(sign_ins(&place), 3);
    // They end in another order than they began.
    for (tab, name) in [(3, "alice"), (2, "bob"), (1, "carol")] {
        let place = finish(&mut browser, tab, name);
        assert_eq!(place.url, world.url("/"), "{}", place.text);
    }
    assert_eq!(sign_ins(&browser.look(1)), 0);
    assert_eq!(
        world.account(&mut browser, 1, "two").as_deref(),
        Some("bob")
    );
    assert_eq!(
        world.account(&mut browser, 2, "one").as_deref(),
        Some("carol")
    );
    // Who signs out at one stays signed in at the other.
    browser.click(2, "button");
    assert_eq!(world.account(&mut browser, 2, "one"), None);
    assert_eq!(
        world.account(&mut browser, 2, "two").as_deref(),
        Some("bob")
    );
}

#[test]
fn who_refuses_is_told_so() {
    let world = World::new();
    let mut browser = Chromium::start();
    world.begin(&mut browser, 1, "one");
    let place = browser.click(1, "a");
    assert!(
        place
            .url
            .starts_with(&world.url("/one/callback?error=access_denied")),
        "{place:?}"
    );
    assert!(place.text.contains("access was denied"), "{place:?}");
    assert_eq!(sign_ins(&place), 0);
    assert_eq!(world.account(&mut browser, 1, "one"), None);
}
