//! How people sign in with one provider.

mod begin;
mod finish;
mod receive;

use std::fmt;
use std::sync::Arc;

use tokensmith_runtime::protocol::sign_in_identity;
use tokensmith_runtime::{Client, ExpectedIdToken, PendingAuthorization};
use tokensmith_seal::Keyring;

use crate::cookie::{self, SameSite};
use crate::sealed::Sealing;
use crate::{Error, SignInStore, redirect_uri};

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
        redirect_uri::check(&redirect_uri)?;
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
