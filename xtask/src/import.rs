//! `cargo xtask import`: a document for `specs` out of a vendor's.

use crate::command::{Subcommand, option};
use std::path::Path;
use std::process::ExitCode;

use tokensmith_author::import::import;
use tokensmith_codegen::Source;

use crate::options::Arguments;
use crate::specs;
use tokensmith_codegen::diagnostic::output;

pub(crate) static SUBCOMMAND: Subcommand = Subcommand {
    name: "import",
    usage: "FILE [--name NAME]",
    about: "Makes a document of a vendor's OpenAPI or Swagger document.",
    details: "The OAuth operations are kept. What is to be confirmed is in the overlay that it writes beside the document.",
    options: &[option(
        "--name",
        "NAME",
        "the name of the provider [default: that of the file]",
    )],
    examples: &[(
        "~/Downloads/openapi.json --name acme",
        "Begin specs/acme.yaml and specs/acme.overlay.yaml",
    )],
    run,
};

/// Writes the document and its overlay, and prints what is left to do.
fn run(root: &Path, arguments: &[String]) -> Result<ExitCode, String> {
    let arguments = Arguments::read(arguments, &SUBCOMMAND)?;
    let [file] = arguments.plain.as_slice() else {
        return Err(format!("give one file: {}", SUBCOMMAND.call()));
    };
    let file = Path::new(file);
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let name = arguments.one("--name")?;
    let name = name.unwrap_or_else(|| tokensmith_codegen::provider_name(&stem));
    let path = specs::vacant(root, &name)?;
    let overlay = path.with_extension("overlay.yaml");
    let bytes = specs::read(file)?;
    let vendor = file.to_string_lossy();
    let source = Source::new(&vendor, &bytes).in_folder(file.parent().map(here));
    let imported = import(&name, source).map_err(|diagnostics| {
        specs::print(&diagnostics);
        format!("{vendor} cannot be imported: nothing is written")
    })?;
    if overlay.exists() {
        return Err(format!(
            "{} is in the way: move it away",
            specs::shown(root, &overlay)
        ));
    }
    specs::create(&path, &imported.document)?;
    specs::create(&overlay, &imported.overlay)?;
    specs::print(&imported.diagnostics);
    let lines = |text: &str| text.lines().count();
    output::print(format!(
        "{}: {} lines of {}, {}",
        specs::shown(root, &path),
        lines(&imported.document),
        lines(&String::from_utf8_lossy(&bytes)),
        if imported.is_text {
            "the vendor's text"
        } else {
            "written anew"
        }
    ));
    output::print(format!(
        "{}: what is to be confirmed",
        specs::shown(root, &overlay)
    ));
    output::print(format!(
        "next: confirm it, and run\n    cargo xtask codegen {name}"
    ));
    Ok(ExitCode::SUCCESS)
}

/// The folder of a file that is named without one.
fn here(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    }
}
