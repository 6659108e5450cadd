//! Endpoints with servers of their own: which of them belongs to which environment.

use std::collections::{BTreeMap, BTreeSet};

use tokensmith_template::{Template, Value};

use crate::diagnostic::finding::{EvidenceKind, Finding, Question};
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::infer::Context;
use crate::model::{EndpointServer, Server};
use crate::openapi::site::Site;

use super::{DeclaredServers, Environments, declared, host, url, variable};

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

/// Words for what is not production, beside those that begin with "test".
const TRIALS: [&str; 14] = [
    "acceptance",
    "demo",
    "dev",
    "developers",
    "development",
    "integration",
    "nonprod",
    "preprod",
    "preview",
    "qa",
    "sandbox",
    "stage",
    "staging",
    "uat",
];

/// Words for production.
const PRODUCTION: [&str; 4] = ["live", "prod", "production", "real"];

/// Words that tell nothing of an environment.
const NOISE: [&str; 18] = [
    "server",
    "servers",
    "environment",
    "env",
    "api",
    "apis",
    "the",
    "url",
    "endpoint",
    "host",
    "base",
    "for",
    "of",
    "oauth",
    "auth",
    "token",
    "authorization",
    "revocation",
];

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

    /// Where an endpoint is of which only the URL is known, and its path there.
    pub(crate) fn placement_of_url(
        &self,
        written: &str,
        at: &str,
        diagnostics: &mut Diagnostics,
    ) -> (Placement, String) {
        for server in &self.token.servers {
            let Some(base) = usual_url(server) else {
                continue;
            };
            let path = written.strip_prefix(base.trim_end_matches('/'));
            if let Some(path) = path.filter(|path| path.starts_with('/')) {
                return (Placement::Servers, path.to_owned());
            }
        }
        let (origin, path) = match super::is_absolute(written) {
            true => written.split_at(url::origin(written).len()),
            false => return (Placement::Servers, written.to_owned()),
        };
        let of_host = |server: &&Server| {
            usual_url(server).is_some_and(|base| url::origin(&base).eq_ignore_ascii_case(origin))
        };
        let servers = &self.token.servers;
        match servers.iter().find(of_host).or(servers.first()) {
            Some(server) if servers.len() > 1 => {
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

/// For each server of the token endpoint, the endpoint's own one.
#[derive(Debug, PartialEq, Eq)]
struct Matched {
    servers: Vec<Option<usize>>,
    by_position: bool,
}

fn matched(token: &DeclaredServers, own: &DeclaredServers) -> Matched {
    let mut servers = vec![None; token.servers.len()];
    let mut free: BTreeSet<usize> = (0..own.servers.len()).collect();
    let url = |declared: &DeclaredServers, index: usize| {
        let url = &declared.servers.get(index)?.url;
        Some(url.trim_end_matches('/').to_owned())
    };
    let variables = |declared: &DeclaredServers, index: usize| {
        let variables = &declared.servers.get(index)?.variables;
        let names: BTreeSet<&str> = variables
            .iter()
            .map(|variable| variable.wire.as_str())
            .collect();
        (!names.is_empty()).then(|| names.into_iter().collect::<Vec<_>>().join("\n"))
    };
    // One URL may stand for several environments, if it is listed for each by name.
    pair(&mut servers, &mut free, |is_own, index| {
        label(if is_own { own } else { token }, index)
    });
    pair(&mut servers, &mut free, |is_own, index| {
        url(if is_own { own } else { token }, index)
    });
    pair(&mut servers, &mut free, |is_own, index| {
        variables(if is_own { own } else { token }, index)
    });
    let left: Vec<usize> = (0..servers.len())
        .filter(|index| servers.get(*index) == Some(&None))
        .collect();
    let mut by_position = false;
    if !left.is_empty() && left.len() == free.len() && may_be_in_order(token, &left, own, &free) {
        by_position = true;
        for (index, other) in left.into_iter().zip(free) {
            if let Some(server) = servers.get_mut(index) {
                *server = Some(other);
            }
        }
    }
    Matched {
        servers,
        by_position,
    }
}

/// Pairs what has the same key, unless several of one list have it.
fn pair(
    servers: &mut [Option<usize>],
    free: &mut BTreeSet<usize>,
    key: impl Fn(bool, usize) -> Option<String>,
) {
    let unique = |is_own: bool, indices: &mut dyn Iterator<Item = usize>| {
        let mut found: BTreeMap<String, Option<usize>> = BTreeMap::new();
        for index in indices {
            if let Some(key) = key(is_own, index) {
                found
                    .entry(key)
                    .and_modify(|index| *index = None)
                    .or_insert(Some(index));
            }
        }
        found
    };
    let open: Vec<usize> = (0..servers.len())
        .filter(|index| servers.get(*index) == Some(&None))
        .collect();
    let own = unique(true, &mut free.iter().copied());
    for (key, index) in unique(false, &mut open.into_iter()) {
        if let (Some(index), Some(Some(other))) = (index, own.get(&key))
            && let Some(server) = servers.get_mut(index)
        {
            *server = Some(*other);
            free.remove(other);
        }
    }
}

/// What the document calls a server, without words that tell nothing.
fn label(declared: &DeclaredServers, index: usize) -> Option<String> {
    let label = declared.labels.get(index)?.as_deref()?;
    let words: BTreeSet<String> = words(label)
        .filter(|word| !NOISE.contains(&word.as_str()))
        .collect();
    (!words.is_empty()).then(|| words.into_iter().collect::<Vec<_>>().join(" "))
}

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}

/// Whether servers may be taken in the order in which they stand: where one list has nothing that tells them apart, or where those
/// that are left are one sandbox and one production system in both lists.
fn may_be_in_order(
    token: &DeclaredServers,
    left: &[usize],
    own: &DeclaredServers,
    free: &BTreeSet<usize>,
) -> bool {
    let left = Hints::of(token, left.iter().copied());
    let free = Hints::of(own, free.iter().copied());
    if left.are_absent() || free.are_absent() {
        return true;
    }
    let is_one_of_each = |hints: &Hints| {
        let trials = hints.trials.iter().filter(|is_trial| **is_trial).count();
        trials <= 1 && hints.trials.len() - trials <= 1
    };
    let is_told = left.trials.contains(&true)
        || !left.are_labelled
        || !free.are_labelled
        || left.is_production
        || free.is_production;
    left.trials == free.trials && is_one_of_each(&left) && is_told
}

/// What labels and hosts say of servers.
struct Hints {
    /// Which of them are for trials.
    trials: Vec<bool>,
    are_labelled: bool,
    /// Whether one of them is called the real system.
    is_production: bool,
}

impl Hints {
    fn of(declared: &DeclaredServers, indices: impl Iterator<Item = usize>) -> Self {
        let mut hints = Self {
            trials: Vec::new(),
            are_labelled: false,
            is_production: false,
        };
        for index in indices {
            let label = label(declared, index).unwrap_or_default();
            let url = declared.servers.get(index);
            let url = url.map_or("", |server| host(&server.url));
            let is_trial = |word: String| {
                TRIALS.contains(&word.as_str())
                    || word.contains("sandbox")
                    || word.starts_with("test")
            };
            hints
                .trials
                .push(words(&label).chain(words(url)).any(is_trial));
            hints.are_labelled |= !label.is_empty();
            hints.is_production |= words(&label).any(|word| PRODUCTION.contains(&word.as_str()));
        }
        hints
    }

    fn are_absent(&self) -> bool {
        !self.are_labelled && !self.trials.contains(&true)
    }
}

#[cfg(test)]
mod tests;
