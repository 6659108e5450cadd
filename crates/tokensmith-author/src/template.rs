//! A document to start from: what a few questions found out of a provider, and what the RFCs say of the rest.

mod endpoints;
mod example;
mod grant;
mod operation_paths;
mod question;
mod server;
mod token;
mod url;
mod yaml;

use tokensmith_codegen::model::{ClientAuth, CodeChallengeMethod, Rotation};

pub use grant::{Grant, Parameter, find_grant, read_parameter, short_names};
pub use question::Open;
pub use server::{Server, read_server};
use yaml::{Lines, scalar};

/// The file beside the documents that a document begun here refers to.
pub const COMMON: &str = "common/oauth2.yaml";

/// What is known of a provider before its document is written.
#[derive(Debug, Clone)]
pub struct Template {
    /// Its display name.
    pub title: String,
    /// Its token endpoint, `https` and absolute, as the others are.
    pub token_url: String,
    /// Its authorization endpoint, which the grant `authorization_code` needs.
    pub authorization_url: Option<String>,
    /// Its device authorization endpoint, which the grant `device_code` needs.
    pub device_url: Option<String>,
    /// Its revocation endpoint.
    pub revocation_url: Option<String>,
    /// Its introspection endpoint.
    pub introspection_url: Option<String>,
    /// Other servers that have the same paths, such as one for each region. One at the URL of the
    /// token endpoint gives that its name.
    pub servers: Vec<Server>,
    /// The grants that it takes.
    pub grants: Vec<Grant>,
    /// How clients authenticate.
    pub client_auth: ClientAuth,
    /// Whether requests are JSON, and not forms.
    pub json: bool,
    /// What stands between scopes.
    pub scope_separator: char,
    /// What stands between scopes in responses.
    pub response_scope_separator: char,
    /// How long access tokens live, in seconds.
    pub lifetime: u32,
    /// What a refresh does to the refresh token.
    pub rotation: Rotation,
    /// How a code is bound to the client.
    pub code_challenge: CodeChallengeMethod,
    /// The page of the provider's documentation that says so: the first source.
    pub docs: Option<String>,
    /// The day on which that was looked at, as `2026-11-29`.
    pub date: String,
    /// What is a default that nobody confirmed.
    pub open: Vec<Open>,
}

/// Checks that a document can begin with an endpoint.
///
/// # Errors
///
/// A message that says why the URL cannot be one.
pub fn check_endpoint(url: &str) -> Result<(), String> {
    url::split(url).map(drop)
}

/// Checks that a page of documentation can be named so.
///
/// # Errors
///
/// A message that says why the URL cannot be one.
pub fn check_docs(url: &str) -> Result<(), String> {
    url::check_docs(url)
}

/// Checks a display name.
///
/// # Errors
///
/// A message that says why it cannot be one.
pub fn check_title(title: &str) -> Result<(), String> {
    let is_text = title.chars().any(char::is_alphanumeric) && title.trim() == title;
    let is_hiding = |character: char| {
        character.is_control() || tokensmith_codegen::authoring::is_hiding(character)
    };
    if is_text && !title.contains(is_hiding) {
        return Ok(());
    }
    Err(format!(
        "`{}` cannot be a provider's display name: write it in one line, as its documentation does",
        title.escape_debug()
    ))
}

/// Returns the display name that a provider's name suggests: `Acme Corp` for `acme-corp`.
pub fn suggested_title(provider: &str) -> String {
    let words = provider.split('-').map(|word| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |first| {
            first.to_ascii_uppercase().to_string() + letters.as_str()
        })
    });
    words.collect::<Vec<_>>().join(" ")
}

impl Template {
    /// Returns the document of the provider, in YAML.
    ///
    /// # Errors
    ///
    /// A message that says what a document cannot begin with, such as two endpoints at one URL.
    pub fn document(&self) -> Result<String, String> {
        self.check()?;
        let places = operation_paths::places(self)?;
        let (server, _) = url::split(&self.token_url)?;
        let mut lines = Lines::default();
        let servers = self.all_servers(server);
        self.head(&mut lines, &servers);
        lines.add(0, "paths:");
        for place in &places {
            lines.add(1, &format!("{}:", scalar(&place.path)));
            for operation in &place.operations {
                lines.add(2, &format!("{}:", operation.kind.method()));
                if let Some(server) = operation.server {
                    let named = |(name, _): &(&str, &str)| described(name, server);
                    let list: Vec<String> = servers.iter().map(named).collect();
                    lines.add(3, &format!("servers: [{}]", list.join(", ")));
                }
                self.operation(&mut lines, operation.kind);
            }
        }
        self.components(&mut lines);
        Ok(lines.into_text())
    }

    fn check(&self) -> Result<(), String> {
        check_title(&self.title)?;
        self.check_servers(url::split(&self.token_url)?.0)?;
        self.docs.as_deref().map_or(Ok(()), check_docs)?;
        if self.grants.is_empty() {
            return Err(
                "a token endpoint takes at least one grant, such as client_credentials".to_owned(),
            );
        }
        for grant in &self.grants {
            find_grant(&grant.value)?;
            for parameter in &grant.parameters {
                read_parameter(&parameter.name)?;
            }
        }
        for separator in [self.scope_separator, self.response_scope_separator] {
            if !(separator == ' ' || separator.is_ascii_graphic() && !separator.is_alphanumeric()) {
                return Err(format!(
                    "`{}` cannot stand between scopes: write one character that is neither a letter nor a digit",
                    separator.escape_debug()
                ));
            }
        }
        for (url, endpoint, grant) in [
            (
                &self.authorization_url,
                "an authorization",
                "authorization_code",
            ),
            (&self.device_url, "a device authorization", "device_code"),
        ] {
            if url.is_some() && !self.takes(grant) {
                return Err(format!(
                    "{endpoint} endpoint is for the grant {grant}, which the token endpoint does not take: add the grant"
                ));
            }
        }
        Ok(())
    }

    fn takes(&self, short_name: &str) -> bool {
        self.grants.iter().any(|grant| grant.is(short_name))
    }

    /// Whether scopes of requests are written as the common parts have it.
    fn has_common_scopes(&self) -> bool {
        self.scope_separator == ' '
    }

    /// Whether scopes of responses are.
    fn has_common_granted_scopes(&self) -> bool {
        self.response_scope_separator == ' '
    }

    /// How the scopes of a request stand, in words.
    fn separated(&self) -> String {
        separated_by(self.scope_separator)
    }

    fn head(&self, lines: &mut Lines, servers: &[(&str, &str)]) {
        let title = &self.title;
        let date = scalar_date(&self.date);
        lines.add(
            0,
            "# yaml-language-server: $schema=./x-tokensmith.schema.json",
        );
        if !self.open.is_empty() {
            lines.add(
                0,
                "# Each question of an `x-tokensmith-unconfirmed` is open: look it up, correct what stands beside it, and remove it.",
            );
        }
        lines.add(0, "openapi: 3.1.0");
        lines.add(0, "info:");
        lines.add(1, &format!("title: {}", scalar(&format!("{title} OAuth"))));
        lines.add(1, "version: '1'");
        let description = format!("{title} issues tokens by OAuth 2.0.");
        lines.add(1, &format!("description: {}", scalar(&description)));
        lines.add(1, "x-tokensmith:");
        lines.add(2, &format!("title: {}", scalar(title)));
        lines.add(2, "version: 0.1.0");
        match &self.docs {
            Some(docs) => {
                let docs = scalar(docs);
                lines.add(2, "sources:");
                lines.add(
                    3,
                    &format!("- {{url: {docs}, date: {date}, kind: documentation}}"),
                );
                lines.add(0, "externalDocs:");
                lines.add(1, &format!("url: {docs}"));
            }
            // A page that is made up would stand in the crate.
            None => {
                lines.add(2, "# sources:");
                lines.add(
                    2,
                    &format!("#   - {{url: the page that says all this, date: {date}, kind: documentation}}"),
                );
                lines.add(0, "# externalDocs:");
                lines.add(0, "#   url: the page that says all this");
            }
        }
        lines.add(0, "servers:");
        for (name, server) in servers {
            lines.add(1, &format!("- {}", described(name, server)));
        }
    }

    fn components(&self, lines: &mut Lines) {
        let has_basic = self.has_basic();
        let own_response = !self.has_common_granted_scopes();
        if !(has_basic || own_response || self.authorization_url.is_some()) {
            return;
        }
        lines.add(0, "components:");
        if has_basic || self.authorization_url.is_some() {
            lines.add(1, "securitySchemes:");
        }
        if has_basic {
            lines.add(
                2,
                "Basic: {$ref: common/oauth2.yaml#/components/securitySchemes/Basic}",
            );
        }
        if let Some(url) = &self.authorization_url {
            lines.add(2, "OAuth:");
            lines.add(3, "type: oauth2");
            lines.add(3, "flows:");
            lines.add(4, "authorizationCode:");
            lines.add(5, &format!("authorizationUrl: {}", scalar(url)));
            lines.add(5, &format!("tokenUrl: {}", scalar(&self.token_url)));
            lines.add(5, "scopes: {}");
        }
        if own_response {
            self.token_response(lines);
        }
    }
}

/// How scopes stand, in words.
fn separated_by(separator: char) -> String {
    match separator {
        ' ' => "separated by spaces".to_owned(),
        ',' => "separated by commas".to_owned(),
        other => format!("separated by `{other}`"),
    }
}

/// A server of a list: `{url: .., description: ..}`.
fn described(name: &str, url: &str) -> String {
    format!("{{url: {}, description: {}}}", scalar(url), scalar(name))
}

/// A date as it is; anything else in quotes.
fn scalar_date(date: &str) -> String {
    let is_date = date.len() == 10
        && date
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'-');
    if is_date {
        date.to_owned()
    } else {
        scalar(date)
    }
}

#[cfg(test)]
mod tests;
