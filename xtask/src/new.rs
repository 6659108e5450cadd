//! `cargo xtask new`: a document to start from.

mod dialog;

use std::io::{self, IsTerminal as _};
use std::path::Path;
use std::process::ExitCode;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokensmith_author::template::{Template, check_docs, check_token_url, find_grant, grants};
use tokensmith_codegen::model::ClientAuth;
use tokensmith_codegen::{Source, read};

use crate::options::Arguments;
use crate::specs;
use dialog::{Dialog, Question};
use tokensmith_codegen::diagnostic::output;

/// Writes the document, of flags and of what is asked for on a terminal.
pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<ExitCode, String> {
    let options = [
        "--token-url",
        "--grant",
        "--client-auth",
        "--format",
        "--docs",
    ];
    let arguments = Arguments::read(arguments, &options, &[])?;
    let [name] = arguments.plain.as_slice() else {
        return Err("give the provider a name: cargo xtask new NAME".to_owned());
    };
    let path = specs::vacant(root, name)?;
    let text = template(&arguments)?.document(name)?;
    let shown = specs::shown(root, &path);
    let reading = read(name, Source::new(&shown, text.as_bytes()), None);
    specs::print(&reading.diagnostics);
    if reading.model.is_none() {
        return Err(format!("{shown} would have errors: nothing is written"));
    }
    specs::create(&path, &text)?;
    output::print(format!(
        "{shown}: valid; each question in it is to be confirmed\nnext: run\n    cargo xtask codegen --watch {name}"
    ));
    Ok(ExitCode::SUCCESS)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the dialog prints what is safe to print"
)]
fn template(arguments: &Arguments) -> Result<Template, String> {
    let mut dialog = Dialog {
        is_terminal: io::stdin().is_terminal(),
        input: io::stdin().lock(),
        output: io::stderr(),
    };
    let token_url = Question {
        text: "token endpoint (https://...)",
        option: "--token-url",
        default: None,
    };
    let token_url = dialog.ask(
        &token_url,
        arguments.one("--token-url")?.as_deref(),
        |url| check_token_url(url).map(|()| url.to_owned()),
    )?;

    let known: Vec<&str> = grants().collect();
    let given = arguments.all("--grant");
    let grants = Question {
        text: &format!("grants, separated by commas: {}", known.join(", ")),
        option: "--grant",
        default: Some("client_credentials"),
    };
    let given = (!given.is_empty()).then(|| given.join(","));
    let grants = dialog.ask(&grants, given.as_deref(), read_grants)?;

    let known: Vec<&str> = ClientAuth::ALL
        .iter()
        .map(|method| method.as_str())
        .collect();
    let known = known.join(", ");
    let client_auth = Question {
        text: &format!("client authentication: {known}"),
        option: "--client-auth",
        default: Some("basic"),
    };
    let given = arguments.one("--client-auth")?;
    let client_auth = dialog.ask(&client_auth, given.as_deref(), |method| {
        let named = method.to_ascii_lowercase().parse::<ClientAuth>();
        named.map_err(|_| {
            format!("`{method}` is not a client authentication: the choices are {known}")
        })
    })?;

    let format = Question {
        text: "requests are form or json",
        option: "--format",
        default: Some("form"),
    };
    let json = dialog.ask(
        &format,
        arguments.one("--format")?.as_deref(),
        |format| match format.to_ascii_lowercase().as_str() {
            "form" => Ok(false),
            "json" => Ok(true),
            _ => Err(format!(
                "`{format}` is not a format: the choices are `form` and `json`"
            )),
        },
    )?;

    let docs = Question {
        text: "page of the provider's documentation (https://..., or nothing)",
        option: "--docs",
        default: Some(""),
    };
    let docs = dialog.ask(&docs, arguments.one("--docs")?.as_deref(), |docs| {
        let docs = Some(docs).filter(|docs| !docs.is_empty());
        docs.map_or(Ok(()), check_docs)?;
        Ok(docs.map(str::to_owned))
    })?;
    Ok(Template {
        token_url,
        grants,
        client_auth,
        json,
        docs,
        date: Timestamp::now().to_zoned(TimeZone::UTC).date().to_string(),
    })
}

/// Grants between commas or blanks, each once.
fn read_grants(text: &str) -> Result<Vec<String>, String> {
    let mut grants: Vec<String> = Vec::new();
    let written = text.split([' ', ',']).filter(|grant| !grant.is_empty());
    for grant in written {
        let grant = find_grant(grant)?.to_owned();
        if !grants.contains(&grant) {
            grants.push(grant);
        }
    }
    if grants.is_empty() {
        return Err("name one at least".to_owned());
    }
    Ok(grants)
}
