//! Taking a browser back from a provider.

use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::HeaderValue;
use tokensmith_runtime::{
    Client, ErrorCode, ErrorKind as RequestErrorKind, Provider, RedirectProblem, Transport,
};

use super::SignIn;
use crate::sealed::{Begun, Sealing};
use crate::{Callback, Error, ErrorKind, Returned, cookie};

impl SignIn {
    /// Takes a browser back: checks that it is the one that began the sign-in, and what it came back
    /// with, and returns the code. The provider is asked at most for the keys of a signed response,
    /// and **the ID token is not checked**: for applications that exchange the code by other means,
    /// such as `UserTokens::sign_in_by`.
    ///
    /// # Errors
    ///
    /// Each kind of [`ErrorKind`] from `NoState` to `Unreadable`, `Config` and `Store`. Nothing of the
    /// response is looked at before the cookie, `state` and the issuer were found to be right.
    pub async fn receive<P: Provider, T: Transport>(
        &self,
        client: &Client<P, T>,
        callback: &Callback,
    ) -> Result<Returned, Error> {
        self.receive_at(client, callback, SystemTime::now()).await
    }

    pub(crate) async fn receive_at<P: Provider, T: Transport>(
        &self,
        client: &Client<P, T>,
        callback: &Callback,
        now: SystemTime,
    ) -> Result<Returned, Error> {
        let state = callback.state()?;
        if callback.is_form != self.is_form_post {
            return Err(Error::new(
                ErrorKind::OtherProvider,
                "the response came by another response mode than was asked for",
            ));
        }
        let name = self.cookie_name(state.expose());
        let value = cookie::find(&callback.headers, &name).and_then(cookie::content);
        let content = value.ok_or_else(|| {
            Error::new(
                ErrorKind::NoSignIn,
                "the browser has no cookie for this `state`: the sign-in has ended, or began in \
                 another browser",
            )
        })?;
        let set_cookie = cookie::delete(&name, self.same_site());
        let client_name = self.client_name(client);
        let sealing = self.sealing(&name, &client_name);
        let returned = async {
            let begun = self.open(&sealing, content, now).await?;
            self.read(client, callback, begun, &set_cookie).await
        };
        returned
            .await
            .map_err(|error| error.with_cookie(&set_cookie))
    }

    /// The sign-in that the browser began.
    async fn open(
        &self,
        sealing: &Sealing<'_>,
        content: &str,
        now: SystemTime,
    ) -> Result<Begun, Error> {
        match &self.store {
            None => {
                // What is not base64 was not made here.
                let sealed = URL_SAFE_NO_PAD.decode(content).unwrap_or_default();
                sealing.open(&sealed, None, now)
            }
            Some(store) => {
                let sealed = store.take(sealing.name.to_owned()).await?;
                let sealed = sealed.ok_or_else(|| {
                    let message = "the sign-in was used already, or is over";
                    Error::new(ErrorKind::Replayed, message)
                })?;
                sealing.open(&sealed, Some(content), now)
            }
        }
    }

    /// Holds what the browser came back with against the sign-in that it began.
    async fn read<P: Provider, T: Transport>(
        &self,
        client: &Client<P, T>,
        callback: &Callback,
        begun: Begun,
        set_cookie: &HeaderValue,
    ) -> Result<Returned, Error> {
        let redirect = client.redirect(&begun.pending, &callback.parameters).await;
        Ok(Returned {
            redirect: redirect.map_err(not_authorized)?,
            code_verifier: begun.pending.code_verifier().cloned(),
            redirect_uri: self.redirect_uri.clone(),
            pending: begun.pending,
            return_to: begun.return_to,
            set_cookie: set_cookie.clone(),
        })
    }
}

/// The kind of a redirect that gave no code.
fn not_authorized(error: tokensmith_runtime::Error) -> Error {
    let is_denied = error.code() == Some(&ErrorCode::AccessDenied);
    let kind = match error.redirect_problem() {
        Some(RedirectProblem::Refused) if is_denied => ErrorKind::Denied,
        Some(RedirectProblem::Refused) => ErrorKind::Refused,
        Some(RedirectProblem::Repeated) => ErrorKind::Repeated,
        Some(RedirectProblem::OtherIssuer | RedirectProblem::NoIssuer) => ErrorKind::Issuer,
        Some(
            RedirectProblem::OtherServer
            | RedirectProblem::OtherSignature
            | RedirectProblem::NoSignature,
        ) => ErrorKind::OtherProvider,
        Some(RedirectProblem::OtherState) => ErrorKind::NoSignIn,
        Some(RedirectProblem::Incomplete) => ErrorKind::NoCode,
        Some(RedirectProblem::Unsolicited) => ErrorKind::Unsolicited,
        Some(RedirectProblem::Unverified) => ErrorKind::Unverified,
        // `Unreadable`, and whatever a later runtime adds: the enum is not exhaustive.
        Some(_) => ErrorKind::Unreadable,
        // A signed response could not be looked at.
        None if error.kind() == RequestErrorKind::Config => ErrorKind::Config,
        None => ErrorKind::Keys,
    };
    Error::of_runtime(kind, "the provider sent no code", error)
}
