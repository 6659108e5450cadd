//! What tests share: a world whose time stands still until it is told to go on, with a provider in it.

use std::collections::{HashMap, VecDeque};
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokensmith_runtime::{
    Any, Client, Credentials, Endpoint, EndpointKind, Operation, Parameter, Retry, Spawner,
    TokenRequest, Transport, TransportError, TransportErrorKind,
};
use tokio::task::JoinHandle;

use crate::{Clock, Options, Token, TokenError, TokenSource};

pub(crate) static CLIENT_CREDENTIALS: Operation<'static> =
    Operation::grant("client_credentials").with_parameters(&[Parameter::new("scope")]);
pub(crate) static REFRESH_TOKEN: Operation<'static> = Operation::grant("refresh_token")
    .one_time()
    .with_parameters(&[Parameter::new("refresh_token").required().secret()]);
pub(crate) static CODE: Operation<'static> = Operation::grant("authorization_code")
    .one_time()
    .with_parameters(&[Parameter::new("code").required().secret()]);
pub(crate) static REVOKE: Operation<'static> =
    Operation::new().with_parameters(&[Parameter::new("token").required().secret()]);
pub(crate) static TOKEN: Endpoint<'static> = Endpoint::new(EndpointKind::Token, &["/token"])
    .with_operations(&[&CLIENT_CREDENTIALS, &REFRESH_TOKEN, &CODE]);
pub(crate) static REVOCATION: Endpoint<'static> =
    Endpoint::new(EndpointKind::Revocation, &["/revoke"]).with_operations(&[&REVOKE]);

pub(crate) const SECOND: Duration = Duration::from_secs(1);
pub(crate) const MINUTE: Duration = Duration::from_secs(60);
pub(crate) const HOUR: Duration = Duration::from_secs(3600);

/// Time, and a provider that responds in it.
#[derive(Clone, Default)]
pub(crate) struct World(Arc<Mutex<State>>);

struct State {
    now: Duration,
    sleepers: Vec<Waker>,
    provider: Provider,
}

/// What the provider does, and what it has seen.
pub(crate) struct Provider {
    /// How long each response takes.
    pub(crate) latency: Duration,
    /// The lifetime that it gives to tokens; none at all for `None`.
    pub(crate) lifetime: Option<u64>,
    /// Responses that come before its own: a status, the value of `Retry-After`, a body.
    pub(crate) responses: VecDeque<(u16, Option<u64>, String)>,
    /// Whether it cannot be reached.
    pub(crate) is_down: bool,
    /// Whether it never responds.
    pub(crate) is_silent: bool,
    /// Whether it does what it is asked for, and the response is lost.
    pub(crate) loses_response: bool,
    pub(crate) panics: bool,
    /// Whether it gives a new refresh token with each token, and takes the last one only.
    pub(crate) rotates: bool,
    pub(crate) refresh_token: String,
    /// The bodies of all requests, with when they came.
    pub(crate) requests: Vec<(Duration, String)>,
    /// How many of those for one scope have no response yet, and how many at most at once.
    pub(crate) busy: HashMap<String, usize>,
    pub(crate) most_busy: usize,
}

impl Default for State {
    fn default() -> Self {
        Self {
            now: HOUR,
            sleepers: Vec::new(),
            provider: Provider {
                latency: SECOND / 10,
                lifetime: Some(3600),
                responses: VecDeque::new(),
                is_down: false,
                is_silent: false,
                loses_response: false,
                panics: false,
                rotates: false,
                refresh_token: "refresh-0".to_owned(),
                requests: Vec::new(),
                busy: HashMap::new(),
                most_busy: 0,
            },
        }
    }
}

impl World {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn provider<T>(&self, change: impl FnOnce(&mut Provider) -> T) -> T {
        change(&mut self.state().provider)
    }

    pub(crate) fn requests(&self) -> usize {
        self.provider(|provider| provider.requests.len())
    }

    pub(crate) fn client(&self) -> Client<Any, Self> {
        self.client_of("client")
    }

    pub(crate) fn client_of(&self, id: &str) -> Client<Any, Self> {
        let credentials = Credentials::new(id, "S3cret-canary");
        Client::with_transport(self.clone(), "https://auth.example.com", credentials)
            .expect("a client")
            .retry(Retry::never())
    }

    pub(crate) fn options(&self) -> Options {
        Options::default().clock(self.clone())
    }

    /// Lets time go by at once.
    pub(crate) fn jump(&self, duration: Duration) {
        let sleepers = {
            let mut state = self.state();
            state.now += duration;
            std::mem::take(&mut state.sleepers)
        };
        sleepers.into_iter().for_each(Waker::wake);
    }

    /// Lets the clocks of stores go on, and nobody notice.
    pub(crate) fn advance_only_the_clock(&self, duration: Duration) {
        self.state().now += duration;
    }

    /// Lets time go by in small steps, and everybody do in each what is to be done.
    pub(crate) async fn pass(&self, duration: Duration) {
        let step = duration.div_f64(20.0).max(Duration::from_millis(1));
        let end = self.state().now + duration;
        run_all_tasks().await;
        loop {
            let left = end.saturating_sub(self.state().now);
            if left.is_zero() {
                return;
            }
            self.jump(left.min(step));
            run_all_tasks().await;
        }
    }

    fn until(&self, time: Duration) -> Until {
        Until {
            world: self.clone(),
            time,
        }
    }

    /// The response to a form, with a token that lives from this time on.
    fn respond(&self, body: &str, issued: Duration) -> (u16, Option<u64>, String) {
        let mut state = self.state();
        let number = state.provider.requests.len();
        let expires = state.provider.lifetime;
        let provider = &mut state.provider;
        if let Some(response) = provider.responses.pop_front() {
            return response;
        }
        let mut form = body.split('&');
        let whose = scope(body);
        // Longer than any test, where it does not say.
        let lifetime = SECOND * u32::try_from(expires.unwrap_or(3600)).unwrap_or(u32::MAX);
        let end = (issued + lifetime).as_millis();
        let mut response = serde_json::json!({
            // Tests read from the token whose it is, and when it ends.
            "access_token": format!("{whose}.{number}.{end}"),
            "token_type": "Bearer",
        });
        if let Some(seconds) = expires {
            response["expires_in"] = seconds.into();
        }
        if body.starts_with("token=") || body.contains("&token=") {
            return (200, None, String::new());
        }
        if let Some(used) = form.find_map(|pair| pair.strip_prefix("refresh_token=")) {
            if used != provider.refresh_token {
                return (400, None, r#"{"error":"invalid_grant"}"#.to_owned());
            }
            if provider.rotates {
                provider.refresh_token = format!("refresh-{number}");
                response["refresh_token"] = provider.refresh_token.clone().into();
            }
        }
        (200, None, response.to_string())
    }
}

impl Clock for World {
    fn now(&self) -> Duration {
        self.state().now
    }
}

/// Counts a request as busy, for as long as somebody waits for the response.
struct Busy(World, String);

impl Busy {
    fn new(world: &World, scope: &str) -> Self {
        world.provider(|provider| {
            let busy = provider.busy.entry(scope.to_owned()).or_default();
            *busy += 1;
            provider.most_busy = provider.most_busy.max(*busy);
        });
        Self(world.clone(), scope.to_owned())
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.provider(|provider| {
            provider
                .busy
                .entry(self.1.clone())
                .and_modify(|busy| *busy -= 1);
        });
    }
}

/// The scope that a form asks for.
fn scope(form: &str) -> &str {
    form.split('&')
        .find_map(|pair| pair.strip_prefix("scope="))
        .unwrap_or("client")
}

impl Transport for World {
    async fn send(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        let body = String::from_utf8(request.into_body()).expect("a form");
        let now = self.now();
        let (latency, is_down, is_silent, panics) = self.provider(|provider| {
            provider.requests.push((now, body.clone()));
            (
                provider.latency,
                provider.is_down,
                provider.is_silent,
                provider.panics,
            )
        });
        let _busy = Busy::new(self, scope(&body));
        assert!(!panics, "the transport panics");
        self.until(now + latency).await;
        if is_silent {
            std::future::pending::<()>().await;
        }
        if is_down {
            return Err(TransportError::new(
                TransportErrorKind::Connect,
                false,
                "down",
            ));
        }
        let (status, retry_after, body) = self.respond(&body, now + latency);
        if self.provider(|provider| provider.loses_response) {
            let lost = TransportErrorKind::Other;
            return Err(TransportError::new(lost, true, "lost"));
        }
        let mut response = http::Response::builder().status(status);
        if let Some(seconds) = retry_after {
            response = response.header("retry-after", seconds);
        }
        Ok(response.body(body.into_bytes()).expect("a response"))
    }

    async fn sleep(&self, duration: Duration) {
        self.until(self.now() + duration).await;
    }

    fn spawner(&self) -> Option<Spawner> {
        Some(Spawner::new(|work| drop(tokio::spawn(work))))
    }
}

struct Until {
    world: World,
    time: Duration,
}

impl Future for Until {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut state = self.world.state();
        if state.now >= self.time {
            return Poll::Ready(());
        }
        state.sleepers.push(context.waker().clone());
        Poll::Pending
    }
}

/// Lets everybody do what is to be done now.
pub(crate) async fn run_all_tasks() {
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
}

pub(crate) fn request() -> TokenRequest<'static> {
    TokenRequest::new(&TOKEN, &CLIENT_CREDENTIALS)
}

/// Asks in a task of its own.
pub(crate) fn asking(source: &TokenSource) -> JoinHandle<Result<Token, TokenError>> {
    let source = source.clone();
    tokio::spawn(async move { source.token().await })
}

/// Asks, and lets time go by until there is an outcome.
pub(crate) async fn ask(world: &World, source: &TokenSource) -> Result<Token, TokenError> {
    let asked = asking(source);
    for _ in 0..2000 {
        run_all_tasks().await;
        if asked.is_finished() {
            break;
        }
        world.jump(SECOND / 20);
    }
    asked.await.expect("an outcome")
}
