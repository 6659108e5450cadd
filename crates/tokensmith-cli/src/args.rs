//! The command line.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum};
use tokensmith_codegen::Rule;
use tokensmith_providers::PROVIDERS;
use tokensmith_runtime::jwt::Algorithm;
use tokensmith_runtime::{BodyFormat, ClientAuth, Error, PlainHttpHosts};

/// OAuth 2.0 tokens, and typed clients for them, from OpenAPI documents.
#[derive(Parser)]
#[command(name = "tokensmith", version, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What can be asked for.
#[derive(Subcommand)]
pub(crate) enum Command {
    Check(CheckArgs),
    Generate(GenerateArgs),
    Token(Box<TokenArgs>),
    Providers(ProvidersArgs),
}

/// List the providers that are built in, or show one
///
/// Of one provider, by its name: endpoints, servers, grants, parameters, client authentication, scopes, deviations from
/// RFC 6749, sources, and examples. Else a line for each, with its grants and servers.
#[derive(Args)]
pub(crate) struct ProvidersArgs {
    /// A provider, or a part of the names to list
    pub(crate) name: Option<String>,
    /// List only those that take a grant, such as device_code
    #[arg(long)]
    pub(crate) grant: Option<String>,
    /// How to print: for people, or as a JSON array
    #[arg(long, default_value = "text")]
    pub(crate) output: ProvidersOutput,
}

/// How providers are printed.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProvidersOutput {
    Text,
    Json,
}

/// Say what is wrong with OpenAPI documents
///
/// Diagnostics and a summary go to standard output. The overlay beside a document, `moov.overlay.yaml` beside
/// `moov.yaml`, applies. Exits with 0 unless there are errors; warnings
/// and notes are not. A warning is about what is sent or read; a note is about what the document could say.
#[derive(Args)]
pub(crate) struct CheckArgs {
    /// The documents, YAML or JSON
    #[arg(value_name = "FILE", required_unless_present = "explain")]
    pub(crate) files: Vec<PathBuf>,
    /// How to print: for people, as one JSON object, or as annotations of GitHub's
    #[arg(long, default_value = "human")]
    pub(crate) format: ReportFormat,
    /// Show every note, and not only how many there are
    #[arg(long)]
    pub(crate) all: bool,
    /// Print, for each endpoint, what the document is taken to mean and by what
    ///
    /// Each answer (URLs, method, format, grants, client authentication, parameters, places of the
    /// token, its lifetime and errors, scopes, PKCE) stands with its evidence: a statement of
    /// x-tokensmith, a declaration, an enum, an example, a description, a flow, a sibling endpoint
    /// or a convention, each with its place. What contradicts an answer stands below it. With
    /// `--format json` it is the member `models`.
    #[arg(long)]
    pub(crate) explain_model: bool,
    /// Print the page of a rule, such as TS006, and check nothing
    #[arg(long, value_name = "RULE", conflicts_with_all = ["files", "format", "explain_model"], value_parser = rule)]
    pub(crate) explain: Option<Rule>,
}

fn rule(text: &str) -> Result<Rule, String> {
    Rule::find(text).ok_or_else(|| {
        let last = Rule::ALL.last().map_or("", |rule| rule.code());
        format!("there is no such rule: they are TS001 to {last}, with gaps")
    })
}

/// How diagnostics are printed.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    Human,
    Json,
    Github,
}

/// Write a typed client crate from an OpenAPI document
///
/// Files that would not change are left alone, and files that were not generated are never overwritten.
#[derive(Args)]
pub(crate) struct GenerateArgs {
    /// The OpenAPI document, YAML or JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) spec: PathBuf,
    /// The overlay on top of it [default: the one beside it, such as moov.overlay.yaml]
    #[arg(long, value_name = "FILE")]
    pub(crate) overlay: Option<PathBuf>,
    /// The folder of the crate
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// The provider's name, of which the crate's is made [default: the name of the document's file]
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// Where the crate tokensmith-runtime is, if not at the registry
    #[arg(long, value_name = "PATH")]
    pub(crate) runtime_path: Option<PathBuf>,
}

/// Get a token
///
/// The client id and secret come from the environment variables TOKENSMITH_CLIENT_ID and TOKENSMITH_CLIENT_SECRET; those
/// that are not set are asked for on a terminal. A secret that is set but empty is that of a public client, which has none.
#[derive(Args)]
#[command(group(ArgGroup::new("source").required(true).args(["provider", "spec", "token_url", "connector"])))]
pub(crate) struct TokenArgs {
    /// A provider that is built in: see `tokensmith providers`
    #[arg(value_parser = PossibleValuesParser::new(PROVIDERS.iter().map(|entry| entry.description.name())), hide_possible_values = true)]
    pub(crate) provider: Option<String>,
    /// An OpenAPI document, YAML or JSON, that is read now
    #[arg(long, value_name = "FILE")]
    pub(crate) spec: Option<PathBuf>,
    /// The overlay on top of the document [default: the one beside it, such as moov.overlay.yaml]
    #[arg(long, value_name = "FILE", conflicts_with_all = ["provider", "token_url"])]
    pub(crate) overlay: Option<PathBuf>,
    /// A token endpoint, of which RFC 6749 says all but what the other options do
    #[arg(long, value_name = "URL")]
    pub(crate) token_url: Option<String>,
    /// Settings of a client, YAML or JSON; the secret may come from the environment
    #[arg(long, value_name = "FILE", conflicts_with_all = ["server", "server_variable", "path", "grant", "client_auth", "audience", "format", "scope", "param", "secret_param", "header", "header_key", "header_pattern", "client_key"])]
    pub(crate) connector: Option<PathBuf>,
    /// Another base URL, or the name of one of the provider's servers [default: the first server]
    #[arg(long, value_name = "URL", conflicts_with = "token_url")]
    pub(crate) server: Option<String>,
    /// A host that may be reached over plain http, such as keycloak:8080; may be repeated
    #[arg(long, value_name = "HOST[:PORT]", value_parser = plain_http_host)]
    pub(crate) allow_plain_http: Vec<String>,
    /// A value for `{NAME}` in the server's URL
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) server_variable: Vec<String>,
    /// Another one of the token endpoint's paths [default: the first]
    #[arg(long, conflicts_with = "token_url")]
    pub(crate) path: Option<String>,
    /// The grant [default: client_credentials, or the only one there is]
    #[arg(long)]
    pub(crate) grant: Option<String>,
    /// How the client authenticates [default: as the document says, or auto]
    #[arg(long, value_parser = PossibleValuesParser::new(ClientAuth::ALL.iter().map(|auth| auth.as_str())).try_map(|name| name.parse::<ClientAuth>()))]
    pub(crate) client_auth: Option<ClientAuth>,
    /// Whom client assertions are for, where that is no URL on the host that they are sent to [default: as the document says]
    #[arg(long, value_name = "AUDIENCE")]
    pub(crate) audience: Option<String>,
    /// The private key of a client that authenticates by private-key-jwt, PEM
    #[arg(long, value_name = "FILE")]
    pub(crate) client_key: Option<PathBuf>,
    /// What the server calls that key
    #[arg(long, value_name = "ID", requires = "client_key")]
    pub(crate) client_key_id: Option<String>,
    /// What that key signs with
    #[arg(long, value_name = "NAME", requires = "client_key", default_value = "RS256", value_parser = PossibleValuesParser::new(Algorithm::ALL.iter().map(|algorithm| algorithm.as_str())).try_map(|name| name.parse::<Algorithm>()))]
    pub(crate) client_key_algorithm: Algorithm,
    /// The certificate of the client and its private key, both in one PEM file, for tls-client-auth
    #[arg(long, value_name = "FILE")]
    pub(crate) client_certificate: Option<PathBuf>,
    /// The private key that tokens are bound to (RFC 9449), PEM: the request carries a proof of it
    #[arg(long, value_name = "FILE")]
    pub(crate) dpop: Option<PathBuf>,
    /// What that key signs with
    #[arg(long, value_name = "NAME", requires = "dpop", default_value = "ES256", value_parser = PossibleValuesParser::new(Algorithm::ALL.iter().map(|algorithm| algorithm.as_str())).try_map(|name| name.parse::<Algorithm>()))]
    pub(crate) dpop_algorithm: Algorithm,
    /// How the request's body is written [default: as the document says, or form]
    #[arg(long)]
    pub(crate) format: Option<Format>,
    /// A scope to ask for; may be repeated
    #[arg(long)]
    pub(crate) scope: Vec<String>,
    /// What stands between scopes [default: as the document says, or a space]
    #[arg(long, value_name = "TEXT", requires = "token_url")]
    pub(crate) scope_separator: Option<String>,
    /// Where the access token is in the response, a JSON Pointer [default: as the document says, or /access_token]
    #[arg(long, value_name = "POINTER", requires = "token_url")]
    pub(crate) access_token: Option<String>,
    /// Another parameter of the request; repeated under one name it becomes a list
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) param: Vec<String>,
    /// A secret parameter, by the environment variable that holds it
    #[arg(long, value_name = "NAME=ENV_NAME")]
    pub(crate) secret_param: Vec<String>,
    /// A header of the request
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) header: Vec<String>,
    /// The name of the header that `--output header` prints [default: that of the document, else Authorization]
    #[arg(long, value_name = "NAME")]
    pub(crate) header_key: Option<String>,
    /// The value of that header, in which {token} stands for the token [default: that of the document, else Bearer {token}, or DPoP {token} where the token is bound to a key]
    #[arg(long, value_name = "PATTERN")]
    pub(crate) header_pattern: Option<String>,
    /// What to print: everything, the access token, or the header that carries it
    #[arg(long, default_value = "json")]
    pub(crate) output: Output,
    /// Where there is no token, show the beginning of the response body, without what looks like a credential
    #[arg(long, short)]
    pub(crate) verbose: bool,
}

fn plain_http_host(host: &str) -> Result<String, Error> {
    PlainHttpHosts::default().allow(host)?;
    Ok(host.to_owned())
}

/// How a request's body is written.
#[derive(Clone, Copy, ValueEnum)]
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

/// What `token` prints.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    Json,
    Token,
    Header,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
