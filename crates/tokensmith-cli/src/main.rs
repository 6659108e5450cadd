//! The `tokensmith` command: gets tokens, and checks and generates clients from OpenAPI documents.

mod args;
mod check;
mod connector;
mod credentials;
mod diagnostics;
mod document;
mod failure;
mod generate;
mod notice;
mod output;
mod private_key;
mod providers;
mod select;
mod spec;
mod token;

use std::process::ExitCode;

use clap::Parser as _;

use args::{Cli, Command};

fn main() -> ExitCode {
    let done = match &Cli::parse().command {
        Command::Check(args) => check::run(args),
        Command::Generate(args) => generate::run(args),
        Command::Token(args) => token::run(args),
        Command::Providers => providers::run(),
    };
    done.unwrap_or_else(|failure| failure.report())
}
