//! The command line.

mod check;
mod client;
mod generate;
mod providers;
mod request;
mod source;
mod token;

use clap::{Parser, Subcommand};

use crate::mock::MockArgs;
pub(crate) use check::{CheckArgs, ReportFormat};
pub(crate) use client::ClientArgs;
pub(crate) use generate::GenerateArgs;
pub(crate) use providers::{ProvidersArgs, ProvidersOutput};
pub(crate) use request::{HeaderArgs, RequestArgs, ShowArgs};
pub(crate) use source::SourceArgs;
pub(crate) use token::{Output, TokenArgs};

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

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
