//! Writing a request.

use std::borrow::Cow;

use http::{HeaderName, HeaderValue, Method, Request, Uri, header};
use serde_json::{Map, Value as Json};

use super::check::Checked;
use super::fresh::{CLIENT_ASSERTION, Fresh};
use super::plan::Plan;
use crate::auth::{Style, basic_pair};
use crate::protocol::Settings;
use crate::settings::is_reserved;
use crate::{BodyFormat, Endpoint, EndpointKind, Error, Location, endpoint, url};

/// RFC 7523 section 2.2.
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const USER_AGENT: HeaderValue =
    HeaderValue::from_static(concat!("tokensmith/", env!("CARGO_PKG_VERSION")));

impl Plan<'_> {
    /// Writes the request with one client authentication.
    pub(super) fn write(
        &self,
        settings: &Settings,
        style: Style,
        fresh: &Fresh<'_>,
    ) -> Result<Request<Vec<u8>>, Error> {
        let has_body = self.endpoint.method().has_body();
        let formats = self.endpoint.formats();
        let format = settings
            .format
            .or(formats.first().copied())
            .unwrap_or(BodyFormat::Form);
        let body = match format {
            _ if !has_body => Vec::new(),
            BodyFormat::Form => self.form(settings, style, fresh),
            BodyFormat::Json => self.json(settings, style, fresh)?,
        };
        let mut request = Request::new(body);
        *request.method_mut() = match self.endpoint.method() {
            endpoint::Method::Post => Method::POST,
            endpoint::Method::Get => Method::GET,
            endpoint::Method::Put => Method::PUT,
            endpoint::Method::Delete => Method::DELETE,
        };
        *request.uri_mut() = self.uri(settings, style, fresh)?;

        let headers = request.headers_mut();
        headers.insert(header::USER_AGENT, USER_AGENT);
        headers.insert(header::ACCEPT, accept(self.endpoint)?);
        headers.extend(settings.headers.clone());
        if has_body {
            headers.insert(
                header::CONTENT_TYPE,
                HeaderValue::from_static(format.media_type()),
            );
        }
        for parameter in self.at(Location::Header) {
            let (name, value) = as_header(parameter, settings, fresh)?;
            headers.insert(name, value);
        }
        if let Some(value) = authorization(settings, self.endpoint, style)? {
            headers.insert(header::AUTHORIZATION, value);
        }
        Ok(request)
    }

    fn at(&self, location: Location) -> impl Iterator<Item = &Checked<'_>> {
        self.parameters
            .iter()
            .filter(move |parameter| parameter.location == location)
    }

    fn uri(&self, settings: &Settings, style: Style, fresh: &Fresh<'_>) -> Result<Uri, Error> {
        let has_body = self.endpoint.method().has_body();
        let in_url = |location| match location {
            Location::Query => true,
            Location::Body => !has_body,
            Location::Header | Location::Path => false,
        };
        let mut query: Vec<(&str, Cow<'_, str>)> = Vec::new();
        if in_url(self.endpoint.grant_location()) {
            query.extend(self.grant().map(|(name, value)| (name, value.into())));
        }
        for parameter in self
            .parameters
            .iter()
            .filter(|parameter| in_url(parameter.location))
        {
            let texts = parameter.texts(fresh).into_iter();
            query.extend(texts.map(|text| (parameter.name, text)));
        }
        if !has_body || style == Style::Query {
            let client = self.client(settings, style, fresh).into_iter();
            query.extend(client.map(|(name, value)| (name, value.into())));
        }
        url::with_query(
            &self.url,
            query.iter().map(|(name, value)| (*name, value.as_ref())),
        )
    }

    fn form(&self, settings: &Settings, style: Style, fresh: &Fresh<'_>) -> Vec<u8> {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(self.grant_in_body());
        for parameter in self.at(Location::Body) {
            for text in parameter.texts(fresh) {
                form.append_pair(parameter.name, &text);
            }
        }
        form.extend_pairs(self.client_in_body(settings, style, fresh));
        form.finish().into_bytes()
    }

    fn json(&self, settings: &Settings, style: Style, fresh: &Fresh<'_>) -> Result<Vec<u8>, Error> {
        let mut members = Map::new();
        if let Some((name, value)) = self.grant_in_body() {
            members.insert(name.to_owned(), Json::from(value));
        }
        for parameter in self.at(Location::Body) {
            members.insert(parameter.name.to_owned(), parameter.json(fresh));
        }
        for (name, value) in self.client_in_body(settings, style, fresh) {
            members.insert(name.to_owned(), Json::from(value));
        }
        serde_json::to_vec(&members)
            .map_err(|error| Error::request("the parameters cannot be written").with_source(error))
    }

    /// The name and the value that say which grant it is, unless the URL does.
    fn grant(&self) -> Option<(&str, &str)> {
        let grant = self.operation.grant_type().filter(|_| !self.grant_in_url)?;
        Some((self.endpoint.grant_type(), grant))
    }

    fn grant_in_body(&self) -> Option<(&str, &str)> {
        self.grant()
            .filter(|_| self.endpoint.grant_location() == Location::Body)
    }

    fn client_in_body<'p>(
        &'p self,
        settings: &'p Settings,
        style: Style,
        fresh: &'p Fresh<'_>,
    ) -> Vec<(&'p str, &'p str)> {
        if style == Style::Query {
            return Vec::new();
        }
        self.client(settings, style, fresh)
    }

    /// The client's identifier, and what proves it, where they are parameters (RFC 6749 sections 2.3.1 and 3.2.1, RFC 7521
    /// section 4.2).
    fn client<'p>(
        &'p self,
        settings: &'p Settings,
        style: Style,
        fresh: &'p Fresh<'_>,
    ) -> Vec<(&'p str, &'p str)> {
        let mut members = Vec::new();
        let id = settings.credentials.id();
        let elsewhere = matches!(style, Style::Basic | Style::BasicRaw | Style::Secret);
        if elsewhere || self.endpoint.kind() == EndpointKind::Metadata {
            return members;
        }
        if !id.is_empty() {
            members.push((self.endpoint.client_id(), id));
        }
        match (style, settings.credentials.secret()) {
            (Style::Body | Style::Query, Some(secret)) => {
                members.push((self.endpoint.client_secret(), secret.expose()));
            }
            (Style::Assertion | Style::SecretAssertion, _) => {
                members.push(("client_assertion_type", JWT_BEARER));
                members.push((CLIENT_ASSERTION, fresh.get(CLIENT_ASSERTION)));
            }
            _ => {}
        }
        members
    }
}

fn accept(endpoint: &Endpoint<'_>) -> Result<HeaderValue, Error> {
    HeaderValue::from_str(endpoint.accept())
        .map_err(|_| Error::config("the media types of the answer do not fit in a header"))
}

fn authorization(
    settings: &Settings,
    endpoint: &Endpoint<'_>,
    style: Style,
) -> Result<Option<HeaderValue>, Error> {
    let Some(secret) = settings.credentials.secret() else {
        return Ok(None);
    };
    let pair;
    let proof = match style {
        Style::Basic | Style::BasicRaw => {
            pair = basic_pair(settings.credentials.id(), secret.expose(), style);
            pair.as_str()
        }
        Style::Secret => secret.expose(),
        _ => return Ok(None),
    };
    let mut value = HeaderValue::try_from([endpoint.auth_scheme(), " ", proof].concat())
        .map_err(|_| Error::config("the client's credentials do not fit in a header"))?;
    value.set_sensitive(true);
    Ok(Some(value))
}

fn as_header(
    parameter: &Checked<'_>,
    settings: &Settings,
    fresh: &Fresh<'_>,
) -> Result<(HeaderName, HeaderValue), Error> {
    let name = parameter.name;
    let header = HeaderName::from_bytes(name.as_bytes())
        .ok()
        .filter(|header| !is_reserved(header) && *header != header::ACCEPT)
        .ok_or_else(|| {
            Error::config(format!(
                "the parameter `{name}` is no header that can be set"
            ))
        })?;
    if settings.headers.contains_key(&header) {
        return Err(Error::request(format!(
            "the parameter `{name}` is given, and so is a header of that name"
        )));
    }
    let mut value = HeaderValue::try_from(parameter.texts(fresh).join(", "))
        .map_err(|_| Error::request(format!("the parameter `{name}` does not fit in a header")))?;
    value.set_sensitive(parameter.secret);
    Ok((header, value))
}
