//! Writing a request.

use std::borrow::Cow;

use http::{HeaderName, HeaderValue, Method, Request, Uri, header};
use serde_json::{Map, Value as Json};

use super::Plan;
use super::automatic::{self, AutomaticParameter};
use super::fresh::Fresh;
use super::multipart::{self, Multipart};
use super::parameter_check::Checked;
use crate::client_auth::{Style, basic_pair};
use crate::protocol::Settings;
use crate::protocol::settings::is_reserved;
use crate::{BodyFormat, ClientAuth, Endpoint, Error, Location, Secret, server::url};

const USER_AGENT: HeaderValue =
    HeaderValue::from_static(concat!("tokensmith/", env!("CARGO_PKG_VERSION")));

const IDENTITY: HeaderValue = HeaderValue::from_static("identity");

impl Plan<'_> {
    /// Writes the request with one client authentication.
    pub(in crate::protocol) fn write(
        &self,
        style: Style,
        fresh: &Fresh<'_>,
    ) -> Result<Request<Vec<u8>>, Error> {
        let settings = self.settings;
        let has_body = self.endpoint.method().has_body();
        // Elsewhere the caller's format is that of other requests.
        let takes_format = self.endpoint.kind().authenticates_client();
        let formats = self.endpoint.formats();
        let format = settings.format.filter(|_| takes_format);
        let format = format
            .or(formats.first().copied())
            .unwrap_or(BodyFormat::Form);
        let automatic = AutomaticParameters {
            grant: self.grant(),
            client: self.client(style, fresh),
        };
        let (body, media_type) = match has_body {
            true => self.body(format, &automatic, fresh)?,
            false => (Vec::new(), None),
        };
        let is_empty = has_body && body.is_empty();
        let mut request = Request::new(body);
        *request.method_mut() = match self.endpoint.method() {
            crate::Method::Post => Method::POST,
            crate::Method::Get => Method::GET,
            crate::Method::Put => Method::PUT,
            crate::Method::Delete => Method::DELETE,
        };
        *request.uri_mut() = self.uri(&automatic, fresh)?;

        let headers = request.headers_mut();
        headers.insert(header::USER_AGENT, USER_AGENT);
        headers.insert(header::ACCEPT, accept(self.endpoint)?);
        // Nothing here decompresses, and a response may be compressed where nothing is said (RFC
        // 9110 section 12.5.3).
        headers.insert(header::ACCEPT_ENCODING, IDENTITY);
        let by_certificate = self.auth == ClientAuth::TlsClientAuth;
        let authenticates = style != Style::Public || by_certificate;
        let takes_secrets = authenticates || settings.is_on_a_server(&self.url);
        let is_meant = |value: &HeaderValue| takes_secrets || !value.is_sensitive();
        for (name, value) in settings.headers.iter().filter(|(_, value)| is_meant(value)) {
            headers.insert(name, value.clone());
        }
        if let Some(media_type) = media_type {
            headers.insert(header::CONTENT_TYPE, media_type);
        }
        if is_empty {
            // Servers refuse a POST without it (RFC 9110, section 8.6), and transports leave it out
            // where there is nothing.
            headers.insert(header::CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        for parameter in self.at(Location::Header) {
            let value = [parameter.prefix, &parameter.texts(fresh).join(", ")].concat();
            let (name, value) = as_header((parameter.name, value), parameter.secret, settings)?;
            headers.insert(name, value);
        }
        for parameter in automatic.at(Location::Header) {
            let value = parameter.value.to_owned();
            let (name, value) = as_header((parameter.name, value), parameter.secret, settings)?;
            headers.insert(name, value);
        }
        if let Some(value) = authorization(settings, self.endpoint, style)? {
            headers.insert(header::AUTHORIZATION, value);
        }
        Ok(request)
    }

    fn at(&self, location: Location) -> impl Iterator<Item = &Checked<'_>> {
        let is_there = move |parameter: &&Checked<'_>| {
            let copies = automatic::copies(self.endpoint, parameter.name);
            let mut places = [parameter.location].into_iter().chain(copies);
            places.any(|place| self.effective(place) == location)
        };
        self.parameters.iter().filter(is_there)
    }

    fn uri(&self, automatic: &AutomaticParameters<'_>, fresh: &Fresh<'_>) -> Result<Uri, Error> {
        let query = self.pairs(Location::Query, automatic, fresh);
        url::with_query(
            &self.url,
            query.iter().map(|(name, value)| (*name, value.as_ref())),
        )
    }

    /// The body and its media type.
    fn body(
        &self,
        format: BodyFormat,
        automatic: &AutomaticParameters<'_>,
        fresh: &Fresh<'_>,
    ) -> Result<(Vec<u8>, Option<HeaderValue>), Error> {
        let pairs = || self.pairs(Location::Body, automatic, fresh);
        let (body, media_type) = match format {
            BodyFormat::Form => {
                let mut form = form_urlencoded::Serializer::new(String::new());
                form.extend_pairs(pairs());
                let media_type = HeaderValue::from_static(format.media_type());
                return Ok((form.finish().into_bytes(), Some(media_type)));
            }
            BodyFormat::Json => {
                let media_type = self.endpoint.json_media_type();
                (self.json(automatic, fresh)?, Cow::Borrowed(media_type))
            }
            BodyFormat::Multipart => {
                let Multipart { boundary, body } = multipart::write(&pairs());
                let media_type = format!("{}; boundary={boundary}", format.media_type());
                (body, Cow::Owned(media_type))
            }
        };
        let media_type = HeaderValue::from_str(&media_type)
            .map_err(|_| Error::config("the media type of the body does not fit in a header"))?;
        Ok((body, Some(media_type)))
    }

    /// What stands at a place where there is only text.
    fn pairs<'p>(
        &'p self,
        location: Location,
        automatic: &'p AutomaticParameters<'_>,
        fresh: &'p Fresh<'_>,
    ) -> Vec<(&'p str, Cow<'p, str>)> {
        let of_client = |parameter: &'p AutomaticParameter<'_>| {
            let is_here = parameter.location == location;
            is_here.then_some((parameter.name, Cow::Borrowed(parameter.value)))
        };
        let of_parameter = |parameter: &'p Checked<'_>| {
            let texts = parameter.texts(fresh).into_iter();
            texts.map(|text| (parameter.name, text))
        };
        let mut pairs: Vec<_> = automatic.grant.iter().filter_map(of_client).collect();
        pairs.extend(self.at(location).flat_map(of_parameter));
        pairs.extend(automatic.client.iter().filter_map(of_client));
        pairs
    }

    fn json(
        &self,
        automatic: &AutomaticParameters<'_>,
        fresh: &Fresh<'_>,
    ) -> Result<Vec<u8>, Error> {
        let mut members = Map::new();
        for parameter in automatic.at(Location::Body) {
            members.insert(parameter.name.to_owned(), Json::from(parameter.value));
        }
        for parameter in self.at(Location::Body) {
            members.insert(parameter.name.to_owned(), parameter.json(fresh));
        }
        serde_json::to_vec(&members)
            .map_err(|error| Error::request("the parameters cannot be written").with_source(error))
    }
}

/// What the client adds to a request.
struct AutomaticParameters<'p> {
    grant: Vec<AutomaticParameter<'p>>,
    client: Vec<AutomaticParameter<'p>>,
}

impl<'p> AutomaticParameters<'p> {
    fn at(&self, location: Location) -> impl Iterator<Item = &AutomaticParameter<'p>> {
        let all = self.grant.iter().chain(&self.client);
        all.filter(move |parameter| parameter.location == location)
    }
}

fn accept(endpoint: &Endpoint<'_>) -> Result<HeaderValue, Error> {
    HeaderValue::from_str(endpoint.accept())
        .map_err(|_| Error::config("the media types of the response do not fit in a header"))
}

fn authorization(
    settings: &Settings,
    endpoint: &Endpoint<'_>,
    style: Style,
) -> Result<Option<HeaderValue>, Error> {
    let secret = settings.credentials.secret().map_or("", Secret::expose);
    let pair;
    let proof = match style {
        Style::Basic | Style::BasicRaw => {
            pair = basic_pair(settings.credentials.id(), secret, style);
            pair.as_str()
        }
        Style::BasicSecret => {
            pair = basic_pair(secret, "", style);
            pair.as_str()
        }
        Style::Secret => secret,
        _ => return Ok(None),
    };
    let mut value = HeaderValue::try_from([endpoint.auth_scheme(), " ", proof].concat())
        .map_err(|_| Error::config("the client's credentials do not fit in a header"))?;
    value.set_sensitive(true);
    Ok(Some(value))
}

/// What a request asks of the form of its response.
fn is_negotiation(header: &HeaderName) -> bool {
    [header::ACCEPT, header::ACCEPT_ENCODING].contains(header)
}

fn as_header(
    (name, value): (&str, String),
    secret: bool,
    settings: &Settings,
) -> Result<(HeaderName, HeaderValue), Error> {
    let header = HeaderName::from_bytes(name.as_bytes())
        .ok()
        .filter(|header| *header == header::AUTHORIZATION || !is_reserved(header))
        .filter(|header| !is_negotiation(header))
        .ok_or_else(|| {
            Error::config(format!(
                "the parameter `{name}` is not a header that can be set"
            ))
        })?;
    if settings.headers.contains_key(&header) {
        return Err(Error::request(format!(
            "the parameter `{name}` is given, and so is a header of that name"
        )));
    }
    let mut value = HeaderValue::try_from(value)
        .map_err(|_| Error::request(format!("the parameter `{name}` does not fit in a header")))?;
    value.set_sensitive(secret);
    Ok((header, value))
}
