//! The `tokensmith` command: gets tokens, and checks and generates clients from OpenAPI documents.
//!
//! It ends with 0 after success, 1 after a failure, which standard error explains, and 2 if the
//! arguments make no sense. Ctrl-C ends it with SIGINT, which a shell sees as 130.

#![warn(clippy::print_stdout, clippy::print_stderr)]

mod args;
mod connector;
mod credentials;
mod document;
mod exchange;
mod failure;
mod held_token;
mod help;
mod jwks;
mod kept;
mod login;
mod mock;
mod output;
mod providers;
mod request;
mod secrets;
mod server;
mod terminal;
mod token;

use std::process::ExitCode;

use clap::FromArgMatches as _;

use args::{Cli, Command};
use failure::Form;
use tokensmith_codegen::diagnostic::output::{
    Printable, is_coloured, is_error_terminal, print_error,
};

/// `check` and `generate` allocate many small pieces: this takes a fifth off their time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = help::command().try_get_matches();
    let arguments = match arguments.and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(arguments) => arguments,
        Err(error) if error.use_stderr() => {
            // It quotes the arguments, which a script may have from anywhere.
            let text = error.render().to_string();
            let is_coloured = is_coloured(is_error_terminal());
            print_error(Printable::error(text.trim_end(), is_coloured));
            return ExitCode::from(2);
        }
        Err(help) => help.exit(),
    };
    let done = match &arguments.command {
        Command::Check(args) => document::check::run(args),
        Command::Generate(args) => document::generate::run(args),
        Command::Token(args) => token::run(args),
        Command::Login(args) => login::run(args),
        Command::Kept(args) => kept::list(args),
        Command::Logout(args) => kept::logout(args),
        Command::Refresh(args) => held_token::refresh::run(args),
        Command::Revoke(args) => held_token::token_state::revoke(args),
        Command::Introspect(args) => held_token::token_state::introspect(args),
        Command::Userinfo(args) => held_token::token_state::userinfo(args),
        Command::Mock(args) => mock::run(args),
        Command::Jwks(args) => jwks::run(args),
        Command::Providers(args) => providers::run(args),
        Command::Completions(args) => help::completions(args),
        Command::Man(args) => help::man(args),
    };
    done.unwrap_or_else(|failure| failure.report(Form::Text))
}
