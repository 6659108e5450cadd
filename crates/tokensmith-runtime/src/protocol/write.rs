//! Writing a request.

use http::{HeaderName, HeaderValue, Method, Request, header};
use serde_json::{Map, Value as Json};

use super::check::Checked;
use super::plan::Plan;
use crate::auth::{Style, basic_pair};
use crate::protocol::Settings;
use crate::settings::is_reserved;
use crate::{BodyFormat, Error, Location};

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const USER_AGENT: HeaderValue =
    HeaderValue::from_static(concat!("tokensmith/", env!("CARGO_PKG_VERSION")));

impl Plan<'_> {
    /// Writes the request with one client authentication.
    pub(super) fn write(
        &self,
        settings: &Settings,
        style: Style,
    ) -> Result<Request<Vec<u8>>, Error> {
        let formats = self.endpoint.formats();
        let format = settings
            .format
            .or(formats.first().copied())
            .unwrap_or(BodyFormat::Form);
        let mut request = Request::new(match format {
            BodyFormat::Form => self.form(settings, style),
            BodyFormat::Json => self.json(settings, style)?,
        });
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.url.clone();

        let headers = request.headers_mut();
        headers.insert(header::USER_AGENT, USER_AGENT);
        headers.extend(settings.headers.clone());
        headers.insert(header::ACCEPT, JSON);
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static(format.media_type()),
        );
        for parameter in self.at(Location::Header) {
            let (name, value) = as_header(parameter)?;
            headers.insert(name, value);
        }
        if let Some(value) = authorization(settings, style)? {
            headers.insert(header::AUTHORIZATION, value);
        }
        Ok(request)
    }

    fn at(&self, location: Location) -> impl Iterator<Item = &Checked<'_>> {
        self.parameters
            .iter()
            .filter(move |parameter| parameter.location == location)
    }

    fn form(&self, settings: &Settings, style: Style) -> Vec<u8> {
        let mut form = form_urlencoded::Serializer::new(String::new());
        if let Some(grant_type) = self.operation.grant_type() {
            form.append_pair("grant_type", grant_type);
        }
        for parameter in self.at(Location::Body) {
            for text in parameter.texts() {
                form.append_pair(parameter.name, &text);
            }
        }
        for (name, value) in body_credentials(settings, style) {
            form.append_pair(name, value);
        }
        form.finish().into_bytes()
    }

    fn json(&self, settings: &Settings, style: Style) -> Result<Vec<u8>, Error> {
        let mut members = Map::new();
        if let Some(grant_type) = self.operation.grant_type() {
            members.insert("grant_type".to_owned(), Json::from(grant_type));
        }
        for parameter in self.at(Location::Body) {
            members.insert(parameter.name.to_owned(), parameter.json());
        }
        for (name, value) in body_credentials(settings, style) {
            members.insert(name.to_owned(), Json::from(value));
        }
        serde_json::to_vec(&members)
            .map_err(|error| Error::request("the parameters cannot be written").with_source(error))
    }
}

/// The client's identifier, and its secret, where they go in the body (RFC 6749 sections 2.3.1 and 3.2.1).
fn body_credentials(settings: &Settings, style: Style) -> Vec<(&'static str, &str)> {
    let mut members = Vec::new();
    if matches!(style, Style::Body | Style::Public) && !settings.credentials.id().is_empty() {
        members.push(("client_id", settings.credentials.id()));
    }
    if let (Style::Body, Some(secret)) = (style, settings.credentials.secret()) {
        members.push(("client_secret", secret.expose()));
    }
    members
}

fn authorization(settings: &Settings, style: Style) -> Result<Option<HeaderValue>, Error> {
    let (Style::Basic | Style::BasicRaw, Some(secret)) = (style, settings.credentials.secret())
    else {
        return Ok(None);
    };
    let pair = basic_pair(settings.credentials.id(), secret.expose(), style);
    let mut value = HeaderValue::try_from(format!("Basic {}", *pair))
        .map_err(|_| Error::config("the client's credentials do not fit in a header"))?;
    value.set_sensitive(true);
    Ok(Some(value))
}

fn as_header(parameter: &Checked<'_>) -> Result<(HeaderName, HeaderValue), Error> {
    let name = parameter.name;
    let header = HeaderName::from_bytes(name.as_bytes())
        .ok()
        .filter(|header| !is_reserved(header) && *header != header::ACCEPT)
        .ok_or_else(|| {
            Error::config(format!(
                "the parameter `{name}` is no header that can be set"
            ))
        })?;
    let mut value = HeaderValue::try_from(parameter.texts().join(", "))
        .map_err(|_| Error::request(format!("the parameter `{name}` does not fit in a header")))?;
    value.set_sensitive(parameter.secret);
    Ok((header, value))
}
