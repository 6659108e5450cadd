//! What is made anew for each try: assertions, and random values.

use std::borrow::Cow;
use std::time::SystemTime;

use super::Plan;
use super::parameter_check::Checked;
use crate::client_auth::Style;
use crate::client_auth::assertion::Occasion;
use crate::protocol::Settings;
use crate::{Audience, Error, Secret, server::url};

/// What was made for one try, by the parameters that it is sent as.
#[derive(Default)]
pub(in crate::protocol) struct Fresh<'a> {
    assertions: Vec<(Cow<'a, str>, Secret)>,
    uuids: Vec<(&'a str, String)>,
}

#[cfg(feature = "random")]
fn uuid(_parameter: &str) -> Result<String, Error> {
    crate::client_auth::random::uuid()
}

/// Random bytes come with a feature.
#[cfg(not(feature = "random"))]
fn uuid(parameter: &str) -> Result<String, Error> {
    Err(Error::config(format!(
        "the parameter `{parameter}` needs a random value: turn on the feature `random` of \
         tokensmith-runtime"
    )))
}

/// The parameter that a client assertion is sent as (RFC 7521 section 4.2).
pub(in crate::protocol) const CLIENT_ASSERTION: &str = "client_assertion";

impl<'a> Fresh<'a> {
    /// Makes the random values of parameters.
    pub(in crate::protocol) fn of_parameters(parameters: &[Checked<'a>]) -> Result<Self, Error> {
        let random = parameters
            .iter()
            .filter(|parameter| parameter.is_random_uuid());
        let uuids = random.map(|parameter| Ok((parameter.name, uuid(parameter.name)?)));
        Ok(Self {
            uuids: uuids.collect::<Result<_, Error>>()?,
            ..Self::default()
        })
    }

    /// Makes what the request needs.
    pub(in crate::protocol) fn make(
        plan: &Plan<'a>,
        style: Style,
        now: SystemTime,
    ) -> Result<Self, Error> {
        let settings = plan.settings;
        let mut fresh = Self::of_parameters(&plan.parameters)?;
        let by_client = matches!(
            style,
            Style::Assertion | Style::AssertionSecret | Style::SecretAssertion
        );
        let mut parameters = plan.parameters.iter();
        if !by_client && parameters.all(|parameter| parameter.assertion().is_none()) {
            return Ok(fresh);
        }
        let url = plan.url.to_string();
        let audience = match (settings.audience(), plan.endpoint.audience()) {
            (Some(audience), _) => audience,
            (None, Audience::Url) => url::without_query(&url),
            (None, Audience::Issuer) => settings.issuer(),
            (None, Audience::Fixed(audience)) => audience,
        };
        // Whoever receives such an assertion could use it where it is good for something.
        let is_foreign = !settings.names_audience(plan.endpoint.audience())
            && !url::is_on_host_of(audience, &plan.url);
        let refuse_foreign = |takes_audience: bool| match is_foreign && takes_audience {
            true => Err(foreign(audience, &plan.url)),
            false => Ok(()),
        };
        let credentials = &settings.credentials;
        let occasion = Occasion {
            client_id: credentials.id(),
            audience,
            now,
        };
        for parameter in &plan.parameters {
            if let Some(assertion) = parameter.assertion() {
                refuse_foreign(assertion.takes_audience())?;
                fresh
                    .assertions
                    .push((Cow::Borrowed(parameter.name), assertion.make(&occasion)?));
            }
        }
        let client_assertion = match style {
            Style::Assertion | Style::AssertionSecret => {
                let assertion = credentials.assertion().ok_or_else(|| {
                    Error::config(
                        "the client authenticates by assertions but has no assertion: \
                         give it one by `Credentials::with_assertion`",
                    )
                })?;
                refuse_foreign(assertion.takes_audience())?;
                assertion.make(&occasion)?
            }
            Style::SecretAssertion => {
                refuse_foreign(true)?;
                by_secret(settings, &occasion)?
            }
            _ => return Ok(fresh),
        };
        fresh
            .assertions
            .push((Cow::Borrowed(CLIENT_ASSERTION), client_assertion));
        Ok(fresh)
    }

    /// The assertion of a parameter; empty where there is none.
    pub(in crate::protocol) fn get(&self, name: &str) -> &str {
        let found = self.assertions.iter().find(|(other, _)| other == name);
        found.map_or("", |(_, assertion)| assertion.expose())
    }

    /// The random UUID of a parameter; empty where there is none.
    pub(in crate::protocol) fn uuid(&self, name: &str) -> &str {
        let found = self.uuids.iter().find(|(other, _)| *other == name);
        found.map_or("", |(_, uuid)| uuid)
    }

    /// The assertions, for whoever has to keep them out of sight.
    pub(in crate::protocol) fn secrets(&self) -> impl Iterator<Item = &str> {
        self.assertions
            .iter()
            .map(|(_, assertion)| assertion.expose())
    }
}

fn foreign(audience: &str, url: &http::Uri) -> Error {
    Error::config(format!(
        "the assertion would be for {} and be sent to {}: if that is meant, set the audience of the client",
        audience.escape_debug(),
        url.authority().map_or("", |authority| authority.as_str()),
    ))
}

/// An assertion signed with the client secret.
#[cfg(feature = "jwt")]
fn by_secret(settings: &Settings, occasion: &Occasion<'_>) -> Result<Secret, Error> {
    use crate::client_auth::jwt::{Algorithm, Assertion, Key};
    let secret = settings.credentials.secret().cloned().unwrap_or_default();
    Assertion::client(Key::from_secret(&secret, Algorithm::HS256)?).make(occasion)
}

#[cfg(not(feature = "jwt"))]
fn by_secret(_settings: &Settings, _occasion: &Occasion<'_>) -> Result<Secret, Error> {
    Err(Error::config(
        "an assertion can only be signed with the client secret where tokensmith-runtime has the feature `jwt`",
    ))
}
