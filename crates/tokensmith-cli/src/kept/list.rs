//! `tokensmith kept`: what is kept, without the tokens.

use std::process::ExitCode;
use std::time::SystemTime;

use serde_json::{Value, json};
use tokensmith_codegen::diagnostic::output::{
    Printable, Style, Styled, is_coloured, is_terminal, print_error, try_print,
};

use super::folder::Folder;
use super::record::Record;
use crate::args::{KeptArgs, StateOutput};
use crate::failure::Failure;
use crate::output::in_words;

/// Prints what is kept. A file that is damaged is told of after the others.
pub(crate) fn run(args: &KeptArgs) -> Result<ExitCode, Failure> {
    let output = StateOutput::or_usual(args.output);
    let found = Folder::of_user().and_then(|folder| folder.records());
    let printed = found.and_then(|(records, damages)| {
        print(&records, output)?;
        match damages.is_empty() {
            true => Ok(()),
            false => Err(Failure::Failed(damages.join("\n"))),
        }
    });
    match printed {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(failure) => Ok(failure.report(output.form())),
    }
}

/// Prints a line for each name, or a JSON array.
pub(super) fn print(records: &[Record], output: StateOutput) -> Result<(), Failure> {
    match output {
        StateOutput::Json => {
            let records: Vec<Value> = records.iter().map(members).collect();
            try_print(Printable::json_line(&records))?;
        }
        StateOutput::Text if records.is_empty() => {
            print_error("Nothing is kept: `tokensmith login PROVIDER --keep NAME` keeps tokens.");
        }
        StateOutput::Text => try_print(table(records))?,
    }
    Ok(())
}

fn members(record: &Record) -> Value {
    json!({
        "name": record.name,
        "provider": record.provider,
        "scope": record.scope,
        "expires_at": record.expires_at,
        "renews": record.renews,
        "key": record.key,
    })
}

fn table(records: &[Record]) -> Styled {
    let rows = records.iter().map(|record| {
        let scope = record.scope.as_ref().map(|scopes| scopes.join(" "));
        [
            record.name.clone(),
            record.provider.clone(),
            expiry(record, SystemTime::now()),
            scope
                .filter(|it| !it.is_empty())
                .unwrap_or_else(|| "-".to_owned()),
        ]
    });
    let heads = ["NAME", "PROVIDER", "ACCESS TOKEN", "SCOPE"].map(str::to_owned);
    let rows: Vec<[String; 4]> = std::iter::once(heads).chain(rows).collect();
    let width = |column: usize| {
        let widths = rows
            .iter()
            .map(|row| row.get(column).map_or(0, |it| it.chars().count()));
        widths.max().unwrap_or(0)
    };
    let (first, second, third) = (width(0), width(1), width(2));
    let mut text = Styled::new(is_coloured(is_terminal()));
    for (index, [name, provider, expiry, scope]) in rows.iter().enumerate() {
        let (strong, plain) = match index {
            0 => (Style::Label, Style::Label),
            _ => (Style::Strong, Style::Plain),
        };
        text.push(strong, &format!("{name:first$}"));
        let rest = format!("  {provider:second$}  {expiry:third$}  {scope}");
        text.push(plain, &rest).end_line();
    }
    text
}

/// What is known of the access token.
fn expiry(record: &Record, now: SystemTime) -> String {
    let left = record
        .expiry()
        .map(|at| at.duration_since(now).unwrap_or_default());
    match (left, record.renews) {
        (Some(left), _) if !left.is_zero() => format!("expires in {}", in_words(left)),
        (Some(_), true) => "expired, renews".to_owned(),
        (Some(_), false) => "expired, sign in again".to_owned(),
        (None, true) => "renews".to_owned(),
        (None, false) => "expiry unknown".to_owned(),
    }
}
