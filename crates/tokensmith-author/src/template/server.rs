//! The servers of a provider beside that of its token endpoint: regions, tests.

use super::operation_paths::Kind;
use super::{Template, url};

/// The name of the server that the token endpoint is at, unless another is given.
const FIRST: &str = "Production";

/// A server, by a name of words such as `Europe` or `Sandbox`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// Its name, which becomes a variant of the generated `Server`.
    pub name: String,
    /// Its URL without the paths of the endpoints.
    pub url: String,
}

/// Reads `NAME=URL`. The URL may be that of the server, or of its token endpoint, whose path is
/// that of the first.
///
/// # Errors
///
/// A message that says what is wrong with the name or the URL.
pub fn read_server(text: &str, token_url: &str) -> Result<Server, String> {
    let Some((name, url)) = text.split_once('=') else {
        return Err(format!(
            "`{}` is not a server: write NAME=URL, such as Europe=https://auth.eu.example.com",
            text.escape_debug()
        ));
    };
    let (_, path) = url::split(token_url)?;
    let url = url.strip_suffix(path).unwrap_or(url).trim_end_matches('/');
    let server = Server {
        name: name.to_owned(),
        url: url.to_owned(),
    };
    server.check()?;
    Ok(server)
}

impl Server {
    fn check(&self) -> Result<(), String> {
        let is_word = |word: &str| {
            !word.is_empty() && word.bytes().all(|letter| letter.is_ascii_alphanumeric())
        };
        let starts = self
            .name
            .starts_with(|first: char| first.is_ascii_alphabetic());
        if !(starts && self.name.split([' ', '-']).all(is_word)) {
            return Err(format!(
                "`{}` cannot be the name of a server: write words of letters and digits, such as Europe",
                self.name.escape_debug()
            ));
        }
        url::check_server(&self.url)
    }
}

impl Template {
    /// Every server with its name: the first is that of the token endpoint.
    pub(super) fn all_servers<'a>(&'a self, home: &'a str) -> Vec<(&'a str, &'a str)> {
        let is_home = |server: &&Server| server.url == home;
        let first = self.servers.iter().find(is_home);
        let first = first.map_or(FIRST, |server| server.name.as_str());
        let others = self.servers.iter().filter(|server| !is_home(server));
        let others = others.map(|server| (server.name.as_str(), server.url.as_str()));
        std::iter::once((first, home)).chain(others).collect()
    }

    /// Asks whether an endpoint at a host of its own is there for every server.
    pub(super) fn question_of_host(&self, kind: Kind) -> Option<String> {
        let host = |url: &str| url::split(url).ok().map(|(host, _)| host.to_owned());
        let url = match kind {
            Kind::Token => None,
            Kind::Device => self.device_url.as_deref(),
            Kind::Revocation => self.revocation_url.as_deref(),
            Kind::Introspection => self.introspection_url.as_deref(),
            Kind::Authorization => self.authorization_url.as_deref(),
        };
        let (here, home) = (host(url?)?, host(&self.token_url)?);
        let servers = self.all_servers(&home);
        if here == home || servers.len() < 2 {
            return None;
        }
        let names: Vec<&str> = servers.into_iter().map(|(name, _)| name).collect();
        let names = names.join(", ");
        Some(format!(
            "Is it at this host for each of the servers: {names}?"
        ))
    }

    pub(super) fn check_servers(&self, home: &str) -> Result<(), String> {
        self.servers.iter().try_for_each(Server::check)?;
        let all = self.all_servers(home);
        for (index, (name, url)) in all.iter().enumerate() {
            let mut before = all[..index].iter();
            if before.any(|(other, at)| other.eq_ignore_ascii_case(name) || at == url) {
                return Err(format!(
                    "the server `{name}` at {url} is given twice: each has a name and a URL of its own"
                ));
            }
        }
        Ok(())
    }
}
