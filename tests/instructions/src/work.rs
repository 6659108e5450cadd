//! What is counted.

use std::fs;
use std::future::Future;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Duration;

use http::{Request, Response};
use tokensmith_cache::TokenSource;
use tokensmith_codegen::project::{self, Project};
use tokensmith_codegen::{Source, emit, read};
use tokensmith_moov::{Client, ClientCredentials, Credentials, Server};
use tokensmith_runtime::{Transport, TransportError};

/// Something to count.
pub(crate) struct Work {
    pub(crate) name: &'static str,
    /// Does it so many times.
    pub(crate) run: fn(rounds: u32) -> Result<(), String>,
    /// The rounds that are counted.
    pub(crate) rounds: u32,
    /// The units of which a round consists.
    pub(crate) units: u64,
}

pub(crate) const WORKS: [Work; 4] = [
    Work {
        name: "codegen, one document",
        run: codegen,
        rounds: 2,
        units: 1,
    },
    Work {
        name: "codegen, one document of an unchanged project",
        run: unchanged,
        rounds: 20,
        units: DOCUMENTS as u64,
    },
    Work {
        name: "one exchange",
        run: exchange,
        rounds: 200,
        units: 1,
    },
    Work {
        name: "one read of a cached token",
        run: cached_read,
        rounds: 2_000,
        units: 1,
    },
];

/// How many documents the unchanged project has.
const DOCUMENTS: usize = 4;

const RESPONSE: &str = r#"{"access_token":"example-access-token-not-real","token_type":"bearer","refresh_token":"example-refresh-token-not-real","expires_in":3600,"scope":"/accounts.write"}"#;

impl Work {
    pub(crate) fn find(name: &str) -> Option<&'static Self> {
        WORKS.iter().find(|work| work.name == name)
    }
}

/// Reads a document of this project and generates its crate, in memory.
fn codegen(rounds: u32) -> Result<(), String> {
    let document = fs::read(root().join("specs/moov.yaml")).map_err(|error| error.to_string())?;
    let options = emit::Options {
        source: "specs/moov.yaml".to_owned(),
        command: project::COMMAND.to_owned(),
        manifest: emit::Manifest::Workspace,
    };
    for _ in 0..rounds {
        let model = read("moov", Source::new("specs/moov.yaml", &document), None).model;
        let model = model.ok_or("specs/moov.yaml has errors")?;
        black_box(emit::emit(&model, &options));
    }
    Ok(())
}

/// Generates a project that has not changed since it was generated.
fn unchanged(rounds: u32) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let specs = folder.path().join("specs");
    let copy = |index| {
        fs::copy(
            root().join("specs/moov.yaml"),
            specs.join(format!("moov-{index}.yaml")),
        )
    };
    fs::create_dir(&specs)
        .and_then(|()| (0..DOCUMENTS).try_for_each(|index| copy(index).map(drop)))
        .map_err(|error| error.to_string())?;
    let project = Project {
        root: folder.path(),
        names: &[],
        cache: folder.path().join("target/codegen.json"),
        progress: &|_, _| {},
    };
    // The first run generates.
    for _ in 0..=rounds {
        black_box(project.generate().map_err(|error| error.to_string())?);
    }
    Ok(())
}

/// Exchanges credentials for a token, by a transport that responds at once.
fn exchange(rounds: u32) -> Result<(), String> {
    let client = client()?;
    for _ in 0..rounds {
        let request = ClientCredentials::new().scope("/accounts.write");
        let response = pollster::block_on(client.send(request));
        black_box(response.map_err(|error| error.to_string())?);
    }
    Ok(())
}

/// Reads a token that is at hand.
fn cached_read(rounds: u32) -> Result<(), String> {
    let request = ClientCredentials::new().scope("/accounts.write");
    let source = TokenSource::new(&client()?, request).map_err(|error| error.to_string())?;
    for _ in 0..=rounds {
        black_box(pollster::block_on(source.token()).map_err(|error| error.to_string())?);
    }
    Ok(())
}

fn client() -> Result<Client<InMemory>, String> {
    let credentials = Credentials::new("example-client-id", "example-client-secret-not-real");
    Client::with_transport(InMemory, Server::default(), credentials)
        .map_err(|error| error.to_string())
}

/// Responds at once.
#[derive(Clone)]
struct InMemory;

impl Transport for InMemory {
    async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
        black_box(request);
        let response =
            Response::builder().header("x-request-id", "f81d4fae-7dec-41d0-a765-00a0c91e6bf6");
        Ok(response
            .body(RESPONSE.as_bytes().to_vec())
            .expect("a response"))
    }

    fn sleep(&self, _duration: Duration) -> impl Future<Output = ()> + Send {
        std::future::pending()
    }
}

/// The root of the workspace.
fn root() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.ancestors().nth(2).unwrap_or(package).to_owned()
}
