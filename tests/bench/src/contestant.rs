//! A program in a process of its own, which measures itself when it is told to.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use super::tools::execute;

/// What the environment could make of a program's way to a server.
const PROXIES: [&str; 6] = [
    "HTTP_PROXY",
    "http_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "all_proxy",
];

/// A running program.
pub(super) struct Contestant {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Contestant {
    pub(super) fn start(program: &Path, arguments: &[&str]) -> Result<Self, String> {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        for proxy in PROXIES {
            command.env_remove(proxy);
        }
        let mut process = command
            .spawn()
            .map_err(|error| format!("{command:?}: {error}"))?;
        let (Some(input), Some(output)) = (process.stdin.take(), process.stdout.take()) else {
            return Err(format!("{command:?} has no pipes"));
        };
        Ok(Self {
            process,
            input,
            output: BufReader::new(output),
        })
    }

    /// Asks it a question of one line, to which it responds with so many numbers.
    pub(super) fn ask<const N: usize>(&mut self, question: &str) -> Result<[f64; N], String> {
        let mut line = String::new();
        writeln!(self.input, "{question}")
            .and_then(|()| self.output.read_line(&mut line))
            .map_err(|error| error.to_string())?;
        numbers(&line)
    }
}

impl Drop for Contestant {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Builds one program of a table by itself, so that it has the features that it asks for and no others.
pub(super) fn build(root: &Path, table: &str, name: &str) -> Result<PathBuf, String> {
    let target = root.join("target/bench").join(table);
    let package = format!("{table}-{name}");
    eprintln!("building {package}");
    let mut command = Command::new("cargo");
    command
        .args(["build", "--quiet", "--release", "--package", &package])
        .arg("--manifest-path")
        .arg(
            root.join("tests/bench/programs")
                .join(table)
                .join("Cargo.toml"),
        )
        .arg("--target-dir")
        .arg(&target);
    execute(command)?;
    Ok(target.join("release").join(package))
}

/// Has a program run to its end, and reads the numbers that it prints.
pub(super) fn run<const N: usize>(program: &Path, arguments: &[&str]) -> Result<[f64; N], String> {
    let mut command = Command::new(program);
    command.args(arguments);
    numbers(&execute(command)?)
}

fn numbers<const N: usize>(line: &str) -> Result<[f64; N], String> {
    let numbers: Vec<f64> = line
        .split_whitespace()
        .filter_map(|number| number.parse().ok())
        .collect();
    numbers
        .try_into()
        .map_err(|_| "a program gave up: see its message above".to_owned())
}

/// The medians of each column.
pub(super) fn medians<const N: usize>(rows: &[[f64; N]]) -> [f64; N] {
    std::array::from_fn(|column| median(rows.iter().map(|row| row[column]).collect()))
}

pub(super) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
