//! The blocking transport: the asynchronous one, driven for the caller.

use std::thread;

use tokio::runtime::Builder;

use super::{
    BlockingTransport, ConnectionInfo, HyperTransport, Timeouts, TlsOptions, Transport as _,
    TransportError,
};
use crate::Error;
use crate::TransportErrorKind;

/// Sends requests as [`HyperTransport`] does, and waits for the response.
///
/// Needs no runtime, and may be used on a thread that belongs to one, which it then blocks. Each
/// request has a connection of its own: one that idled for an hour may turn out to be dead only
/// after a credential was sent over it.
#[derive(Debug, Clone)]
pub struct BlockingHyperTransport {
    inner: HyperTransport,
}

impl BlockingHyperTransport {
    /// A transport with the default [`Timeouts`].
    ///
    /// # Errors
    ///
    /// Of the kind `tls` if the operating system's certificates cannot be read, `config` if the
    /// proxy's URL is invalid.
    pub fn new() -> Result<Self, Error> {
        Self::with_timeouts(Timeouts::default())
    }

    /// A transport with other timeouts.
    ///
    /// # Errors
    ///
    /// As for [`new`](Self::new).
    pub fn with_timeouts(timeouts: Timeouts) -> Result<Self, Error> {
        Self::with_tls(timeouts, TlsOptions::default())
    }

    /// A transport that trusts more than the operating system does, or has a certificate of its
    /// own.
    ///
    /// # Errors
    ///
    /// As for [`new`](Self::new), and of the kind `tls` if a certificate or its key cannot be used.
    pub fn with_tls(timeouts: Timeouts, options: TlsOptions) -> Result<Self, Error> {
        let inner = HyperTransport::build(timeouts, options, 0)?;
        Ok(Self { inner })
    }

    /// The same transport with other timeouts.
    #[must_use]
    pub fn timeouts(self, timeouts: Timeouts) -> Self {
        Self {
            inner: self.inner.timeouts(timeouts),
        }
    }

    /// The same transport, which calls a function with each new connection.
    #[must_use]
    pub fn on_connect(self, observer: impl Fn(&ConnectionInfo) + Send + Sync + 'static) -> Self {
        Self {
            inner: self.inner.on_connect(observer),
        }
    }

    fn exchange(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        let mut builder = Builder::new_current_thread();
        let runtime = builder.enable_io().enable_time().build().map_err(unsent)?;
        let response = runtime.block_on(self.inner.send(request));
        // A name that is still being looked up is not waited for.
        runtime.shutdown_background();
        response
    }
}

impl BlockingTransport for BlockingHyperTransport {
    fn send(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        // The caller's thread may belong to a runtime, and then it cannot drive another one.
        thread::scope(|scope| {
            let thread = thread::Builder::new()
                .name("tokensmith".to_owned())
                .spawn_scoped(scope, || self.exchange(request))
                .map_err(unsent)?;
            thread
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    }
}

/// The machine has no thread or no file descriptor left.
fn unsent(error: std::io::Error) -> TransportError {
    TransportError::new(TransportErrorKind::Other, false, error)
}
