//! What `--help` says besides the options: examples and exit codes; and what is made of the command
//! line: completions and manual pages.

mod examples;

use std::io;
use std::path::Path;
use std::process::ExitCode;

use clap::CommandFactory as _;
use clap::builder::PossibleValue;
use tokensmith_codegen::diagnostic::output::{Printable, try_print};
use tokensmith_codegen::project::write;

use crate::args::{Cli, CompletionsArgs, ManArgs};
use crate::failure::Failure;

/// How a run may end, as every `--help` says.
const EXIT_CODES: &str = "
  0    success
  1    the command failed: standard error says why
  2    the arguments make no sense
  130  interrupted by Ctrl-C";

/// The name of the program.
const NAME: &str = "tokensmith";

/// Returns the command line with examples and exit codes in its help.
pub(crate) fn command() -> clap::Command {
    let command = Cli::command();
    let names: Vec<String> = command
        .get_subcommands()
        .map(|subcommand| subcommand.get_name().to_owned())
        .collect();
    let command = names.iter().fold(command, |command, name| {
        command.mut_subcommand(name, |subcommand| with_examples(subcommand, name))
    });
    with_examples(command, NAME)
}

/// A heading of the colours of clap's own.
fn heading(text: &str) -> String {
    format!("\x1b[1;4m{text}:\x1b[0m")
}

fn with_examples(command: clap::Command, name: &str) -> clap::Command {
    let examples = examples::of(name);
    let mut help = heading("Examples");
    for (what, line) in examples {
        help += &format!("\n  # {what}\n  {line}\n");
    }
    let more = format!("{help}\n{}{EXIT_CODES}", heading("Exit codes"));
    command
        .after_help(help.trim_end().to_owned())
        .after_long_help(more)
}

/// Prints the completions of a shell.
pub(crate) fn completions(args: &CompletionsArgs) -> Result<ExitCode, Failure> {
    try_print(script(args.shell)?)?;
    Ok(ExitCode::SUCCESS)
}

fn script(shell: clap_complete::Shell) -> Result<Printable, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command(), NAME, &mut script);
    let mut script = String::from_utf8_lossy(&script).into_owned();
    if shell == clap_complete::Shell::Fish {
        script += &fish_values();
    }
    let script = script.trim_end();
    let printable = Printable::text(script);
    match printable.as_str() == script {
        true => Ok(printable),
        false => Err(Failure::Failed(format!(
            "the completions of {shell} cannot be printed as they are"
        ))),
    }
}

/// What clap_complete leaves out for fish: the values of arguments without a name.
fn fish_values() -> String {
    let command = command();
    let mut lines = String::new();
    for subcommand in command.get_subcommands() {
        for argument in subcommand.get_positionals() {
            let values = argument.get_possible_values();
            let values: Vec<&str> = values.iter().map(PossibleValue::get_name).collect();
            if !values.is_empty() {
                lines += &format!(
                    "complete -c {NAME} -n \"__fish_{NAME}_using_subcommand {}\" -f -a \"{}\"\n",
                    subcommand.get_name(),
                    values.join(" ")
                );
            }
        }
    }
    lines
}

/// Writes a manual page for the program and for each of its subcommands.
pub(crate) fn man(args: &ManArgs) -> Result<ExitCode, Failure> {
    let failed = |error: io::Error| {
        let folder = args.dir.display();
        Failure::Failed(format!(
            "cannot write the manual pages to {folder}: {error}"
        ))
    };
    std::fs::create_dir_all(&args.dir).map_err(failed)?;
    let mut command = command().disable_help_subcommand(true);
    command.build();
    let mut count = 0;
    page(&command, NAME, &args.dir).map_err(failed)?;
    for subcommand in command.get_subcommands() {
        let name = format!("{NAME}-{}", subcommand.get_name());
        let subcommand = subcommand.clone().display_name(&name);
        page(&subcommand, &name, &args.dir).map_err(failed)?;
        count += 1;
    }
    let folder = args.dir.display();
    try_print(format!(
        "{} manual pages in {folder}: `man {folder}/{NAME}.1` shows the first",
        count + 1
    ))?;
    Ok(ExitCode::SUCCESS)
}

fn page(command: &clap::Command, name: &str, folder: &Path) -> io::Result<()> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    let page = String::from_utf8_lossy(&page);
    write::replace(&folder.join(format!("{name}.1")), &page)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::ValueEnum as _;

    #[test]
    fn the_command_line_is_consistent() {
        command().debug_assert();
    }

    #[test]
    fn every_command_has_examples() {
        let command = command();
        for subcommand in command.get_subcommands() {
            let name = subcommand.get_name();
            assert!(!examples::of(name).is_empty(), "{name} has no example");
            for (what, lines) in examples::of(name) {
                let lines = lines.lines().chain([*what]);
                for line in lines {
                    // With its indentation, in a terminal of 80 columns.
                    assert!(line.chars().count() <= 76, "{name}: {line}");
                }
            }
        }
    }

    #[test]
    fn completions_are_printed_as_they_are() {
        for shell in clap_complete::Shell::value_variants() {
            assert!(script(*shell).is_ok(), "{shell}");
        }
    }
}
