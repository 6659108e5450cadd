//! Sources for users who have no document.

use std::sync::Arc;

use tokensmith_runtime::{Any, OAuth2, Transport};

use crate::grant::AsToken;
use crate::source::identity;
use crate::{SourceBuilder, TokenError, TokenErrorKind, TokenHeader};

impl<T: Transport + Clone + Send + Sync + 'static> SourceBuilder<Any, T> {
    /// Asks as the settings of a connector say, by refresh tokens too where there are some, and has the connector's header carry
    /// the token. A grant that needs more than settings, such as a code, is given by [`grant`](Self::grant).
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
    /// Of the kind `config` if the settings do not belong together.
    pub fn connector(mut self, connector: &OAuth2) -> Result<Self, TokenError> {
        let header = TokenHeader::new(&connector.header_key, &connector.header_value_pattern)?;
        self.header = Some(header);
        let request = connector.request().map_err(|error| {
            TokenErrorKind::Config
                .because("the settings of the connector make no request")
                .with_source(error)
        })?;
        self.identity = identity(self.requests.client.settings(), &request);
        let connector = Arc::new(connector.clone());
        if let Some(token) = &connector.refresh_token {
            self.refresh_token = Some(token.clone());
            self.is_stable = false;
        } else {
            let connector = Arc::clone(&connector);
            self.requests.full = Some(Box::new(move |client| {
                let connector = Arc::clone(&connector);
                Box::pin(async move {
                    let request = connector.request()?;
                    client.send(AsToken(&request)).await
                })
            }));
        }
        self.requests.refresh = Some(Box::new(move |client, refresh_token| {
            let connector = Arc::clone(&connector);
            Box::pin(async move {
                let request = connector.refresh(refresh_token.clone());
                client.send(AsToken(&request)).await
            })
        }));
        Ok(self)
    }
}

#[cfg(test)]
mod tests;
