//! The project's own commands: `cargo xtask codegen`, `cargo xtask test` and others.

#![warn(clippy::print_stdout, clippy::print_stderr)]

mod bench;
mod check;
mod checks;
mod circles;
mod codegen;
mod command;
mod corpus;
mod diff;
mod fuzz;
mod import;
mod new;
mod options;
mod package;
mod prose;
mod release;
mod setup;
mod specs;
mod test;
mod try_provider;
mod update;
mod watch;

use command::Subcommand;
use std::path::PathBuf;
use std::process::ExitCode;
use tokensmith_codegen::diagnostic::output;

/// Codegen allocates many small pieces of syntax; this takes a quarter off its time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// In the order in which a contributor meets them.
static COMMANDS: [&Subcommand; 13] = [
    &new::SUBCOMMAND,
    &import::SUBCOMMAND,
    &update::SUBCOMMAND,
    &codegen::SUBCOMMAND,
    &check::SUBCOMMAND,
    &try_provider::SUBCOMMAND,
    &diff::SUBCOMMAND,
    &release::SUBCOMMAND,
    &setup::SUBCOMMAND,
    &test::SUBCOMMAND,
    &bench::SUBCOMMAND,
    &fuzz::SUBCOMMAND,
    &corpus::SUBCOMMAND,
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    run(&arguments).unwrap_or_else(|message| {
        output::print_error(format!("error: {message}"));
        ExitCode::from(2)
    })
}

fn run(arguments: &[String]) -> Result<ExitCode, String> {
    let Some((name, rest)) = arguments.split_first() else {
        output::print(command::list(&COMMANDS));
        return Ok(ExitCode::SUCCESS);
    };
    let is_help = matches!(name.as_str(), "help" | "--help" | "-h");
    // `help NAME` is `NAME --help`.
    let name = if is_help { rest.first() } else { Some(name) };
    let Some(name) = name else {
        output::print(command::list(&COMMANDS));
        return Ok(ExitCode::SUCCESS);
    };
    let found = COMMANDS.iter().find(|command| command.name == name);
    let found = found.ok_or_else(|| {
        format!(
            "there is no command `{name}`\n\n{}",
            command::list(&COMMANDS)
        )
    })?;
    if is_help || command::wants_help(rest) {
        output::print(found.help());
        return Ok(ExitCode::SUCCESS);
    }
    (found.run)(&root(), rest)
}

/// The workspace: cargo says where this package is, whatever folder the command was called in.
fn root() -> PathBuf {
    let package = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from("xtask"), PathBuf::from);
    package
        .parent()
        .map_or_else(|| PathBuf::from("."), PathBuf::from)
}
