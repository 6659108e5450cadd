//! What every command has: a line in the list, a page of help with examples, and its options.

use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

/// A command of `cargo xtask`.
pub(crate) struct Subcommand {
    pub(crate) name: &'static str,
    /// What may stand after the name.
    pub(crate) usage: &'static str,
    /// What it does, in a line.
    pub(crate) about: &'static str,
    /// What else there is to know; paragraphs of lines.
    pub(crate) details: &'static str,
    pub(crate) options: &'static [Opt],
    /// Command lines, and what each does.
    pub(crate) examples: &'static [(&'static str, &'static str)],
    pub(crate) run: fn(&Path, &[String]) -> Result<ExitCode, String>,
}

/// An option, or a word that may stand alone.
pub(crate) struct Opt {
    pub(crate) name: &'static str,
    /// What stands after it, where something does.
    pub(crate) value: &'static str,
    pub(crate) about: &'static str,
}

/// An option with a value.
pub(crate) const fn option(name: &'static str, value: &'static str, about: &'static str) -> Opt {
    Opt { name, value, about }
}

/// An option without a value, or a word.
pub(crate) const fn flag(name: &'static str, about: &'static str) -> Opt {
    Opt {
        name,
        value: "",
        about,
    }
}

/// Returns whether help is asked for: by `--help` or `-h`.
pub(crate) fn wants_help(arguments: &[String]) -> bool {
    arguments
        .iter()
        .any(|argument| argument == "--help" || argument == "-h")
}

impl Subcommand {
    /// How the command is called, in one line.
    pub(crate) fn call(&self) -> String {
        format!("cargo xtask {} {}", self.name, self.usage)
            .trim_end()
            .to_owned()
    }

    /// The page of help.
    pub(crate) fn help(&self) -> String {
        let mut page = format!("{}\n\nUsage: {}\n", self.about, self.call());
        if !self.details.is_empty() {
            let _ = write!(page, "\n{}\n", self.details);
        }
        if !self.options.is_empty() {
            page.push_str("\nOptions:\n");
            page.push_str(&table(self.options.iter().map(|option| {
                let name = format!("{} {}", option.name, option.value);
                (name.trim_end().to_owned(), option.about)
            })));
        }
        if !self.examples.is_empty() {
            page.push_str("\nExamples:\n");
            for (call, about) in self.examples {
                let _ = write!(page, "  # {about}\n  cargo xtask {} {call}", self.name);
                page.truncate(page.trim_end().len());
                page.push('\n');
            }
        }
        page.trim_end().to_owned()
    }
}

/// The list of all commands.
pub(crate) fn list(commands: &[&Subcommand]) -> String {
    let rows = commands
        .iter()
        .map(|command| (command.name.to_owned(), command.about));
    format!(
        "The project's own commands.\n\nUsage: cargo xtask COMMAND\n\nCommands:\n{}\n\
         `cargo xtask COMMAND --help` has the options of each, and examples.",
        table(rows)
    )
}

/// Two columns; what stands in the second may have several lines.
fn table(rows: impl Iterator<Item = (String, &'static str)>) -> String {
    let rows: Vec<_> = rows.collect();
    let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let mut table = String::new();
    for (name, about) in rows {
        for (index, line) in about.lines().enumerate() {
            let name = if index == 0 { name.as_str() } else { "" };
            let _ = writeln!(table, "  {name:width$}  {line}");
        }
    }
    table
}
