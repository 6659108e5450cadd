//! A provider that takes each refresh token once, as Auth0 and Okta do: the second use of one revokes
//! all tokens of the user.
//!
//! The code of a user is the number of the user, and the response has the refresh token `r.USER.0`. The
//! response to the refresh token `r.USER.N` has the refresh token `r.USER.N+1` and the access token
//! `a.USER.N+1.ENDS`, where `ENDS` is a Unix time in milliseconds. Who sends a request says so in the
//! header `x-process`.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::strict_server::{Received, Server, ServerResponse};

/// One use of a refresh token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// The process that sent it.
    pub process: String,
    /// When it arrived, in microseconds since 1970.
    pub at: u128,
}

/// Why the tokens of a user were revoked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocation {
    /// Whose they were.
    pub user: usize,
    /// The number of the refresh token that came twice.
    pub number: usize,
    /// The use that was granted.
    pub first: Use,
    /// The use that revoked them.
    pub second: Use,
}

/// The provider. Clones are the same one.
#[derive(Clone)]
pub struct RotatingProvider {
    lifetime: Duration,
    delay: Duration,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    users: HashMap<usize, User>,
    revocations: Vec<Revocation>,
    complaints: Vec<String>,
}

#[derive(Default)]
struct User {
    /// The uses of refresh token 0, 1, ...; the next number is the good one.
    uses: Vec<Use>,
    is_revoked: bool,
}

impl RotatingProvider {
    /// Creates a provider whose access tokens live this long, and which takes so long for each response.
    pub fn new(lifetime: Duration, delay: Duration) -> Self {
        Self {
            lifetime,
            delay,
            state: Arc::default(),
        }
    }

    /// Starts a server for it.
    pub fn start(&self) -> Server {
        let provider = self.clone();
        Server::start(move |request| provider.respond(request).delay(provider.delay))
    }

    /// The revocations so far.
    pub fn revocations(&self) -> Vec<Revocation> {
        self.lock().revocations.clone()
    }

    /// What was wrong with requests otherwise.
    pub fn complaints(&self) -> Vec<String> {
        self.lock().complaints.clone()
    }

    /// How many refreshes were granted.
    pub fn granted(&self) -> usize {
        let granted = |state: &State| state.users.values().map(|user| user.uses.len()).sum();
        granted(&self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn respond(&self, request: &Received) -> ServerResponse {
        let parameters: HashMap<_, _> = form_urlencoded::parse(&request.body).collect();
        if let Some(user) = parameters.get("code").and_then(|code| code.parse().ok()) {
            return self.grant(user, 0);
        }
        let refresh_token = parameters.get("refresh_token").map(AsRef::as_ref);
        let Some((user, number)) = refresh_token.and_then(parse) else {
            let mut state = self.lock();
            state
                .complaints
                .push(format!("not a refresh: {}", request.text()));
            return refuse();
        };
        let this = Use {
            process: request.header("x-process").unwrap_or_default().to_owned(),
            at: since_1970().as_micros(),
        };
        let mut state = self.lock();
        let State {
            users,
            revocations,
            complaints,
        } = &mut *state;
        let family = users.entry(user).or_default();
        if family.is_revoked {
            return refuse();
        }
        match family.uses.get(number) {
            Some(first) => {
                family.is_revoked = true;
                revocations.push(Revocation {
                    user,
                    number,
                    first: first.clone(),
                    second: this,
                });
                refuse()
            }
            None if number == family.uses.len() => {
                family.uses.push(this);
                self.grant(user, number + 1)
            }
            None => {
                complaints.push(format!(
                    "refresh token {number} of user {user} was never given"
                ));
                refuse()
            }
        }
    }

    fn grant(&self, user: usize, number: usize) -> ServerResponse {
        let ends = (since_1970() + self.delay + self.lifetime).as_millis();
        let lifetime = self.lifetime.as_secs_f64();
        let body = format!(
            r#"{{"access_token":"a.{user}.{number}.{ends}","token_type":"Bearer","expires_in":{lifetime},"refresh_token":"r.{user}.{number}"}}"#
        );
        ServerResponse::json(200, body)
    }
}

fn since_1970() -> Duration {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
}

/// The user and the number of a refresh token.
pub fn parse(refresh_token: &str) -> Option<(usize, usize)> {
    let (user, number) = refresh_token.strip_prefix("r.")?.split_once('.')?;
    Some((user.parse().ok()?, number.parse().ok()?))
}

fn refuse() -> ServerResponse {
    ServerResponse::json(400, r#"{"error":"invalid_grant"}"#)
}
