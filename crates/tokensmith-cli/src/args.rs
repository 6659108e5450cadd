//! The command line.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum};
use tokensmith_codegen::Rule;
use tokensmith_providers::PROVIDERS;
use tokensmith_runtime::jwt::Algorithm;
use tokensmith_runtime::{BodyFormat, ClientAuth, Error, PlainHttpHosts};

use crate::mock::MockArgs;

/// Gets OAuth 2.0 tokens, and generates typed clients from OpenAPI documents.
#[derive(Parser)]
#[command(name = "tokensmith", version, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The subcommands.
#[derive(Subcommand)]
pub(crate) enum Command {
    Check(CheckArgs),
    Generate(GenerateArgs),
    Token(Box<TokenArgs>),
    Mock(Box<MockArgs>),
    Providers(ProvidersArgs),
}

/// List the built-in providers, or show one
///
/// The name of a provider shows its page: servers, endpoints, grants, parameters, client
/// authentication, scopes, deviations from RFC 6749, sources and examples. Otherwise a line for
/// each provider shows its name, its title and its grants.
#[derive(Args)]
pub(crate) struct ProvidersArgs {
    /// The name of the provider to show, or a part of the names and titles to list
    pub(crate) name: Option<String>,
    /// List only the providers that have this grant, such as device_code
    #[arg(long)]
    pub(crate) grant: Option<String>,
    /// The output format: text, or a JSON array
    #[arg(long, default_value = "text")]
    pub(crate) output: ProvidersOutput,
}

/// The output format of `providers`.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProvidersOutput {
    Text,
    Json,
}

/// Check OpenAPI documents
///
/// Prints diagnostics and a summary on standard output. If an overlay lies beside a document, such
/// as
/// `moov.overlay.yaml` beside `moov.yaml`, it is applied. The exit code is 1 if there are errors, and
/// 0 otherwise. A warning concerns what is sent or read. A note concerns what the document could say.
#[derive(Args)]
pub(crate) struct CheckArgs {
    /// The documents, YAML or JSON
    #[arg(value_name = "FILE", required_unless_present = "explain")]
    pub(crate) files: Vec<PathBuf>,
    /// The output format: text, one JSON object, or GitHub annotations
    #[arg(long, default_value = "human")]
    pub(crate) format: ReportFormat,
    /// Show every note instead of the number of notes
    #[arg(long)]
    pub(crate) all: bool,
    /// Print how each endpoint is understood, with the evidence
    ///
    /// Prints the URLs, method, format, grants, client authentication, parameters, the places of
    /// the token, of its lifetime and of errors, the scopes and PKCE. Each has its evidence: a
    /// statement of x-tokensmith, a declaration, an enum, an example, a description, a flow, a
    /// sibling endpoint or a convention, with its place in the document. Evidence to the contrary
    /// stands below. With
    /// `--format json` all of it is in the member `models`.
    #[arg(long)]
    pub(crate) explain_model: bool,
    /// Print the page of a rule, such as TS006, and check no documents
    #[arg(long, value_name = "RULE", conflicts_with_all = ["files", "format", "explain_model"], value_parser = rule)]
    pub(crate) explain: Option<Rule>,
}

fn rule(text: &str) -> Result<Rule, String> {
    Rule::find(text).ok_or_else(|| {
        let last = Rule::ALL.last().map_or("", |rule| rule.code());
        format!("there is no such rule: the rules are TS001 to {last}, with gaps")
    })
}

/// The output format of `check`.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    Human,
    Json,
    Github,
}

/// Generate a typed client crate from an OpenAPI document
///
/// Writes only files that change. Files that were not generated are never overwritten.
#[derive(Args)]
pub(crate) struct GenerateArgs {
    /// The OpenAPI document, YAML or JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) spec: PathBuf,
    /// The overlay to apply [default: the one beside the document, such as moov.overlay.yaml]
    #[arg(long, value_name = "FILE")]
    pub(crate) overlay: Option<PathBuf>,
    /// The folder to write the crate to
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// The name of the provider: the crate is called tokensmith-NAME [default: the document's file
    /// name]
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// The path of the crate tokensmith-runtime [default: the crate on the registry]
    #[arg(long, value_name = "PATH")]
    pub(crate) runtime_path: Option<PathBuf>,
}

/// Get a token
///
/// The client id and secret come from the environment variables TOKENSMITH_CLIENT_ID and
/// TOKENSMITH_CLIENT_SECRET. On a terminal, the command asks for the ones that are not set. Set an
/// empty TOKENSMITH_CLIENT_SECRET for a public client.
#[derive(Args)]
#[command(group(ArgGroup::new("source").required(true).args(["provider", "spec", "token_url", "connector"])))]
pub(crate) struct TokenArgs {
    /// The name of a built-in provider: see `tokensmith providers`
    #[arg(value_parser = PossibleValuesParser::new(PROVIDERS.iter().map(|entry| entry.description.name())), hide_possible_values = true)]
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
    /// A file with the settings of a client, YAML or JSON; the secret may come from the environment
    #[arg(long, value_name = "FILE", conflicts_with_all = ["server", "server_variable", "path", "grant", "client_auth", "audience", "format", "scope", "param", "secret_param", "header", "header_key", "header_pattern", "client_key"])]
    pub(crate) connector: Option<PathBuf>,
    /// A base URL, or the name of one of the provider's servers [default: the first server]
    #[arg(long, value_name = "URL", conflicts_with = "token_url")]
    pub(crate) server: Option<String>,
    /// A host that may be reached over plain http, such as keycloak:8080; may be repeated
    #[arg(long, value_name = "HOST[:PORT]", value_parser = plain_http_host)]
    pub(crate) allow_plain_http: Vec<String>,
    /// A value for `{NAME}` in the server's URL
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) server_variable: Vec<String>,
    /// The path of the token endpoint, if it has several [default: the first]
    #[arg(long, conflicts_with = "token_url")]
    pub(crate) path: Option<String>,
    /// The grant type [default: client_credentials, or the only one of the provider]
    #[arg(long)]
    pub(crate) grant: Option<String>,
    /// How the client authenticates [default: as the document says, or auto]
    #[arg(long, value_parser = PossibleValuesParser::new(ClientAuth::ALL.iter().map(|auth| auth.as_str())).try_map(|name| name.parse::<ClientAuth>()))]
    pub(crate) client_auth: Option<ClientAuth>,
    /// The audience of client assertions, if it is not a URL on the host that they are sent to
    /// [default: as the document says]
    #[arg(long, value_name = "AUDIENCE")]
    pub(crate) audience: Option<String>,
    /// The private key for the client authentication private-key-jwt, PEM
    #[arg(long, value_name = "FILE")]
    pub(crate) client_key: Option<PathBuf>,
    /// The key id (`kid`) of --client-key
    #[arg(long, value_name = "ID", requires = "client_key")]
    pub(crate) client_key_id: Option<String>,
    /// The signature algorithm of --client-key
    #[arg(long, value_name = "NAME", requires = "client_key", default_value = "RS256", value_parser = PossibleValuesParser::new(Algorithm::ALL.iter().map(|algorithm| algorithm.as_str())).try_map(|name| name.parse::<Algorithm>()))]
    pub(crate) client_key_algorithm: Algorithm,
    /// The client certificate and its private key in one PEM file, for tls-client-auth
    #[arg(long, value_name = "FILE")]
    pub(crate) client_certificate: Option<PathBuf>,
    /// The private key that tokens are bound to by DPoP (RFC 9449), PEM
    #[arg(long, value_name = "FILE")]
    pub(crate) dpop: Option<PathBuf>,
    /// The signature algorithm of --dpop
    #[arg(long, value_name = "NAME", requires = "dpop", default_value = "ES256", value_parser = PossibleValuesParser::new(Algorithm::ALL.iter().map(|algorithm| algorithm.as_str())).try_map(|name| name.parse::<Algorithm>()))]
    pub(crate) dpop_algorithm: Algorithm,
    /// The format of the request body [default: as the document says, or form]
    #[arg(long)]
    pub(crate) format: Option<Format>,
    /// A scope to ask for; may be repeated
    #[arg(long)]
    pub(crate) scope: Vec<String>,
    /// The separator between scopes [default: a space]
    #[arg(long, value_name = "TEXT", requires = "token_url")]
    pub(crate) scope_separator: Option<String>,
    /// A JSON Pointer to the access token in the response [default: /access_token]
    #[arg(long, value_name = "POINTER", requires = "token_url")]
    pub(crate) access_token: Option<String>,
    /// A parameter of the request; repeat it with the same name for a list
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) param: Vec<String>,
    /// A secret parameter of the request, and the environment variable that holds its value
    #[arg(long, value_name = "NAME=ENV_NAME")]
    pub(crate) secret_param: Vec<String>,
    /// A header of the request
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) header: Vec<String>,
    /// The name of the header that `--output header` prints [default: as the document says, or
    /// Authorization]
    #[arg(long, value_name = "NAME")]
    pub(crate) header_key: Option<String>,
    /// The value of that header, with {token} for the token [default: as the document says, or
    /// Bearer {token}, or DPoP {token} if the token type is DPoP]
    #[arg(long, value_name = "PATTERN")]
    pub(crate) header_pattern: Option<String>,
    /// What to print: the token response, the access token, or the header that carries it
    #[arg(long, default_value = "json")]
    pub(crate) output: Output,
    /// If the request fails, show the beginning of the response body without credentials
    #[arg(long, short)]
    pub(crate) verbose: bool,
}

fn plain_http_host(host: &str) -> Result<String, Error> {
    PlainHttpHosts::default().allow(host)?;
    Ok(host.to_owned())
}

/// The format of a request body.
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

/// The output of `token`.
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
