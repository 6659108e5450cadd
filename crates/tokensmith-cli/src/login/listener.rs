//! The loopback port that the browser comes back to (RFC 8252 section 7.3).

use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use tokensmith_runtime::{
    Authorization, CodeVerifier, Error, PendingAuthorization, Redirect, RedirectProblem,
};

use super::redirect_uri::RedirectUri;
use super::{page, visit};
use crate::failure::Failure;
use crate::terminal::progress::Progress;

/// How often the sockets are looked at.
const STEP: Duration = Duration::from_millis(20);

/// The most connections at a time.
const MAX_VISITS: usize = 32;

/// Sockets on the loopback interface. They are closed when it is dropped.
pub(super) struct Listener {
    sockets: Vec<TcpListener>,
    uri: RedirectUri,
    port: u16,
    /// The path of the link that the browser is opened with.
    link: String,
}

impl Listener {
    /// Listens where a redirect URI leads, or else on a free port.
    pub(super) fn bind(redirect_uri: Option<&str>) -> Result<Self, Failure> {
        let uri = RedirectUri::read(redirect_uri)?;
        let failed = |error: io::Error| {
            let (shown, hint) = match uri.port {
                Some(port) => (
                    uri.at(port),
                    ": end the program that listens there, or register another redirect URI",
                ),
                None => ("a free port".to_owned(), ""),
            };
            Failure::Failed(format!("cannot listen on {shown}: {error}{hint}"))
        };
        let mut sockets = Vec::new();
        let mut port = uri.port.unwrap_or(0);
        for address in uri.addresses() {
            match TcpListener::bind(SocketAddr::new(*address, port)) {
                Ok(socket) => {
                    socket.set_nonblocking(true).map_err(failed)?;
                    port = socket.local_addr().map_err(failed)?.port();
                    sockets.push(socket);
                }
                // `localhost` has a second address on many machines, not on all.
                Err(_) if !sockets.is_empty() => {}
                Err(error) => return Err(failed(error)),
            }
        }
        // Random, and unlike the state it may be seen: it is good for one request.
        let link = format!("/begin/{}", CodeVerifier::random()?.challenge());
        Ok(Self {
            sockets,
            uri,
            port,
            link,
        })
    }

    /// The redirect URI with its port.
    pub(super) fn redirect_uri(&self) -> String {
        self.uri.at(self.port)
    }

    /// A link that leads to the sign-in page once. Other users of the machine see the arguments of
    /// the program that opens the browser, where the URL of that page would show the state.
    pub(super) fn link(&self) -> String {
        self.uri.beside(self.port, &self.link)
    }

    /// Waits until the browser comes back with the state.
    pub(super) fn wait(
        self,
        authorization: Authorization,
        timeout: Duration,
    ) -> Result<Redirect, Failure> {
        let (sender, receiver) = mpsc::channel();
        let desk = Arc::new(Desk {
            path: self.uri.path().to_owned(),
            link: self.link.clone(),
            url: authorization.url,
            pending: authorization.pending,
            is_link_used: AtomicBool::new(false),
            visits: AtomicUsize::new(0),
            sender: Mutex::new(Some(sender)),
        });
        let progress = Progress::start("waiting for the browser".to_owned());
        let deadline = Instant::now() + timeout;
        let ended = loop {
            for socket in &self.sockets {
                // What is wrong with one connection says nothing of the next.
                while let Ok((stream, _)) = socket.accept() {
                    desk.receive(stream);
                }
            }
            match receiver.recv_timeout(STEP) {
                Ok(ended) => break ended,
                Err(RecvTimeoutError::Timeout) if Instant::now() < deadline => {}
                Err(_) => {
                    break Err(Failure::TimedOut(format!(
                        "the browser has not come back within {} s: sign in again, with a longer --timeout \
                         if it takes you longer, and with --no-browser if no browser was opened",
                        timeout.as_secs()
                    )));
                }
            }
        };
        progress.end();
        ended
    }
}

/// What requests are held against.
struct Desk {
    path: String,
    link: String,
    /// The sign-in page.
    url: String,
    pending: PendingAuthorization,
    is_link_used: AtomicBool,
    visits: AtomicUsize,
    /// Taken by whoever ends the wait.
    sender: Mutex<Option<Sender<Result<Redirect, Failure>>>>,
}

impl Desk {
    /// Responds to a connection on a thread of its own, since an idle one must not stop others.
    fn receive(self: &Arc<Self>, stream: TcpStream) {
        if self.visits.fetch_add(1, Ordering::Relaxed) >= MAX_VISITS {
            self.visits.fetch_sub(1, Ordering::Relaxed);
            return;
        }
        let desk = Arc::clone(self);
        let begun = thread::Builder::new().spawn(move || {
            desk.respond(stream);
            desk.visits.fetch_sub(1, Ordering::Relaxed);
        });
        if begun.is_err() {
            self.visits.fetch_sub(1, Ordering::Relaxed);
        }
    }

    fn respond(&self, mut stream: TcpStream) {
        let target = visit::target(&mut stream).unwrap_or_default();
        if target == self.link {
            return self.begin(stream);
        }
        let outcome = match target.split('?').next() {
            Some(path) if path == self.path => self.pending.redirect(&target),
            _ => return visit::respond(stream, &page::not_found()),
        };
        if outcome.as_ref().is_err_and(is_foreign) {
            return visit::respond(stream, &page::not_found());
        }
        let Some(sender) = self.take_sender() else {
            return visit::respond(stream, &page::not_found());
        };
        visit::respond(stream, &page::came_back(outcome.is_ok()));
        // The other side waits, or has just given up.
        let _ = sender.send(outcome.map_err(Failure::from));
    }

    /// Leads to the sign-in page. Whoever is the second has come too late, or has overtaken the
    /// browser: then somebody else could sign in in the person's place.
    fn begin(&self, stream: TcpStream) {
        if !self.is_link_used.swap(true, Ordering::Relaxed) {
            return visit::respond(stream, &page::sent_on(&self.url));
        }
        visit::respond(stream, &page::not_found());
        if let Some(sender) = self.take_sender() {
            let _ = sender.send(Err(Failure::Failed(
                "the link that opens the sign-in page was used twice, maybe by another program on this \
                 machine: sign in again, or use --no-browser"
                    .to_owned(),
            )));
        }
    }

    fn take_sender(&self) -> Option<Sender<Result<Redirect, Failure>>> {
        let mut sender = self.sender.lock().unwrap_or_else(PoisonError::into_inner);
        sender.take()
    }
}

/// Whether a redirect does not prove that it is the response to this authorization.
fn is_foreign(error: &Error) -> bool {
    matches!(
        error.redirect_problem(),
        Some(RedirectProblem::OtherState | RedirectProblem::Unreadable)
    )
}
