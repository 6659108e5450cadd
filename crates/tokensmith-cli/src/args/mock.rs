//! The arguments of `tokensmith mock`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{ArgGroup, Args, ValueEnum};
use tokensmith_providers::PROVIDERS;

/// Serve a mock of a provider
///
/// Checks requests as the provider's document says, issues tokens that expire, are refreshed and
/// revoked, and refuses in the provider's own way. Prints its URL, then a line for each request.
/// Any client id and secret will do. The header Tokensmith-Mock-Refusal of a refusal says what was
/// wrong. Requests to /.mock/ control it: /.mock/requests, /.mock/faults, /.mock/clients,
/// /.mock/clock, /.mock/device. The same port serves https, with the certificate at
/// /.mock/certificate. Stop it with Ctrl-C.
#[derive(Args)]
#[command(group(ArgGroup::new("mocked").required(true).args(["provider", "spec", "standard"])))]
pub(crate) struct MockArgs {
    /// A built-in provider: see `tokensmith providers`
    #[arg(value_parser = PossibleValuesParser::new(PROVIDERS.iter().map(|entry| entry.description.name())), hide_possible_values = true)]
    pub(crate) provider: Option<String>,
    /// An OpenAPI document, YAML or JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) spec: Option<PathBuf>,
    /// A plain server of RFC 6749 and OpenID Connect, with discovery, keys and ID tokens
    #[arg(long)]
    pub(crate) standard: bool,
    /// The overlay of the document [default: the one beside it, such as moov.overlay.yaml]
    #[arg(long, value_name = "FILE", conflicts_with_all = ["provider", "standard"])]
    pub(crate) overlay: Option<PathBuf>,
    /// The address to listen at; port 0 is a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    pub(crate) listen: SocketAddr,
    /// Faults, YAML or JSON, such as `- {status: 429, retry-after: 3, times: 2}`
    #[arg(long, value_name = "FILE")]
    pub(crate) faults: Option<PathBuf>,
    /// Approve authorization requests and devices without asking
    #[arg(long)]
    pub(crate) approve: bool,
    /// How long access tokens are valid [default: as in the document's examples]
    #[arg(long, value_name = "SECONDS")]
    pub(crate) lifetime: Option<u64>,
    /// Refuse parameters that the document does not declare
    #[arg(long)]
    pub(crate) refuse_undeclared: bool,
    /// Show secrets in what is printed and at /.mock/requests
    #[arg(long)]
    pub(crate) reveal_secrets: bool,
    /// The output format: text, or a JSON object a line
    #[arg(long, default_value = "text")]
    pub(crate) output: MockOutput,
}

/// The output format of `mock`.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum MockOutput {
    Text,
    Json,
}
