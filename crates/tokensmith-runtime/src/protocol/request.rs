//! A request that has been checked and can be written as often as it takes.

mod automatic;
pub(super) mod fresh;
mod multipart;
pub(super) mod parameter_check;
mod typed_value;
mod write;

use std::borrow::Cow;

use http::{Uri, header};

use self::fresh::Fresh;
use self::parameter_check::Checked;
use crate::client_auth::{Style, Styles, basic_pair};
use crate::error::mask::{self, Mask};
use crate::protocol::Settings;
use crate::request::value::NamedValue;
use crate::{Assertion, ClientAuth, Endpoint, Error, Location, Operation, Secret, server::url};

/// All that is decided before the first request goes out.
pub(super) struct Plan<'a> {
    settings: &'a Settings,
    pub(super) endpoint: &'a Endpoint<'a>,
    pub(super) operation: &'a Operation<'a>,
    /// Without the parameters that go in its query.
    pub(super) url: Uri,
    pub(super) parameters: Vec<Checked<'a>>,
    auth: ClientAuth,
    pub(super) styles: Styles,
    /// Whether it carries something that can be used once.
    pub(super) one_time: bool,
    /// Whether the URL says which grant it is.
    pub(super) grant_in_url: bool,
    /// What `auto` files under: the URL without its query, which may hold parameters.
    learning: Option<String>,
}

impl<'a> Plan<'a> {
    pub(super) fn new(
        settings: &'a Settings,
        endpoint: &'a Endpoint<'a>,
        operation: &'a Operation<'a>,
        path: &str,
        given: Vec<NamedValue<'a>>,
    ) -> Result<Self, Error> {
        let credentials = &settings.credentials;
        let auth = match endpoint.kind() {
            kind if kind.is_for_browsers() => {
                return Err(Error::config(format!(
                    "an {} endpoint is for the user's browser: no request is sent to it",
                    kind.as_str()
                )));
            }
            kind if kind.authenticates_client() => {
                settings.client_auth.unwrap_or(endpoint.client_auth())
            }
            // Nobody knows yet whose endpoint it is.
            _ => ClientAuth::None,
        };
        refuse_second_authentication(&given, endpoint, operation, auth)?;
        let parameters = parameter_check::check(endpoint, operation, given)?;
        let one_time = operation.is_one_time() && !is_made_anew(&parameters);

        let (base, path) = settings.place(endpoint, path)?;
        let mut in_path = path_values(&parameters);
        let by_client = automatic::in_path(endpoint, operation, settings).into_iter();
        in_path.extend(by_client.map(|(name, value)| (name.to_owned(), value.to_owned())));
        let url = url::compose(&base, &path, &in_path, &settings.plain_http)?;
        let grant_in_url = url::has_in_query(&url, endpoint.grant_type());
        refuse_second_in_url(&url, endpoint, &parameters)?;
        let learning = (auth == ClientAuth::Auto && credentials.secret().is_some()).then(|| {
            let host = url.authority().map_or("", |host| host.as_str());
            [host, url.path()].concat()
        });
        let known = learning
            .as_deref()
            .and_then(|url| settings.memory.recall(url, credentials.id()));
        // Who sets another client authentication than the endpoint's means that one.
        let is_of_endpoint = settings
            .client_auth
            .is_none_or(ClientAuth::is_in_authorization);
        let public_by_basic = endpoint.public_by_basic() && is_of_endpoint;
        let styles = Styles::choose((auth, public_by_basic), credentials, known, one_time);
        refuse_second_authorization(&parameters, auth, &styles)?;
        if styles.first == Style::BasicRaw && credentials.id().contains(':') {
            return Err(Error::config(
                "the client id has a colon, which HTTP Basic without form encoding cannot carry: the server would take what \
                 follows for the secret (RFC 7617 section 2). Use `basic` or `body`",
            ));
        }
        Ok(Self {
            settings,
            endpoint,
            operation,
            url,
            parameters,
            auth,
            styles,
            one_time,
            grant_in_url,
            learning,
        })
    }

    /// Remembers what worked.
    pub(super) fn learn(&self, style: Style) {
        if let Some(url) = &self.learning {
            let Settings {
                memory,
                credentials,
                ..
            } = self.settings;
            memory.learn(url, credentials.id(), style);
        }
    }

    /// Whether a short text has no part of what the request carries for sure.
    pub(super) fn is_clean(&self, text: &str, fresh: &Fresh<'_>) -> bool {
        let secrets = self.secrets(fresh);
        mask::is_clean(text, secrets.iter().map(|secret| secret.as_ref()))
    }

    /// Knows every secret that the request carries.
    pub(super) fn mask(&self, fresh: &Fresh<'_>) -> Mask {
        let credentials = &self.settings.credentials;
        let styles = [Style::Basic, Style::BasicRaw];
        let basic = credentials.secret().map(|secret| {
            let secret = secret.expose();
            let alone = basic_pair(secret, "", Style::BasicSecret);
            let both = styles.map(|style| basic_pair(credentials.id(), secret, style));
            both.into_iter().chain([alone])
        });
        let mut basic: Vec<_> = basic.into_iter().flatten().collect();
        // Most pairs hold nothing that a form would encode.
        basic.dedup();
        let basic = basic.iter().map(|pair| pair.as_str());
        let secrets = self.secrets(fresh);
        Mask::new(secrets.iter().map(|secret| secret.as_ref()).chain(basic))
    }

    /// What the request carries that is not to be seen.
    fn secrets<'p>(&'p self, fresh: &'p Fresh<'_>) -> Vec<Cow<'p, str>> {
        let parameters = self.parameters.iter().filter(|parameter| parameter.secret);
        let headers = self
            .settings
            .headers
            .values()
            .filter(|value| value.is_sensitive());
        let texts = self.settings.credentials.secret().map(Secret::expose);
        let texts = texts
            .into_iter()
            .chain(headers.filter_map(|value| value.to_str().ok()))
            .chain(fresh.secrets());
        texts
            .map(Cow::Borrowed)
            .chain(parameters.flat_map(|parameter| parameter.hidden(fresh)))
            .collect()
    }
}

/// Whether each try has an assertion with an identifier of its own (RFC 7523 section 3, `jti`), and
/// no other credential: a refresh token beside an assertion can be used once all the same.
fn is_made_anew(parameters: &[Checked<'_>]) -> bool {
    let made = |parameter: &Checked<'_>| parameter.assertion().map(Assertion::is_made_anew);
    let mut credentials = parameters
        .iter()
        .filter(|parameter| parameter.secret || parameter.assertion().is_some())
        .peekable();
    credentials.peek().is_some() && credentials.all(|parameter| made(parameter) == Some(true))
}

fn path_values(parameters: &[Checked<'_>]) -> Vec<(String, String)> {
    let none = Fresh::default();
    let here = parameters
        .iter()
        .filter(|parameter| parameter.location == Location::Path);
    here.flat_map(|parameter| {
        let texts = parameter.texts(&none).into_iter();
        texts.map(|text| (parameter.name.to_owned(), text.into_owned()))
    })
    .collect()
}

/// The engine sends the client authentication; a parameter beside it would be a second one.
fn refuse_second_authentication(
    given: &[NamedValue<'_>],
    endpoint: &Endpoint<'_>,
    operation: &Operation<'_>,
    auth: ClientAuth,
) -> Result<(), Error> {
    for NamedValue { name, .. } in given {
        let name = *name;
        let refused = match name {
            "client_assertion" | "client_assertion_type" => auth != ClientAuth::None,
            _ if name == endpoint.grant_type() => operation.grant_type().is_some(),
            _ => name == endpoint.client_id() || name == endpoint.client_secret(),
        };
        if refused {
            return Err(Error::request(format!(
                "the parameter `{name}` cannot be given: the client sends what it stands for"
            )));
        }
    }
    Ok(())
}

/// One `Authorization` header holds either the caller's credential or the client's.
fn refuse_second_authorization(
    parameters: &[Checked<'_>],
    auth: ClientAuth,
    styles: &Styles,
) -> Result<(), Error> {
    let is_authorization = |parameter: &Checked<'_>| {
        parameter.location == Location::Header
            && parameter
                .name
                .eq_ignore_ascii_case(header::AUTHORIZATION.as_str())
    };
    let is_taken = auth.is_in_authorization() || styles.first == Style::Basic;
    if is_taken && parameters.iter().any(is_authorization) {
        return Err(Error::config(
            "the request carries a credential in `Authorization`, where the client authentication would stand as well: \
             set another client authentication",
        ));
    }
    Ok(())
}

/// What the URL's own query says is not said again.
fn refuse_second_in_url(
    url: &Uri,
    endpoint: &Endpoint<'_>,
    parameters: &[Checked<'_>],
) -> Result<(), Error> {
    let own = [
        endpoint.client_id(),
        endpoint.client_secret(),
        fresh::CLIENT_ASSERTION,
    ];
    if let Some(name) = own.into_iter().find(|name| url::has_in_query(url, name)) {
        return Err(Error::config(format!(
            "the URL's query has `{name}`, which the client sends itself: take it out of the URL"
        )));
    }
    let twice = parameters.iter().find(|parameter| {
        matches!(parameter.location, Location::Body | Location::Query)
            && url::has_in_query(url, parameter.name)
    });
    twice.map_or(Ok(()), |parameter| {
        let name = parameter.name;
        Err(Error::request(format!(
            "the parameter `{name}` is in the URL's query already"
        )))
    })
}
