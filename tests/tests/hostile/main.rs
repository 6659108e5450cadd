//! Servers that misbehave: each is told from the others by the kind of error, in time, and in little memory.

mod body;
mod connection;
mod head;
mod server;

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokensmith_runtime::{
    Any, BlockingHyperTransport, Client, Credentials, Endpoint, EndpointKind, Error,
    HyperTransport, Operation, Retry, Timeouts, Token, TokenRequest, blocking,
};

use peak_alloc::PeakAlloc;
use server::{Behaviour, Server};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Memory is counted for the whole process: one test at a time.
static ALONE: Mutex<()> = Mutex::new(());

static CLIENT_CREDENTIALS: Operation<'static> = Operation::grant("client_credentials");
static TOKEN: Endpoint<'static> = Endpoint::new(EndpointKind::Token, &["/token"]);

const TOTAL: Duration = Duration::from_millis(1500);

/// No response may take longer than its time, by much.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a client may need at once, whatever the server sends: the largest body that it takes, in the forms it has on the
/// way to a token, and room for everything else.
const ENOUGH: usize = 8 * 1024 * 1024;

/// What both clients made of a server that behaves like this.
#[track_caller]
fn ask(behaviour: Behaviour) -> [Result<Token, Error>; 2] {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let server = Server::start(behaviour);
    let timeouts = Timeouts::default().with_connect(TOTAL).with_total(TOTAL);
    let request = || TokenRequest::new(&TOKEN, &CLIENT_CREDENTIALS);
    let credentials = || Credentials::new("id", "secret");

    let measured = |send: &dyn Fn() -> Result<Token, Error>| {
        MEMORY.reset_peak_usage();
        let (start, before) = (Instant::now(), MEMORY.current_usage());
        let outcome = send();
        assert!(start.elapsed() < PATIENCE, "{outcome:?}");
        let used = MEMORY.peak_usage().saturating_sub(before);
        assert!(used < ENOUGH, "{used} bytes for {outcome:?}");
        outcome
    };
    let blocking = measured(&|| {
        let transport = BlockingHyperTransport::with_timeouts(timeouts)?;
        let client =
            blocking::Client::<Any, _>::with_transport(transport, server.url(), credentials())?;
        client.retry(Retry::never()).send(request())
    });
    let asynchronous = measured(&|| {
        let transport = HyperTransport::with_timeouts(timeouts)?;
        let client = Client::<Any, _>::with_transport(transport, server.url(), credentials())?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        runtime.block_on(client.retry(Retry::never()).send(request()))
    });
    [blocking, asynchronous]
}

/// The kinds of what went wrong.
#[track_caller]
fn kinds(behaviour: Behaviour) -> [&'static str; 2] {
    ask(behaviour).map(|outcome| match outcome {
        Ok(_) => "token",
        Err(error) => {
            assert!(!error.to_string().contains("secret"));
            error.kind().as_str()
        }
    })
}
