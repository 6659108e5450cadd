//! `tokensmith providers`: what is built in.

use std::process::ExitCode;

use tokensmith_codegen::diagnostic::output::try_print;
use tokensmith_providers::PROVIDERS;
use tokensmith_runtime::{Description, ServerDescription};

use crate::failure::Failure;
use crate::select::grants;

/// Prints one aligned line per provider: name, title, grants and servers.
pub(crate) fn run() -> Result<ExitCode, Failure> {
    let rows: Vec<[String; 4]> = PROVIDERS.iter().map(|provider| row(provider)).collect();
    let width = |column: usize| {
        rows.iter()
            .map(|row| row[column].chars().count())
            .max()
            .unwrap_or(0)
    };
    let (names, titles, all_grants) = (width(0), width(1), width(2));
    for [name, title, grants, servers] in &rows {
        try_print(format!(
            "{name:names$}  {title:titles$}  {grants:all_grants$}  {servers}"
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn row(provider: &Description<'_>) -> [String; 4] {
    let servers: Vec<&str> = provider
        .servers()
        .iter()
        .map(ServerDescription::name)
        .collect();
    [
        provider.name().to_owned(),
        provider.title().to_owned(),
        grants(provider).join(" "),
        servers.join(" "),
    ]
}
