//! A request that has been checked and can be written as often as it takes.

use http::Uri;
use zeroize::Zeroizing;

use super::check::{self, Checked};
use crate::auth::{Style, Styles, basic_pair};
use crate::protocol::Settings;
use crate::scrub::Scrubber;
use crate::value::Given;
use crate::{ClientAuth, Endpoint, Error, Location, Operation, url};

/// All that is decided before the first request goes out.
pub(super) struct Plan<'a> {
    pub(super) endpoint: &'a Endpoint<'a>,
    pub(super) operation: &'a Operation<'a>,
    pub(super) url: Uri,
    pub(super) parameters: Vec<Checked<'a>>,
    pub(super) styles: Styles,
    /// What `auto` files under: the URL without its query, which may hold parameters.
    learning: Option<String>,
}

impl<'a> Plan<'a> {
    pub(super) fn new(
        settings: &Settings,
        endpoint: &'a Endpoint<'a>,
        operation: &'a Operation<'a>,
        path: &str,
        given: Vec<Given<'a>>,
    ) -> Result<Self, Error> {
        let credentials = &settings.credentials;
        let auth = settings.client_auth.unwrap_or(endpoint.client_auth());
        refuse_second_authentication(&given, operation, auth)?;
        let parameters = check::check(operation, given, endpoint.scope_separator())?;

        let path_values = pairs(&parameters, Location::Path);
        let query_values = pairs(&parameters, Location::Query);
        let (base, path) = url::base_and_path(&settings.base_url, path, settings.replaces_servers);
        let url = url::compose(base, path, &path_values, &query_values)?;
        let learning = (auth == ClientAuth::Auto && credentials.secret().is_some()).then(|| {
            format!(
                "{}{}",
                url.authority().map_or("", |host| host.as_str()),
                url.path()
            )
        });
        let known = learning
            .as_deref()
            .and_then(|url| settings.memory.recall(url, credentials.id()));
        let styles = Styles::choose(auth, credentials, known, operation.is_one_time());
        Ok(Self {
            endpoint,
            operation,
            url,
            parameters,
            styles,
            learning,
        })
    }

    /// Remembers what worked.
    pub(super) fn learn(&self, settings: &Settings, style: Style) {
        if let Some(url) = &self.learning {
            settings.memory.learn(url, settings.credentials.id(), style);
        }
    }

    /// Knows every secret that the request carries.
    pub(super) fn scrubber(&self, settings: &Settings) -> Scrubber {
        let credentials = &settings.credentials;
        let basic = credentials.secret().map(|secret| {
            [Style::Basic, Style::BasicRaw]
                .map(|style| basic_pair(credentials.id(), secret.expose(), style))
        });
        let parameters = self.parameters.iter().filter(|parameter| parameter.secret);
        let parameters = parameters
            .flat_map(Checked::texts)
            .map(|text| Zeroizing::new(text.into_owned()));
        let headers = settings
            .headers
            .values()
            .filter(|value| value.is_sensitive());
        let headers =
            headers.filter_map(|value| Some(Zeroizing::new(value.to_str().ok()?.to_owned())));
        let secret = credentials
            .secret()
            .map(|secret| Zeroizing::new(secret.expose().to_owned()));
        let secrets: Vec<_> = basic
            .into_iter()
            .flatten()
            .chain(secret)
            .chain(parameters)
            .chain(headers)
            .collect();
        Scrubber::new(secrets.iter().map(|secret| secret.as_str()))
    }
}

fn pairs(parameters: &[Checked<'_>], location: Location) -> Vec<(String, String)> {
    let here = parameters
        .iter()
        .filter(|parameter| parameter.location == location);
    here.flat_map(|parameter| {
        let texts = parameter.texts().into_iter();
        texts.map(|text| (parameter.name.to_owned(), text.into_owned()))
    })
    .collect()
}

/// The engine sends the client authentication; a parameter beside it would be a second one.
fn refuse_second_authentication(
    given: &[Given<'_>],
    operation: &Operation<'_>,
    auth: ClientAuth,
) -> Result<(), Error> {
    for Given { name, .. } in given {
        let refused = match *name {
            "client_id" | "client_secret" => true,
            "grant_type" => operation.grant_type().is_some(),
            "client_assertion" | "client_assertion_type" => auth != ClientAuth::None,
            _ => false,
        };
        if refused {
            return Err(Error::request(format!(
                "the parameter `{name}` cannot be given: the client sends what it stands for"
            )));
        }
    }
    Ok(())
}
