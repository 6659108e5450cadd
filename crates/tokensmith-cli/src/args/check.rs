//! The arguments of `tokensmith check`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use tokensmith_codegen::Rule;

/// Check OpenAPI documents
///
/// Prints diagnostics and a summary on standard output. If an overlay lies beside a document, such
/// as
/// `moov.overlay.yaml` beside `moov.yaml`, it is applied. The exit code is 1 if there are errors, and
/// 0 otherwise. A warning concerns what is sent or read. A note concerns what the document could say.
#[derive(Args)]
pub(crate) struct CheckArgs {
    /// The documents, YAML or JSON
    #[arg(value_name = "FILE", required_unless_present = "explain")]
    pub(crate) files: Vec<PathBuf>,
    /// The output format: text, one JSON object, or GitHub annotations
    #[arg(long, default_value = "human")]
    pub(crate) format: ReportFormat,
    /// Show every note instead of the number of notes
    #[arg(long)]
    pub(crate) all: bool,
    /// Print how each endpoint is understood, with the evidence
    ///
    /// Prints the URLs, method, format, grants, client authentication, parameters, the places of
    /// the token, of its lifetime and of errors, the scopes and PKCE. Each has its evidence: a
    /// statement of x-tokensmith, a declaration, an enum, an example, a description, a flow, a
    /// sibling endpoint or a convention, with its place in the document. Evidence to the contrary
    /// stands below. With
    /// `--format json` all of it is in the member `models`.
    #[arg(long)]
    pub(crate) explain_model: bool,
    /// Print the page of a rule, such as TS006, and check no documents
    #[arg(long, value_name = "RULE", conflicts_with_all = ["files", "format", "explain_model"], value_parser = rule)]
    pub(crate) explain: Option<Rule>,
}

fn rule(text: &str) -> Result<Rule, String> {
    Rule::find(text).ok_or_else(|| {
        let last = Rule::ALL.last().map_or("", |rule| rule.code());
        format!("there is no such rule: the rules are TS001 to {last}, with gaps")
    })
}

/// The output format of `check`.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    Human,
    Json,
    Github,
}
