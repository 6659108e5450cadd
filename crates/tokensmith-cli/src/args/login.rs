//! The arguments of `tokensmith login`.

use std::time::Duration;

use clap::{ArgGroup, Args};

use super::{ClientArgs, HeaderArgs, KeepArgs, Output, ShowArgs, SourceArgs};

/// Sign in with a browser, and get a token
///
/// Sends the browser to the provider's sign-in page, with PKCE unless the provider's document says
/// that there is none. Waits on a loopback port until the browser comes back (RFC 8252), and
/// exchanges the authorization code for a token. The client id and secret come from the environment variables TOKENSMITH_CLIENT_ID and TOKENSMITH_CLIENT_SECRET.
/// On a terminal, the command asks for the ones that are not set. Set an empty
/// TOKENSMITH_CLIENT_SECRET for a public client.
#[derive(Args)]
#[command(group(ArgGroup::new("source").required(true).args(["provider", "spec", "issuer", "token_url"])))]
pub(crate) struct LoginArgs {
    #[command(flatten)]
    pub(crate) source: SourceArgs,
    /// The issuer URL of a server with metadata (RFC 8414, OpenID Connect Discovery)
    ///
    /// If the token response has an ID token, the command checks it.
    #[arg(long, value_name = "URL", help_heading = "Provider", conflicts_with_all = ["server", "server_variable", "path"])]
    pub(crate) issuer: Option<String>,
    /// The URL of the authorization endpoint, together with --token-url
    #[arg(
        long,
        value_name = "URL",
        help_heading = "Provider",
        requires = "token_url"
    )]
    pub(crate) authorization_url: Option<String>,
    #[command(flatten)]
    pub(crate) client: ClientArgs,
    #[command(flatten)]
    pub(crate) browser: BrowserArgs,
    /// A scope to ask for; may be repeated
    #[arg(long, help_heading = "Request")]
    pub(crate) scope: Vec<String>,
    /// A parameter of the authorization request, such as prompt=login; it is part of the URL. With
    /// --device, a parameter of the request for the code
    #[arg(long, value_name = "NAME=VALUE", help_heading = "Request")]
    pub(crate) param: Vec<String>,
    /// A parameter of the token request
    #[arg(long, value_name = "NAME=VALUE", help_heading = "Request")]
    pub(crate) token_param: Vec<String>,
    /// A header of the token request
    #[arg(long, value_name = "NAME=VALUE", help_heading = "Request")]
    pub(crate) header: Vec<String>,
    #[command(flatten)]
    pub(crate) keep: KeepArgs,
    /// What to print: a text for people, the token response as JSON, the access token alone, or the
    /// header that carries it [default: text on a terminal, else json]
    #[arg(long, help_heading = "Output")]
    pub(crate) output: Option<Output>,
    #[command(flatten)]
    pub(crate) header_form: HeaderArgs,
    /// Show each request and response on standard error, without secrets; -vv shows times and the
    /// connection as well
    #[arg(long, short, action = clap::ArgAction::Count, help_heading = "Output")]
    pub(crate) verbose: u8,
}

impl LoginArgs {
    /// What is shown of requests and responses.
    pub(crate) fn show(&self) -> ShowArgs {
        ShowArgs {
            verbose: self.verbose,
            ..ShowArgs::default()
        }
    }
}

/// How the browser leaves and comes back.
#[derive(Args)]
#[command(next_help_heading = "Browser")]
pub(crate) struct BrowserArgs {
    /// Print the URL of the sign-in page on standard error instead of opening the browser
    #[arg(long)]
    pub(crate) no_browser: bool,
    /// The redirect URI that is registered with the provider: http, on localhost or a loopback
    /// address; without a port, the command takes a free one [default: http://127.0.0.1/callback]
    #[arg(long, value_name = "URI")]
    pub(crate) redirect_uri: Option<String>,
    /// Sign in with the browser of another device: prints a URL, a code and, on a terminal, a QR
    /// code (RFC 8628)
    #[arg(long, conflicts_with_all = ["no_browser", "redirect_uri", "authorization_url"])]
    pub(crate) device: bool,
    /// How many seconds to wait for the browser [default: 300, or with --device until the code
    /// expires]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(crate) timeout: Option<Duration>,
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().filter(|seconds| *seconds > 0);
    let seconds = seconds.filter(|seconds| *seconds <= 86_400);
    seconds
        .map(Duration::from_secs)
        .ok_or_else(|| "expected a whole number of seconds from 1 to 86400".to_owned())
}
