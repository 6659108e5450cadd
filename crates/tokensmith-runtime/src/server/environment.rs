//! The server that a client talks to, and the values of its variables.

use tokensmith_template::{Fault, Origin, Template, Value};

use crate::{Description, Endpoint, Error, ServerDescription, ServerVariable, server::url};

/// A choice among a provider's servers, with values for the variables of its URLs.
///
/// ```
/// use tokensmith_runtime::{Description, Environment, ServerChoice, ServerDescription, ServerVariable};
///
/// let variables = [ServerVariable::new("shop")];
/// let servers = [ServerDescription::new("Shop", "https://{shop}.myshop.example").with_variables(&variables)];
/// let acme = Description::new("acme", "Acme").with_servers(&servers);
///
/// let environment = |shop| Environment::new(&acme, &ServerChoice::named("Shop").with_value("shop", shop));
/// assert_eq!(environment("a-1")?.url(), "https://a-1.myshop.example");
/// assert!(environment("evil.example/").is_err());
/// # Ok::<(), tokensmith_runtime::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerChoice<'a> {
    server: Chosen<'a>,
    values: Vec<(&'a str, &'a str)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Chosen<'a> {
    Named(&'a str),
    At(&'a str),
}

impl<'a> ServerChoice<'a> {
    /// Chooses the server with this name: see [`ServerDescription::name`].
    pub const fn named(name: &'a str) -> Self {
        Self {
            server: Chosen::Named(name),
            values: Vec::new(),
        }
    }

    /// Chooses a base URL that no document names. Whether it ends in a slash makes no difference.
    pub const fn at(url: &'a str) -> Self {
        Self {
            server: Chosen::At(url),
            values: Vec::new(),
        }
    }

    /// Gives a variable its value. One that is not given has the document's default.
    #[must_use]
    pub fn with_value(mut self, variable: &'a str, value: &'a str) -> Self {
        self.values.push((variable, value));
        self
    }
}

/// One of a provider's servers, with checked values for all variables: the URL of each endpoint has
/// the host that the document's template shows.
///
/// What a variable takes depends on where it stands: see `tokensmith_template`. A variable with
/// `enum` takes the default and the listed values only, for OpenAPI's list is closed; one with a
/// pattern also takes what matches as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    /// Empty where no document names the server.
    name: String,
    url: String,
    /// The identifier of the authorization server, where the document has it.
    issuer: Option<String>,
    /// The base URLs of endpoints that are on other hosts.
    elsewhere: Vec<String>,
    values: Vec<(String, String, Origin)>,
}

impl Environment {
    /// Fills in the URLs of a server.
    ///
    /// # Errors
    ///
    /// Of the kind `config` if there is no such server or variable, or if a variable has no value
    /// or one that it does not take.
    pub fn new(description: &Description<'_>, choice: &ServerChoice<'_>) -> Result<Self, Error> {
        match choice.server {
            Chosen::Named(name) => Self::named(description, name, &choice.values),
            Chosen::At(url) => Self::at(url, &choice.values),
        }
    }

    fn named(
        description: &Description<'_>,
        name: &str,
        given: &[(&str, &str)],
    ) -> Result<Self, Error> {
        let mut servers = description.servers().iter();
        let server = servers
            .find(|server| server.name() == name)
            .ok_or_else(|| {
                let names = description.servers().iter().map(ServerDescription::name);
                Error::config(format!(
                    "{} has no server `{}`: it has {}",
                    description.title(),
                    name.escape_debug(),
                    listed(names)
                ))
            })?;
        let endpoints = description.endpoints().iter();
        let elsewhere: Vec<&str> = endpoints
            .flat_map(|endpoint| endpoint.servers())
            .filter_map(|(server, url)| (*server == name).then_some(*url))
            .collect();
        let declared = server.variables();
        let mut names: Vec<&str> = declared.iter().map(ServerVariable::name).collect();
        for template in elsewhere.iter().chain([&server.url()]) {
            names.extend(parse(template)?.variables());
        }
        refuse_unknown(server.name(), &names, given)?;
        let undeclared = given
            .iter()
            .filter(|(name, _)| declared.iter().all(|variable| variable.name() != *name))
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned(), Origin::Caller));
        let mut values: Vec<_> = undeclared.collect();
        for variable in declared {
            let given = given.iter().find(|(name, _)| *name == variable.name());
            let value = given.map(|(_, value)| *value).or(variable.default());
            let value = value.ok_or_else(|| {
                Error::config(format!(
                    "the server `{name}` needs a value for its variable `{}`",
                    variable.name()
                ))
            })?;
            let origin = origin(variable, value)?;
            values.push((variable.name().to_owned(), value.to_owned(), origin));
        }
        let mut environment = Self {
            name: name.to_owned(),
            url: String::new(),
            issuer: None,
            elsewhere: Vec::new(),
            values,
        };
        environment.url = environment.fill(server.url())?;
        let issuer = server.issuer().map(|issuer| environment.fill(issuer));
        environment.issuer = issuer.transpose()?;
        for template in elsewhere {
            let url = environment.fill(template)?;
            environment.elsewhere.push(url);
        }
        Ok(environment)
    }

    /// The same server with other values for some of its variables. What it has no variable for is left
    /// out.
    ///
    /// # Errors
    ///
    /// As for [`new`](Self::new).
    #[cfg(feature = "authorization")]
    pub(crate) fn with_values(
        &self,
        description: &Description<'_>,
        given: &[(String, String)],
    ) -> Result<Self, Error> {
        let own = self.values.iter().map(|(name, value, _)| {
            let mut given = given.iter();
            let other = given.find(|(other, _)| other == name);
            (
                name.as_str(),
                other.map_or(value, |(_, other)| other).as_str(),
            )
        });
        Self::named(description, &self.name, &own.collect::<Vec<_>>())
    }

    fn at(url: &str, given: &[(&str, &str)]) -> Result<Self, Error> {
        let mut environment = Self {
            name: String::new(),
            url: url.to_owned(),
            issuer: None,
            elsewhere: Vec::new(),
            values: Vec::new(),
        };
        if !given.is_empty() {
            refuse_unknown(url::without_query(url), &parse(url)?.variables(), given)?;
            let values = given.iter();
            environment.values = values
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned(), Origin::Caller))
                .collect();
            environment.url = environment.fill(url)?;
        }
        Ok(environment)
    }

    /// The base URL.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The identifier of the authorization server (RFC 8414 section 2), where the document names it.
    pub fn issuer(&self) -> Option<&str> {
        self.issuer.as_deref()
    }

    /// The URL that requests to a path of an endpoint go to; parameters of the path stay in braces.
    ///
    /// # Errors
    ///
    /// Of the kind `config` if the document knows the endpoint on other servers only.
    pub fn url_of(&self, endpoint: &Endpoint<'_>, path: &str) -> Result<String, Error> {
        let own = match self.is_named() && url::split_whole(path).is_none() {
            true => self.base_of(endpoint)?,
            false => None,
        };
        Ok(url::join(own.as_deref().unwrap_or(&self.url), path))
    }

    /// Returns the URLs of an endpoint on all servers of a provider, each once: the templates of
    /// which [`url_of`](Self::url_of) fills in one. Variables and parameters of paths stay in braces.
    pub fn url_templates(description: &Description<'_>, endpoint: &Endpoint<'_>) -> Vec<String> {
        let own = endpoint.servers().iter().map(|(_, url)| *url);
        let servers = description.servers().iter().map(ServerDescription::url);
        let bases: Vec<&str> = match endpoint.servers() {
            [] => servers.collect(),
            _ => own.collect(),
        };
        let mut urls: Vec<String> = Vec::new();
        for base in bases {
            for path in endpoint.paths() {
                let url = url::join(base, path);
                if !urls.contains(&url) {
                    urls.push(url);
                }
            }
        }
        urls
    }

    pub(crate) fn is_named(&self) -> bool {
        !self.name.is_empty()
    }

    /// The base URLs of all endpoints.
    pub(crate) fn urls(&self) -> impl Iterator<Item = &str> {
        let elsewhere = self.elsewhere.iter().map(String::as_str);
        std::iter::once(self.url.as_str()).chain(elsewhere)
    }

    /// The endpoint's own base URL, where it is not on the server's.
    pub(crate) fn base_of(&self, endpoint: &Endpoint<'_>) -> Result<Option<String>, Error> {
        let servers = endpoint.servers();
        if servers.is_empty() {
            return Ok(None);
        }
        match servers.iter().find(|(name, _)| *name == self.name) {
            Some((_, template)) => self.fill(template).map(Some),
            None => Err(Error::config(format!(
                "the document knows no {} endpoint on the server `{}`, only on {}",
                endpoint.kind().as_str(),
                self.name,
                listed(servers.iter().map(|(name, _)| *name))
            ))),
        }
    }

    /// The path of an endpoint's own base URL, for whoever replaces the host.
    pub(crate) fn path_of(
        environment: Option<&Self>,
        endpoint: &Endpoint<'_>,
    ) -> Result<Option<String>, Error> {
        let servers = endpoint.servers();
        let named = environment.and_then(|environment| {
            let mut servers = servers.iter();
            servers.find(|(name, _)| *name == environment.name)
        });
        let Some((_, template)) = named.or(servers.first()) else {
            return Ok(None);
        };
        let values = environment.map_or_else(Vec::new, Self::values);
        let path = parse(template)?.path(&values).map_err(refused)?;
        Ok(Some(path.trim_end_matches('/').to_owned()))
    }

    fn fill(&self, template: &str) -> Result<String, Error> {
        parse(template)?.fill(&self.values()).map_err(refused)
    }

    fn values(&self) -> Vec<Value<'_>> {
        let values = self.values.iter();
        values
            .map(|(name, value, origin)| Value::new(name, value, *origin))
            .collect()
    }
}

fn parse(template: &str) -> Result<Template<'_>, Error> {
    Template::parse(template).map_err(refused)
}

fn refused(fault: Fault) -> Error {
    Error::config(fault.to_string())
}

fn refuse_unknown(server: &str, known: &[&str], given: &[(&str, &str)]) -> Result<(), Error> {
    match given.iter().find(|(name, _)| !known.contains(name)) {
        None => Ok(()),
        Some((name, _)) => Err(Error::config(format!(
            "the server `{}` has no variable `{}`: it has {}",
            server.escape_debug(),
            name.escape_debug(),
            listed(known.iter().copied())
        ))),
    }
}

/// Who says that a value of a declared variable is right.
fn origin(variable: &ServerVariable<'_>, value: &str) -> Result<Origin, Error> {
    if variable.default() == Some(value) || variable.values().contains(&value) {
        return Ok(Origin::Document);
    }
    let name = variable.name();
    if !variable.values().is_empty() {
        return Err(Error::config(format!(
            "the server variable `{name}` cannot be `{}`: the document lists {}",
            value.escape_debug(),
            listed(variable.values().iter().copied())
        )));
    }
    match variable.pattern() {
        "" => Ok(Origin::Caller),
        pattern => match_whole(name, pattern, value).map(|()| Origin::Pattern),
    }
}

#[cfg(feature = "pattern")]
fn match_whole(name: &str, pattern: &str, value: &str) -> Result<(), Error> {
    // Alone first: what closes the group in its middle is not a pattern.
    let regex = regex_lite::Regex::new(pattern)
        .and_then(|_| regex_lite::Regex::new(&format!("^(?:{pattern})$")));
    let regex = regex.map_err(|error| {
        Error::config(format!(
            "the pattern of the server variable `{name}` cannot be used"
        ))
        .with_source(error)
    })?;
    match regex.is_match(value) {
        true => Ok(()),
        false => Err(Error::config(format!(
            "the server variable `{name}` cannot be `{}`: it does not match {pattern}",
            value.escape_debug()
        ))),
    }
}

#[cfg(not(feature = "pattern"))]
fn match_whole(name: &str, pattern: &str, _value: &str) -> Result<(), Error> {
    Err(Error::config(format!(
        "the server variable `{name}` has the pattern {pattern}, which only the feature `pattern` of \
         tokensmith-runtime checks: turn it on"
    )))
}

/// `a, b and c`, in code.
fn listed<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let names: Vec<String> = names
        .into_iter()
        .map(|name| format!("`{}`", name.escape_debug()))
        .collect();
    match names.is_empty() {
        true => "none".to_owned(),
        false => names.join(", "),
    }
}

#[cfg(test)]
mod tests;
