//! `cargo xtask update`: a newer file of a vendor's.

use crate::command::{Subcommand, flag, option};
use std::path::Path;
use std::process::ExitCode;

use tokensmith_author::import;
use tokensmith_author::update::{lost, newer, update};
use tokensmith_codegen::Source;
use tokensmith_codegen::project::{self, write};

use crate::diff::base;
use crate::options::Arguments;
use crate::specs;
use tokensmith_codegen::diagnostic::output;

pub(crate) static SUBCOMMAND: Subcommand = Subcommand {
    name: "update",
    usage: "NAME FILE [--old FILE] [--force]",
    about: "Takes a newer file of a vendor's, and says where the overlay no longer fits.",
    details: "",
    options: &[
        option(
            "--old",
            "FILE",
            "the file that was imported, to tell what was written into the document since",
        ),
        flag(
            "--force",
            "take it though the crate breaks, or what was written is lost",
        ),
    ],
    examples: &[("acme ~/Downloads/openapi.json", "Renew specs/acme.yaml")],
    run,
};

/// Takes the newer file, unless the crate could no longer be generated or somebody's edits would be lost, and reports what has to be looked at.
fn run(root: &Path, arguments: &[String]) -> Result<ExitCode, String> {
    let arguments = Arguments::read(arguments, &SUBCOMMAND)?;
    let [name, file] = arguments.plain.as_slice() else {
        return Err(format!("give a provider and a file: {}", SUBCOMMAND.call()));
    };
    let documents = project::documents(root).map_err(|error| error.to_string())?;
    let document = documents.iter().find(|document| document.name == *name).ok_or_else(|| {
        format!("there is no document of `{name}` in specs: to begin with the vendor's, run\n    cargo xtask import {file} --name {name}")
    })?;
    let shown = specs::shown(root, &document.path);
    let old = specs::read_own(&document.path)?;
    let new = specs::read(Path::new(file))?;
    let overlay = document.overlay.as_deref();
    let overlay =
        overlay.map(|path| Ok::<_, String>((specs::shown(root, path), specs::read_own(path)?)));
    let overlay = overlay.transpose()?;
    let folder = root.join("specs");
    let result = update(
        name,
        Source::new(&shown, &old).in_folder(Some(&folder)),
        Source::new(file, &new).in_folder(Path::new(file).parent()),
        overlay
            .as_ref()
            .map(|(name, bytes)| Source::new(name, bytes)),
    );
    let update = result.map_err(|diagnostics| {
        specs::print(&diagnostics);
        format!("{file} cannot take the place of {shown}: nothing is written")
    })?;
    specs::print(&update.diagnostics);
    for line in update.report(overlay.as_ref().map_or("", |(name, _)| name)) {
        output::print(line);
    }
    let beside = newer(&folder, Path::new(file), &update.externals)?;
    if *update.document == *old && beside.is_empty() {
        output::print(format!("{shown}: nothing new"));
        return Ok(ExitCode::SUCCESS);
    }
    if update.breaks() && !arguments.has("--force") {
        return Err(format!(
            "{shown} is left as it is: with the newer file no crate could be generated. To take it all the same, add --force"
        ));
    }
    if !arguments.has("--force") && !update.is_import {
        let why = if update.is_hand_written {
            "it names sources or has an `x-tokensmith` that the newer file does not have"
        } else if !base::is_committed(root, &document.path) {
            "git does not have it as it is now"
        } else {
            ""
        };
        if !why.is_empty() {
            return Err(format!(
                "{shown} is left as it is: it was not imported, and {why}, so that somebody's work could be lost.\n\
                 If the newer file has all of it, or specs/{name}.overlay.yaml does, add --force"
            ));
        }
    }
    let is_edited = update.is_edited;
    let text = String::from_utf8(update.document.into_owned());
    let text = text.map_err(|_| format!("{file} is not UTF-8: save it as UTF-8"))?;
    if is_edited && !arguments.has("--force") {
        let old_file = arguments.one("--old")?;
        let imported = old_file
            .as_deref()
            .map(|old| imported(name, old))
            .transpose()?;
        let document = String::from_utf8_lossy(&old);
        if let Some(lines) = lost(&document, &text, imported.as_deref()) {
            let told = match imported {
                Some(_) => "",
                None => {
                    " The newer file does not give these lines (with --old FILE, the file that was imported, you see the changes themselves)"
                }
            };
            return Err(format!(
                "{shown} is left as it is: somebody changed it since it was imported, and that would be lost.{told}\n{lines}\n\
                 Move it to the overlay, specs/{name}.overlay.yaml, where it stays; to lose it, add --force"
            ));
        }
    }
    write::replace(&document.path, &text).map_err(|error| format!("{shown}: {error}"))?;
    output::print(format!("{shown}: updated"));
    for file in beside {
        let shown = specs::shown(root, &file.path);
        write::replace(&file.path, &file.text).map_err(|error| format!("{shown}: {error}"))?;
        output::print(format!("{shown}: updated"));
    }
    output::print(format!(
        "next: look at the report above, and run\n    cargo xtask codegen {name}\n    cargo xtask diff"
    ));
    Ok(ExitCode::SUCCESS)
}

/// What an import makes of the file that was imported.
fn imported(name: &str, old: &str) -> Result<String, String> {
    let bytes = specs::read(Path::new(old))?;
    let source = Source::new(old, &bytes).in_folder(Path::new(old).parent());
    import::document(name, source).map_err(|diagnostics| {
        specs::print(&diagnostics);
        format!("{old} cannot be imported: nothing is written")
    })
}
