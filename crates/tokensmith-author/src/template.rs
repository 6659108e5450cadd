//! A document to start from: what a few questions found out of a provider, and what RFC 6749 says of the rest.

mod url;

use std::fmt::Write as _;

use tokensmith_codegen::authoring::{UNCONFIRMED, is_credential_parameter};
use tokensmith_codegen::model::{ClientAuth, rfc};

/// What is known of a provider before its document is written.
#[derive(Debug, Clone)]
pub struct Template {
    /// Its token endpoint, `https` and absolute.
    pub token_url: String,
    /// The grants that it takes.
    pub grants: Vec<String>,
    /// How clients authenticate.
    pub client_auth: ClientAuth,
    /// Whether requests are JSON, and not forms.
    pub json: bool,
    /// The page of the provider's documentation that says so.
    pub docs: Option<String>,
    /// The day on which that was looked at, as `2026-11-29`.
    pub date: String,
}

/// What a token endpoint cannot have for a document to begin with it, if there is something.
///
/// # Errors
///
/// When the URL cannot be one.
pub fn check_token_url(url: &str) -> Result<(), String> {
    url::split(url).map(drop)
}

/// Whether a page of documentation can be named so.
///
/// # Errors
///
/// When the URL cannot be one.
pub fn check_docs(url: &str) -> Result<(), String> {
    url::check_docs(url)
}

/// The `grant_type` of a grant that an RFC defines, in whatever case it is written.
///
/// # Errors
///
/// When no RFC defines it.
pub fn find_grant(value: &str) -> Result<&'static str, String> {
    let grant = rfc::GRANTS
        .iter()
        .find(|grant| grant.value.eq_ignore_ascii_case(value));
    grant.map(|grant| grant.value).ok_or_else(|| unknown(value))
}

/// The `grant_type` of every grant that an RFC defines.
pub fn grants() -> impl Iterator<Item = &'static str> {
    rfc::GRANTS.iter().map(|grant| grant.value)
}

impl Template {
    /// The document of the provider, in YAML.
    ///
    /// # Errors
    ///
    /// When a URL cannot be one, or there is no grant, or one that no RFC defines.
    pub fn document(&self, provider: &str) -> Result<String, String> {
        let (server, path) = url::split(&self.token_url)?;
        self.docs.as_deref().map_or(Ok(()), check_docs)?;
        if self.grants.is_empty() {
            return Err(
                "a token endpoint takes at least one grant, such as client_credentials".to_owned(),
            );
        }
        let grants = self
            .grants
            .iter()
            .map(|value| rfc::grant(value).ok_or_else(|| unknown(value)));
        let grants = grants.collect::<Result<Vec<_>, _>>()?;
        let mut text = String::new();
        self.head(&mut text, provider, server);
        self.operation(&mut text, path);
        self.request(&mut text, &grants);
        text.push_str(ANSWERS);
        self.security(&mut text);
        Ok(text)
    }

    fn head(&self, text: &mut String, provider: &str, server: &str) {
        let (source, docs) = match &self.docs {
            Some(docs) => (
                format!(
                    "  x-tokensmith:\n    sources:\n      - {{url: {}, date: {}, kind: documentation}}\n",
                    yaml(docs),
                    yaml(&self.date)
                ),
                format!("externalDocs:\n  url: {}\n", yaml(docs)),
            ),
            // A page that is made up would stand in the crate.
            None => (
                format!(
                    "  # x-tokensmith:\n  #   sources:\n  #     - {{url: the page that says all this, date: {}, kind: documentation}}\n",
                    self.date
                ),
                "# externalDocs:\n#   url: the page that says all this\n".to_owned(),
            ),
        };
        // Writing to a text does not fail.
        let _ = write!(
            text,
            "# yaml-language-server: $schema=./x-tokensmith.schema.json\n\
             #\n\
             # Say what things mean in your own words, and name the pages that the facts are from in `sources`.\n\
             openapi: 3.1.0\n\
             info:\n  title: {}\n  version: '1'\n  description: What one can do with a token of this provider.\n{source}\
             {docs}\
             servers:\n  - url: {}\n    description: Production\n",
            yaml(provider),
            yaml(server),
        );
    }

    fn operation(&self, text: &mut String, path: &str) {
        let _ = write!(
            text,
            "paths:\n  {}:\n    post:\n      operationId: createToken\n      summary: Get a token.\n      description: |-\n        Exchanges a grant for an access token.\n",
            yaml(path)
        );
        if let Some(extension) = self.extension() {
            let _ = writeln!(
                text,
                "      x-tokensmith:\n        client-auth: {extension}"
            );
        }
        let mut questions = vec![
            format!(
                "Are these all the grants that it takes: {}?",
                self.grants.join(", ")
            ),
            format!(
                "Does a client authenticate by {}?",
                self.client_auth.as_str()
            ),
            "Is the token response as in RFC 6749, and what does an error response look like?"
                .to_owned(),
        ];
        if self.docs.is_none() {
            questions
                .push("Where is all this written? `externalDocs` has to name the page.".to_owned());
        }
        let _ = writeln!(
            text,
            "      # Confirm each of these, and remove it.\n      {UNCONFIRMED}:"
        );
        for question in questions {
            let _ = writeln!(text, "        - {}", yaml(&question));
        }
        match self.client_auth {
            ClientAuth::Basic => text.push_str("      security:\n        - basic: []\n"),
            ClientAuth::Auto => {
                text.push_str("      security:\n        - basic: []\n        - {}\n")
            }
            _ => {}
        }
    }

    /// What plain OpenAPI cannot say of the client's authentication.
    fn extension(&self) -> Option<&'static str> {
        match self.client_auth {
            ClientAuth::Basic | ClientAuth::Auto | ClientAuth::Body => None,
            other => Some(other.as_str()),
        }
    }

    fn request(&self, text: &mut String, grants: &[&rfc::Grant]) {
        let media_type = if self.json {
            "application/json"
        } else {
            "application/x-www-form-urlencoded"
        };
        let mut parameters: Vec<&str> = Vec::new();
        for (name, _) in grants.iter().flat_map(|grant| grant.parameters) {
            if !parameters.contains(name) {
                parameters.push(name);
            }
        }
        let values: Vec<String> = grants.iter().map(|grant| yaml(grant.value)).collect();
        let _ = write!(
            text,
            "      requestBody:\n        required: true\n        content:\n          {media_type}:\n            schema:\n              type: object\n              \
             required: [grant_type]\n              properties:\n                grant_type:\n                  description: The grant.\n                  \
             type: string\n                  enum: [{}]\n",
            values.join(", ")
        );
        if matches!(self.client_auth, ClientAuth::Body | ClientAuth::Auto) {
            property(text, "client_id", "The client.");
            property(text, "client_secret", "The client's secret.");
        } else if self.client_auth == ClientAuth::None {
            property(text, "client_id", "The client.");
        }
        for name in &parameters {
            property(
                text,
                name,
                &format!("As in RFC 6749 or the RFC of the grant: `{name}`."),
            );
        }
        if let Some(first) = grants.first() {
            self.example(text, first);
        }
    }

    /// What must be in a request of a grant, with values that nobody has.
    fn example(&self, text: &mut String, grant: &rfc::Grant) {
        let _ = writeln!(
            text,
            "            example:\n              grant_type: {}",
            yaml(grant.value)
        );
        let client: &[&str] = match self.client_auth {
            ClientAuth::Body => &["client_id", "client_secret"],
            ClientAuth::None => &["client_id"],
            _ => &[],
        };
        let required = grant.parameters.iter().filter(|(_, required)| *required);
        for name in client.iter().chain(required.map(|(name, _)| name)) {
            let _ = writeln!(text, "              {name}: example-{name}");
        }
    }

    fn security(&self, text: &mut String) {
        if matches!(self.client_auth, ClientAuth::Basic | ClientAuth::Auto) {
            text.push_str("components:\n  securitySchemes:\n    basic:\n      type: http\n      scheme: basic\n");
        }
    }
}

fn property(text: &mut String, name: &str, description: &str) {
    let _ = write!(
        text,
        "                {name}:\n                  description: {}\n                  type: string\n",
        yaml(description)
    );
    if is_credential_parameter(name) {
        text.push_str("                  format: password\n");
    }
}

const ANSWERS: &str = "      responses:
        '200':
          description: The token was issued.
          content:
            application/json:
              schema:
                type: object
                required: [access_token]
                properties:
                  access_token:
                    description: The access token.
                    type: string
                  token_type:
                    description: How the token is used.
                    type: string
                  expires_in:
                    description: How long the token is good for, in seconds.
                    type: integer
                  scope:
                    description: The scopes that were granted, separated by spaces.
                    type: string
              example:
                access_token: 2YotnFZFEjr1zCsicMWpAA
                token_type: Bearer
                expires_in: 3600
        '400':
          description: The request was refused (RFC 6749, section 5.2).
          content:
            application/json:
              schema:
                type: object
                properties:
                  error:
                    description: The error code.
                    type: string
                  error_description:
                    description: What is wrong, for developers.
                    type: string
              example:
                error: invalid_request
        '401':
          description: The client is not known, or its secret is wrong (RFC 6749, section 5.2).
          content:
            application/json:
              schema:
                type: object
                properties:
                  error:
                    description: The error code.
                    type: string
              example:
                error: invalid_client
";

fn unknown(grant: &str) -> String {
    let known: Vec<&str> = grants().collect();
    format!(
        "`{grant}` is not a grant type of an RFC, which are {}; add others to the document",
        known.join(", ")
    )
}

/// A text in quotes, which JSON and YAML share.
fn yaml(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokensmith_codegen::{Rule, Source, read};

    fn template(client_auth: ClientAuth, grant: &str, json: bool) -> Template {
        Template {
            token_url: "https://auth.example.com/oauth2/token".to_owned(),
            grants: vec![grant.to_owned()],
            client_auth,
            json,
            docs: Some("https://docs.example.com/tokens".to_owned()),
            date: "2026-11-29".to_owned(),
        }
    }

    #[test]
    fn every_start_is_valid_from_the_first_second() {
        for &client_auth in ClientAuth::ALL {
            for grant in &rfc::GRANTS {
                for json in [false, true] {
                    let text = template(client_auth, grant.value, json)
                        .document("acme")
                        .expect("is known");
                    let reading = read("acme", Source::new("acme.yaml", text.as_bytes()), None);
                    let model = reading
                        .model
                        .unwrap_or_else(|| panic!("{:#?}\n{text}", reading.diagnostics));
                    assert_eq!(
                        model.endpoints[0].attributes.authentication.method, client_auth,
                        "{text}"
                    );
                    assert_eq!(model.sources[0].url, "https://docs.example.com/tokens");
                    assert_eq!(
                        model.endpoints[0].grants().collect::<Vec<_>>(),
                        [grant.value]
                    );
                    let others: Vec<_> = reading
                        .diagnostics
                        .iter()
                        .filter(|diagnostic| diagnostic.rule != Rule::Unconfirmed)
                        .collect();
                    assert!(others.is_empty(), "{others:#?}\n{text}");
                }
            }
        }
    }

    #[test]
    fn no_page_is_made_up() {
        let template = Template {
            docs: None,
            ..template(ClientAuth::Basic, "password", false)
        };
        let text = template.document("acme").expect("is right");
        let reading = read("acme", Source::new("acme.yaml", text.as_bytes()), None);
        let model = reading.model.expect("has no errors");
        assert_eq!(model.docs_url, None);
        assert!(
            model.sources.is_empty() && text.contains("# x-tokensmith:"),
            "{text}"
        );
    }

    #[test]
    fn what_cannot_be_begun_with_is_told() {
        let valid = template(ClientAuth::Basic, "password", false);
        for wrong in [
            Template {
                token_url: "http://a.example/token".to_owned(),
                ..valid.clone()
            },
            Template {
                docs: Some("a\nb: *x".to_owned()),
                ..valid.clone()
            },
            template(ClientAuth::Basic, "magic", false),
            Template {
                grants: Vec::new(),
                ..valid
            },
        ] {
            assert!(wrong.document("acme").is_err(), "{wrong:?}");
        }
    }
}
