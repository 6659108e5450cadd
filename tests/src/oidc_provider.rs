//! oidc-provider: an authorization server that knows nothing of this project.
//!
//! It runs in memory; `tests/peers/oidc-provider.mjs` says what is turned on. Its development pages take any name and
//! password, so that a [`Browser`] can sign in.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::browser::{Browser, Page};
use crate::peers;

/// How long it may take to start.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running server; it stops when it is dropped.
pub struct OidcProvider {
    child: Child,
    _input: ChildStdin,
    listening: Listening,
}

#[derive(Debug, Deserialize)]
struct Listening {
    issuer: String,
    mtls: Option<String>,
}

/// What the port for client certificates has: PEM texts.
#[derive(Debug)]
pub struct Tls {
    /// The server's key.
    pub key: String,
    /// The server's certificate.
    pub certificate: String,
    /// The authority whose clients it knows.
    pub authority: String,
}

impl OidcProvider {
    /// Starts it with these clients, as OpenID Connect Dynamic Client Registration describes them.
    ///
    /// # Panics
    ///
    /// If it is not installed, with the command that installs it; or if it refuses the clients.
    pub fn start(clients: &[Value], tls: Option<&Tls>) -> Self {
        Self::start_with(&json!({"clients": clients, "tls": tls.map(pem)}))
    }

    /// Starts it with the FAPI 2.0 Security Profile, by which it takes only authorization requests that are pushed.
    ///
    /// # Panics
    ///
    /// As [`start`](Self::start).
    pub fn start_fapi(clients: &[Value], tls: Option<&Tls>) -> Self {
        Self::start_with(&json!({"clients": clients, "tls": tls.map(pem), "fapi": true}))
    }

    /// Starts it with what `tests/peers/oidc-provider.mjs` reads.
    ///
    /// # Panics
    ///
    /// As [`start`](Self::start).
    pub fn start_with(options: &Value) -> Self {
        let mut child = Command::new("node")
            .arg(peers::folder().join("oidc-provider.mjs"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Node.js runs");
        let mut input = child.stdin.take().expect("a piped input");
        writeln!(input, "{options}").expect("a program that reads");
        let output = child.stdout.take().expect("a piped output");
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                // Among notices about its defaults.
                if let Ok(listening) = serde_json::from_str::<Listening>(&line) {
                    drop(sender.send(listening));
                }
            }
        });
        let listening = receiver
            .recv_timeout(PATIENCE)
            .expect("oidc-provider starts; what it says is on standard error");
        Self {
            child,
            _input: input,
            listening,
        }
    }

    /// Its identifier, which is also its URL.
    pub fn issuer(&self) -> &str {
        &self.listening.issuer
    }

    /// The URL of the port that asks for client certificates.
    ///
    /// # Panics
    ///
    /// When it was started without one.
    pub fn mtls(&self) -> &str {
        self.listening.mtls.as_deref().expect("started with TLS")
    }

    /// A browser with an empty profile.
    ///
    /// # Panics
    ///
    /// Never: the issuer is an address.
    pub fn browser(&self) -> Browser {
        let address = self.issuer().trim_start_matches("http://");
        Browser::new(address.parse::<SocketAddr>().expect("an address"))
    }

    /// Opens the URL of an authorization, signs in as this user and consents: the URL that the browser is sent back to.
    ///
    /// # Panics
    ///
    /// When it ends on another page.
    pub fn sign_in(&self, url: &str, user: &str) -> String {
        Self::sign_in_with(&mut self.browser(), url, user)
    }

    /// Does the same in a browser that was used before, or will be.
    ///
    /// # Panics
    ///
    /// When it ends on another page.
    pub fn sign_in_with(browser: &mut Browser, url: &str, user: &str) -> String {
        match interact(browser, url, user) {
            Page::Away(url) => url,
            Page::Here(url, page) => panic!("{url} is not the client's:\n{page}"),
        }
    }

    /// Opens the URL of a logout and says yes: the URL that the browser is sent back to.
    ///
    /// # Panics
    ///
    /// When it ends on another page.
    pub fn sign_out_with(&self, browser: &mut Browser, url: &str) -> String {
        let fields = match browser.open(url) {
            Page::Here(_, page) => hidden(&page),
            Page::Away(url) => panic!("nobody was asked before {url}"),
        };
        let form = format!("{}/session/end/confirm", self.issuer());
        let page = browser.submit(
            &form,
            &[pairs(&fields).as_slice(), &[("logout", "yes")]].concat(),
        );
        match page {
            Page::Away(url) => url,
            Page::Here(url, page) => panic!("{url} is not the client's:\n{page}"),
        }
    }

    /// Approves the code that a device shows.
    ///
    /// # Panics
    ///
    /// When the code is not taken.
    pub fn approve(&self, verification_uri_complete: &str, user: &str) {
        let (mut browser, (fields, url)) = self.confirm(verification_uri_complete);
        let page = browser.submit(&url, &pairs(&fields));
        let page = response(&mut browser, page, user);
        let Page::Here(_, page) = page else {
            panic!("{page:?} is not the end of a device's authorization");
        };
        assert!(page.contains("Sign-in Success"), "{page}");
    }

    /// Refuses the code that a device shows.
    ///
    /// # Panics
    ///
    /// When the code is not taken.
    pub fn refuse(&self, verification_uri_complete: &str) {
        let (mut browser, (fields, url)) = self.confirm(verification_uri_complete);
        let fields = pairs(&fields);
        browser.submit(&url, &[fields.as_slice(), &[("abort", "yes")]].concat());
    }

    /// The page on which a user confirms the code: its hidden fields and where its form goes.
    fn confirm(&self, url: &str) -> (Browser, (Vec<(String, String)>, String)) {
        let mut browser = self.browser();
        let Page::Here(here, page) = browser.open(url) else {
            panic!("{url} leads away");
        };
        let fields = hidden(&page);
        let form = format!("{}/device", self.issuer());
        let page = match browser.submit(&form, &pairs(&fields)) {
            Page::Here(_, page) => page,
            away @ Page::Away(_) => panic!("{here} leads to {away:?}"),
        };
        (browser, (hidden(&page), form))
    }
}

fn pem(tls: &Tls) -> Value {
    json!({"key": tls.key, "cert": tls.certificate, "ca": tls.authority})
}

impl Drop for OidcProvider {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn interact(browser: &mut Browser, url: &str, user: &str) -> Page {
    let page = browser.open(url);
    response(browser, page, user)
}

/// Responses what the development pages ask: who the user is, and whether the client may.
fn response(browser: &mut Browser, mut page: Page, user: &str) -> Page {
    for _ in 0..4 {
        let Page::Here(url, text) = &page else {
            break;
        };
        let fields = hidden(text);
        let Some((_, prompt)) = fields.iter().find(|(name, _)| name == "prompt") else {
            break;
        };
        let sign_in = [
            ("prompt", prompt.as_str()),
            ("login", user),
            ("password", "any"),
        ];
        let url = url.clone();
        page = browser.submit(&url, &sign_in);
    }
    page
}

/// The names and values of the hidden fields in a page.
fn hidden(page: &str) -> Vec<(String, String)> {
    let attribute = |tag: &str, name: &str| {
        let (_, rest) = tag.split_once(&format!("{name}=\""))?;
        Some(rest.split('"').next()?.to_owned())
    };
    page.split("<input")
        .skip(1)
        .filter_map(|tag| tag.split('>').next())
        .filter(|tag| tag.contains("type=\"hidden\""))
        .filter_map(|tag| Some((attribute(tag, "name")?, attribute(tag, "value")?)))
        .collect()
}

fn pairs(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}
