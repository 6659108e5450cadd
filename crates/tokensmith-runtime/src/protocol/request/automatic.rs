//! The parameters that the client adds to a request: which grant it is, and who asks.

use super::Plan;
use super::fresh::{CLIENT_ASSERTION, Fresh};
use crate::client_auth::Style;
use crate::protocol::Settings;
use crate::{ClientAuth, Endpoint, EndpointKind, Location, Operation, Secret};

/// RFC 7523 section 2.2.
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// A parameter that the client adds, in one place.
pub(in crate::protocol) struct AutomaticParameter<'p> {
    pub(in crate::protocol) name: &'p str,
    pub(in crate::protocol) value: &'p str,
    pub(in crate::protocol) location: Location,
    pub(in crate::protocol) secret: bool,
}

impl Plan<'_> {
    /// What says which grant it is, unless the URL does.
    pub(in crate::protocol) fn grant(&self) -> Vec<AutomaticParameter<'_>> {
        let endpoint = self.endpoint;
        let name = endpoint.grant_type();
        let mut parameters = Vec::new();
        let grant = self.operation.grant_type().filter(|_| !self.grant_in_url);
        if let Some(value) = grant {
            for location in places(endpoint, name, Some(endpoint.grant_location())) {
                self.place(&mut parameters, (name, value, location), false);
            }
        }
        parameters
    }

    /// The client's identifier, and what proves it, where they are parameters or headers of their
    /// own (RFC 6749 sections 2.3.1 and 3.2.1, RFC 7521 section 4.2).
    pub(in crate::protocol) fn client<'p>(
        &'p self,
        style: Style,
        fresh: &'p Fresh<'_>,
    ) -> Vec<AutomaticParameter<'p>> {
        let endpoint = self.endpoint;
        let mut parameters = Vec::new();
        if !endpoint.kind().authenticates_client() {
            return parameters;
        }
        let place = match style {
            Style::Query => Some(Location::Query),
            Style::Header => Some(Location::Header),
            Style::Basic | Style::BasicRaw | Style::BasicSecret | Style::Secret => None,
            Style::Body | Style::Assertion | Style::AssertionSecret | Style::SecretAssertion => {
                Some(Location::Body)
            }
            Style::Public => match endpoint.client_auth() {
                // Without the secret, it stands where it stands beside one.
                ClientAuth::Query => Some(Location::Query),
                ClientAuth::Header => Some(Location::Header),
                // An identifier alone may be all in the query that the document has of a client.
                _ => Some(Location::Body).filter(|_| {
                    let mut copies = copies(endpoint, endpoint.client_id());
                    copies.all(|place| place != Location::Query)
                }),
            },
        };
        // A header or the query may have the identifier alone, and the body the rest.
        let own_place = match (style, endpoint.client_id_location()) {
            (Style::Body | Style::AssertionSecret | Style::Public, location)
                if location != Location::Body =>
            {
                Some(location)
            }
            _ => place,
        };
        let id = self.settings.credentials.id();
        let name = endpoint.client_id();
        if !id.is_empty() && !name.is_empty() {
            let in_body = self.names_client().then_some(Location::Body);
            for location in places(endpoint, name, own_place).chain(in_body) {
                self.place(&mut parameters, (name, id, location), false);
            }
        }
        let secret = self.settings.credentials.secret().map(Secret::expose);
        match (style, secret, place) {
            (Style::Body | Style::Query | Style::Header, Some(secret), Some(place)) => {
                let name = endpoint.client_secret();
                self.place(&mut parameters, (name, secret, place), true);
                for location in copies(endpoint, name) {
                    // It is in the URL only where nothing else is left.
                    if style != Style::Query && !self.is_in_url(location) {
                        self.place(&mut parameters, (name, secret, location), true);
                    }
                }
            }
            (Style::AssertionSecret, _, Some(place)) => {
                let assertion = fresh.get(CLIENT_ASSERTION);
                let name = endpoint.client_secret();
                self.place(&mut parameters, (name, assertion, place), true);
            }
            (Style::Assertion | Style::SecretAssertion, _, Some(place)) => {
                let assertion = fresh.get(CLIENT_ASSERTION);
                self.place(
                    &mut parameters,
                    ("client_assertion_type", JWT_BEARER, place),
                    false,
                );
                self.place(&mut parameters, (CLIENT_ASSERTION, assertion, place), true);
            }
            _ => {}
        }
        parameters
    }

    /// Whether the client is named in the body, however it authenticates. `client_id` is a parameter
    /// of the authorization request that is pushed (RFC 9126 section 2.1).
    fn names_client(&self) -> bool {
        let is_pushed = self.endpoint.kind() == EndpointKind::PushedAuthorization;
        is_pushed || self.operation.names_client()
    }

    /// Adds what is not at this place already.
    fn place<'p>(
        &self,
        parameters: &mut Vec<AutomaticParameter<'p>>,
        (name, value, location): (&'p str, &'p str, Location),
        secret: bool,
    ) {
        let location = self.effective(location);
        if parameters
            .iter()
            .all(|other| (other.name, other.location) != (name, location))
        {
            parameters.push(AutomaticParameter {
                name,
                value,
                location,
                secret,
            });
        }
    }

    /// Where something ends up: of a request without a body, what would be in it is in the query.
    pub(in crate::protocol) fn effective(&self, location: Location) -> Location {
        match location {
            Location::Body if !self.endpoint.method().has_body() => Location::Query,
            location => location,
        }
    }

    fn is_in_url(&self, location: Location) -> bool {
        matches!(self.effective(location), Location::Query | Location::Path)
    }
}

/// The other places of a parameter.
pub(in crate::protocol) fn copies<'p>(
    endpoint: &'p Endpoint<'_>,
    name: &'p str,
) -> impl Iterator<Item = Location> + use<'p> {
    let copies = endpoint.copies().iter();
    copies
        .filter(move |(other, _)| *other == name)
        .map(|(_, location)| *location)
}

/// All places of a parameter.
fn places<'p>(
    endpoint: &'p Endpoint<'_>,
    name: &'p str,
    first: Option<Location>,
) -> impl Iterator<Item = Location> + use<'p> {
    first.into_iter().chain(copies(endpoint, name))
}

/// What the client adds to the path; nothing of it depends on how the client authenticates.
pub(in crate::protocol) fn in_path<'p>(
    endpoint: &Endpoint<'p>,
    operation: &Operation<'p>,
    settings: &'p Settings,
) -> Vec<(&'p str, &'p str)> {
    let is_there = |name| copies(endpoint, name).any(|place| place == Location::Path);
    let grant = endpoint.grant_type();
    let mut values = Vec::new();
    if endpoint.grant_location() == Location::Path || is_there(grant) {
        values.extend(operation.grant_type().map(|value| (grant, value)));
    }
    let id = settings.credentials.id();
    if !id.is_empty() && is_there(endpoint.client_id()) {
        values.push((endpoint.client_id(), id));
    }
    values
}
