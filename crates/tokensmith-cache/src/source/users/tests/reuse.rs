//! A provider that detects when a refresh token comes twice, as Auth0 and Okta do.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use tokensmith_runtime::{
    Client, Credentials, DpopKey, Retry, Spawner, Transport, TransportError, TransportErrorKind,
};
use tokio::task::AbortHandle;

use super::*;
use crate::Clock as _;

/// Takes each refresh token once, and revokes all of a sign-in when one comes twice.
#[derive(Default)]
pub(super) struct Provider {
    /// Whose each refresh token is, and of which sign-in.
    pub(super) families: HashMap<String, (usize, usize)>,
    /// The refresh tokens that are good.
    good: HashSet<String>,
    revoked: HashSet<usize>,
    next: usize,
    sign_ins: usize,
    pub(super) loses_responses: bool,
    /// Whether it has too many requests, and takes no refresh token.
    pub(super) is_busy: bool,
    /// Whether it fails after it has replaced the refresh token: the response says so, and has none.
    pub(super) fails_late: bool,
    /// Whether it takes no proof without a nonce.
    pub(super) asks_for_nonce: bool,
    /// How often it has asked for one.
    pub(super) asked_for_nonce: usize,
    /// How long the responses to refreshes that are sent from now on take on their way.
    pub(super) delay: Duration,
    /// How long it takes a refresh token again after its first use.
    pub(super) grace_period: Duration,
    /// When each refresh token was used first.
    pub(super) used: HashMap<String, Duration>,
    /// Those that were used and whose response was a failure.
    pub(super) failed_late: HashSet<String>,
    /// How often one came again in that time.
    pub(super) forgiven: usize,
    /// The refresh tokens that came twice.
    pub(super) reused: Vec<String>,
    /// Which machine has sent which refresh token.
    pub(super) sent: HashSet<(usize, String)>,
}

impl Provider {
    pub(super) fn sign_in(&mut self, user: usize) -> String {
        self.sign_ins += 1;
        let family = self.sign_ins;
        self.issue(user, family)
    }

    /// How many sign-ins there were: the number of the last one.
    pub(super) fn sign_ins(&self) -> usize {
        self.sign_ins
    }

    /// Takes no refresh token any more.
    pub(super) fn refuse_all(&mut self) {
        let families = self.families.values().map(|(_, family)| *family);
        self.revoked = families.collect();
    }

    fn issue(&mut self, user: usize, family: usize) -> String {
        self.next += 1;
        let token = format!("rt-{}", self.next);
        self.families.insert(token.clone(), (user, family));
        self.good.insert(token.clone());
        token
    }

    fn refresh(&mut self, token: &str, now: Duration) -> Result<(usize, String), &'static str> {
        let Some(&(user, family)) = self.families.get(token) else {
            return Err("invalid_grant");
        };
        if self.revoked.contains(&family) {
            return Err("invalid_grant");
        }
        let first = *self.used.entry(token.to_owned()).or_insert(now);
        if !self.good.remove(token) {
            if now - first < self.grace_period {
                self.forgiven += 1;
                return Ok((user, self.issue(user, family)));
            }
            self.reused.push(token.to_owned());
            self.revoked.insert(family);
            return Err("invalid_grant");
        }
        Ok((user, self.issue(user, family)))
    }
}

/// One machine's way to the provider.
#[derive(Clone)]
pub(super) struct Line {
    world: World,
    machine: usize,
    provider: Arc<Mutex<Provider>>,
    /// What the machine does on its own: it ends when the machine is killed.
    work: Arc<Mutex<Vec<AbortHandle>>>,
    /// The key that tokens are bound to, where they are.
    key: Option<DpopKey>,
    /// How many requests have no response yet.
    sending: Arc<AtomicUsize>,
}

/// Counts a request until its response is there, or nobody waits for it any more.
struct Sending(Arc<AtomicUsize>);

impl Sending {
    fn new(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(count))
    }
}

impl Drop for Sending {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Line {
    pub(super) fn new(world: &World, machine: usize, provider: &Arc<Mutex<Provider>>) -> Self {
        Self {
            world: world.clone(),
            machine,
            provider: Arc::clone(provider),
            work: Arc::default(),
            key: None,
            sending: Arc::default(),
        }
    }

    /// The same with tokens that are bound to a key.
    pub(super) fn with_key(mut self, key: DpopKey) -> Self {
        self.key = Some(key);
        self
    }

    pub(super) fn client(&self) -> Client<Any, Self> {
        let credentials = Credentials::new("client", "S3cret-canary");
        let client = Client::with_transport(self.clone(), "https://auth.example.com", credentials);
        let client = client.expect("a client").retry(Retry::never());
        match &self.key {
            Some(key) => client.dpop(key.clone()),
            None => client,
        }
    }

    /// Ends the machine in the middle of what it does.
    pub(super) fn kill(&self) {
        let mut work = self.work.lock().unwrap_or_else(PoisonError::into_inner);
        work.drain(..).for_each(|task| task.abort());
    }

    /// Whether a request has no response yet.
    pub(super) fn is_sending(&self) -> bool {
        self.sending.load(Ordering::SeqCst) > 0
    }

    pub(super) fn provider(&self) -> MutexGuard<'_, Provider> {
        self.provider.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Transport for Line {
    async fn send(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        let _sending = Sending::new(&self.sending);
        let proof = request.headers().get("dpop");
        let is_without_nonce = proof.is_some_and(|proof| !has_nonce(proof.as_bytes()));
        let body = String::from_utf8(request.into_body()).expect("a form");
        let value = |name| body.split('&').find_map(|pair| pair.strip_prefix(name));
        let code = value("code=").map(|code| code.parse().expect("a user"));
        let token = value("refresh_token=").unwrap_or_default().to_owned();
        let mut delay = Duration::ZERO;
        if code.is_none() {
            self.provider().sent.insert((self.machine, token.clone()));
            delay = self.provider().delay;
        }
        self.world.sleep(SECOND / 10).await;
        if self.provider().is_busy {
            let response = http::Response::builder().status(429);
            return Ok(response.body(Vec::new()).expect("a response"));
        }
        if self.provider().asks_for_nonce && is_without_nonce {
            self.provider().asked_for_nonce += 1;
            let response = http::Response::builder().status(400);
            let response = response.header("dpop-nonce", "n");
            let body = br#"{"error":"use_dpop_nonce"}"#.to_vec();
            return Ok(response.body(body).expect("a response"));
        }
        let outcome = match code {
            Some(user) => Ok((user, self.provider().sign_in(user))),
            None => self.provider().refresh(&token, self.world.now()),
        };
        let lost = self.provider().loses_responses;
        let fails = self.provider().fails_late && !lost;
        if fails && outcome.is_ok() {
            self.provider().failed_late.insert(token);
        }
        self.world.sleep(SECOND / 10 + delay).await;
        if lost {
            let lost = TransportErrorKind::Other;
            return Err(TransportError::new(lost, true, "lost"));
        }
        let (status, body) = match outcome {
            Ok(_) if fails => (500, String::new()),
            Ok((user, next)) => {
                let token = format!("{user}.{next}");
                let body = serde_json::json!({
                    "access_token": token, "refresh_token": next, "expires_in": 60,
                });
                (200, body.to_string())
            }
            Err(code) => (400, format!(r#"{{"error":"{code}"}}"#)),
        };
        let response = http::Response::builder().status(status);
        Ok(response.body(body.into_bytes()).expect("a response"))
    }

    async fn sleep(&self, duration: Duration) {
        self.world.sleep(duration).await;
    }

    fn spawner(&self) -> Option<Spawner> {
        let running = Arc::clone(&self.work);
        Some(Spawner::new(move |work| {
            let task = tokio::spawn(work);
            let mut running = running.lock().unwrap_or_else(PoisonError::into_inner);
            running.push(task.abort_handle());
        }))
    }
}

/// Whether the claims of a proof have a nonce (RFC 9449 section 4.2).
fn has_nonce(proof: &[u8]) -> bool {
    let claims = proof.split(|byte| *byte == b'.').nth(1);
    let claims = URL_SAFE_NO_PAD.decode(claims.expect("a JSON Web Token"));
    let claims: serde_json::Value = serde_json::from_slice(&claims.expect("base64")).expect("JSON");
    claims.get("nonce").is_some()
}
