//! What a newer file changes in the meaning of a document, and where the overlay no longer fits.

use tokensmith_codegen::Model;

use super::{Fit, Misfit, Update};

/// A line for each thing that has to be looked at.
pub(super) fn report(update: &Update<'_>, overlay: &str) -> Vec<String> {
    let mut lines = Vec::new();
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
        lines.push(format!("{overlay} {pointer}\n  {target} {what}"));
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
                lines.push(format!("{what} that are new: {}", more.join(", ")));
            }
            if !less.is_empty() {
                lines.push(format!("{what} that are gone: {}", less.join(", ")));
            }
        }
    }
    lines
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
        .map(|endpoint| {
            endpoint
                .attributes
                .authentication
                .method
                .as_str()
                .to_owned()
        })
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
