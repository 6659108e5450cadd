//! Moving the bytes.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

#[cfg(feature = "blocking")]
mod blocking;
#[cfg(feature = "hyper")]
mod cause;
#[cfg(feature = "hyper")]
mod connect;
#[cfg(feature = "hyper")]
mod connection;
#[cfg(feature = "hyper")]
mod hyper;
#[cfg(feature = "testing")]
mod mock;
#[cfg(feature = "hyper")]
mod proxy;
#[cfg(feature = "hyper")]
mod resolve;
mod spawn;
#[cfg(feature = "hyper")]
mod tls;

#[cfg(feature = "blocking")]
pub use self::blocking::BlockingHyperTransport;
#[cfg(feature = "hyper")]
pub use self::connection::{ConnectionInfo, TlsInfo};
#[cfg(feature = "hyper")]
pub use self::hyper::HyperTransport;
#[cfg(feature = "testing")]
pub use self::mock::{MockTransport, NotOneRequest, SentRequest};
pub use self::spawn::{Spawner, Work};
#[cfg(feature = "tls-client-auth")]
pub use self::tls::Identity;
#[cfg(feature = "hyper")]
pub use self::tls::TlsOptions;
use crate::TransportError;

/// How many bytes a response may have: 1 MiB. A transport stops reading there.
pub const MAX_BODY: usize = 1024 * 1024;

/// Sends requests without blocking.
///
/// An implementation must not follow redirects, must not send a request twice, must stop reading at
/// [`MAX_BODY`], and must give up in finite time. It must not add cookies or credentials of its
/// own.
pub trait Transport {
    /// Sends one request and reads the whole response, whatever its status.
    fn send(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> impl Future<Output = Result<http::Response<Vec<u8>>, TransportError>> + Send;

    /// Waits.
    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send;

    /// Returns what drives the futures of this transport to their end when nobody waits for them;
    /// `None` if the transport knows no way to. A request that carries a credential which can be
    /// used once must not be dropped on its way.
    fn spawner(&self) -> Option<Spawner> {
        None
    }
}

/// Sends requests on the caller's thread. What [`Transport`] asks of an implementation holds here
/// too.
pub trait BlockingTransport {
    /// Sends one request and reads the whole response, whatever its status.
    ///
    /// # Errors
    ///
    /// If there is no response, or none that could be read.
    fn send(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> Result<http::Response<Vec<u8>>, TransportError>;

    /// Waits.
    fn sleep(&self, duration: Duration) {
        std::thread::sleep(duration);
    }
}

macro_rules! forward {
    ($($pointer:ty),*) => {$(
        impl<T: Transport + ?Sized> Transport for $pointer {
            fn send(
                &self,
                request: http::Request<Vec<u8>>,
            ) -> impl Future<Output = Result<http::Response<Vec<u8>>, TransportError>> + Send {
                (**self).send(request)
            }

            fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send {
                (**self).sleep(duration)
            }

            fn spawner(&self) -> Option<Spawner> {
                (**self).spawner()
            }
        }

        impl<T: BlockingTransport + ?Sized> BlockingTransport for $pointer {
            fn send(
                &self,
                request: http::Request<Vec<u8>>,
            ) -> Result<http::Response<Vec<u8>>, TransportError> {
                (**self).send(request)
            }

            fn sleep(&self, duration: Duration) {
                (**self).sleep(duration);
            }
        }
    )*};
}

forward!(&T, Arc<T>);

/// How long a transport tries, for each request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    pub(crate) connect: Duration,
    pub(crate) total: Duration,
}

impl Default for Timeouts {
    /// 10 s to connect, 30 s in all.
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            total: Duration::from_secs(30),
        }
    }
}

impl Timeouts {
    /// Sets how long making a connection may take, its securing included.
    #[must_use]
    pub const fn with_connect(mut self, duration: Duration) -> Self {
        self.connect = duration;
        self
    }

    /// Sets how long everything may take, from the first packet to the last.
    #[must_use]
    pub const fn with_total(mut self, duration: Duration) -> Self {
        self.total = duration;
        self
    }
}

/// The transport of a [`Client`](crate::Client) that names none.
#[cfg(feature = "hyper")]
pub type DefaultTransport = HyperTransport;
/// The transport of a [`Client`](crate::Client) that names none: without the feature `hyper` there
/// is none, and one has to be given.
#[cfg(not(feature = "hyper"))]
pub type DefaultTransport = NoTransport;

/// The transport of a [`blocking::Client`](crate::blocking::Client) that names none.
#[cfg(feature = "blocking")]
pub type DefaultBlockingTransport = BlockingHyperTransport;
/// The transport of a [`blocking::Client`](crate::blocking::Client) that names none: without the
/// feature `blocking` there is none, and one has to be given.
#[cfg(not(feature = "blocking"))]
pub type DefaultBlockingTransport = NoTransport;

/// Stands for the transport that there is none of, and can send nothing.
#[derive(Debug, Clone, Copy)]
pub enum NoTransport {}

#[cfg(all(test, feature = "blocking"))]
mod tests;
