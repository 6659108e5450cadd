//! Where a provider can be reached: its environments, and the URL of each endpoint in each of them.

mod elsewhere;
mod environment;
mod first;
pub(crate) mod in_redirect;
mod internal;
mod issuer;
mod path_variable;
mod url;
mod variable;

use std::cell::LazyCell;
use std::collections::BTreeSet;

use openapiv3::{OpenAPI, Server as ApiServer, ServerVariable};

use crate::diagnostic::budget::{SERVERS, URL, VALUES};
use crate::diagnostic::finding::{Evidence, EvidenceKind, Finding, Question};
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::host;
use crate::infer::Context;
use crate::infer::types::unusable;
use crate::model::{Server, name};
use crate::openapi::extension::{self, ServerExtension};
use crate::openapi::untyped::Untyped;
use crate::pointer;

pub(crate) use elsewhere::Placement;
pub(crate) use environment::Environments;
pub(crate) use first::first_server;

/// Where the servers of the whole document stand.
const ROOT: &str = "/servers";

/// A description of more words than this is prose, not a name.
const MAX_NAME_WORDS: usize = 3;

/// The servers that hold for an operation, as they are declared in one place.
#[derive(Debug, Clone, Default)]
pub(crate) struct DeclaredServers {
    servers: Vec<Server>,
    /// What the document calls each of them.
    labels: Vec<Option<String>>,
    /// Where they stand.
    at: String,
}

/// Reads the servers that hold for an operation.
fn read_declared(
    context: &Context<'_>,
    (path, method): (&str, &str),
    diagnostics: &mut Diagnostics,
) -> DeclaredServers {
    let (servers, at) = declared(context.api, path, method);
    let mut read = DeclaredServers {
        at,
        ..DeclaredServers::default()
    };
    if let Some(exceeded) = beyond(servers, &read.at) {
        diagnostics.push(exceeded);
        return read;
    }
    if let Some(finding) = internal::passed_over(servers, &read.at) {
        diagnostics.find(finding);
    }
    let origins = LazyCell::new(|| origins(&context.api.servers));
    let mut known = BTreeSet::new();
    let mut count = 0;
    for (index, server) in internal::for_callers_first(servers) {
        let place = pointer::join(&read.at, &index.to_string());
        let urls = urls(server, || LazyCell::force(&origins), &place, diagnostics);
        count += urls.len();
        if count > SERVERS.most {
            diagnostics.push(SERVERS.exceeded(&read.at));
            return DeclaredServers {
                at: read.at,
                ..DeclaredServers::default()
            };
        }
        for url in urls {
            let url = without_path(context, url, path, &place, diagnostics);
            // One URL of an operation may stand for several environments, which are called otherwise.
            let name = server.description.as_deref().filter(|_| read.at != ROOT);
            if !known.insert((url.clone(), name)) {
                continue;
            }
            if let Some((server, label)) =
                self::read(server, url, &place, context.untyped, diagnostics)
            {
                read.servers.push(server);
                read.labels.push(label);
            }
        }
    }
    read
}

/// A server's URL without the path of the only OAuth operation, where a document has that in both.
fn without_path(
    context: &Context<'_>,
    url: String,
    path: &str,
    at: &str,
    diagnostics: &mut Diagnostics,
) -> String {
    let bare = url.trim_end_matches('/').strip_suffix(path);
    let is_only = context.sites.iter().all(|site| site.path == path);
    let base =
        bare.filter(|base| path.len() > 1 && is_only && base.len() >= url::origin(&url).len());
    let Some(base) = base.map(str::to_owned) else {
        return url;
    };
    let shown = path.escape_debug();
    let message =
        format!("the server's URL ends with the operation's path `{shown}`; it is read once");
    diagnostics.push(Diagnostic::new(Rule::Repaired, at, message).help(format!(
        "write the server without it:\nurl: {}",
        base.escape_debug()
    )));
    base
}

/// The path that the base URL of a client has to end with, where the document has no more of it.
pub(crate) fn base_path(declared: &[ApiServer]) -> Option<&str> {
    let url = declared.first()?.url.trim().trim_end_matches('/');
    let path = url::behind_base(url).map_or(url, |(_, path)| path);
    (path.starts_with('/') && !path.contains('{')).then_some(path)
}

/// What there is too much of in a list of servers, before its URLs are written out.
fn beyond(servers: &[ApiServer], at: &str) -> Option<Diagnostic> {
    if servers.len() > SERVERS.most {
        return Some(SERVERS.exceeded(at));
    }
    servers.iter().enumerate().find_map(|(index, server)| {
        let place = pointer::join(at, &index.to_string());
        if server.url.len() > URL.most {
            return Some(URL.exceeded(&place));
        }
        let mut variables = server.variables.iter().flatten();
        let has_many = |variable: &ServerVariable| variable.enumeration.len() > VALUES.most;
        let (name, _) = variables.find(|(_, variable)| has_many(variable))?;
        Some(VALUES.exceeded(&pointer::join_all(&place, &["variables", name])))
    })
}

/// Schemes and hosts of a document's servers, each once, where no variable is part of them.
fn origins(servers: &[ApiServer]) -> Vec<String> {
    if beyond(servers, "").is_some() {
        return Vec::new();
    }
    let mut known = BTreeSet::new();
    let urls = servers.iter().flat_map(|server| reading(server).urls);
    let origins = urls.map(|url| url::origin(&url).to_owned());
    origins
        .filter(|origin| !origin.contains('{') && known.insert(origin.clone()))
        .take(SERVERS.most + 1)
        .collect()
}

/// The absolute URLs that a server stands for, with a warning where that is not what is written.
fn urls<'o>(
    server: &ApiServer,
    origins: impl FnOnce() -> &'o Vec<String>,
    at: &str,
    diagnostics: &mut Diagnostics,
) -> Vec<String> {
    let reading = reading(server);
    let mut urls = reading.urls;
    let mut rule = match reading.is_expanded {
        true => Rule::Inferred,
        false => Rule::Repaired,
    };
    // What is relative for one operation is most likely on the hosts of the others.
    let path = server.url.trim();
    if urls.is_empty() && path.starts_with('/') {
        // It is on the provider's host, which this machine is not.
        let is_elsewhere = |origin: &&String| !host::is_loopback(host::authority(origin));
        let all = origins();
        let origins = all.iter().filter(is_elsewhere);
        urls = origins.map(|origin| format!("{origin}{path}")).collect();
        rule = Rule::Inferred;
        if urls.is_empty() && !all.is_empty() {
            diagnostics.push(relative(path, at));
        }
    }
    for url in &mut urls {
        *url = url::without_dots(url);
    }
    if !urls.is_empty() && urls.len() <= SERVERS.most && urls != [server.url.as_str()] {
        let other = base_variable(server).map_or(
            "",
            |_| "; a client with another base URL is given it by `base_url`",
        );
        let message = format!(
            "the server `{}` is read as `{}`{other}",
            server.url.escape_debug(),
            urls.join("` and `")
        );
        let help = format!("servers:\n  - url: {}", urls.join("\n  - url: "));
        if rule == Rule::Inferred {
            let finding = Finding::new(Question::Url, urls.join(", "))
                .on(Evidence::new(EvidenceKind::Convention, at).saying(&server.url))
                .inferred(at, message, help);
            diagnostics.find(finding);
        } else {
            diagnostics.push(Diagnostic::new(rule, at, message).help(help));
        }
    }
    urls
}

/// What is told of a relative server beside those of this machine.
fn relative(path: &str, at: &str) -> Diagnostic {
    let message = format!(
        "the server `{}` is left out: it is on the host that the document comes from, and the document names no host but this machine",
        path.escape_debug()
    );
    let help = "name the provider's own:\nservers: [{url: 'https://api.example.com'}]";
    Diagnostic::new(Rule::LeftOut, at, message).help(help)
}

fn reading(server: &ApiServer) -> url::Reading {
    url::read(&server.url, |name| {
        let declared = server.variables.as_ref();
        let Some(variable) = declared.and_then(|variables| variables.get(name)) else {
            return Vec::new();
        };
        let is_any = base_variable(server).is_some_and(|base| base == name);
        let all = [&variable.default].into_iter().chain(&variable.enumeration);
        let is_stand_in = |value: &str| value.is_empty() || is_any && url::is_sample(value);
        all.filter(|value| !is_stand_in(value)).cloned().collect()
    })
}

/// The variable that is the beginning of a server's URL, host included, if it may be any.
fn base_variable(server: &ApiServer) -> Option<&str> {
    let (name, _) = url::behind_base(server.url.trim())?;
    let variable = server.variables.as_ref()?.get(name)?;
    variable.enumeration.is_empty().then_some(name)
}

/// The servers that hold for an operation, and where they stand.
pub(crate) fn declared<'a>(
    api: &'a OpenAPI,
    path: &str,
    method: &str,
) -> (&'a [ApiServer], String) {
    let item_at = pointer::join("/paths", path);
    let item = api
        .paths
        .paths
        .get(path)
        .and_then(openapiv3::ReferenceOr::as_item);
    let operation = item.and_then(|item| {
        item.iter()
            .find(|(name, _)| *name == method)
            .map(|(_, operation)| operation)
    });
    if let Some(operation) = operation.filter(|operation| !operation.servers.is_empty()) {
        return (
            &operation.servers,
            pointer::join_all(&item_at, &[method, "servers"]),
        );
    }
    if let Some(item) = item.filter(|item| !item.servers.is_empty()) {
        return (&item.servers, pointer::join(&item_at, "servers"));
    }
    (&api.servers, ROOT.to_owned())
}

pub(crate) fn is_absolute(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

/// The server, and what the document calls it.
fn read(
    server: &ApiServer,
    url: String,
    at: &str,
    untyped: &Untyped,
    diagnostics: &mut Diagnostics,
) -> Option<(Server, Option<String>)> {
    let extension = server.extensions.get(extension::KEY);
    let extension: ServerExtension = match extension::parsed(extension, at) {
        Ok(extension) => extension,
        Err(diagnostic) => {
            diagnostics.push(diagnostic);
            return None;
        }
    };
    let moved = path_variable::moved(server, &url);
    let (server, url) = match &moved {
        Some(moved) => {
            diagnostics.push(moved.diagnostic(at));
            (&moved.server, moved.url.clone())
        }
        None => (server, url),
    };
    let default_of = base_variable(server).map(str::to_owned);
    let description = server.description.clone();
    let short = description
        .as_deref()
        .filter(|text| text.split_whitespace().count() <= MAX_NAME_WORDS);
    let wanted = extension
        .name
        .as_deref()
        .or(short)
        .unwrap_or_else(|| name_of(&url));
    let Some(ident) = name::pascal(wanted).or_else(|| name::pascal(host(&url))) else {
        diagnostics.push(unusable(wanted, at));
        return None;
    };
    let label = extension.name.or_else(|| description.clone());
    let issuer = extension.issuer.as_deref();
    let server = Server {
        ident,
        issuer: issuer.and_then(|issuer| issuer::read(issuer, &url, at, diagnostics)),
        variables: variable::variables(server, &url, at, untyped, diagnostics)?,
        url,
        description,
        default_of,
    };
    Some((server, label))
}

/// What tells a URL from others: its host, or where that is an address the path, if there is one.
fn name_of(url: &str) -> &str {
    let host = host(url);
    let (authority, path) = host.split_once('/').unwrap_or((host, ""));
    let address = authority.split(':').next().unwrap_or_default();
    let is_address = address.parse::<std::net::Ipv4Addr>().is_ok();
    let has_words = path.contains(|letter: char| letter.is_ascii_alphabetic());
    if is_address && has_words { path } else { host }
}

fn host(url: &str) -> &str {
    url.split_once("://").map_or(url, |(_, rest)| rest)
}

/// The names between braces.
pub(crate) fn template_names(template: &str) -> impl Iterator<Item = &str> {
    template
        .split('{')
        .skip(1)
        .filter_map(|rest| Some(rest.split_once('}')?.0))
}
