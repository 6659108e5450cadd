//! What is known of a provider that signs JWTs: where its keys are, and the keys.
//!
//! This decides when to ask, and asks nothing itself. The clock is an argument.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use futures_util::lock::Mutex as AsyncMutex;

use super::{Jws, KeySet};
use crate::error::report::Report;
use crate::{Error, ErrorKind, ServerMetadata};

/// How long keys are used without asking again.
const FRESH: Duration = Duration::from_secs(600);
/// How long keys and discovered metadata are used while asking again fails.
const STALE: Duration = Duration::from_secs(3600);
/// The time between two requests, such as those for keys that nobody knows.
const INTERVAL: Duration = Duration::from_secs(30);
/// The time between a request that failed and the next one.
const INTERVAL_OF_FAILURES: Duration = Duration::from_secs(5);

/// What metadata say of what a provider signs, and of userinfo (OpenID Connect Discovery section
/// 3).
#[derive(Debug, Default)]
pub(crate) struct ProviderFacts {
    /// The URL, and the one for clients that have a certificate (RFC 8705 section 5).
    pub(crate) token_endpoints: Vec<String>,
    pub(crate) jwks_uri: Option<String>,
    pub(crate) user_info_endpoint: Option<String>,
    pub(crate) algorithms: Option<Vec<String>>,
    /// Those of signed authorization responses (JARM).
    pub(crate) response_algorithms: Option<Vec<String>>,
}

impl From<&ServerMetadata> for ProviderFacts {
    fn from(metadata: &ServerMetadata) -> Self {
        let aliases = metadata.extra.get("mtls_endpoint_aliases");
        let alias = aliases.and_then(|aliases| aliases.get("token_endpoint")?.as_str());
        let token_endpoint = metadata.token_endpoint.as_deref();
        let token_endpoints = token_endpoint.into_iter().chain(alias);
        Self {
            token_endpoints: token_endpoints.map(str::to_owned).collect(),
            jwks_uri: metadata.jwks_uri.clone(),
            user_info_endpoint: metadata.userinfo_endpoint.clone(),
            algorithms: metadata.id_token_signing_alg_values_supported.clone(),
            response_algorithms: metadata.authorization_signing_alg_values_supported.clone(),
        }
    }
}

/// What is known of a provider. All clones of a client share it.
#[derive(Default)]
pub(crate) struct OpenIdProvider {
    /// What the caller knows.
    given: Option<Arc<ProviderFacts>>,
    state: Mutex<State>,
    /// Whoever has it asks; the others wait for what comes of that.
    pub(crate) turn: AsyncMutex<()>,
    pub(crate) blocking_turn: Mutex<()>,
}

#[derive(Default)]
struct State {
    discovered: Option<(Arc<ProviderFacts>, SystemTime)>,
    keys: Option<(Arc<KeySet>, SystemTime)>,
    asked: Option<Asked>,
}

/// The last request.
struct Asked {
    at: SystemTime,
    failure: Option<Failure>,
}

/// What is kept of an error, for those who do not ask again.
struct Failure {
    kind: ErrorKind,
    message: String,
}

/// What has to be asked before a JWT can be checked, or userinfo asked for.
pub(crate) enum Needed {
    /// Nothing: these facts, and the keys if a JWT was given.
    Nothing(Arc<ProviderFacts>, Option<Arc<KeySet>>),
    /// The metadata of the issuer.
    Metadata,
    /// The keys at this URL.
    Keys(String),
}

impl OpenIdProvider {
    /// A provider of which the caller has the metadata.
    pub(crate) fn with_facts(facts: ProviderFacts) -> Self {
        Self {
            given: Some(Arc::new(facts)),
            ..Self::default()
        }
    }

    /// Whether the caller has the metadata.
    pub(crate) fn is_given(&self) -> bool {
        self.given.is_some()
    }

    /// What is known without asking.
    pub(crate) fn facts(&self) -> Option<Arc<ProviderFacts>> {
        let discovered = || Some(Arc::clone(&self.state().discovered.as_ref()?.0));
        self.given.clone().or_else(discovered)
    }

    /// What has to be asked next, to check this JWT or, without one, to know the facts.
    ///
    /// # Errors
    ///
    /// If it may not be asked yet: what the last request failed with.
    pub(crate) fn needed(&self, jws: Option<&Jws<'_>>, now: SystemTime) -> Result<Needed, Error> {
        let state = self.state();
        let facts = match (&self.given, &state.discovered) {
            (Some(given), _) => Arc::clone(given),
            (None, Some((facts, since)))
                if is_within(FRESH, *since, now)
                    || (is_within(STALE, *since, now) && !state.may_ask(now)) =>
            {
                Arc::clone(facts)
            }
            (None, _) if state.may_ask(now) => return Ok(Needed::Metadata),
            (None, _) => return Err(state.failure("metadata")),
        };
        let Some(jws) = jws else {
            return Ok(Needed::Nothing(facts, None));
        };
        let Some(url) = &facts.jwks_uri else {
            return Err(Error::config(format!(
                "the provider's metadata has no `jwks_uri`: the {} cannot be checked by signature",
                jws.kind
            )));
        };
        match &state.keys {
            Some((keys, since))
                if keys.has_key_of(jws) && is_within(FRESH, *since, now)
                    || is_within(STALE, *since, now) && !state.may_ask(now) =>
            {
                Ok(Needed::Nothing(facts, Some(Arc::clone(keys))))
            }
            _ if state.may_ask(now) => Ok(Needed::Keys(url.clone())),
            _ => Err(state.failure("keys")),
        }
    }

    /// What is known already, though it should be asked for again: for those who would wait for
    /// somebody else who asks.
    pub(crate) fn older(
        &self,
        jws: Option<&Jws<'_>>,
        now: SystemTime,
    ) -> Option<(Arc<ProviderFacts>, Option<Arc<KeySet>>)> {
        let state = self.state();
        let facts = match (&self.given, &state.discovered) {
            (Some(given), _) => given,
            (None, Some((facts, since))) if is_within(STALE, *since, now) => facts,
            (None, _) => return None,
        };
        let facts = Arc::clone(facts);
        let Some(jws) = jws else {
            return Some((facts, None));
        };
        let (keys, since) = state.keys.as_ref()?;
        let is_usable = keys.has_key_of(jws) && is_within(STALE, *since, now);
        is_usable.then(|| (facts, Some(Arc::clone(keys))))
    }

    /// Takes over what came of asking for metadata. Gives back an error, of which others see the
    /// text.
    pub(crate) fn learn_metadata(
        &self,
        outcome: Result<ServerMetadata, Error>,
        now: SystemTime,
    ) -> Option<Error> {
        let outcome = outcome.map(|metadata| Arc::new(ProviderFacts::from(&metadata)));
        let mut state = self.state();
        // The keys are asked for right after.
        state.asked = None;
        match outcome {
            Ok(facts) => state.discovered = Some((facts, now)),
            Err(error) => return Some(state.failed(error, now)),
        }
        None
    }

    /// Takes over what came of asking for keys, in the same way.
    pub(crate) fn learn_keys(
        &self,
        outcome: Result<KeySet, Error>,
        now: SystemTime,
    ) -> Option<Error> {
        let mut state = self.state();
        match outcome {
            Ok(keys) => state.keys = Some((Arc::new(keys), now)),
            Err(error) => return Some(state.failed(error, now)),
        }
        state.asked = Some(Asked {
            at: now,
            failure: None,
        });
        None
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn may_ask(&self, now: SystemTime) -> bool {
        let Some(asked) = &self.asked else {
            return true;
        };
        let interval = match asked.failure {
            None => INTERVAL,
            Some(_) => INTERVAL_OF_FAILURES,
        };
        !is_within(interval, asked.at, now)
    }

    fn failed(&mut self, error: Error, now: SystemTime) -> Error {
        let failure = Failure {
            kind: error.kind(),
            message: error.reason().to_string(),
        };
        self.asked = Some(Asked {
            at: now,
            failure: Some(failure),
        });
        error
    }

    /// Says why the metadata or the keys are not known.
    fn failure(&self, what: &str) -> Error {
        let failure = self.asked.as_ref().and_then(|asked| asked.failure.as_ref());
        let (kind, message) = failure.map_or(
            (ErrorKind::Transport, "they were asked for just now"),
            |failure| (failure.kind, failure.message.as_str()),
        );
        let message = format!("the provider's {what} are not known: {message}");
        Report {
            retryable: true,
            ..Report::new(kind, message)
        }
        .into()
    }
}

/// Whether something is not older than that. A clock that was set back makes it old.
fn is_within(age: Duration, since: SystemTime, now: SystemTime) -> bool {
    now.duration_since(since).is_ok_and(|elapsed| elapsed < age)
}
