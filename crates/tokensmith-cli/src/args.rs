//! The command line.

mod by_name;
mod check;
mod client;
mod generate;
mod held;
mod help;
mod jwks;
mod kept;
mod login;
mod mock;
mod providers;
mod request;
mod source;
mod token;

use clap::{Parser, Subcommand};

pub(crate) use check::{CheckArgs, ReportFormat};
pub(crate) use client::ClientArgs;
pub(crate) use generate::GenerateArgs;
pub(crate) use held::{
    HeldArgs, IntrospectArgs, KindArgs, RefreshArgs, RevokeArgs, StateOutput, UserinfoArgs,
};
pub(crate) use help::{CompletionsArgs, ManArgs};
pub(crate) use jwks::JwksArgs;
pub(crate) use kept::{KeepArgs, KeptArgs, LogoutArgs};
pub(crate) use login::LoginArgs;
pub(crate) use mock::{MockArgs, MockOutput};
pub(crate) use providers::{ProvidersArgs, ProvidersOutput};
pub(crate) use request::{HeaderArgs, RequestArgs, ShowArgs, pairs};
pub(crate) use source::SourceArgs;
pub(crate) use token::{GrantArgs, Output, TokenArgs};

/// Gets OAuth 2.0 tokens, and generates typed clients from OpenAPI documents
///
/// The name of a built-in provider, an OpenAPI document or a token URL is enough to get a token.
/// `tokensmith help token` and `tokensmith token --help` show the options of a subcommand.
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
    Login(Box<LoginArgs>),
    Kept(KeptArgs),
    Logout(LogoutArgs),
    Refresh(Box<RefreshArgs>),
    Revoke(Box<RevokeArgs>),
    Introspect(Box<IntrospectArgs>),
    Userinfo(UserinfoArgs),
    Mock(Box<MockArgs>),
    Jwks(JwksArgs),
    Providers(ProvidersArgs),
    Completions(CompletionsArgs),
    Man(ManArgs),
}
