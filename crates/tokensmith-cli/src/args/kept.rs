//! The arguments of what is about kept tokens: `--keep`, `tokensmith kept` and `tokensmith logout`.

use clap::{ArgAction, Args};

use super::StateOutput;

/// Whether the tokens are kept.
#[derive(Debug, Default, Args)]
pub(crate) struct KeepArgs {
    /// Keep the tokens under this name, encrypted, with what is needed to refresh them: `tokensmith
    /// token --kept NAME` prints a valid one
    ///
    /// The refresh token and the key are in the keyring of the operating system. Where that cannot
    /// be used, both are in files that only you can read. If TOKENSMITH_KEY is set, it is the key:
    /// 32 bytes in base64.
    #[arg(long, value_name = "NAME", help_heading = "Output", value_parser = kept_name)]
    pub(crate) keep: Option<String>,
}

/// List the kept tokens
///
/// Prints the name of each, its provider, its scopes and when its access token expires. Prints no
/// token.
#[derive(Args)]
pub(crate) struct KeptArgs {
    /// What to print [default: text on a terminal, else json]
    #[arg(long)]
    pub(crate) output: Option<StateOutput>,
}

/// Revoke kept tokens and forget them
///
/// Revokes the refresh token, or else the access token, if the provider has a revocation endpoint
/// (RFC 7009). The tokens are forgotten here even if that fails.
#[derive(Args)]
pub(crate) struct LogoutArgs {
    /// The name that the tokens are kept under
    #[arg(value_parser = kept_name)]
    pub(crate) name: String,
    /// Forget the tokens and ask the provider nothing; needs neither the key nor the provider's
    /// document
    #[arg(long)]
    pub(crate) forget: bool,
    /// What to print [default: text on a terminal, else json]
    #[arg(long)]
    pub(crate) output: Option<StateOutput>,
    /// Show each request and response on standard error, without secrets; -vv shows times and the
    /// connection as well
    #[arg(long, short, action = ArgAction::Count)]
    pub(crate) verbose: u8,
}

/// The longest name.
const LONGEST: usize = 64;

/// Names are those of files, on every system.
pub(super) fn kept_name(name: &str) -> Result<String, String> {
    let is_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let is_fit = |byte: u8| is_word(byte) || byte == b'-' || byte == b'_';
    let starts_well = name.bytes().next().is_some_and(is_word);
    if starts_well && name.len() <= LONGEST && name.bytes().all(is_fit) {
        return Ok(name.to_owned());
    }
    Err(format!(
        "expected a name of lower-case letters, digits, `-` and `_`, of {LONGEST} characters at most"
    ))
}
