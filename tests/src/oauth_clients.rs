//! openid-client, oauth4webapi and Authlib: clients of RFC 6749 and OpenID Connect that know nothing of
//! this project. `clients.mjs` in `tests/peers` drives the first two, `authlib_client.py` the third.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::{Deserialize, Serialize};

use crate::peers;

/// A grant at a token endpoint. `{library}` in a text stands for the library's name, since each
/// needs credentials of its own.
#[derive(Debug, Clone, Serialize)]
pub struct Job {
    /// What outcomes call it.
    pub name: String,
    /// The server's identifier.
    pub issuer: String,
    /// The URL of the token endpoint.
    pub token_endpoint: String,
    /// The URL of the authorization endpoint, to get a code there. The code is the parameter's
    /// otherwise.
    pub authorization_endpoint: Option<String>,
    /// How the client authenticates, as OpenID Connect calls it: `client_secret_basic`.
    pub auth: &'static str,
    /// The client's identifier.
    pub client_id: String,
    /// The client's secret.
    pub client_secret: Option<String>,
    /// The grant type.
    pub grant: String,
    /// The parameters of the token request.
    pub parameters: BTreeMap<String, String>,
    /// The parameters of the authorization request.
    pub authorization_parameters: BTreeMap<String, String>,
    /// Where the browser comes back to.
    pub redirect_uri: String,
    /// Whether a code is bound by PKCE.
    pub pkce: bool,
    /// Whether there has to be an ID token, the signature of which is checked.
    pub signed: bool,
    /// Whether the server is found by its metadata, and used for all that OpenID Connect has: by
    /// openid-client and Authlib.
    pub discover: bool,
    /// Whether tokens are bound to a key (RFC 9449), where the server is found by its metadata: by
    /// openid-client alone.
    pub dpop: bool,
    /// The key of a client that authenticates by `private_key_jwt`, as a JSON Web Key.
    pub private_key: Option<serde_json::Value>,
    /// Where the keys of ID tokens are.
    pub jwks_uri: String,
    /// What the client proves to have over TLS, and whom it trusts.
    pub tls: Option<Tls>,
    /// Headers of the token request.
    pub headers: BTreeMap<String, String>,
}

/// Files, in PEM.
#[derive(Debug, Clone, Serialize)]
pub struct Tls {
    /// The certificate of the authority that the server is certified by.
    pub roots: PathBuf,
    /// The client's certificate.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// The libraries, as outcomes call them.
pub const LIBRARIES: [&str; 3] = ["openid-client", "oauth4webapi", "authlib"];

/// What became of a job with one library.
#[derive(Debug, Clone, Deserialize)]
pub struct Outcome {
    /// The job.
    pub name: String,
    /// The library.
    pub library: String,
    /// The access token.
    pub token: Option<String>,
    /// Why there is none.
    pub error: Option<String>,
}

/// Does all jobs with all libraries.
///
/// # Panics
///
/// If the libraries are not installed, with the command that installs them.
pub fn run(jobs: &[Job]) -> Vec<Outcome> {
    let peers = peers::folder();
    let javascript = drive("node", &peers.join("clients.mjs"), jobs);
    let python = drive(peers::python(), &peers.join("authlib_client.py"), jobs);
    javascript.into_iter().chain(python).collect()
}

/// Has a program do all jobs.
fn drive(interpreter: impl AsRef<OsStr>, program: &Path, jobs: &[Job]) -> Vec<Outcome> {
    let name = program.display();
    let mut child = Command::new(interpreter)
        .arg(program)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut input = child.stdin.take().expect("a piped input");
    let text = serde_json::to_string(jobs).expect("jobs are plain data");
    input
        .write_all(text.as_bytes())
        .expect("a program that reads");
    drop(input);
    let output = child.wait_with_output().expect("is a child");
    assert!(output.status.success(), "{name} failed: see above");
    serde_json::from_slice(&output.stdout).expect("outcomes")
}
