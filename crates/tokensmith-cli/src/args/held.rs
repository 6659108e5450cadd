//! The arguments of the commands that are given a token: `refresh`, `revoke`, `introspect` and
//! `userinfo`.

use clap::{ArgAction, ArgGroup, Args, ValueEnum};

use super::kept::kept_name;
use super::{ClientArgs, HeaderArgs, Output, ShowArgs, SourceArgs};
use crate::failure::Form;
use tokensmith_codegen::diagnostic::output;

/// Get the next token with a refresh token
///
/// The refresh token comes from the environment variable TOKENSMITH_REFRESH_TOKEN. On a terminal,
/// the command asks for it if it is not set. If the response has a refresh token, it takes the
/// place of the one that was sent.
#[derive(Args)]
#[command(group(ArgGroup::new("source").required(true).args(["provider", "spec", "issuer", "token_url"])))]
pub(crate) struct RefreshArgs {
    #[command(flatten)]
    pub(crate) held: HeldArgs,
    /// A scope to ask for, among those that were granted; may be repeated
    #[arg(long, help_heading = "Request")]
    pub(crate) scope: Vec<String>,
    /// What to print: a text for people, the token response as JSON, the access token alone, or the
    /// header that carries it [default: text on a terminal, else json]
    #[arg(long, help_heading = "Output")]
    pub(crate) output: Option<Output>,
    #[command(flatten)]
    pub(crate) header_form: HeaderArgs,
}

/// Revoke a token
///
/// The token comes from the environment variable TOKENSMITH_TOKEN. On a terminal, the command asks
/// for it if it is not set. A provider responds in the same way if the token was not valid before
/// (RFC 7009).
#[derive(Args)]
#[command(group(ArgGroup::new("source").required(true).args(["provider", "spec", "issuer"])), mut_arg("token_url", |arg| arg.hide(true)))]
pub(crate) struct RevokeArgs {
    #[command(flatten)]
    pub(crate) held: HeldArgs,
    #[command(flatten)]
    pub(crate) kind: KindArgs,
}

/// Ask a provider what a token stands for
///
/// The token comes from the environment variable TOKENSMITH_TOKEN. On a terminal, the command asks
/// for it if it is not set. Prints the response (RFC 7662), whose member `active` says whether the
/// token is valid.
#[derive(Args)]
#[command(group(ArgGroup::new("source").required(true).args(["provider", "spec", "issuer"])), mut_arg("token_url", |arg| arg.hide(true)))]
pub(crate) struct IntrospectArgs {
    #[command(flatten)]
    pub(crate) held: HeldArgs,
    #[command(flatten)]
    pub(crate) kind: KindArgs,
}

/// Ask a provider about the person who signed in
///
/// The access token is a kept one, or comes from the environment variable TOKENSMITH_TOKEN. On a
/// terminal, the command asks for it if it is not set. Prints the claims of the userinfo endpoint (OpenID Connect
/// Core section 5.3), if they are about the person of the ID token.
#[derive(Args)]
#[command(group(ArgGroup::new("source").required(true).args(["issuer", "kept"])))]
pub(crate) struct UserinfoArgs {
    /// The issuer URL of a server with metadata (RFC 8414, OpenID Connect Discovery)
    #[arg(
        long,
        value_name = "URL",
        help_heading = "Provider",
        requires = "subject"
    )]
    pub(crate) issuer: Option<String>,
    /// The name that tokens are kept under, of a sign-in with an ID token
    #[arg(long, value_name = "NAME", help_heading = "Provider", value_parser = kept_name, conflicts_with_all = ["subject", "allow_plain_http"])]
    pub(crate) kept: Option<String>,
    /// A host that may be reached over plain http, such as keycloak:8080; may be repeated
    #[arg(long, value_name = "HOST[:PORT]", help_heading = "Provider")]
    pub(crate) allow_plain_http: Vec<String>,
    /// Whom the ID token is about: its claim `sub` [default with --kept: as the kept ID token says]
    #[arg(long, value_name = "SUB", help_heading = "Request")]
    pub(crate) subject: Option<String>,
    /// What to print [default: text on a terminal, else json]
    #[arg(long, help_heading = "Output")]
    pub(crate) output: Option<StateOutput>,
    /// Show each request and response on standard error, without secrets; -vv shows times and the
    /// connection as well
    #[arg(long, short, action = ArgAction::Count, help_heading = "Output")]
    pub(crate) verbose: u8,
}

/// The server, the client and the request of a command that is given a token.
#[derive(Args)]
pub(crate) struct HeldArgs {
    #[command(flatten)]
    pub(crate) source: SourceArgs,
    /// The issuer URL of a server with metadata (RFC 8414, OpenID Connect Discovery)
    #[arg(long, value_name = "URL", help_heading = "Provider", conflicts_with_all = ["server", "server_variable", "path"])]
    pub(crate) issuer: Option<String>,
    #[command(flatten)]
    pub(crate) client: ClientArgs,
    /// A parameter of the request
    #[arg(long, value_name = "NAME=VALUE", help_heading = "Request")]
    pub(crate) param: Vec<String>,
    #[command(flatten)]
    pub(crate) show: ShowArgs,
}

/// What the token is, and what is printed.
#[derive(Args)]
pub(crate) struct KindArgs {
    /// Whether it is an access token or a refresh token, to help the provider find it
    #[arg(long, value_name = "TYPE", help_heading = "Request")]
    pub(crate) hint: Option<TokenHint>,
    /// What to print [default: text on a terminal, else json]
    #[arg(long, help_heading = "Output")]
    pub(crate) output: Option<StateOutput>,
}

/// `token_type_hint` (RFC 7009 section 2.1).
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum TokenHint {
    #[value(name = "access_token")]
    AccessToken,
    #[value(name = "refresh_token")]
    RefreshToken,
}

impl TokenHint {
    /// The value of the parameter.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::AccessToken => "access_token",
            Self::RefreshToken => "refresh_token",
        }
    }
}

/// The output of a command that tells of a token.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum StateOutput {
    Text,
    Json,
}

impl StateOutput {
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
            Self::Text => Form::Text,
        }
    }
}
