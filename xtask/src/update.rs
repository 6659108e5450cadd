//! `cargo xtask update`: a newer file of a vendor's.

use std::path::Path;
use std::process::ExitCode;

use tokensmith_codegen::project;
use tokensmith_codegen::update::{Fit, Misfit, Update, update};
use tokensmith_codegen::{Model, Source};

use crate::options::Arguments;
use crate::specs;

/// Takes the newer file, unless the crate could no longer be generated, and reports what has to be looked at.
pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<ExitCode, String> {
    let arguments = Arguments::read(arguments, &[], &["--force"])?;
    let [name, file] = arguments.plain.as_slice() else {
        return Err(
            "give a provider and a file: cargo xtask update NAME FILE [--force]".to_owned(),
        );
    };
    let documents = project::documents(root).map_err(|error| error.to_string())?;
    let document = documents.iter().find(|document| document.name == *name).ok_or_else(|| {
        format!("there is no document of `{name}` in specs: to begin with the vendor's, run\n    cargo xtask import {file} --name {name}")
    })?;
    let shown = specs::shown(root, &document.path);
    let old = specs::read(&document.path)?;
    let new = specs::read(Path::new(file))?;
    let overlay = document.overlay.as_deref();
    let overlay =
        overlay.map(|path| Ok::<_, String>((specs::shown(root, path), specs::read(path)?)));
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
    print(&update, overlay.as_ref().map_or("", |(name, _)| name));
    if *update.document == *old {
        println!("{shown}: nothing new");
        return Ok(ExitCode::SUCCESS);
    }
    if update.breaks() && !arguments.has("--force") {
        return Err(format!(
            "{shown} is left as it is: with the newer file no crate could be generated. To take it all the same, add --force"
        ));
    }
    let text = String::from_utf8(update.document.into_owned());
    let text = text.map_err(|_| format!("{file} is not UTF-8: save it as UTF-8"))?;
    tokensmith_codegen::write::replace(&document.path, &text)
        .map_err(|error| format!("{shown}: {error}"))?;
    println!(
        "{shown}: updated\nnext: look at what is said above, and run\n    cargo xtask codegen {name}\n    cargo xtask diff"
    );
    Ok(ExitCode::SUCCESS)
}

fn print(update: &Update<'_>, overlay: &str) {
    for Fit {
        target,
        pointer,
        misfit,
    } in &update.misfits
    {
        let what = match misfit {
            Misfit::Gone => {
                "selects nothing any more: find where the fact has gone, or remove the action"
            }
            Misfit::Needless => {
                "changes nothing any more: the vendor says so now; remove the action"
            }
            Misfit::Changed => "replaces another value than before: see whether it is still right",
        };
        println!("{overlay} {pointer}\n  {target} {what}");
    }
    if let (Some(before), Some(after)) = (&update.before, &update.after) {
        for (what, list) in [
            ("grants", grants as fn(&Model) -> Vec<String>),
            ("client authentication", client_auth),
            ("endpoints", endpoints),
            ("servers", servers),
            ("scopes", scopes),
        ] {
            let (before, after) = (list(before), list(after));
            let more: Vec<&str> = after
                .iter()
                .filter(|one| !before.contains(one))
                .map(String::as_str)
                .collect();
            let less: Vec<&str> = before
                .iter()
                .filter(|one| !after.contains(one))
                .map(String::as_str)
                .collect();
            if !more.is_empty() {
                println!("{what} that are new: {}", more.join(", "));
            }
            if !less.is_empty() {
                println!("{what} that are gone: {}", less.join(", "));
            }
        }
    }
}

fn grants(model: &Model) -> Vec<String> {
    model
        .endpoints
        .iter()
        .flat_map(|endpoint| endpoint.grants().map(str::to_owned))
        .collect()
}

fn client_auth(model: &Model) -> Vec<String> {
    let methods = model
        .endpoints
        .iter()
        .filter(|endpoint| endpoint.is_called());
    methods
        .map(|endpoint| endpoint.authentication.method.as_str().to_owned())
        .collect()
}

fn endpoints(model: &Model) -> Vec<String> {
    let paths = model.endpoints.iter().flat_map(|endpoint| &endpoint.paths);
    paths.map(|choice| choice.path.clone()).collect()
}

fn servers(model: &Model) -> Vec<String> {
    model
        .servers
        .iter()
        .map(|server| server.url.clone())
        .collect()
}

fn scopes(model: &Model) -> Vec<String> {
    model
        .scopes
        .iter()
        .map(|scope| scope.wire.clone())
        .collect()
}
