//! Sources for users who have no document.

mod connectors;

use std::sync::Arc;

use tokensmith_runtime::{Any, Client, OAuth2, Transport};

pub use self::connectors::{Connectors, LoadedConnector, Reload};
use super::builder::identity_of_no_user;
use super::{SourceBuilder, UserTokens, UserTokensBuilder};
use crate::refresh::{AsToken, Requests};
use crate::{TokenError, TokenErrorKind, TokenHeader};

impl<T: Transport + Clone + Send + Sync + 'static> SourceBuilder<Any, T> {
    /// Asks as the settings of a connector say, and has the connector's header carry the token. A grant that needs more than
    /// settings, such as a code, is given by [`grant`](Self::grant).
    ///
    /// ```no_run
    /// # use tokensmith_cache::TokenSource;
    /// # use tokensmith_runtime::{Any, Client, OAuth2, Transport};
    /// # fn example<T: Transport + Clone + Send + Sync + 'static>(
    /// #     transport: T,
    /// #     oauth2: &OAuth2,
    /// # ) -> Result<(), Box<dyn std::error::Error>> {
    /// let client = Client::<Any, _>::with_settings(transport, oauth2.settings()?);
    /// let tokens = TokenSource::builder(&client).connector(oauth2)?.build()?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// Of the kind `config` if the settings do not belong together, or have a refresh token: see
    /// [`UserTokens::for_connector`].
    pub fn connector(mut self, connector: &OAuth2) -> Result<Self, TokenError> {
        if connector.refresh_token.is_some() {
            return Err(TokenErrorKind::Config.because(
                "the settings have a refresh token, which belongs to a user: use \
                 `UserTokens::for_connector(..)` and `source_with(subject, refresh_token)`",
            ));
        }
        self.header = Some(header(connector)?);
        let request = connector.request().map_err(no_request)?;
        self.identity = identity_of_no_user(self.requests.client.settings(), &request);
        self.requests.set_provider(&request);
        let connector = Arc::new(connector.clone());
        self.requests.full = Some(Box::new(move |client, may_send| {
            let connector = Arc::clone(&connector);
            Box::pin(async move {
                let request = connector.request()?;
                client.send_if(AsToken(&request), may_send).await
            })
        }));
        Ok(self)
    }
}

impl UserTokens {
    /// Creates the tokens of users as the settings of a connector say, with the connector's header.
    ///
    /// ```no_run
    /// # use tokensmith_cache::UserTokens;
    /// # use tokensmith_runtime::{Any, Client, OAuth2, Secret, Transport};
    /// # fn example<T: Transport + Clone + Send + Sync + 'static>(
    /// #     client: Client<Any, T>,
    /// #     oauth2: &OAuth2,
    /// #     refresh_token: Secret,
    /// # ) -> Result<(), Box<dyn std::error::Error>> {
    /// let users = UserTokens::for_connector(&client, oauth2)?.build()?;
    /// let tokens = users.source_with("reports", refresh_token)?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// Of the kind `config` if the settings do not belong together.
    pub fn for_connector<T>(
        client: &Client<Any, T>,
        connector: &OAuth2,
    ) -> Result<UserTokensBuilder<Any, T>, TokenError>
    where
        T: Transport + Clone + Send + Sync + 'static,
    {
        let header = header(connector)?;
        let example = connector.refresh("refresh_token").map_err(no_request)?;
        let connector = Arc::new(connector.clone());
        let mut requests = Requests::new(client.clone());
        requests.refresh = Some(Box::new(move |client, refresh_token, may_send| {
            let connector = Arc::clone(&connector);
            Box::pin(async move {
                let request = connector.refresh(refresh_token.clone())?;
                client.send_if(AsToken(&request), may_send).await
            })
        }));
        Ok(UserTokensBuilder::new(requests, &example).header(header))
    }
}

fn header(connector: &OAuth2) -> Result<TokenHeader, TokenError> {
    TokenHeader::new(&connector.header_key, connector.pattern())
}

fn no_request(error: tokensmith_runtime::Error) -> TokenError {
    TokenErrorKind::Config
        .because("the settings of the connector make no request")
        .with_source(error)
}

#[cfg(test)]
mod tests;
