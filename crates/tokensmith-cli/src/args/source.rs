//! Whom a request is for, and where it goes.

use std::path::PathBuf;

use clap::Args;
use clap::builder::PossibleValuesParser;
use serde::{Deserialize, Serialize};
use tokensmith_providers::PROVIDERS;
use tokensmith_runtime::{Error, PlainHttpHosts};

/// The provider, its server and its endpoint.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args, Serialize, Deserialize)]
#[command(next_help_heading = "Provider")]
#[serde(default)]
pub(crate) struct SourceArgs {
    /// The name of a built-in provider: see `tokensmith providers`
    #[arg(value_parser = PossibleValuesParser::new(PROVIDERS.iter().map(|entry| entry.description.name())), hide_possible_values = true, help_heading = None::<&'static str>)]
    pub(crate) provider: Option<String>,
    /// An OpenAPI document of the provider, YAML or JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) spec: Option<PathBuf>,
    /// The overlay to apply to the document [default: the one beside it, such as moov.overlay.yaml]
    #[arg(long, value_name = "FILE", conflicts_with_all = ["provider", "token_url"])]
    pub(crate) overlay: Option<PathBuf>,
    /// The URL of a token endpoint that follows RFC 6749 except for what the other options say
    #[arg(long, value_name = "URL")]
    pub(crate) token_url: Option<String>,
    /// A base URL, or the name of one of the provider's servers [default: the first server]
    #[arg(long, value_name = "URL", conflicts_with = "token_url")]
    pub(crate) server: Option<String>,
    /// A value for `{NAME}` in the server's URL
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) server_variable: Vec<String>,
    /// The path of the endpoint, if there are several [default: the first]
    #[arg(long, conflicts_with = "token_url")]
    pub(crate) path: Option<String>,
    /// A host that may be reached over plain http, such as keycloak:8080; may be repeated
    #[arg(long, value_name = "HOST[:PORT]", value_parser = plain_http_host)]
    pub(crate) allow_plain_http: Vec<String>,
}

fn plain_http_host(host: &str) -> Result<String, Error> {
    PlainHttpHosts::default().allow(host)?;
    Ok(host.to_owned())
}
