//! The arguments of `tokensmith providers`.

use clap::{Args, ValueEnum};

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
