//! What a request holds, and what is shown of it and of what it leads to.

use clap::{ArgAction, Args, ValueEnum};
use serde::{Deserialize, Serialize};
use tokensmith_runtime::BodyFormat;

use crate::failure::Failure;

/// What is added to a request.
#[derive(Debug, Clone, Default, Args, Serialize, Deserialize)]
#[command(next_help_heading = "Request")]
#[serde(default)]
pub(crate) struct RequestArgs {
    /// A scope to ask for; may be repeated
    #[arg(long)]
    pub(crate) scope: Vec<String>,
    /// A parameter of the request; repeat it with the same name for a list
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) param: Vec<String>,
    /// A secret parameter of the request, and the environment variable that holds its value
    #[arg(long, value_name = "NAME=ENV_NAME")]
    pub(crate) secret_param: Vec<String>,
    /// A header of the request
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) header: Vec<String>,
    /// The format of the request body [default: as the document says, or form]
    #[arg(long)]
    pub(crate) format: Option<Format>,
}

/// The format of a request body.
#[derive(Debug, Clone, Copy, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Format {
    Form,
    Json,
    Multipart,
}

impl From<Format> for BodyFormat {
    fn from(format: Format) -> Self {
        match format {
            Format::Form => Self::Form,
            Format::Json => Self::Json,
            Format::Multipart => Self::Multipart,
        }
    }
}

/// The header that `--output header` prints.
#[derive(Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct HeaderArgs {
    /// The name of the header that `--output header` prints [default: as the document says, or
    /// Authorization]
    #[arg(long, value_name = "NAME")]
    pub(crate) header_key: Option<String>,
    /// The value of that header, with {token} for the token [default: as the document says, or
    /// Bearer {token}, or DPoP {token} if the token type is DPoP]
    #[arg(long, value_name = "PATTERN")]
    pub(crate) header_pattern: Option<String>,
}

/// What is shown of requests and responses. No secret is shown.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct ShowArgs {
    /// Show each request and response on standard error, without secrets; -vv shows times and the
    /// connection as well
    #[arg(long, short, action = ArgAction::Count)]
    pub(crate) verbose: u8,
    /// Print the request instead of sending it, with names of variables in the place of secrets
    ///
    /// Needs no credentials. If the client authentication is auto, it is the request that is sent
    /// first.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Print a command of curl for `sh` that sends the request, and send nothing
    ///
    /// The secrets in it are environment variables, such as ${TOKENSMITH_CLIENT_SECRET:?}.
    #[arg(long, conflicts_with = "dry_run")]
    pub(crate) curl: bool,
}

impl ShowArgs {
    /// Whether the request is sent.
    pub(crate) fn sends(&self) -> bool {
        !self.dry_run && !self.curl
    }
}

/// The names and values of an option. An error shows neither: the value may be a secret, and the
/// name the value.
pub(crate) fn pairs<'a>(
    option: &str,
    texts: &'a [String],
) -> Result<Vec<(&'a str, &'a str)>, Failure> {
    let pair = |text: &'a String| text.split_once('=').filter(|(name, _)| !name.is_empty());
    let pairs: Option<_> = texts.iter().map(pair).collect();
    pairs.ok_or_else(|| {
        Failure::Usage(format!(
            "{option} takes a name and a value with `=` between them"
        ))
    })
}
