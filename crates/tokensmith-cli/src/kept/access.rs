//! Access to kept tokens: valid ones, refreshed where necessary, also with several processes at once.

mod sign_out;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokensmith_cache::blocking::{TokenSource, UserTokens};
use tokensmith_cache::{self as cache, Event, EventKind, Options, Policy, TokenError};
use tokensmith_codegen::diagnostic::output::print_error;
use tokensmith_runtime::{
    Any, LogoutRequest, Request as _, Secret, Token, TokenUse, UserInfo, blocking,
};

pub(super) use self::sign_out::{Revoked, SignedOut};
use super::folder::Folder;
use super::record::{Details, Record};
use super::requests::{Requests, Revocation, requests};
use super::storage::{Stores, Vault};
use super::stored::StoredNames;
use crate::args::ShowArgs;
use crate::credentials::{self, CLIENT_SECRET};
use crate::exchange::{self, Wire};
use crate::failure::Failure;
use crate::failure::context::{Context, Task};
use crate::secrets::Secrets;
use crate::server::Known;
use crate::terminal::interrupt;

/// How long an operation of a store may take. A disk is slower than the memory of a server, and a
/// process that was killed is waited for three times as long.
const STORE_TIMEOUT: Duration = Duration::from_secs(2);

/// How long to wait until a new refresh token is saved.
const SAVING: Duration = Duration::from_secs(30);

/// The tokens of one name.
pub(super) struct Access {
    pub(super) record: Record,
    pub(super) details: Details,
    tokens: Tokens,
    stores: Stores,
    client: blocking::Client<Any, Wire>,
    revocation: Option<Revocation>,
    token_use: TokenUse<String>,
    context: Context,
    /// Why the last new refresh token could not be saved.
    save_failure: Arc<Mutex<Option<String>>>,
}

/// Where new access tokens come from.
enum Tokens {
    /// From a refresh token, or from a person.
    Person(UserTokens),
    /// From the same request again.
    Client(TokenSource),
}

impl Access {
    /// Opens what is kept under a name.
    pub(super) fn open(folder: &Folder, name: &str, show: &ShowArgs) -> Result<Self, Failure> {
        let record = folder.record(name)?;
        let vault = Vault::open(record.key, folder)?;
        let details = record.open(&vault.keyring)?;
        Self::new(record, details, &vault, show, None)
    }

    /// Opens what is being kept. The provider may be known already.
    pub(super) fn new(
        record: Record,
        details: Details,
        vault: &Vault,
        show: &ShowArgs,
        known: Option<Known>,
    ) -> Result<Self, Failure> {
        let requests = requests(&details, &details.identity(), known)?;
        let mut secrets = Secrets::new(show);
        if let Some(secret) = &details.identity().secret {
            secrets.add(CLIENT_SECRET, secret);
        }
        let Requests {
            token,
            revocation,
            settings,
            context,
        } = requests;
        secrets.describe(token.endpoint(), token.operation(), []);
        let token_use = token.endpoint().token_use().to_owned();
        let transport = credentials::transport(&details.grant.client)?;
        let client = exchange::client(settings, transport, show, &secrets);
        let save_failure = Arc::new(Mutex::new(None));
        let options = options(vault, &save_failure);
        let tokens = match &details.repeat {
            Some(parameters) => {
                let parameters = parameters.iter();
                let request = parameters.fold(token, |request, (name, value)| {
                    request.secret_parameter(name, value.as_str())
                });
                let source = TokenSource::builder(&client).grant(request);
                let source = source.subject(&record.name).options(options);
                TokenSource::build(source).map(Tokens::Client)
            }
            None => {
                let refresh =
                    move |it: &Secret| token.clone().secret_parameter("refresh_token", it);
                let mut users = UserTokens::builder(&client, refresh)
                    .refresh_tokens(
                        Arc::clone(&vault.stores.refresh_tokens),
                        vault.keyring.clone(),
                    )
                    .options(options);
                if let Some((request, name)) = revocation.clone() {
                    users = users
                        .revoke(move |it: &Secret| request.clone().secret_parameter(&name, it));
                }
                UserTokens::build(users).map(Tokens::Person)
            }
        };
        let keep_again = keep_again(&record, &details);
        let context = context
            .shown(show.verbose)
            .of_task(Task::Kept { keep_again });
        Ok(Self {
            tokens: tokens.map_err(|error| Failure::of_token(error, &context))?,
            stores: vault.stores.clone(),
            record,
            details,
            client,
            revocation,
            token_use,
            context,
            save_failure,
        })
    }

    /// Where requests carry the token.
    pub(super) fn token_use(&self) -> TokenUse<&str> {
        self.token_use.lend()
    }

    /// Whom the ID token of the sign-in was about.
    pub(super) fn subject(&self) -> Option<&str> {
        self.details.subject.as_deref()
    }

    /// The names that the tokens have in the stores.
    pub(super) fn stored_names(&self) -> Result<StoredNames, Failure> {
        let name = &self.record.name;
        let names = match &self.tokens {
            Tokens::Person(users) => users.source(name).and_then(|source| {
                let refresh_token = users.refresh_token_name(name)?;
                Ok(StoredNames::new(source.store_name(), Some(&refresh_token)))
            }),
            Tokens::Client(source) => Ok(StoredNames::new(source.store_name(), None)),
        };
        names.map_err(|error| self.failure(error))
    }

    /// Stores the tokens of a sign-in.
    pub(super) fn sign_in(&self, token: &Token) -> Result<(), TokenError> {
        match &self.tokens {
            Tokens::Person(users) => users.sign_in(&self.record.name, token).map(drop),
            Tokens::Client(_) => Ok(()),
        }
    }

    /// Returns a valid access token. A new refresh token is saved before that.
    pub(super) fn token(&self, folder: &Folder) -> Result<Token, Failure> {
        let name = &self.record.name;
        // From here on, Ctrl-C waits: a refresh token that was sent is saved first.
        interrupt::wait_for_writing();
        let _whole = interrupt::hold();
        let (token, left) = match &self.tokens {
            Tokens::Person(users) => (users.token(name), users.drain(SAVING)),
            Tokens::Client(source) => (source.token(), source.drain(SAVING)),
        };
        let token = token.map_err(|error| Failure::of_token(error, &self.context))?;
        if left.unsaved > 0 {
            let failure = self.save_failure.lock();
            let failure = failure.unwrap_or_else(PoisonError::into_inner).take();
            return Err(Failure::Failed(format!(
                "the provider has replaced the refresh token of `{name}`, and the new one cannot be saved: {}",
                failure.unwrap_or_default()
            )));
        }
        // The token is valid all the same.
        if let Err(failure) = self.note_expiry(folder, &token) {
            print_error(format!(
                "note: what `tokensmith kept` says of `{name}` is out of date: {}",
                failure.message()
            ));
        }
        printable(&token, &self.details)
    }

    /// Keeps when the access token expires, for `tokensmith kept`, and the names of the tokens, for
    /// `logout --forget`.
    fn note_expiry(&self, folder: &Folder, token: &cache::Token) -> Result<(), Failure> {
        let expires_at = token.expires_at().and_then(unix);
        let scopes = token.scopes();
        let scope: Option<Vec<String>> = scopes.map(|scopes| scopes.map(str::to_owned).collect());
        let names = self.stored_names()?;
        if self.record.expires_at == expires_at
            && (scope.is_none() || scope == self.record.scope)
            && names.without(&self.record.stored).is_empty()
        {
            return Ok(());
        }
        let lock = folder.lock()?;
        // Another process may have forgotten it meanwhile, or kept other tokens.
        let found = folder.find(&self.record.name)?;
        let Some(mut record) = found.filter(|found| found.is_of_same_sign_in(&self.record)) else {
            return Ok(());
        };
        record.expires_at = expires_at;
        record.scope = scope.or(record.scope);
        record.stored.extend(names);
        folder.put(&lock, &record)
    }

    /// Asks the userinfo endpoint about the person.
    pub(super) fn user_info(&self, token: &Secret, subject: &str) -> Result<UserInfo, Failure> {
        let told = self.client.user_info(token, subject);
        told.map_err(|error| Failure::from(error).with_context(&self.context))
    }

    /// The failure, with what is known of the provider.
    pub(super) fn failure(&self, error: TokenError) -> Failure {
        Failure::of_token(error, &self.context)
    }

    /// Where a browser signs out of the provider (OpenID Connect RP-Initiated Logout 1.0), if the
    /// metadata say.
    pub(super) fn end_session_url(&self) -> Option<String> {
        let metadata = self.details.metadata.as_ref()?;
        let request = LogoutRequest::new(metadata.end_session_endpoint.clone()?);
        Some(self.client.logout_url(&request).ok()?.url)
    }
}

/// The command that keeps new tokens under the same name.
fn keep_again(record: &Record, details: &Details) -> String {
    let source = &details.grant.source;
    let of_provider = source.provider.as_ref().map(|name| format!(" {name}"));
    let of_issuer = || {
        details
            .issuer
            .as_ref()
            .map(|url| format!(" --issuer {url}"))
    };
    let command = match details.repeat {
        Some(_) => "token",
        None => "login",
    };
    let source = of_provider.or_else(of_issuer).unwrap_or_default();
    format!("tokensmith {command}{source} --keep {}", record.name)
}

fn options(vault: &Vault, save_failure: &Arc<Mutex<Option<String>>>) -> Options {
    let policy = Policy::default()
        .with_early(0.0)
        .with_store_timeout(STORE_TIMEOUT);
    let failure = Arc::clone(save_failure);
    Options::default()
        .policy(policy)
        .store(vault.stores.access_tokens.clone(), vault.keyring.clone())
        .observer(move |event: &Event<'_>| match (event.kind, event.error) {
            (EventKind::SaveFailed, Some(error)) => {
                let mut failure = failure.lock().unwrap_or_else(PoisonError::into_inner);
                *failure = Some(error.to_string());
            }
            (EventKind::ReuseSuspected, _) => print_error(
                "note: an earlier run ended before it had saved its new refresh token: the one before is sent \
                 again, which the provider may refuse",
            ),
            _ => {}
        })
}

/// The token as it is printed: without the refresh token.
fn printable(token: &cache::Token, details: &Details) -> Result<Token, Failure> {
    let mut members = details.extra.clone();
    members.insert("access_token".to_owned(), token.access_token().into());
    let printed = serde_json::from_value(members.into());
    let mut printed: Token = printed
        .map_err(|error| Failure::Failed(format!("cannot print the kept token: {error}")))?;
    let expires_at = token.expires_at();
    printed.id_token = token.id_token().cloned();
    printed.metadata.token_type = token.token_type().to_owned();
    printed.metadata.never_expires = token.never_expires();
    printed.metadata.expires_at = expires_at;
    printed.metadata.expires_in =
        expires_at.map(|at| at.duration_since(SystemTime::now()).unwrap_or_default());
    let scopes = token.scopes();
    printed.metadata.scopes = scopes.map(|scopes| scopes.map(str::to_owned).collect());
    Ok(printed)
}

/// Unix time in whole seconds.
pub(super) fn unix(time: SystemTime) -> Option<u64> {
    Some(time.duration_since(UNIX_EPOCH).ok()?.as_secs())
}
