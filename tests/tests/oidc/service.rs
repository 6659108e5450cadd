//! The example `axum_service`: a program of its own, which people sign in to with oidc-provider.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, ExitStatus};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::json;
use tokensmith_tests::browser::{Browser, Page};
use tokensmith_tests::example;
use tokensmith_tests::oidc_provider::OidcProvider;

use crate::{SECRET, person};

/// The access tokens of clients called `short-` live three seconds (`tests/peers/oidc-provider.mjs`).
const LIFETIME: Duration = Duration::from_secs(3);
const CLIENT: &str = "short-service";
const PATIENCE: Duration = Duration::from_secs(30);

struct Service {
    process: Child,
    address: SocketAddr,
}

impl Service {
    fn start(provider: &OidcProvider, address: SocketAddr, tokens: &Path) -> Self {
        let process = Command::new(example::path("axum_service"))
            .env("ISSUER", provider.issuer())
            .env("CLIENT_ID", CLIENT)
            .env("CLIENT_SECRET", SECRET)
            .env("CALLBACK", format!("http://{address}/callback"))
            .env("API", format!("{}/me", provider.issuer()))
            .env("TOKENS", tokens)
            .env("KEY", "0123456789abcdef0123456789abcdef")
            .env("LISTEN", address.to_string())
            .spawn()
            .expect("a program");
        let start = Instant::now();
        while TcpStream::connect(address).is_err() {
            assert!(start.elapsed() < PATIENCE, "the service does not start");
            sleep(Duration::from_millis(20));
        }
        Self { process, address }
    }

    /// Signs somebody in with a new browser, which ends on the page of the API.
    fn sign_in(&self, provider: &OidcProvider, user: &str) -> Browser {
        let mut browser = Browser::new(self.address);
        let Page::Away(url) = browser.open("/sign-in") else {
            panic!("the service does not send the browser to the provider");
        };
        let back = provider.sign_in(&url, user);
        assert!(is_of(&browser.open(&back), user));
        browser
    }

    /// Asks it to end, and waits until it has.
    fn terminate(mut self) -> ExitStatus {
        let process = self.process.id().to_string();
        let killed = Command::new("kill").args(["-TERM", &process]).status();
        assert!(killed.expect("`kill` runs").success());
        self.process.wait().expect("it ends")
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// Whether it is what the API says of this user.
fn is_of(page: &Page, user: &str) -> bool {
    let expected = json!({ "sub": user });
    matches!(page, Page::Here(_, text) if serde_json::from_str(text).ok() == Some(expected))
}

fn asks_to_sign_in(page: &Page) -> bool {
    matches!(page, Page::Here(_, text) if text.contains("sign in"))
}

#[test]
fn a_service_signs_people_in_and_out_and_ends_without_losing_a_token() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    let mut client = person(CLIENT, "client_secret_basic");
    client["redirect_uris"] = json!([format!("http://{address}/callback")]);
    let provider = OidcProvider::start(&[client], None);
    let folder = tempfile::tempdir().expect("a folder");
    let tokens = folder.path().join("tokens");
    let service = Service::start(&provider, address, &tokens);

    assert!(asks_to_sign_in(&Browser::new(address).open("/")));
    let mut alice = service.sign_in(&provider, "alice");
    let mut bob = service.sign_in(&provider, "bob");
    // Each time the access tokens have expired, and the refresh tokens are used once more.
    for _ in 0..2 {
        sleep(LIFETIME);
        assert!(is_of(&alice.open("/"), "alice"));
        assert!(is_of(&bob.open("/"), "bob"));
    }

    let signed_out = alice.submit("/sign-out", &[]);
    assert!(
        matches!(&signed_out, Page::Here(_, text) if text.is_empty()),
        "{signed_out:?}"
    );
    assert!(asks_to_sign_in(&alice.open("/")));
    assert!(is_of(&bob.open("/"), "bob"));

    // It ends while a refresh is under way whose caller has left, and another process goes on.
    sleep(LIFETIME);
    bob.leave("/");
    sleep(Duration::from_millis(5));
    assert!(service.terminate().success());
    let service = Service::start(&provider, address, &tokens);
    sleep(LIFETIME);
    assert!(is_of(&bob.open("/"), "bob"));
    assert!(asks_to_sign_in(&alice.open("/")));
    drop(service);
}
