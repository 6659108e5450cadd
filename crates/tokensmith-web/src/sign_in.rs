//! Sending a browser to a provider, and taking it back.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{HeaderMap, HeaderValue, Uri};
use tokensmith_runtime::protocol::{PushedAuthorizationRequest, sign_in_identity};
use tokensmith_runtime::{
    Authorization, AuthorizationRequest, Client, CodeVerifier, ErrorCode,
    ErrorKind as RequestErrorKind, ExpectedIdToken, PendingAuthorization, Provider,
    RedirectProblem, Request, Secret, TokenResponse, Transport,
};
use tokensmith_seal::Keyring;
use zeroize::Zeroizing;

use crate::cookie::{self, SameSite};
use crate::sealed::{Begun as BegunSignIn, LIFETIME, Sealing, seconds};
use crate::{Begun, Callback, Error, ErrorKind, Returned, SignInStore, SignedIn, return_path};

type Expect = dyn Fn(&PendingAuthorization) -> Option<ExpectedIdToken> + Send + Sync;

/// How people sign in with one provider: at one redirect URI, which no other provider has.
///
/// Cheap to clone.
#[derive(Clone)]
pub struct SignIn {
    redirect_uri: String,
    keyring: Keyring,
    is_form_post: bool,
    store: Option<Arc<dyn SignInStore>>,
    expect: Option<Arc<Expect>>,
}

impl SignIn {
    /// Creates a sign-in. The redirect URI is where the provider sends browsers back to, as it was
    /// registered there. All machines of an application need the same keyring.
    ///
    /// # Errors
    ///
    /// Of the kind `Config` if the redirect URI is not an `https` URL, or `http` on this machine, or
    /// has a fragment.
    pub fn new(redirect_uri: impl Into<String>, keyring: Keyring) -> Result<Self, Error> {
        let redirect_uri = redirect_uri.into();
        if !is_redirect_uri(&redirect_uri) {
            return Err(Error::new(
                ErrorKind::Config,
                format!(
                    "the redirect URI `{}` is not an https URL without a fragment, nor one on this machine",
                    redirect_uri.escape_debug()
                ),
            ));
        }
        Ok(Self {
            redirect_uri,
            keyring,
            is_form_post: false,
            store: None,
            expect: None,
        })
    }

    /// Has the browser post the response (`response_mode=form_post`, OAuth 2.0 Form Post Response
    /// Mode): the authorization request has to ask for it. The cookie is then sent with requests
    /// from other sites, too (`SameSite=None`), as the provider's form is one.
    #[must_use]
    pub fn form_post(mut self) -> Self {
        self.is_form_post = true;
        self
    }

    /// Keeps sign-ins on the server instead of in the cookie, which then only holds what tells the
    /// browser from others. Only so is it certain that a sign-in is not used twice.
    #[must_use]
    pub fn store(mut self, store: impl SignInStore + 'static) -> Self {
        self.store = Some(Arc::new(store));
        self
    }

    /// Sets what the ID token of a pending authorization has to say, instead of its nonce and
    /// `max_age` only; `None` if it is not looked at. Some providers leave the nonce out, or sign
    /// by an algorithm that their metadata do not name.
    #[must_use]
    pub fn expect_id_token(
        mut self,
        expect: impl Fn(&PendingAuthorization) -> Option<ExpectedIdToken> + Send + Sync + 'static,
    ) -> Self {
        self.expect = Some(Arc::new(expect));
        self
    }

    /// Returns the redirect URI, for the authorization request.
    pub fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    /// Begins a sign-in: makes the URL to send the browser to, and the cookie that it has to come
    /// back with. Where the provider has an endpoint for it, the parameters are pushed there first
    /// (RFC 9126). `return_to` is the path of the application to go on with afterwards; `headers`
    /// are those of the browser's request.
    ///
    /// # Errors
    ///
    /// Of the kind `Embedded` if a page embeds the sign-in instead of linking to it; `ReturnPath` if
    /// that may lead to another host; `Config` if the request has another redirect URI or response
    /// mode than this sign-in, or asks for `openid` of a client that does not know the issuer;
    /// `Pushed` if the provider does not take the request that is pushed; `Store` if the store
    /// fails.
    pub async fn begin<P, T, R>(
        &self,
        client: &Client<P, T>,
        request: &R,
        return_to: &str,
        headers: &HeaderMap,
    ) -> Result<Begun, Error>
    where
        P: Provider,
        T: Transport,
        R: AuthorizationRequest<Provider = P>,
    {
        self.begin_at(client, request, return_to, headers, SystemTime::now())
            .await
    }

    pub(crate) async fn begin_at<P, T, R>(
        &self,
        client: &Client<P, T>,
        request: &R,
        return_to: &str,
        headers: &HeaderMap,
        now: SystemTime,
    ) -> Result<Begun, Error>
    where
        P: Provider,
        T: Transport,
        R: AuthorizationRequest<Provider = P>,
    {
        if cookie::is_embedded(headers) {
            return Err(Error::new(
                ErrorKind::Embedded,
                "a page embeds the sign-in (`Sec-Fetch-Dest`): link to it instead",
            ));
        }
        return_path::check(return_to)?;
        let authorization = self.authorize(client, request).await?;
        let pending = authorization.pending;
        let name = self.cookie_name(pending.state().expose());
        let client = self.client_name(client);
        let sealing = self.sealing(&name, &client);
        let seconds = seconds(now);
        let content = match &self.store {
            None => URL_SAFE_NO_PAD.encode(sealing.seal(&pending, return_to, None, seconds)?),
            Some(store) => {
                let binding = random()?;
                let sealed = sealing.seal(&pending, return_to, Some(&binding), seconds)?;
                store.put(name.clone(), sealed, LIFETIME).await?;
                binding.expose().to_owned()
            }
        };
        let value = cookie::value(seconds, &content);
        let mut cookies = vec![cookie::keep(
            &name,
            &value,
            self.same_site(),
            LIFETIME.as_secs(),
        )?];
        for name in cookie::superfluous(headers, name.len() + value.len()) {
            cookies.push(cookie::delete(&name, self.same_site()));
        }
        let url = authorization.url;
        Ok(Begun { url, cookies })
    }

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
            failed(
                ErrorKind::Config,
                "the request for the token cannot be made",
                error,
            )
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
                    let kind = match error.kind() {
                        RequestErrorKind::Malformed | RequestErrorKind::Config => {
                            ErrorKind::IdToken
                        }
                        _ => ErrorKind::Keys,
                    };
                    failed(kind, "the ID token is not accepted", error)
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
        let states = callback.states();
        let state = match states.as_slice() {
            [state] if !state.is_empty() => state.expose(),
            [] | [_] => {
                return Err(Error::new(
                    ErrorKind::NoState,
                    "the callback has no `state`",
                ));
            }
            _ => {
                return Err(Error::new(
                    ErrorKind::Repeated,
                    "the callback has more than one `state`",
                ));
            }
        };
        if callback.is_form != self.is_form_post {
            return Err(Error::new(
                ErrorKind::OtherProvider,
                "the response came by another response mode than was asked for",
            ));
        }
        let name = self.cookie_name(state);
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
            self.read(client, callback, begun).await
        };
        returned
            .await
            .map(|returned| Returned {
                set_cookie: set_cookie.clone(),
                ..returned
            })
            .map_err(|error| error.with_cookie(&set_cookie))
    }

    /// The sign-in that the browser began.
    async fn open(
        &self,
        sealing: &Sealing<'_>,
        content: &str,
        now: SystemTime,
    ) -> Result<BegunSignIn, Error> {
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
        begun: BegunSignIn,
    ) -> Result<Returned, Error> {
        let parameters = Zeroizing::new(format!("?{}", *callback.parameters));
        let redirect = client.redirect(&begun.pending, &parameters).await;
        let redirect = redirect.map_err(not_authorized)?;
        Ok(Returned {
            code_verifier: begun.pending.code_verifier().cloned(),
            redirect_uri: self.redirect_uri.clone(),
            redirect,
            pending: begun.pending,
            return_to: begun.return_to,
            set_cookie: HeaderValue::from_static(""),
        })
    }

    /// Makes the URL for the browser. Nothing is pushed before the authorization is checked.
    async fn authorize<P, T, R>(
        &self,
        client: &Client<P, T>,
        request: &R,
    ) -> Result<Authorization, Error>
    where
        P: Provider,
        T: Transport,
        R: AuthorizationRequest<Provider = P>,
    {
        let pushed = PushedAuthorizationRequest::<P>::new(client.settings(), request);
        let Some(pushed) = pushed.map_err(not_begun)? else {
            let authorization = client.authorization_url(request).map_err(not_begun)?;
            self.check(&authorization.pending)?;
            return Ok(authorization);
        };
        self.check(pushed.pending())?;
        let response = client.send(&pushed).await;
        let response = response.map_err(|error| not_begun(error.without_body()))?;
        pushed.into_authorization(&response).map_err(not_begun)
    }

    /// Checks an authorization before the browser is sent away for it.
    fn check(&self, pending: &PendingAuthorization) -> Result<(), Error> {
        let config = |message| Err(Error::new(ErrorKind::Config, message));
        match pending.redirect_uri() {
            Some(uri) if uri != self.redirect_uri => {
                return config(
                    "the authorization request has another `redirect_uri` than the sign-in",
                );
            }
            _ => {}
        }
        let mode = pending.response_mode().unwrap_or_default();
        if matches!(mode, "form_post" | "form_post.jwt") != self.is_form_post {
            return config(
                "the authorization request asks for `response_mode=form_post`, or the sign-in expects \
                 it (`SignIn::form_post`), but not both",
            );
        }
        if self.expected(pending).is_some() && pending.issuer().is_none() {
            return config(
                "the scope `openid` is asked for, and the issuer of ID tokens is not known: see \
                 `Client::server` and `Client::issuer`",
            );
        }
        Ok(())
    }

    fn expected(&self, pending: &PendingAuthorization) -> Option<ExpectedIdToken> {
        match &self.expect {
            // What was asked of the provider is checked, whatever else is expected.
            Some(expect) => expect(pending).map(|expected| expected.within(pending.max_age())),
            None => pending.nonce().map(|_| ExpectedIdToken::from(pending)),
        }
    }

    fn same_site(&self) -> SameSite {
        match self.is_form_post {
            true => SameSite::None,
            false => SameSite::Lax,
        }
    }

    fn sealing<'s>(&'s self, name: &'s str, client: &'s str) -> Sealing<'s> {
        Sealing {
            keyring: &self.keyring,
            name,
            client,
        }
    }

    /// Only whoever has the keys can make the name of a state.
    fn cookie_name(&self, state: &str) -> String {
        let tag = self.keyring.name(&[b"sign-in ", state.as_bytes()].concat());
        cookie::name(tag.get(..16).unwrap_or_default())
    }

    /// Tells the client of this redirect URI from others, and says nothing of it.
    fn client_name<P, T>(&self, client: &Client<P, T>) -> String {
        let identity = sign_in_identity(client.settings());
        let uri = self.redirect_uri.as_bytes();
        let mut name = self
            .keyring
            .name(&[b"client ", uri, b"\n", &identity].concat());
        name.truncate(32);
        name
    }
}

/// The kind of an authorization that no browser can be sent away for.
fn not_begun(error: tokensmith_runtime::Error) -> Error {
    match error.kind() {
        RequestErrorKind::Config | RequestErrorKind::Request => {
            let message = "the authorization request cannot be made";
            Error::of_runtime(ErrorKind::Config, message, error)
        }
        _ => {
            let message =
                "the provider does not take the authorization request that is pushed to it";
            Error::of_runtime(ErrorKind::Pushed, message, error)
        }
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

fn is_redirect_uri(uri: &str) -> bool {
    let parsed: Option<Uri> = uri.parse().ok();
    let Some((parsed, host)) = parsed.as_ref().and_then(|uri| Some((uri, uri.host()?))) else {
        return false;
    };
    let is_here = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
    let is_safe = match parsed.scheme_str() {
        Some("https") => true,
        Some("http") => is_here,
        _ => false,
    };
    is_safe && !uri.contains(['#', '@'])
}

/// 256 random bits as text.
fn random() -> Result<Secret, Error> {
    let verifier = CodeVerifier::random().map_err(|error| {
        Error::of_runtime(ErrorKind::Config, "the sign-in cannot be made", error)
    })?;
    Ok(verifier.as_secret().clone())
}

impl fmt::Debug for SignIn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SignIn")
            .field("redirect_uri", &self.redirect_uri)
            .field("keyring", &self.keyring)
            .field("is_form_post", &self.is_form_post)
            .field("has_store", &self.store.is_some())
            .finish_non_exhaustive()
    }
}
