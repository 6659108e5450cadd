//! The secrets of a run, so that what is shown of requests and responses has none of them.

use tokensmith_runtime::{Endpoint, Operation, Secret};

use crate::args::ShowArgs;

/// Parameters whose values say nothing that is secret, whatever a document says.
const OPEN: [&str; 18] = [
    "audience",
    "client_assertion_type",
    "client_id",
    "code_challenge_method",
    "grant_type",
    "prompt",
    "redirect_uri",
    "requested_token_type",
    "resource",
    "response_mode",
    "response_type",
    "scope",
    "scopes",
    "actor_token_type",
    "subject_token_type",
    "token_type_hint",
    "expires_in",
    "username",
];

/// The secrets that a request may carry, each with the environment variable that holds it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Secrets {
    known: Vec<(String, Secret)>,
    /// The parameters whose values are shown.
    open: Vec<String>,
    /// The parameters whose values are not shown.
    closed: Vec<String>,
    /// Whether stand-ins take the place of secrets, since nothing is sent.
    has_stand_ins: bool,
    /// Whether the client id has a stand-in too.
    hides_client_id: bool,
}

impl Secrets {
    /// Creates an empty set, for a run that sends requests or only prints them.
    pub(crate) fn new(show: &ShowArgs) -> Self {
        Self {
            has_stand_ins: !show.sends(),
            hides_client_id: show.curl,
            ..Self::default()
        }
    }

    /// Whether secrets are not needed, since nothing is sent.
    pub(crate) fn has_stand_ins(&self) -> bool {
        self.has_stand_ins
    }

    /// Whether the client id is shown as a variable even where it is known.
    pub(crate) fn hides_client_id(&self) -> bool {
        self.hides_client_id
    }

    /// Remembers a secret by the variable that holds it.
    pub(crate) fn add(&mut self, variable: &str, secret: &Secret) {
        self.known.push((variable.to_owned(), secret.clone()));
    }

    /// Returns what takes the place of a secret. It has the length and the characters that code
    /// verifiers need (RFC 7636 section 4.1).
    pub(crate) fn stand_in(&mut self, variable: &str) -> Secret {
        let number = self.known.len();
        let secret = Secret::from(format!("STAND-IN-FOR-A-SECRET-OF-TOKENSMITH-{number:08}"));
        self.add(variable, &secret);
        secret
    }

    /// Has the parameters shown that a document declares and does not call secret, and those that
    /// the caller has given on the command line.
    pub(crate) fn describe<'a>(
        &mut self,
        endpoint: &Endpoint<'_>,
        operation: &Operation<'_>,
        given: impl IntoIterator<Item = &'a str>,
    ) {
        let declared = operation.parameters().iter();
        let (secret, open): (Vec<_>, Vec<_>) = declared.partition(|it| it.is_secret());
        let names = |it: Vec<&tokensmith_runtime::Parameter<'_>>| {
            let names = it.into_iter().map(|it| it.name().to_owned());
            names.collect::<Vec<_>>()
        };
        self.closed.extend(names(secret));
        self.closed.push(endpoint.client_secret().to_owned());
        self.open.extend(names(open));
        self.open.push(endpoint.client_id().to_owned());
        self.open.push(endpoint.grant_type().to_owned());
        self.open.extend(given.into_iter().map(str::to_owned));
    }

    /// Whether the value of a parameter may be shown, unless it is one of the secrets.
    pub(crate) fn is_open(&self, name: &str) -> bool {
        let is_in = |names: &[String]| names.iter().any(|other| other == name);
        !is_in(&self.closed) && (is_in(&self.open) || OPEN.contains(&name))
    }

    /// The variables, and the secrets that they hold.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> + Clone {
        let known = self.known.iter();
        known.map(|(variable, secret)| (variable.as_str(), secret.expose()))
    }
}
