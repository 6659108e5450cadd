//! `tokensmith mock`: a mock of a provider, until it is stopped.

use std::fs;
use std::process::ExitCode;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use tokensmith_codegen::diagnostic::output::{
    Printable, Style, Styled, is_coloured, is_terminal, print, try_print,
};
use tokensmith_codegen::model::Model;
use tokensmith_description::Shelves;
use tokensmith_mock::{Fault, MockServer, Options, Provider, SeenRequest};

use crate::args::{MockArgs, MockOutput};
use crate::document::{self, notice};
use crate::failure::Failure;
use crate::server;

/// Serves a mock until the process is ended.
pub(crate) fn run(args: &MockArgs) -> Result<ExitCode, Failure> {
    let provider = provider(args, options(args)?)?;
    let title = provider.description().title().to_owned();
    let server = MockServer::start(provider, args.listen).map_err(|error| {
        let address = args.listen;
        Failure::Failed(format!(
            "cannot listen at {address}: {error}; `--listen` takes another address"
        ))
    })?;
    let url = server.url();
    match args.output {
        MockOutput::Text => {
            let mut text = Styled::new(is_coloured(is_terminal()));
            text.push(Style::Success, "mock");
            text.text(&format!(" of {title} at "))
                .push(Style::Strong, &url);
            if is_terminal() {
                text.text("\n").text(&next(args, &url));
            }
            try_print(text)?;
        }
        MockOutput::Json => try_print(Printable::json_line(
            &serde_json::json!({"title": title, "url": url}),
        ))?,
    }
    server.wait();
    Ok(ExitCode::SUCCESS)
}

/// What to do in another terminal.
fn next(args: &MockArgs, url: &str) -> String {
    let token = match (&args.provider, &args.spec) {
        (Some(name), _) => format!("tokensmith token {name} --server {url}"),
        (None, Some(file)) => format!(
            "tokensmith token --spec {} --server {url}",
            document::shown(file)
        ),
        (None, None) => format!("tokensmith token --token-url {url}/token"),
    };
    format!("next: `{token}` in another terminal; Ctrl-C ends the mock\n")
}

fn options(args: &MockArgs) -> Result<Options, Failure> {
    let mut options = Options::new().observe(printer(args.output));
    if args.approve {
        options = options.approve();
    }
    if args.refuse_undeclared {
        options = options.refuse_undeclared();
    }
    if args.reveal_secrets {
        options = options.reveal_secrets();
    }
    if let Some(seconds) = args.lifetime {
        options = options.lifetime(Duration::from_secs(seconds));
    }
    if let Some(file) = &args.faults {
        let name = document::shown(file);
        let text = fs::read_to_string(file)
            .map_err(|error| Failure::Failed(format!("{name} cannot be read: {error}")))?;
        let faults =
            Fault::script(&text).map_err(|error| Failure::Failed(format!("{name}: {error}")))?;
        options = faults.into_iter().fold(options, Options::fault);
    }
    Ok(options)
}

/// Prints what was seen, on a thread of its own: a reader of the output that is behind misses lines,
/// and does not hold up the mock. `/.mock/requests` has what it missed.
fn printer(output: MockOutput) -> impl Fn(&SeenRequest) + Send + Sync + 'static {
    /// Lines that wait for their reader.
    const WAITING: usize = 1_000;
    let (sender, lines) = mpsc::sync_channel::<Printable>(WAITING);
    thread::spawn(move || lines.iter().for_each(print));
    let coloured = is_coloured(is_terminal());
    move |seen| {
        let line = match output {
            MockOutput::Text => line(seen, coloured).into(),
            MockOutput::Json => Printable::json_line(seen),
        };
        drop(sender.try_send(line));
    }
}

fn provider(args: &MockArgs, options: Options) -> Result<Provider, Failure> {
    if let Some(file) = &args.spec {
        let name = document::provider(file);
        let reading = document::load(&name, file, args.overlay.as_deref())?;
        notice::warnings(&document::shown(file), &reading.diagnostics);
        // They are needed until the process ends.
        let model: &'static Model = Box::leak(Box::new(document::model(reading)?));
        let shelves: &'static Shelves<'static> = Box::leak(Box::default());
        let (description, samples) = (model.describe(shelves), model.sample_responses(shelves));
        return Ok(Provider::new(description, samples, options));
    }
    if args.standard {
        return Ok(Provider::standard(options));
    }
    Ok(Provider::of(
        server::entry(args.provider.as_deref())?,
        options,
    ))
}

/// What was seen, in a line: `POST /oauth2/token 400 refresh_token by app: …`.
fn line(seen: &SeenRequest, coloured: bool) -> Styled {
    let mut text = Styled::new(coloured);
    text.text(&format!("{} {} ", seen.method, seen.path));
    let (style, status) = match seen.status {
        Some(status @ 200..=399) => (Style::Success, status.to_string()),
        Some(status) => (Style::Error, status.to_string()),
        None => (Style::Error, "lost".to_owned()),
    };
    text.push(style, &status);
    let mut rest = String::new();
    let what = seen.grant.as_deref().or(seen.endpoint);
    rest.extend(what.map(|what| format!(" {what}")));
    rest.extend(seen.client.as_ref().map(|client| format!(" by {client}")));
    rest.extend(seen.fault.as_ref().map(|fault| format!(", fault {fault}")));
    let refused = seen.refused.as_ref().zip(seen.reason.as_ref());
    rest.extend(refused.map(|(code, reason)| format!(": {code}: {reason}")));
    rest.extend(seen.notes.iter().map(|note| format!("; {note}")));
    text.text(&rest);
    text
}
