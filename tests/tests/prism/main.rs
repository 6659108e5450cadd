//! An outside check: Prism serves the documents, judges every request that the generated crates can make, and responds
//! with everything that the documents describe.

mod moov;
mod moveworks;
mod workiva;

#[path = "../wire/caller.rs"]
#[allow(
    dead_code,
    reason = "these tests need less of it than those of the wire"
)]
mod caller;

use std::fs;
use std::path::Path;

use tokensmith_codegen::{Source, overlaid};
use tokensmith_runtime::{ClientAuth, Credentials, Provider};
use tokensmith_tests::prism::{self, Prism};

use caller::{Caller, Kind};

/// Every client authentication.
const AUTHENTICATIONS: [ClientAuth; 4] = [
    ClientAuth::Auto,
    ClientAuth::Basic,
    ClientAuth::BasicRaw,
    ClientAuth::Body,
];

/// Serves a provider's document, its overlay applied where there is one.
fn serve(provider: &str) -> Prism {
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs");
    let name = format!("{provider}.yaml");
    let document = fs::read(specs.join(&name)).expect("the provider's document");
    let overlay_name = format!("{provider}.overlay.yaml");
    let overlay = fs::read(specs.join(&overlay_name)).ok();
    let overlay = overlay
        .as_deref()
        .map(|bytes| Source::new(&overlay_name, bytes));
    let document = Source::new(&name, &document);
    Prism::start(&overlaid(document, overlay).expect("a document that can be read"))
}

fn caller<P: Provider>(kind: Kind, prism: &Prism) -> Caller<P>
where
    P::Server: Default,
{
    Caller::with_credentials(kind, &prism.url(), Credentials::new("id", "s3cret/ü"))
}

/// A client to whose requests Prism responds with this status.
fn responding<P: Provider>(kind: Kind, prism: &Prism, status: u16) -> Caller<P>
where
    P::Server: Default,
{
    let (name, value) = prism::prefer_status(status);
    caller(kind, prism)
        .client_auth(ClientAuth::Basic)
        .header(name, &value)
}

/// Nothing that was sent breaks the document; and a request that does is noticed.
#[track_caller]
fn no_violations(prism: &Prism, path: &str) {
    assert_eq!(prism.violations(), [""; 0]);
    let headers = [("Content-Type", "application/json")];
    let wrong = tokensmith_tests::raw::post(path, &headers, r#"{"grant_type":7}"#);
    tokensmith_tests::raw::send(prism.address(), &wrong);
    assert!(!prism.violations().is_empty(), "Prism notices nothing");
}
