//! The arguments of `tokensmith token`.

use std::path::PathBuf;

use clap::{ArgGroup, Args, ValueEnum};

use serde::{Deserialize, Serialize};

use super::kept::kept_name;
use super::{ClientArgs, HeaderArgs, KeepArgs, RequestArgs, ShowArgs, SourceArgs};
use crate::failure::Form;
use tokensmith_codegen::diagnostic::output;

/// Get a token
///
/// The client id and secret come from the environment variables TOKENSMITH_CLIENT_ID and
/// TOKENSMITH_CLIENT_SECRET. On a terminal, the command asks for the ones that are not set. Set an
/// empty TOKENSMITH_CLIENT_SECRET for a public client. With --kept, no variable is needed.
#[derive(Args)]
#[command(group(ArgGroup::new("source").required(true).args(["provider", "spec", "token_url", "connector", "kept"])), mut_arg("keep", |arg| arg.conflicts_with_all(["connector", "kept", "dry_run", "curl"])))]
pub(crate) struct TokenArgs {
    #[command(flatten)]
    pub(crate) grant: GrantArgs,
    /// A file with the settings of a client, YAML or JSON; the secret may come from the environment
    #[arg(long, help_heading = "Provider", value_name = "FILE", conflicts_with_all = ["server", "server_variable", "path", "grant", "client_auth", "audience", "format", "scope", "param", "secret_param", "header", "header_key", "header_pattern", "client_key"])]
    pub(crate) connector: Option<PathBuf>,
    /// The name of the connector, if the file of --connector has several
    #[arg(
        long,
        help_heading = "Provider",
        value_name = "NAME",
        requires = "connector"
    )]
    pub(crate) connector_name: Option<String>,
    /// The name that tokens are kept under: prints the kept access token, or a new one if it has
    /// expired
    #[arg(long, help_heading = "Provider", value_name = "NAME", value_parser = kept_name, conflicts_with_all = ["overlay", "server", "server_variable", "path", "allow_plain_http", "client_auth", "audience", "client_key", "client_certificate", "dpop", "grant", "scope", "param", "secret_param", "header", "format", "dry_run", "curl"])]
    pub(crate) kept: Option<String>,
    #[command(flatten)]
    pub(crate) keep: KeepArgs,
    /// What to print: a text for people, the token response as JSON, the access token alone, or the
    /// header that carries it [default: text on a terminal, else json]
    #[arg(long, help_heading = "Output")]
    pub(crate) output: Option<Output>,
    #[command(flatten)]
    pub(crate) header: HeaderArgs,
    #[command(flatten)]
    pub(crate) show: ShowArgs,
}

/// The provider, the client and the request of a token.
#[derive(Debug, Clone, Default, Args, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct GrantArgs {
    #[command(flatten)]
    pub(crate) source: SourceArgs,
    #[command(flatten)]
    pub(crate) client: ClientArgs,
    /// The grant type [default: client_credentials, or the only one of the provider]
    #[arg(long, help_heading = "Request")]
    pub(crate) grant: Option<String>,
    #[command(flatten)]
    pub(crate) request: RequestArgs,
    /// The separator between scopes [default: a space]
    #[arg(
        long,
        help_heading = "Request",
        value_name = "TEXT",
        requires = "token_url"
    )]
    pub(crate) scope_separator: Option<String>,
    /// A JSON Pointer to the access token in the response [default: /access_token]
    #[arg(
        long,
        help_heading = "Output",
        value_name = "POINTER",
        requires = "token_url"
    )]
    pub(crate) access_token: Option<String>,
}

/// The output of a command that gets a token.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    Text,
    Json,
    Token,
    Header,
}

impl Output {
    /// The output that is asked for, or else the usual one: text on a terminal, JSON for programs.
    pub(crate) fn or_usual(asked: Option<Self>) -> Self {
        asked.unwrap_or(match output::is_terminal() {
            true => Self::Text,
            false => Self::Json,
        })
    }

    /// How a failure is told beside this output.
    pub(crate) fn form(self) -> Form {
        match self {
            Self::Json => Form::Json,
            Self::Text | Self::Token | Self::Header => Form::Text,
        }
    }
}
