//! Taking a browser back, up to the token and the ID token.

use tokensmith_runtime::{
    Client, ErrorKind as RequestErrorKind, Provider, Request, TokenResponse, Transport,
};

use super::SignIn;
use crate::{Callback, Error, ErrorKind, Returned, SignedIn};

impl SignIn {
    /// Takes a browser back, exchanges the code and checks the ID token: all of a sign-in but what
    /// the application does with it. `request` makes the request for the token. It goes to the
    /// server that the redirect names, where the provider's document says how.
    ///
    /// # Errors
    ///
    /// As for [`receive`](Self::receive); of the kind `Exchange` if the provider does not exchange
    /// the code, `IdToken` if the scope `openid` was asked for and the ID token is missing or wrong,
    /// `Keys` if it cannot be checked.
    pub async fn finish<P, T, R>(
        &self,
        client: &Client<P, T>,
        callback: &Callback,
        request: impl FnOnce(&Returned) -> Result<R, tokensmith_runtime::Error>,
    ) -> Result<SignedIn<R::Response>, Error>
    where
        P: Provider,
        T: Transport + Clone,
        R: Request<Provider = P>,
        R::Response: TokenResponse,
    {
        let returned = self.receive(client, callback).await?;
        let failed = |kind, message, error| {
            Error::of_runtime(kind, message, error).with_cookie(&returned.set_cookie)
        };
        let client = client.at_redirect(&returned.redirect).map_err(|error| {
            let message = "the provider names a server that it does not have";
            failed(ErrorKind::OtherProvider, message, error)
        })?;
        let request = request(&returned).map_err(|error| {
            let message = "the request for the token cannot be made";
            failed(ErrorKind::Config, message, error)
        })?;
        let response = client.send(request).await.map_err(|error| {
            let message = "the code could not be exchanged for a token";
            failed(ErrorKind::Exchange, message, error.without_body())
        })?;
        let id_token = match self.expected(&returned.pending) {
            None => None,
            Some(expected) => {
                let id_token = client.id_token(&response, expected).await;
                Some(id_token.map_err(|error| {
                    let message = "the ID token is not accepted";
                    failed(not_accepted(&error), message, error)
                })?)
            }
        };
        Ok(SignedIn {
            response,
            id_token,
            redirect: returned.redirect,
            return_to: returned.return_to,
            set_cookie: returned.set_cookie,
        })
    }
}

/// The kind of an ID token that is not accepted.
fn not_accepted(error: &tokensmith_runtime::Error) -> ErrorKind {
    match error.kind() {
        RequestErrorKind::Malformed | RequestErrorKind::Config => ErrorKind::IdToken,
        _ => ErrorKind::Keys,
    }
}
