//! Resolving host names, with errors that can be told from those of connecting.

use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper_util::client::legacy::connect::dns::{GaiAddrs, GaiResolver, Name};
use tower_service::Service;

use super::connection::Stopwatch;

/// Resolves names as the operating system does.
#[derive(Clone)]
pub(super) struct Resolver {
    inner: GaiResolver,
    stopwatch: Option<Stopwatch>,
}

impl Resolver {
    /// A resolver that says when it is done, if somebody wants to know.
    pub(super) fn new(stopwatch: Option<Stopwatch>) -> Self {
        Self {
            inner: GaiResolver::new(),
            stopwatch,
        }
    }
}

impl Service<Name> for Resolver {
    type Response = GaiAddrs;
    type Error = ResolveError;
    type Future = Pin<Box<dyn Future<Output = Result<GaiAddrs, ResolveError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), ResolveError>> {
        self.inner.poll_ready(context).map_err(ResolveError)
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let resolving = self.inner.call(name);
        let stopwatch = self.stopwatch.clone();
        Box::pin(async move {
            let addresses = resolving.await.map_err(ResolveError)?;
            if let Some(stopwatch) = stopwatch {
                stopwatch.looked_up();
            }
            Ok(addresses)
        })
    }
}

/// The name has no address, or nobody could be asked.
#[derive(Debug)]
pub(super) struct ResolveError(io::Error);

impl fmt::Display for ResolveError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("cannot resolve the host name")
    }
}

impl StdError for ResolveError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&self.0)
    }
}
