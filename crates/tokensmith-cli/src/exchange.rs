//! Sending requests, and showing them.

mod connection;
pub(crate) mod curl;
mod response;
mod shown_request;
mod word;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Instant, SystemTime};

use tokensmith_codegen::diagnostic::output::{
    Style, Styled, is_coloured, is_error_terminal, is_terminal, print_error, try_print,
};
use tokensmith_runtime::blocking::Client;
use tokensmith_runtime::protocol::{Exchange, Mask, Settings, Step};
use tokensmith_runtime::{
    Any, BlockingHyperTransport, BlockingTransport, ConnectionInfo, Error, Request, Secret,
    TransportError,
};

use self::shown_request::ShownRequest;
use self::word::Instead;
use crate::args::ShowArgs;
use crate::failure::Failure;
use crate::secrets::Secrets;
use crate::terminal::progress::Progress;

/// Sends requests, and shows them on standard error as `-v` asks for.
#[derive(Debug, Clone)]
pub(crate) struct Wire {
    transport: BlockingHyperTransport,
    verbose: u8,
    secrets: Arc<Secrets>,
    /// What the requests carried, which their responses may repeat.
    carried: Arc<Mutex<Vec<Secret>>>,
    /// The connection that was made last.
    connection: Arc<Mutex<Option<ConnectionInfo>>>,
}

impl Wire {
    /// Creates a transport that shows what goes over another one.
    pub(crate) fn new(
        transport: BlockingHyperTransport,
        show: &ShowArgs,
        secrets: &Secrets,
    ) -> Self {
        let connection = Arc::new(Mutex::new(None));
        let transport = match show.verbose {
            0 | 1 => transport,
            _ => {
                let seen = Arc::clone(&connection);
                transport.on_connect(move |info| {
                    *seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(info.clone());
                })
            }
        };
        Self {
            transport,
            verbose: show.verbose,
            secrets: Arc::new(secrets.clone()),
            carried: Arc::default(),
            connection,
        }
    }

    fn carried(&self) -> MutexGuard<'_, Vec<Secret>> {
        self.carried.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn print_request(&self, request: &http::Request<Vec<u8>>) {
        let shown = ShownRequest::new(request, &self.secrets);
        self.carried().extend(shown.hidden().cloned());
        let mut text = Styled::new(is_coloured(is_error_terminal()));
        shown.write(&mut text, Instead::Mark, "> ");
        print_error(text);
        print_error("");
    }

    fn print_response(
        &self,
        response: &Result<http::Response<Vec<u8>>, TransportError>,
        start: Instant,
    ) {
        let mut text = Styled::new(is_coloured(is_error_terminal()));
        let elapsed = start.elapsed();
        match response {
            Ok(response) => {
                let carried = self.carried();
                let secrets = self.secrets.iter().map(|(_, secret)| secret);
                let mask = Mask::new(secrets.chain(carried.iter().map(Secret::expose)));
                response::write(&mut text, response, &mask, "< ");
            }
            Err(error) => {
                text.push(Style::Label, "* ").text(&format!("{error}\n"));
            }
        }
        if self.verbose > 1 {
            let connection = self.connection.lock();
            let connection = connection.unwrap_or_else(PoisonError::into_inner).take();
            for line in connection::lines(connection.as_ref(), elapsed) {
                text.push(Style::Label, "* ").text(&line).end_line();
            }
        }
        print_error(text);
        print_error("");
    }
}

impl BlockingTransport for Wire {
    fn send(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        if self.verbose > 0 {
            self.print_request(&request);
        }
        let host = request.uri().host().unwrap_or_default().to_owned();
        let start = Instant::now();
        let progress = Progress::start(format!("waiting for {host}"));
        let response = self.transport.send(request);
        progress.end();
        if self.verbose > 0 {
            self.print_response(&response, start);
        }
        response
    }

    fn sleep(&self, duration: std::time::Duration) {
        let seconds = duration.as_secs_f64().ceil();
        let progress = Progress::start(format!("waiting {seconds} s before the next request"));
        std::thread::sleep(duration);
        progress.end();
    }
}

/// Sends a request. With `--dry-run` and `--curl` it prints the request and returns `None`.
pub(crate) fn send<R: Request<Provider = Any>>(
    settings: Settings,
    request: R,
    transport: impl FnOnce() -> Result<BlockingHyperTransport, Failure>,
    show: &ShowArgs,
    secrets: &Secrets,
) -> Result<Option<R::Response>, Failure> {
    if !show.sends() {
        print(&settings, &request, show, secrets)?;
        return Ok(None);
    }
    let client = client(settings, transport()?, show, secrets);
    client.send(request).map(Some).map_err(failure)
}

/// Returns a client whose requests are shown as `-v` asks for.
pub(crate) fn client(
    settings: Settings,
    transport: BlockingHyperTransport,
    show: &ShowArgs,
    secrets: &Secrets,
) -> Client<Any, Wire> {
    Client::with_settings(Wire::new(transport, show, secrets), settings)
}

/// The failure of a request.
pub(crate) fn failure<B>(error: Error<B>) -> Failure {
    error.without_body().into()
}

/// Prints a request that is not sent, or the command of curl that sends it.
pub(crate) fn print<R: Request>(
    settings: &Settings,
    request: &R,
    show: &ShowArgs,
    secrets: &Secrets,
) -> Result<(), Failure> {
    let mut exchange = Exchange::new(settings, request);
    let Step::Send(request) = exchange.step(SystemTime::now()) else {
        let failure = exchange.finish().err();
        return failure.map_or(Ok(()), |error| Err(error.without_body().into()));
    };
    let shown = ShownRequest::new(&request, secrets);
    if show.curl {
        try_print(curl::request::command(&shown))?;
        return Ok(());
    }
    let mut text = Styled::new(is_coloured(is_terminal()));
    shown.write(&mut text, Instead::Variable, "");
    try_print(text)?;
    Ok(())
}
