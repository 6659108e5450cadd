//! What `x-tokensmith` says, over the wire: a fixture is read at run time, as the command does it, and a server responds.

use std::collections::VecDeque;
use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use tokensmith_codegen::{Model, Source};
use tokensmith_description::Shelves;
use tokensmith_runtime::protocol::{Exchange, Settings, Step};
use tokensmith_runtime::{
    BlockingTransport, Credentials, DefaultBlockingTransport, Description, Endpoint, EndpointKind,
    Error, GenericRequest, Operation, Response,
};
use tokensmith_tests::endpoint::{CLIENT_ID, CLIENT_SECRET};
use tokensmith_tests::strict_server::{Received, Server, ServerResponse};

mod end_session;
mod errors;
mod pushed;
mod redirects;
mod registration;
mod requests;
mod responses;
mod scopes;
mod token_use;

/// A fixture, and a server that gives these responses, one after the other.
pub(crate) struct World {
    model: Model,
    server: Server,
}

impl World {
    pub(crate) fn new(fixture: &str, responses: impl IntoIterator<Item = ServerResponse>) -> Self {
        let responses = Mutex::new(responses.into_iter().collect::<VecDeque<_>>());
        let server = Server::start(move |_| {
            let next = responses.lock().expect("no test has panicked").pop_front();
            next.unwrap_or_else(|| ServerResponse::new(500))
        });
        Self {
            model: model(fixture),
            server,
        }
    }

    pub(crate) fn settings(&self) -> Settings {
        self.settings_of(Credentials::new(CLIENT_ID, CLIENT_SECRET))
    }

    pub(crate) fn settings_of(&self, credentials: Credentials) -> Settings {
        Settings::new(&self.server.url(), credentials).expect("is a URL of this machine")
    }

    /// Sends a request of an endpoint, by its grant where it is a token endpoint.
    pub(crate) fn send<R: Response>(
        &self,
        settings: &Settings,
        (kind, grant): (EndpointKind, Option<&str>),
        give: impl FnOnce(GenericRequest<'_, R>) -> GenericRequest<'_, R>,
    ) -> Sent<R> {
        let shelves = Shelves::default();
        let description = self.model.describe(&shelves);
        let (endpoint, operation) = find(&description, kind, grant);
        let request = give(GenericRequest::<R>::new(endpoint, operation));
        drive(settings, &request)
    }

    pub(crate) fn url(&self) -> String {
        self.server.url()
    }

    pub(crate) fn requests(&self) -> Vec<Received> {
        self.server.requests()
    }
}

pub(crate) fn model(fixture: &str) -> Model {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/3.0");
    let name = format!("{fixture}.yaml");
    let text = fs::read(folder.join(&name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    let reading = tokensmith_codegen::read("example", Source::new(&name, &text), None);
    let diagnostics = reading.diagnostics;
    reading.model.unwrap_or_else(|| panic!("{diagnostics:?}"))
}

pub(crate) fn find<'a>(
    description: &Description<'a>,
    kind: EndpointKind,
    grant: Option<&str>,
) -> (&'a Endpoint<'a>, &'a Operation<'a>) {
    let mut endpoints = description.endpoints().iter();
    let endpoint = endpoints.find(|endpoint| endpoint.kind() == kind);
    let endpoint = endpoint.expect("the fixture has such an endpoint");
    let mut operations = endpoint.operations().iter();
    let operation = operations.find(|operation| grant.is_none() || operation.grant_type() == grant);
    (endpoint, operation.expect("the fixture has such a grant"))
}

/// What came of a request, and how long it waited between its tries.
pub(crate) struct Sent<R> {
    pub(crate) outcome: Result<R, Error>,
    pub(crate) waited: Vec<Duration>,
}

fn drive<R: Response>(settings: &Settings, request: &GenericRequest<'_, R>) -> Sent<R> {
    let transport = DefaultBlockingTransport::new().expect("a transport");
    let mut exchange = Exchange::new(settings, request);
    let mut waited = Vec::new();
    loop {
        match exchange.step(SystemTime::now()) {
            Step::Send(request) => exchange.receive(transport.send(request), SystemTime::now()),
            Step::Wait(delay) => waited.push(delay),
            Step::Done => break,
        }
    }
    let outcome = exchange.finish();
    Sent {
        outcome: outcome.map_err(Error::without_body),
        waited,
    }
}
