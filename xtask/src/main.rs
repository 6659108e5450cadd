//! The project's own commands: `cargo xtask codegen`, `cargo xtask test` and others.

#![warn(clippy::print_stdout, clippy::print_stderr)]

mod bench;
mod checks;
mod circles;
mod codegen;
mod corpus;
mod diff;
mod fuzz;
mod import;
mod new;
mod options;
mod package;
mod prose;
mod setup;
mod specs;
mod test;
mod try_provider;
mod update;
mod watch;

use std::path::PathBuf;
use std::process::ExitCode;
use tokensmith_codegen::diagnostic::output;

/// Codegen allocates many small pieces of syntax; this takes a quarter off its time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const USAGE: &str = "\
The project's own commands.

cargo xtask codegen [--check | --watch] [PROVIDER...]
                                              generate the crates from the documents in specs
    --check   write nothing; fail and say what would change
    --watch   generate again whenever a document is saved
cargo xtask new NAME [--token-url URL] [--grant GRANT,...]... [--client-auth METHOD] [--format form|json] [--docs URL]
                                              begin a document; what is not given is asked for
cargo xtask import FILE [--name NAME]         make a document of a vendor's, and an overlay with what is to be confirmed
cargo xtask update NAME FILE [--old FILE] [--force]
                                              take a newer file of the vendor's, and say what the overlay no longer fits
    --old     the file that was imported, to tell what was written into the document since
    --force   take it though the crate breaks, or what was written is lost
cargo xtask diff [--base REV] [--format text|json|markdown] [--without-semver-checks]
                                              what changed documents mean for users, and the versions that they ask for
cargo xtask try NAME                          generate one provider's crate, and all that a pull request with it has to pass
cargo xtask setup                             install what the tests need; `test` does it first
cargo xtask test                              everything that has to hold
cargo xtask bench [NAME...]                   measure, print the tables, write docs/BENCHMARKS.md; all or those named:
    codegen      how fast codegen is, for few documents and for many
    stages       where codegen spends its time
    generators   a document as a whole process, beside other generators
    intake       a vendor's document of 10 MB, and a small one
    exchange     CPU time and allocations of a token exchange, beside other clients
    build        an application from nothing, beside one with the crate oauth2
    cache        a cached token, beside other caches; herds; memory; Redis
cargo xtask fuzz [TARGET...] [--seconds N]    the fuzz targets, ten minutes each: load, overlay, normalize, model, emit, markdown, redirect, scrub, server_variables
cargo xtask corpus DIR [OPTION...]            how far each document of a folder comes: check, generate, compile, token
    --overlays DIR    where the overlays are, SLUG.overlay.yaml [default: beside the documents]
    --only SLUG...    these documents only
    --json            what came of it, as JSON";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (command, rest) = match arguments.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("help", [].as_slice()),
    };
    let result = match command {
        "codegen" => codegen::run(&root(), rest),
        "test" => test::run(&root(), rest),
        "bench" => bench::run(&root(), rest),
        "corpus" => corpus::run(&root(), rest),
        "diff" => diff::run(&root(), rest),
        "fuzz" => fuzz::run(&root(), rest),
        "import" => import::run(&root(), rest),
        "new" => new::run(&root(), rest),
        "setup" => setup::run(&root(), rest),
        "try" => try_provider::run(&root(), rest),
        "update" => update::run(&root(), rest),
        "help" | "--help" | "-h" => {
            output::print(USAGE);
            Ok(ExitCode::SUCCESS)
        }
        other => Err(format!("there is no command `{other}`\n\n{USAGE}")),
    };
    result.unwrap_or_else(|message| {
        output::print_error(format!("error: {message}"));
        ExitCode::from(2)
    })
}

/// The workspace: cargo says where this package is, whatever folder the command was called in.
fn root() -> PathBuf {
    let package = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from("xtask"), PathBuf::from);
    package
        .parent()
        .map_or_else(|| PathBuf::from("."), PathBuf::from)
}
