//! The connectors of a configuration, with the tokens of each.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwap;
use http::Request;
use tokensmith_runtime::connector::{Connector, ConnectorMap, OAuth2};
use tokensmith_runtime::{Any, Client, Secret, Transport};

use super::super::users::in_memory;
use crate::refresh::{Drained, Options, RefreshTokens};
use crate::store::{Keyring, RefreshTokenStore};
use crate::{TokenError, TokenErrorKind, TokenSource, UserTokens};

/// The connectors of a configuration, by their names: requests get what their connector has, with a
/// cached token where it asks for one.
///
/// ```
/// # use tokensmith_cache::Connectors;
/// # use tokensmith_runtime::{ConnectorMap, Transport};
/// # async fn example<T: Transport + Clone + Send + Sync + 'static>(
/// #     transport: T, // such as tokensmith_runtime::HyperTransport
/// #     read_again: ConnectorMap,
/// # ) -> Result<(), Box<dyn std::error::Error>> {
/// // Any reader of serde will do, for YAML or TOML as well.
/// let mut settings: ConnectorMap = serde_json::from_str(r#"{
///     "crm": {
///         "kind": "oauth2",
///         "token_url": "https://auth.example.com/oauth2/token",
///         "client_id": "abcd-1234",
///         "client_secret": "env:CRM_SECRET"
///     },
///     "maps": {"kind": "api_key", "key": "file:/run/secrets/maps", "parameter_name": "key"}
/// }"#)?;
/// settings.resolve("/etc/app")?;
/// let connectors = Connectors::new(transport);
/// connectors.load(&settings)?;
///
/// let crm = connectors.get("crm").ok_or("the configuration has no `crm`")?;
/// let mut request = http::Request::get("https://crm.example.com/contacts").body(())?;
/// crm.apply(&mut request).await?;
///
/// // Later: what has changed is replaced, and what has not keeps its token.
/// let reload = connectors.load(&read_again)?;
/// println!("{reload}");
/// # Ok(()) }
/// ```
pub struct Connectors<T> {
    transport: T,
    options: Options,
    /// Where refresh tokens are kept, and the keys to it.
    refresh_tokens: OnceLock<(Arc<dyn RefreshTokenStore>, Keyring)>,
    loaded: ArcSwap<BTreeMap<String, Arc<LoadedConnector>>>,
    /// Held while settings are loaded, so that the last ones win.
    loading: Mutex<()>,
}

/// A connector as it was loaded. It stays of use when others take its place.
pub struct LoadedConnector {
    name: String,
    settings: Connector,
    tokens: Option<TokenSource>,
}

/// What a load has changed, by the names of connectors.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reload {
    /// Those that were not there before.
    pub added: Vec<String>,
    /// Those whose settings or secrets have changed: their next tokens are asked for anew.
    pub replaced: Vec<String>,
    /// Those that are gone.
    pub removed: Vec<String>,
    /// Those that are as before, with their tokens.
    pub kept: Vec<String>,
}

impl<T: Transport + Clone + Send + Sync + 'static> Connectors<T> {
    /// Creates an empty set of connectors whose token requests go over this transport.
    pub fn new(transport: T) -> Self {
        Self {
            transport,
            options: Options::default(),
            refresh_tokens: OnceLock::new(),
            loaded: ArcSwap::default(),
            loading: Mutex::default(),
        }
    }

    /// Sets how tokens are kept and shared. Where a connector's token goes, its settings say.
    #[must_use]
    pub fn options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// Sets where the refresh tokens are kept that come in the place of those of the settings.
    /// Unless set they are in memory: where a provider rotates refresh tokens, the next process
    /// would begin with one that was used.
    #[must_use]
    pub fn refresh_tokens(
        mut self,
        store: impl RefreshTokenStore + 'static,
        keyring: Keyring,
    ) -> Self {
        let store: Arc<dyn RefreshTokenStore> = Arc::new(store);
        self.refresh_tokens = OnceLock::from((store, keyring));
        self
    }

    /// Loads settings in the place of those that were loaded before. A connector with the same
    /// settings and secrets stays, with its token. If one is wrong, nothing changes.
    ///
    /// # Errors
    ///
    /// Of the kind `config` if a connector could not be used. It names the connector and the
    /// setting; [`ConnectorMap::check`] fails first, with the place.
    pub fn load(&self, settings: &ConnectorMap) -> Result<Reload, TokenError> {
        let _one_by_one = self.loading.lock().unwrap_or_else(PoisonError::into_inner);
        settings.check().map_err(|error| {
            TokenErrorKind::Config
                .because("the connectors are not loaded")
                .with_source(error)
        })?;
        let before = self.loaded.load_full();
        let mut after = BTreeMap::new();
        let mut reload = Reload::default();
        for (name, connector) in settings.iter() {
            let old = before.get(name);
            let (list, loaded) = match old.filter(|old| old.settings == *connector) {
                Some(same) => (&mut reload.kept, Arc::clone(same)),
                None => {
                    let list = match old {
                        Some(_) => &mut reload.replaced,
                        None => &mut reload.added,
                    };
                    (list, Arc::new(self.loaded(name, connector)?))
                }
            };
            list.push(name.to_owned());
            after.insert(name.to_owned(), loaded);
        }
        let gone = before.keys().filter(|name| !after.contains_key(*name));
        reload.removed = gone.cloned().collect();
        self.loaded.store(Arc::new(after));
        Ok(reload)
    }

    fn loaded(&self, name: &str, connector: &Connector) -> Result<LoadedConnector, TokenError> {
        let tokens = match connector {
            Connector::OAuth2(oauth2) => self.source(name, oauth2).map_err(|error| {
                TokenErrorKind::Config
                    .because(format!("connector `{}`", name.escape_debug()))
                    .with_source(error)
            })?,
            _ => None,
        };
        Ok(LoadedConnector {
            name: name.to_owned(),
            settings: connector.clone(),
            tokens,
        })
    }

    /// The refresh tokens of all connectors are in one store, which survives a load.
    fn shared_refresh_tokens(&self) -> Result<RefreshTokens, TokenError> {
        let (store, keyring) = match self.refresh_tokens.get() {
            Some(set) => set,
            None if self.options.has_shared_store() => {
                return Err(TokenErrorKind::Config.because(
                    "machines that share access tokens have to share refresh tokens, too: set the store by `refresh_tokens`",
                ));
            }
            None => {
                let made = in_memory(&self.options)?;
                self.refresh_tokens.get_or_init(|| made)
            }
        };
        Ok(RefreshTokens::new(Arc::clone(store), keyring.clone()))
    }

    /// The source of a connector's tokens; `None` if a user has to sign in first.
    fn source(&self, name: &str, oauth2: &OAuth2) -> Result<Option<TokenSource>, TokenError> {
        let settings = oauth2.settings().map_err(super::no_request)?;
        let client = Client::<Any, _>::with_settings(self.transport.clone(), settings);
        let Some(refresh_token) = &oauth2.refresh_token else {
            if SIGN_IN.contains(&oauth2.grant_type.as_str()) {
                return Ok(None);
            }
            let builder = TokenSource::builder(&client).options(self.options.clone());
            return builder.connector(oauth2)?.build().map(Some);
        };
        let refresh_token = refresh_token.get().map_err(|error| {
            TokenErrorKind::Config
                .because("the refresh token is not there")
                .with_source(error)
        })?;
        let users = UserTokens::for_connector(&client, oauth2)?
            .options(self.options.clone())
            .capacity(1)
            .with_refresh_tokens(self.shared_refresh_tokens()?)
            .build()?;
        users.source_with(name, refresh_token).map(Some)
    }
}

/// The grants that begin with a user.
const SIGN_IN: [&str; 2] = [
    "authorization_code",
    "urn:ietf:params:oauth:grant-type:device_code",
];

impl<T> Connectors<T> {
    /// The connector of this name, as it was loaded last.
    pub fn get(&self, name: &str) -> Option<Arc<LoadedConnector>> {
        self.loaded.load().get(name).cloned()
    }

    /// The names of the connectors.
    pub fn names(&self) -> Vec<String> {
        self.loaded.load().keys().cloned().collect()
    }

    /// Waits until no request that carries a refresh token is in flight and all new refresh tokens
    /// are saved, or this much time is over for a connector, and returns what is left of each that
    /// has something left. Call it before the runtime is shut down.
    pub async fn drain(&self, deadline: Duration) -> Vec<(String, Drained)> {
        let mut left = Vec::new();
        for (name, connector) in self.loaded.load_full().iter() {
            if let Some(tokens) = &connector.tokens {
                let drained = tokens.drain(deadline).await;
                if !drained.is_complete() {
                    left.push((name.clone(), drained));
                }
            }
        }
        left
    }
}

impl LoadedConnector {
    /// The name of the connector.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The settings that were loaded.
    pub fn settings(&self) -> &Connector {
        &self.settings
    }

    /// The source of the tokens, of a connector that asks for them; `None` also if a user has to
    /// sign in first ([`UserTokens::for_connector`]).
    pub fn tokens(&self) -> Option<&TokenSource> {
        self.tokens.as_ref()
    }

    /// Puts what the connector has on a request to the API, with a valid token where it asks for
    /// one.
    ///
    /// # Errors
    ///
    /// See [`TokenErrorKind`]; of the kind `refused` if the request has such a header or parameter
    /// already, and `user_required` if a user has to sign in first.
    pub async fn apply<B>(&self, request: &mut Request<B>) -> Result<(), TokenError> {
        let token = match (&self.settings, &self.tokens) {
            (_, Some(tokens)) => Some(tokens.token().await?),
            (Connector::OAuth2(_), None) => {
                return Err(TokenErrorKind::UserRequired.because(format!(
                    "the connector `{}` needs a user to sign in, or a `refresh_token` in its settings",
                    self.name.escape_debug()
                )));
            }
            (_, None) => None,
        };
        let token = token.map(|token| Secret::from(token.access_token()));
        self.settings
            .apply(token.as_ref(), request)
            .map_err(|error| {
                TokenErrorKind::Refused
                    .because(format!("connector `{}`", self.name.escape_debug()))
                    .with_source(error)
            })
    }
}

impl<T> fmt::Debug for Connectors<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Connectors")
            .field("names", &self.names())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for LoadedConnector {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("LoadedConnector")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for Reload {
    /// One line: how many connectors there are, and the names of those that have changed.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "connectors: {} kept", self.kept.len())?;
        for (what, names) in [
            ("added", &self.added),
            ("replaced", &self.replaced),
            ("removed", &self.removed),
        ] {
            if !names.is_empty() {
                write!(formatter, ", {what} {}", names.join(", ").escape_debug())?;
            }
        }
        Ok(())
    }
}
