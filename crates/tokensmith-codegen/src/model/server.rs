//! Where a provider can be reached.

mod url;

use std::collections::BTreeSet;

use openapiv3::{OpenAPI, Server as ApiServer};
use serde_json::Value;

use crate::budget::{SERVERS, VARIABLES};
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::extension::{self, Role, ServerExtension};
use crate::model::types::unusable;
use crate::model::{Context, Server, ServerVariable, name, scope};
use crate::pointer;

/// A description of more words than this is prose, not a name.
const MAX_NAME_WORDS: usize = 3;

/// The servers of the token endpoint: the operation's own, its path's, or the document's.
pub(crate) fn servers(context: &Context<'_>, diagnostics: &mut Diagnostics) -> Vec<Server> {
    let Some(token) = context.sites.iter().find(|site| site.role == Role::Token) else {
        return Vec::new();
    };
    let (declared, at) = declared(context.api, &token.path, &token.method);
    let mut servers: Vec<Server> = Vec::new();
    let mut known = BTreeSet::new();
    for (index, server) in declared.iter().enumerate() {
        let place = pointer::join(&at, &index.to_string());
        for url in urls(context.api, server, &place, diagnostics) {
            if !known.insert(url.clone()) {
                continue;
            }
            if known.len() > SERVERS.most {
                diagnostics.push(SERVERS.exceeded(&at));
                return Vec::new();
            }
            if let Some(server) = read(server, url, &place, context.tree, diagnostics) {
                servers.push(server);
            }
        }
    }
    tell_apart(&mut servers, &at, diagnostics);
    if servers.is_empty() {
        let path = base_path(declared).map_or_else(String::new, |path| {
            format!(", by a base URL that ends with `{}`", path.escape_debug())
        });
        diagnostics.push(
            Diagnostic::new(
                Rule::NoServer,
                if declared.is_empty() { "" } else { &at },
                format!("the document names no server by an absolute URL: every client has to be told where to go{path}"),
            )
            .help("servers:\n  - url: https://api.example.com\n    description: Production"),
        );
    }
    servers
}

/// The path that the base URL of a client has to end with, where the document has no more of it.
pub(crate) fn base_path(declared: &[ApiServer]) -> Option<&str> {
    let path = declared.first()?.url.trim().trim_end_matches('/');
    (path.starts_with('/') && !path.contains('{')).then_some(path)
}

/// The absolute URLs that a server stands for, with a warning where that is not what is written.
fn urls(api: &OpenAPI, server: &ApiServer, at: &str, diagnostics: &mut Diagnostics) -> Vec<String> {
    let reading = reading(server);
    let mut urls = reading.urls;
    let mut rule = match reading.is_expanded {
        true => Rule::Inferred,
        false => Rule::Repaired,
    };
    // What is relative for one operation is most likely on the hosts of the others.
    let path = server.url.trim();
    if urls.is_empty() && path.starts_with('/') {
        let others = api
            .servers
            .iter()
            .flat_map(|other| self::reading(other).urls);
        let mut known = BTreeSet::new();
        for other in others.filter(|other| !url::origin(other).contains('{')) {
            let origin = url::origin(&other);
            if known.insert(origin.to_owned()) {
                urls.push(format!("{origin}{path}"));
            }
            if urls.len() > SERVERS.most {
                break;
            }
        }
        rule = Rule::Inferred;
    }
    if !urls.is_empty() && urls != [server.url.as_str()] {
        let message = format!(
            "the server `{}` is read as `{}`",
            server.url.escape_debug(),
            urls.join("` and `")
        );
        let help = format!("servers:\n  - url: {}", urls.join("\n  - url: "));
        diagnostics.push(Diagnostic::new(rule, at, message).help(help));
    }
    urls
}

fn reading(server: &ApiServer) -> url::Reading {
    url::read(&server.url, |name| {
        let declared = server.variables.as_ref();
        let Some(variable) = declared.and_then(|variables| variables.get(name)) else {
            return Vec::new();
        };
        let all = [&variable.default].into_iter().chain(&variable.enumeration);
        all.filter(|value| !value.is_empty()).cloned().collect()
    })
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
    (&api.servers, "/servers".to_owned())
}

pub(crate) fn is_absolute(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

fn read(
    server: &ApiServer,
    url: String,
    at: &str,
    tree: &Value,
    diagnostics: &mut Diagnostics,
) -> Option<Server> {
    let extension = tree
        .pointer(at)
        .map(|value| extension::read::<ServerExtension>(value, at));
    let extension = match extension.unwrap_or_else(|| Ok(ServerExtension::default())) {
        Ok(extension) => extension,
        Err(diagnostic) => {
            diagnostics.push(diagnostic);
            return None;
        }
    };
    let description = server.description.clone();
    let short = description
        .as_deref()
        .filter(|text| text.split_whitespace().count() <= MAX_NAME_WORDS);
    let wanted = extension
        .name
        .as_deref()
        .or(short)
        .unwrap_or_else(|| host(&url));
    let Some(ident) = name::pascal(wanted).or_else(|| name::pascal(host(&url))) else {
        diagnostics.push(unusable(wanted, at));
        return None;
    };
    Some(Server {
        ident,
        variables: variables(server, &url, at, diagnostics)?,
        url,
        description,
    })
}

fn host(url: &str) -> &str {
    url.split_once("://").map_or(url, |(_, rest)| rest)
}

/// The variables in the order in which the URL has them.
fn variables(
    server: &ApiServer,
    url: &str,
    at: &str,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<ServerVariable>> {
    if template_names(url).count() > VARIABLES.most {
        diagnostics.push(VARIABLES.exceeded(at));
        return None;
    }
    let named = match scope::parameters(url) {
        Ok(named) => named,
        Err([first, second]) => {
            let message =
                format!("the variables `{first}` and `{second}` are both called the same in Rust");
            diagnostics.push(
                Diagnostic::new(Rule::NameCollision, at, message)
                    .help("rename one of them in the URL"),
            );
            return None;
        }
    };
    let is_in_host = |name: &str| url::origin(url).contains(&format!("{{{name}}}"));
    let variable = |(wire, ident): (String, String)| {
        let declared = server
            .variables
            .as_ref()
            .and_then(|variables| variables.get(&wire));
        ServerVariable {
            description: declared.and_then(|variable| variable.description.clone()),
            default: declared
                .map(|variable| variable.default.clone())
                // A path may lack a part, a host may not.
                .filter(|default| !default.is_empty() || !is_in_host(&wire)),
            values: declared
                .map(|variable| variable.enumeration.clone())
                .unwrap_or_default(),
            wire,
            ident,
        }
    };
    Some(named.into_iter().map(variable).collect())
}

/// The names between braces.
pub(crate) fn template_names(template: &str) -> impl Iterator<Item = &str> {
    template
        .split('{')
        .skip(1)
        .filter_map(|rest| Some(rest.split_once('}')?.0))
}

/// Servers of one name get their host added, and their scheme where that is not enough.
fn tell_apart(servers: &mut [Server], at: &str, diagnostics: &mut Diagnostics) {
    let scheme: fn(&str) -> &str = |url| url.split_once("://").map_or("", |(scheme, _)| scheme);
    for more in [host, scheme] {
        let doubled = doubled(servers);
        for server in servers
            .iter_mut()
            .filter(|server| doubled.contains(&server.ident))
        {
            let more = name::pascal(more(&server.url)).unwrap_or_default();
            if server.ident != more {
                server.ident.push_str(&more);
            }
        }
    }
    for ident in doubled(servers) {
        let urls: Vec<String> = servers
            .iter()
            .filter(|server| server.ident == ident)
            .map(|server| format!("`{}`", server.url))
            .collect();
        let message = format!(
            "the servers {} all become `Server::{ident}`",
            urls.join(" and ")
        );
        diagnostics.push(
            Diagnostic::new(Rule::NameCollision, at, message)
                .help("name them:\nx-tokensmith: {name: Europe Alternate}"),
        );
    }
}

fn doubled(servers: &[Server]) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    servers
        .iter()
        .filter(|server| !seen.insert(&server.ident))
        .map(|server| server.ident.clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(ident: &str, url: &str) -> Server {
        Server {
            ident: ident.to_owned(),
            url: url.to_owned(),
            description: None,
            variables: Vec::new(),
        }
    }

    fn told_apart(servers: &[(&str, &str)]) -> (Vec<String>, usize) {
        let mut servers: Vec<Server> = servers
            .iter()
            .map(|(ident, url)| server(ident, url))
            .collect();
        let mut diagnostics = Diagnostics::default();
        tell_apart(&mut servers, "/servers", &mut diagnostics);
        (
            servers.into_iter().map(|server| server.ident).collect(),
            diagnostics.into_vec().len(),
        )
    }

    #[test]
    fn servers_of_one_name_are_told_apart_by_their_hosts() {
        let (idents, errors) = told_apart(&[
            ("A", "https://x.example"),
            ("B", "https://y.example"),
            ("A", "https://z.example"),
        ]);
        assert_eq!(
            (idents, errors),
            (vec!["AXExample".into(), "B".into(), "AZExample".into()], 0)
        );
    }

    #[test]
    fn the_scheme_tells_servers_of_one_host_apart() {
        let (idents, errors) = told_apart(&[("A", "https://x.example"), ("A", "http://x.example")]);
        assert_eq!(
            (idents, errors),
            (vec!["AXExampleHttps".into(), "AXExampleHttp".into()], 0)
        );
        let (idents, _) = told_apart(&[
            ("XExample", "https://x.example"),
            ("XExample", "http://x.example"),
        ]);
        assert_eq!(idents, ["XExampleHttps", "XExampleHttp"]);
    }

    #[test]
    fn what_cannot_be_told_apart_is_an_error() {
        let (_, errors) = told_apart(&[
            ("A", "https://x.example/a-b"),
            ("A", "https://x.example/a/b"),
        ]);
        assert_eq!(errors, 1);
    }
}
