//! The arguments of `tokensmith generate`.

use std::path::PathBuf;

use clap::Args;

/// Generate a typed client crate from an OpenAPI document
///
/// Writes only files that change. Files that were not generated are never overwritten.
#[derive(Args)]
pub(crate) struct GenerateArgs {
    /// The OpenAPI document, YAML or JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) spec: PathBuf,
    /// The overlay to apply [default: the one beside the document, such as moov.overlay.yaml]
    #[arg(long, value_name = "FILE")]
    pub(crate) overlay: Option<PathBuf>,
    /// The folder to write the crate to
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// The name of the provider: the crate is called tokensmith-NAME [default: the document's file
    /// name]
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// Show each place of a warning, and the notes
    #[arg(long)]
    pub(crate) all: bool,
    /// The path of the crate tokensmith-runtime [default: the crate on the registry]
    #[arg(long, value_name = "PATH")]
    pub(crate) runtime_path: Option<PathBuf>,
}
