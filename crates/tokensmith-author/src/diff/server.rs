//! Where a provider is, and what can be asked of it.

use super::{Changes, Step, matched};
use tokensmith_codegen::model::{Scope, Server, ServerVariable};

pub(super) fn servers(before: &[Server], after: &[Server], changes: &mut Changes) {
    if let (Some(first), Some(now)) = (before.first(), after.first())
        && first.url != now.url
    {
        changes.wire(
            Step::Major,
            "Server::default()",
            format!("is {} and no longer {}", now.url, first.url),
        );
    }
    if before.is_empty() != after.is_empty() {
        let what = if after.is_empty() {
            "there is no longer one"
        } else {
            "there is one now"
        };
        changes.api(Step::Major, "Server", what);
    }
    // A variable is a text that the variant owns: the type can be copied without, and compared.
    let has_variables =
        |servers: &[Server]| servers.iter().any(|server| !server.variables.is_empty());
    if !before.is_empty() && !has_variables(before) && has_variables(after) {
        changes.api(
            Step::Major,
            "Server",
            "can no longer be copied: a server has variables",
        );
    }
    let (both, gone, new) = matched(before, after, |server| &server.ident);
    for server in gone {
        changes.api(Step::Major, &variant(server), "is gone");
    }
    for server in new {
        changes.api(
            Step::Minor,
            &variant(server),
            format!("is new: {}", server.url),
        );
    }
    for (before, after) in both {
        let Server {
            ident: _,
            url,
            description,
            default_of,
            issuer,
            variables,
        } = before;
        let subject = variant(before);
        changes.value(Step::Minor, &subject, "its URL", url, &after.url);
        changes.value(Step::Minor, &subject, "its issuer", issuer, &after.issuer);
        changes.docs(&subject, description, &after.description);
        changes.docs(&subject, default_of, &after.default_of);
        self::variables(&subject, variables, &after.variables, changes);
    }
}

fn variant(server: &Server) -> String {
    format!("Server::{}", server.ident)
}

fn variables(
    subject: &str,
    before: &[ServerVariable],
    after: &[ServerVariable],
    changes: &mut Changes,
) {
    let names = |variables: &[ServerVariable]| {
        variables
            .iter()
            .map(|variable| variable.ident.clone())
            .collect::<Vec<_>>()
    };
    if names(before) != names(after) {
        changes.api(Step::Major, subject, "has other variables");
        return;
    }
    for (before, after) in before.iter().zip(after) {
        let ServerVariable {
            wire,
            ident: _,
            description,
            default,
            values,
            pattern,
            sample: _,
        } = before;
        changes.value(
            Step::Minor,
            subject,
            "the name of a variable",
            wire,
            &after.wire,
        );
        changes.docs(subject, description, &after.description);
        changes.value(
            Step::Major,
            subject,
            "the default of a variable",
            default,
            &after.default,
        );
        let step = if after.pattern.is_some() {
            Step::Major
        } else {
            Step::Minor
        };
        changes.value(
            step,
            subject,
            "the pattern of a variable",
            pattern,
            &after.pattern,
        );
        let is_narrower = !after.values.is_empty()
            && (values.is_empty() || values.iter().any(|value| !after.values.contains(value)));
        let step = if is_narrower {
            Step::Major
        } else {
            Step::Minor
        };
        changes.value(
            step,
            subject,
            "the values of a variable",
            values,
            &after.values,
        );
    }
}

pub(super) fn scopes(before: &[Scope], after: &[Scope], changes: &mut Changes) {
    if before.is_empty() != after.is_empty() {
        let (step, what) = if after.is_empty() {
            (Step::Major, "is gone")
        } else {
            (Step::Minor, "is new")
        };
        changes.api(step, "the module `scope`", what);
    }
    let (both, gone, new) = matched(before, after, |scope| &scope.ident);
    for scope in gone {
        changes.api(Step::Major, &format!("scope::{}", scope.ident), "is gone");
    }
    for scope in new {
        changes.api(Step::Minor, &format!("scope::{}", scope.ident), "is new");
    }
    for (before, after) in both {
        let Scope {
            wire,
            ident,
            description,
            parameters,
        } = before;
        let subject = format!("scope::{ident}");
        changes.value(Step::Minor, &subject, "the scope", wire, &after.wire);
        changes.docs(&subject, description, &after.description);
        let idents = |parameters: &[(String, String)]| {
            parameters
                .iter()
                .map(|(_, ident)| ident.clone())
                .collect::<Vec<_>>()
        };
        if idents(parameters).len() != idents(&after.parameters).len() {
            changes.api(Step::Major, &subject, "takes other arguments");
        } else if idents(parameters) != idents(&after.parameters) {
            changes.api(Step::Patch, &subject, "calls its arguments by other names");
        }
    }
}
