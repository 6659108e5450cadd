//! `cargo xtask new`: a document to start from.

mod dialog;
mod interview;
mod values;

use std::fs;
use std::io::{self, IsTerminal as _};
use std::path::Path;
use std::process::ExitCode;

use tokensmith_author::template::{COMMON, Template};
use tokensmith_codegen::diagnostic::output;
use tokensmith_codegen::{Rule, Source, read};

use crate::command::{Subcommand, option};
use crate::options::Arguments;
use crate::specs;
use dialog::Dialog;

pub(crate) static SUBCOMMAND: Subcommand = Subcommand {
    name: "new",
    usage: "NAME [OPTION...]",
    about: "Begins a document in specs from a few questions.",
    details: "`new` asks on a terminal for what no option gives. Elsewhere the default is taken, and the\n\
              document marks it as a question (x-tokensmith-unconfirmed), as it does for an empty line.",
    options: &[
        option(
            "--title",
            "TITLE",
            "the provider's display name [default: made of NAME]",
        ),
        option("--token-url", "URL", "the token endpoint"),
        option(
            "--server",
            "NAME=URL",
            "another server with the same paths, such as Europe=https://auth.eu.example.com; may be\n\
             given several times. At the URL of the token endpoint it gives that one its name",
        ),
        option(
            "--grant",
            "GRANT,...",
            "the grants [default: client_credentials]: authorization_code, ciba, client_credentials,\n\
             device_code, jwt_bearer, password, refresh_token, saml2_bearer, token_exchange, the URI\n\
             of another, or a provider's own name",
        ),
        option(
            "--param",
            "[GRANT=]NAME[?]",
            "a parameter beside those of the RFC; `?` if requests may leave it out. Without GRANT it\n\
             is one of the grant that no RFC defines",
        ),
        option(
            "--authorization-url",
            "URL",
            "the authorization endpoint, for authorization_code",
        ),
        option(
            "--device-url",
            "URL",
            "the device authorization endpoint, for device_code",
        ),
        option("--revocation-url", "URL", "the revocation endpoint"),
        option("--introspection-url", "URL", "the introspection endpoint"),
        option(
            "--client-auth",
            "METHOD",
            "how clients authenticate [default: basic]: assertion-secret, auto, basic, basic-raw,\n\
             basic-secret, body, client-secret-jwt, header, none, private-key-jwt, query, secret,\n\
             tls-client-auth",
        ),
        option(
            "--basic-encoding",
            "form|raw",
            "whether HTTP Basic is form-decoded (RFC 6749 section 2.3.1) [default: form]",
        ),
        option("--format", "form|json", "what requests are [default: form]"),
        option(
            "--scope-separator",
            "space|comma|CHAR",
            "what stands between scopes [default: space]",
        ),
        option(
            "--response-scope-separator",
            "space|comma|CHAR",
            "what stands between scopes in responses [default: as in requests]",
        ),
        option(
            "--lifetime",
            "TIME",
            "how long access tokens live: 3600, 60m, 24h, 90d [default: 3600]",
        ),
        option(
            "--rotation",
            "never|always|sometimes",
            "whether a refresh replaces the refresh token [default: sometimes]",
        ),
        option(
            "--code-challenge",
            "S256|plain|none",
            "how a code is bound to the client (RFC 7636) [default: S256]",
        ),
        option(
            "--docs",
            "URL",
            "the page of the documentation: the first source",
        ),
    ],
    examples: &[
        ("acme", "Ask on the terminal"),
        (
            "acme --token-url https://auth.acme.com/oauth2/token --docs https://docs.acme.com/oauth",
            "Begin with client credentials and HTTP Basic",
        ),
        (
            "acme --token-url https://api.acme.com/token --grant authorization_code,refresh_token \\\n    \
             --authorization-url https://www.acme.com/authorize --client-auth body --rotation always",
            "Begin with users who sign in",
        ),
        (
            "acme --token-url https://acme.com/token --grant account_credentials --param account_id",
            "Begin with a grant of the provider's own",
        ),
        (
            "acme --token-url https://us.acme.com/token --server \"United States=https://us.acme.com\" \\\n    \
             --server Europe=https://eu.acme.com",
            "Begin with two regions",
        ),
    ],
    run,
};

/// What a document refers to, for a folder that has no copy.
const COMMON_TEXT: &str = include_str!("../../specs/common/oauth2.yaml");

/// Writes the document, of options and of what is asked for on a terminal.
fn run(root: &Path, arguments: &[String]) -> Result<ExitCode, String> {
    let arguments = Arguments::read(arguments, &SUBCOMMAND)?;
    let [name] = arguments.plain.as_slice() else {
        return Err(format!("give the provider a name: {}", SUBCOMMAND.call()));
    };
    let path = specs::vacant(root, name)?;
    let template = template(name, &arguments)?;
    let text = template.document()?;
    let folder = root.join("specs");
    let common = folder.join(COMMON);
    let begun = Begun::common(&common)?;
    let shown = specs::shown(root, &path);
    let source = Source::new(&shown, text.as_bytes()).in_folder(Some(&folder));
    let reading = read(name, source, None);
    if reading.model.is_none() {
        specs::print(&reading.diagnostics);
        begun.undo(&common);
        return Err(format!("{shown} would have errors: nothing is written"));
    }
    let (open, others): (Vec<_>, Vec<_>) = reading
        .diagnostics
        .into_iter()
        .partition(|diagnostic| diagnostic.rule == Rule::Unconfirmed);
    specs::print(&others);
    specs::create(&path, &text)?;
    if begun.is_new {
        let common = specs::shown(root, &common);
        output::print(format!("{common}: written; the document refers to it"));
    }
    output::print(format!("{shown}: valid; {}", questions(open.len())));
    if template.docs.is_none() {
        output::print(
            "It names no source yet: `cargo xtask codegen --check` refuses it until `sources` names a page",
        );
    }
    output::print(format!(
        "next: run\n    cargo xtask try {name}\n    cargo xtask codegen --watch {name}"
    ));
    Ok(ExitCode::SUCCESS)
}

/// The common parts of documents, which a folder of somebody's own may lack.
struct Begun {
    is_new: bool,
}

impl Begun {
    fn common(path: &Path) -> Result<Self, String> {
        let is_new = !path.exists();
        if is_new {
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder)
                    .map_err(|error| format!("{}: {error}", folder.display()))?;
            }
            specs::create(path, COMMON_TEXT)?;
        }
        Ok(Self { is_new })
    }

    /// Leaves the folder as it was. What cannot be removed does no harm.
    fn undo(&self, path: &Path) {
        if self.is_new {
            let _ = fs::remove_file(path);
            let _ = path.parent().map(fs::remove_dir);
        }
    }
}

fn questions(open: usize) -> String {
    match open {
        0 => "no question is open".to_owned(),
        1 => "1 question in it is to be confirmed".to_owned(),
        _ => format!("{open} questions in it are to be confirmed"),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the dialog prints what is safe to print"
)]
fn template(name: &str, arguments: &Arguments) -> Result<Template, String> {
    let dialog = Dialog {
        is_terminal: io::stdin().is_terminal(),
        input: io::stdin().lock(),
        output: io::stderr(),
    };
    interview::interview(dialog, arguments, name)
}
