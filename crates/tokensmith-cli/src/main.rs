//! The `tokensmith` command: gets tokens, and checks and generates clients from OpenAPI documents.

#![warn(clippy::print_stdout, clippy::print_stderr)]

mod args;
mod check;
mod connector;
mod context;
mod credentials;
mod curl;
mod diagnostics;
mod document;
mod exchange;
mod failure;
mod generate;
mod mock;
mod notice;
mod output;
mod private_key;
mod providers;
mod secrets;
mod select;
mod terminal;
mod token;
mod word;

use std::process::ExitCode;

use clap::Parser as _;

use args::{Cli, Command};
use failure::Form;
use tokensmith_codegen::diagnostic::output::print_error;

fn main() -> ExitCode {
    let arguments = match Cli::try_parse() {
        Ok(arguments) => arguments,
        Err(error) if error.use_stderr() => {
            // It quotes the arguments, which a script may have from anywhere.
            print_error(error.render().to_string().trim_end());
            return ExitCode::from(2);
        }
        Err(help) => help.exit(),
    };
    let done = match &arguments.command {
        Command::Check(args) => check::run(args),
        Command::Generate(args) => generate::run(args),
        Command::Token(args) => token::run(args),
        Command::Mock(args) => mock::run(args),
        Command::Providers(args) => providers::run(args),
    };
    done.unwrap_or_else(|failure| failure.report(Form::Text))
}
