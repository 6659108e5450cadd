//! Endpoints with servers of their own: which of them belongs to which environment.

mod matching;

use std::collections::BTreeSet;

use tokensmith_template::{Template, Value};

use crate::diagnostic::finding::{EvidenceKind, Finding, Question};
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::infer::Context;
use crate::model::{EndpointServer, Server};
use crate::openapi::site::Site;

use super::{DeclaredServers, Environments, declared, url, variable};
use matching::{Matched, matched};

/// Where an endpoint is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Placement {
    /// On the servers of the token endpoint.
    Servers,
    /// On servers of its own, those of the environments that are named.
    Elsewhere(Vec<EndpointServer>),
    /// On this one, whatever the token endpoint is on.
    At(String),
}

impl Environments {
    /// Where the endpoint of an operation is; nothing if that is an error.
    ///
    /// Its servers are matched with those of the token endpoint by URL, by what the document calls them, by their
    /// variables, and then by position.
    pub(crate) fn placement(
        &self,
        context: &Context<'_>,
        site: &Site,
        what: &str,
        diagnostics: &mut Diagnostics,
    ) -> Option<Placement> {
        let (_, at) = declared(context.api, &site.path, &site.method);
        let Some((own, found)) = self.others.get(&at) else {
            return Some(Placement::Servers);
        };
        diagnostics.repeat(found);
        if found.has_errors() {
            return None;
        }
        match (self.token.servers.as_slice(), own.servers.as_slice()) {
            (_, []) => return Some(Placement::Servers),
            ([], [only]) if only.variables.is_empty() => {
                return Some(Placement::At(only.url.clone()));
            }
            _ => {}
        }
        let matched = matched(&self.token, own);
        if matched.servers.iter().all(Option::is_none) {
            diagnostics.push(self.unfit(own, what));
            return None;
        }
        self.warn(&matched, own, what, diagnostics);
        let pairs = self.token.servers.iter().zip(&matched.servers);
        let pairs: Vec<(&Server, &Server)> = pairs
            .filter_map(|(server, index)| Some((server, own.servers.get((*index)?)?)))
            .collect();
        let is_whole = pairs.len() == self.token.servers.len();
        if is_whole
            && pairs
                .iter()
                .all(|(server, own)| is_same(&server.url, &own.url))
        {
            return Some(Placement::Servers);
        }
        for (server, own) in &pairs {
            let mut variables = server.variables.clone();
            if let Err(conflict) = variable::merge(&mut variables, &own.variables) {
                diagnostics.push(conflict.diagnostic(&at));
                return None;
            }
        }
        let elsewhere = pairs.into_iter().map(|(server, own)| EndpointServer {
            server: server.ident.clone(),
            url: own.url.clone(),
            variables: own.variables.clone(),
        });
        Some(Placement::Elsewhere(elsewhere.collect()))
    }

    /// The URL with the variables of a server, where it has their defaults.
    pub(crate) fn with_variables(&self, written: &str) -> Option<String> {
        let (server, path) = self.server_of_url(written)?;
        let url = format!("{}{path}", server.url.trim_end_matches('/'));
        (url != written).then_some(url)
    }

    /// The server on which a URL is, with the usual values of its variables, and the path there.
    fn server_of_url<'u>(&self, written: &'u str) -> Option<(&Server, &'u str)> {
        self.token.servers.iter().find_map(|server| {
            let base = usual_url(server)?;
            let path = written.strip_prefix(base.trim_end_matches('/'))?;
            path.starts_with('/').then_some((server, path))
        })
    }

    /// Where an endpoint is of which only the URL is known, and its path there.
    pub(crate) fn placement_of_url(
        &self,
        written: &str,
        at: &str,
        diagnostics: &mut Diagnostics,
    ) -> (Placement, String) {
        if let Some((_, path)) = self.server_of_url(written) {
            return (Placement::Servers, path.to_owned());
        }
        let (origin, path) = match super::is_absolute(written) {
            true => written.split_at(url::origin(written).len()),
            false => return (Placement::Servers, written.to_owned()),
        };
        let of_host = |server: &&Server| {
            usual_url(server).is_some_and(|base| url::origin(&base).eq_ignore_ascii_case(origin))
        };
        let servers = &self.token.servers;
        // Base paths of one host are no environments.
        let origins: BTreeSet<String> = servers
            .iter()
            .map(|server| {
                let base = usual_url(server).unwrap_or_else(|| server.url.clone());
                url::origin(&base).to_ascii_lowercase()
            })
            .collect();
        match servers.iter().find(of_host).or(servers.first()) {
            Some(server) if origins.len() > 1 => {
                let message = format!(
                    "the authorization endpoint `{}` is known for the server `{}` only",
                    written.escape_debug(),
                    server.ident
                );
                diagnostics.push(Diagnostic::new(Rule::LeftOut, at, message).help(
                    "describe it as an operation, with a server for each of the token endpoint's:\n\
                     servers:\n  - {url: 'https://login.example.com', description: Production}\n  \
                     - {url: 'https://login.sandbox.example.com', description: Sandbox}",
                ));
                let elsewhere = EndpointServer {
                    server: server.ident.clone(),
                    url: origin.to_owned(),
                    variables: Vec::new(),
                };
                (Placement::Elsewhere(vec![elsewhere]), path.to_owned())
            }
            _ => (Placement::Servers, written.to_owned()),
        }
    }

    fn unfit(&self, own: &DeclaredServers, what: &str) -> Diagnostic {
        let code = |texts: Vec<&str>| format!("`{}`", texts.join("`, `"));
        let servers = self.token.servers.iter();
        let names: Vec<&str> = servers.map(|server| server.ident.as_str()).collect();
        let urls = own
            .servers
            .iter()
            .map(|server| server.url.as_str())
            .collect();
        let first = names.first().copied().unwrap_or("Production").to_owned();
        let of_token = match names.is_empty() {
            true => "of the token endpoint, which has no absolute URL".to_owned(),
            false => format!("of the token endpoint: {}", code(names)),
        };
        let message = format!(
            "the document does not say which of the servers {} of {what} belongs to which {of_token}",
            code(urls)
        );
        Diagnostic::new(Rule::Environments, &own.at, message).help(format!(
            "name each after one of the token endpoint's; one URL may stand for several:\nservers:\n  \
             - url: https://login.example.com\n    x-tokensmith: {{name: {first}}}"
        ))
    }

    fn warn(
        &self,
        matched: &Matched,
        own: &DeclaredServers,
        what: &str,
        diagnostics: &mut Diagnostics,
    ) {
        let all = self.token.servers.iter().zip(&matched.servers);
        let missing: Vec<&str> = all
            .filter(|(_, index)| index.is_none())
            .map(|(server, _)| server.ident.as_str())
            .collect();
        if !missing.is_empty() {
            let message = format!(
                "{what} is not on the servers `{}` of the token endpoint: none of its own is called so",
                missing.join("`, `")
            );
            diagnostics.push(Diagnostic::new(Rule::LeftOut, &own.at, message).help(format!(
                "add its server there:\n- url: https://login.example.com\n  x-tokensmith: {{name: {}}}",
                missing.first().unwrap_or(&"Sandbox")
            )));
        }
        if matched.by_position && self.token.servers.len() > 1 {
            let message = format!(
                "the servers of {what} are taken for those of the token endpoint in the order in which they stand"
            );
            let help = "describe them alike, such as `description: Sandbox` in both places";
            let finding = Finding::new(
                Question::Url,
                "servers in the order of the token endpoint's",
            )
            .by(EvidenceKind::SiblingEndpoint, &self.token.at)
            .inferred(&own.at, message, help);
            diagnostics.find(finding);
        }
    }
}

/// The URL with the defaults of its variables.
fn usual_url(server: &Server) -> Option<String> {
    let values: Vec<Value<'_>> = server
        .variables
        .iter()
        .filter_map(|variable| Some(Value::listed(&variable.wire, variable.default.as_deref()?)))
        .collect();
    Template::parse(&server.url).ok()?.fill(&values).ok()
}

fn is_same(one: &str, other: &str) -> bool {
    one.trim_end_matches('/') == other.trim_end_matches('/')
}

#[cfg(test)]
mod tests;
