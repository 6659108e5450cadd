//! The mock of the provider of a generated crate.

use std::io;
use std::marker::PhantomData;
use std::net::{Ipv4Addr, SocketAddr};

use tokensmith_runtime::protocol::Settings;
use tokensmith_runtime::{Client, Credentials, Entry, Error, HyperTransport, Listed};

use crate::options::Options;
use crate::provider::Provider;
use crate::server::MockServer;

/// A mock of the provider of a generated crate; it stops when it is dropped.
///
/// `P` is the crate's marker type, such as `tokensmith_moov::Moov`. What tests do to it is in
/// [`Provider`], which it derefs to.
#[derive(Debug)]
pub struct MockProvider<P> {
    server: MockServer,
    provider: PhantomData<fn() -> P>,
}

impl<P: Listed> MockProvider<P> {
    /// Starts a mock at a free port of this machine.
    ///
    /// # Errors
    ///
    /// If no port can be listened at.
    #[allow(clippy::unused_async)] // nothing to wait for today
    pub async fn start() -> io::Result<Self> {
        Self::with_options(Options::new())
    }

    /// Starts a mock that behaves as the options say. It can be called outside of `async` as well.
    ///
    /// # Errors
    ///
    /// If no port can be listened at.
    pub fn with_options(options: Options) -> io::Result<Self> {
        let provider = Provider::of(&Entry::of::<P>(), options);
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Ok(Self {
            server: MockServer::start(provider, address)?,
            provider: PhantomData,
        })
    }

    /// Returns the base URL, without a slash at its end.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// Returns the base URL over TLS, without a slash at its end.
    pub fn https_url(&self) -> String {
        self.server.https_url()
    }

    /// Returns the certificate that clients have to trust over TLS, as PEM.
    ///
    /// # Errors
    ///
    /// As for [`MockServer::certificate`].
    pub fn certificate(&self) -> io::Result<&str> {
        self.server.certificate()
    }

    /// Returns settings of a client that sends its requests to the mock, for a transport of the
    /// caller's own: a blocking one, or one of a test.
    ///
    /// # Errors
    ///
    /// As for [`Settings::new`].
    pub fn settings(&self, credentials: Credentials) -> Result<Settings, Error> {
        Self::settings_at(&self.url(), credentials)
    }

    /// Returns settings of a client that sends its requests to the mock over TLS. Its transport has to
    /// trust the [`certificate`](Self::certificate).
    ///
    /// ```
    /// # use tokensmith_runtime::{About, BaseUrl, Client, Credentials, Description, Listed, Provider};
    /// # #[derive(Debug)] struct Moov;
    /// # impl Provider for Moov {
    /// #     type Server = BaseUrl;
    /// #     const DESCRIPTION: &'static Description<'static> = &Description::new("moov", "Moov");
    /// # }
    /// # impl Listed for Moov { const ABOUT: &'static About<'static> = &About::new("0.1.0"); }
    /// use tokensmith_mock::{MockProvider, Options};
    /// use tokensmith_runtime::{HyperTransport, Timeouts, TlsOptions};
    ///
    /// let mock = MockProvider::<Moov>::with_options(Options::new())?;
    /// let tls = TlsOptions::default().with_roots(mock.certificate()?)?;
    /// let transport = HyperTransport::with_tls(Timeouts::default(), tls)?;
    /// let settings = mock.https_settings(Credentials::new("id", "secret"))?;
    /// let client = Client::<Moov>::with_settings(transport, settings);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As for [`Settings::new`].
    pub fn https_settings(&self, credentials: Credentials) -> Result<Settings, Error> {
        Self::settings_at(&self.https_url(), credentials)
    }

    fn settings_at(url: &str, credentials: Credentials) -> Result<Settings, Error> {
        let mut settings = Settings::new(url, credentials)?;
        settings.set_base_url(url)?;
        settings.set_provider(P::DESCRIPTION.name());
        Ok(settings)
    }

    /// Creates a client of the provider's crate that sends its requests to the mock.
    ///
    /// # Errors
    ///
    /// As for [`Client::new`].
    pub fn client(&self, credentials: Credentials) -> Result<Client<P>, Error> {
        let settings = self.settings(credentials)?;
        Ok(Client::with_settings(HyperTransport::new()?, settings))
    }
}

impl<P> std::ops::Deref for MockProvider<P> {
    type Target = Provider;

    fn deref(&self) -> &Provider {
        self.server.provider()
    }
}
