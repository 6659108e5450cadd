//! The server that a redirect names.

use super::template_names;
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::model::Server;
use crate::openapi::extension::KEY;
use crate::openapi::site::Site;
use crate::pointer;

/// Checks that each form of a value in a redirect has one variable, which a server has too.
pub(crate) fn check(sites: &[Site], servers: &[Server], diagnostics: &mut Diagnostics) {
    for site in sites {
        for (parameter, form) in &site.extension.server_in_redirect {
            let mut names = template_names(form);
            let fault = match (names.next(), names.next()) {
                (Some(name), None) if has_variable(servers, name) => continue,
                (Some(name), None) => {
                    format!("no server has a variable `{}`", name.escape_debug())
                }
                _ => "the form of the value has to have one variable".to_owned(),
            };
            let keys = [KEY, "server-in-redirect", parameter.as_str()];
            let place = pointer::join_all(&site.pointer, &keys);
            diagnostics.push(Diagnostic::new(Rule::Extension, place, fault).help(
                "write the name of a server variable in braces, and what stands around its value:\n\
                 accounts-server: 'https://accounts.example.{region}'",
            ));
        }
    }
}

fn has_variable(servers: &[Server], name: &str) -> bool {
    let variables = servers.iter().flat_map(|server| &server.variables);
    variables.into_iter().any(|variable| variable.wire == name)
}
