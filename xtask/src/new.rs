//! `cargo xtask new`: a document to start from.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::path::Path;
use std::process::ExitCode;

use tokensmith_codegen::model::ClientAuth;
use tokensmith_codegen::template::Template;
use tokensmith_codegen::{Source, read};

use crate::options::Arguments;
use crate::specs;

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
    let template = template(&arguments)?;
    let text = template.document(name)?;
    specs::create(&path, &text)?;
    let shown = specs::shown(root, &path);
    let reading = read(name, Source::new(&shown, text.as_bytes()), None);
    specs::print(&reading.diagnostics);
    println!(
        "{shown}: valid; each question in it is to be confirmed\nnext: run\n    cargo xtask codegen --watch {name}"
    );
    Ok(ExitCode::SUCCESS)
}

fn template(arguments: &Arguments) -> Result<Template, String> {
    let token_url = match arguments.one("--token-url")? {
        Some(url) => url,
        None => ask("token endpoint (https://...)", "--token-url", None)?,
    };
    let mut grants = arguments.all("--grant");
    if grants.is_empty() {
        let answer = ask(
            "grants, separated by spaces",
            "--grant",
            Some("client_credentials"),
        )?;
        grants = answer
            .split([' ', ','])
            .filter(|grant| !grant.is_empty())
            .map(str::to_owned)
            .collect();
    }
    let client_auth = match arguments.one("--client-auth")? {
        Some(method) => method,
        None => ask("client authentication", "--client-auth", Some("basic"))?,
    };
    let client_auth = ClientAuth::find(&client_auth).ok_or_else(|| {
        let known = ClientAuth::ALL.map(ClientAuth::as_str).join(", ");
        format!("`{client_auth}` is no client authentication: there are {known}")
    })?;
    let format = match arguments.one("--format")? {
        Some(format) => format,
        None => ask("requests are form or json", "--format", Some("form"))?,
    };
    let json = match format.as_str() {
        "form" => false,
        "json" => true,
        other => {
            return Err(format!(
                "`{other}` is no format: requests are `form` or `json`"
            ));
        }
    };
    let docs = match arguments.one("--docs")? {
        Some(docs) => docs,
        None => ask("page of the provider's documentation", "--docs", Some(""))?,
    };
    Ok(Template {
        token_url,
        grants,
        client_auth,
        json,
        docs: Some(docs).filter(|docs| !docs.is_empty()),
    })
}

/// Asks on a terminal. Elsewhere the default is the answer, and what has none has to be given.
fn ask(question: &str, option: &str, default: Option<&str>) -> Result<String, String> {
    if !io::stdin().is_terminal() {
        let default = default.map(str::to_owned);
        return default.ok_or_else(|| format!("there is nobody to ask: give {option}"));
    }
    let hint = default
        .filter(|default| !default.is_empty())
        .map_or(String::new(), |default| format!(" [{default}]"));
    eprint!("{question}{hint}: ");
    io::stderr().flush().map_err(|error| error.to_string())?;
    let mut answer = String::new();
    io::stdin()
        .lock()
        .read_line(&mut answer)
        .map_err(|error| error.to_string())?;
    let answer = answer.trim();
    match default {
        Some(default) if answer.is_empty() => Ok(default.to_owned()),
        None if answer.is_empty() => Err(format!("{option} is needed")),
        _ => Ok(answer.to_owned()),
    }
}
