//! What the crate knows of an endpoint: what it sends, and what it reads.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Endpoint, EndpointKind, Model, Parameter, ParameterKind, TypeDef, name};
use crate::openapi::condition::Condition;
use crate::openapi::extension::Role;
use crate::openapi::site::Site;
use crate::pointer;

/// Names and values of all endpoints of a kind: several may share a document's schema.
pub(super) struct Known<'m> {
    /// What each parameter takes; nothing is said of one that takes any text.
    parameters: BTreeMap<&'m str, Option<BTreeSet<&'m str>>>,
    grants: BTreeSet<&'m str>,
    grant_types: BTreeSet<&'m str>,
    scopes: BTreeSet<&'m str>,
    defaults: BTreeSet<&'m str>,
    /// What the client sends of itself.
    own: BTreeSet<String>,
    /// What is read of responses; of other endpoints the runtime has types that keep everything.
    fields: Option<BTreeSet<String>>,
}

/// What a client sends without being asked, in small letters.
const AUTOMATIC: [&str; 13] = [
    "accept",
    "accept-encoding",
    "authorization",
    "client_assertion",
    "client_assertion_type",
    "code_challenge",
    "code_challenge_method",
    "content-length",
    "content-type",
    "dpop",
    "nonce",
    "state",
    "user-agent",
];

/// What members of a response are called that mean something to OAuth, by their letters.
const MEANINGFUL: [&str; 13] = [
    "accesstoken",
    "error",
    "errorcode",
    "errordescription",
    "expires",
    "expiresat",
    "expiresin",
    "expiry",
    "idtoken",
    "refreshtoken",
    "scope",
    "scopes",
    "tokentype",
];

impl<'m> Known<'m> {
    /// Nothing where the endpoint was left out, which is told.
    pub(super) fn of(site: &Site, model: &'m Model) -> Option<Self> {
        let kind = kind(site.role)?;
        let mut known = Self {
            parameters: BTreeMap::new(),
            grants: BTreeSet::new(),
            grant_types: BTreeSet::new(),
            scopes: model
                .scopes
                .iter()
                .map(|scope| scope.wire.as_str())
                .collect(),
            defaults: BTreeSet::new(),
            own: BTreeSet::new(),
            fields: (kind == EndpointKind::Token).then(BTreeSet::new),
        };
        let endpoints = model.endpoints.iter();
        let mut endpoints = endpoints
            .filter(|endpoint| endpoint.kind == kind)
            .peekable();
        endpoints.peek()?;
        for endpoint in endpoints {
            known.add(endpoint);
        }
        if let Some(fields) = &mut known.fields {
            for def in &model.types {
                if let TypeDef::Struct(def) = def {
                    fields.extend(def.fields.iter().map(|field| field.wire.clone()));
                }
            }
        }
        Some(known)
    }

    fn add(&mut self, endpoint: &'m Endpoint) {
        let attributes = &endpoint.attributes;
        let authentication = &attributes.authentication;
        let grant_type = &attributes.grant_type.0;
        self.grant_types.insert(grant_type);
        for own in [
            grant_type,
            &authentication.client_id,
            &authentication.client_secret,
        ] {
            self.own.insert(own.to_lowercase());
        }
        let pointers = attributes
            .fields
            .iter()
            .map(|(_, at)| at)
            .chain(&attributes.access_token)
            .chain(&attributes.error_code)
            .chain(&attributes.error_description)
            .chain(&attributes.request_id)
            .chain(&attributes.expiry.pointer);
        if let Some(fields) = &mut self.fields {
            fields.extend(pointers.flat_map(|at| pointer::tokens(at)));
        }
        for operation in &endpoint.operations {
            self.grants.extend(operation.grant.as_deref());
            for parameter in &operation.parameters {
                self.defaults.extend(parameter.default.as_deref());
                let taken = taken(parameter);
                let known = self
                    .parameters
                    .entry(&parameter.wire)
                    .or_insert_with(|| Some(BTreeSet::new()));
                *known = known.take().zip(taken).map(|(mut known, taken)| {
                    known.extend(taken);
                    known
                });
            }
        }
    }

    /// Whether requests have it: as a parameter, or of the client itself.
    pub(super) fn is_sent(&self, wire: &str) -> bool {
        let lower = wire.to_lowercase();
        self.is_parameter(wire) || self.own.contains(&lower) || AUTOMATIC.contains(&lower.as_str())
    }

    /// Whether the caller gives it.
    pub(super) fn is_parameter(&self, wire: &str) -> bool {
        self.parameters.contains_key(wire)
            || self
                .parameters
                .iter()
                .any(|(known, _)| known.eq_ignore_ascii_case(wire))
    }

    /// Whether the caller gives it, or the client sends it for a grant.
    pub(super) fn is_sent_by_caller(&self, wire: &str) -> bool {
        self.is_parameter(wire) || self.grant_types.contains(wire) && !self.grants.is_empty()
    }

    /// Whether what a condition asks for is required of requests: it is where it asks which grant it is.
    pub(super) fn reads_conditions_on(&self, condition: &Condition<'_>) -> bool {
        self.grant_types
            .iter()
            .any(|grant_type| condition.is_about(grant_type))
    }

    /// Whether it says which grant it is, or who asks.
    pub(super) fn is_of_client(&self, wire: &str) -> bool {
        ["granttype", "clientid", "clientsecret"].contains(&name::letters(wire).as_str())
            && self.own.contains(&wire.to_lowercase())
    }

    /// Whether requests can have a value that is listed for what has this name.
    pub(super) fn takes(&self, wire: &str, value: &str) -> bool {
        if self.grant_types.contains(wire) {
            let mut grants = self.grants.iter();
            // Where no request names a grant, that is told as such.
            return self.grants.is_empty()
                || grants.any(|grant| grant.eq_ignore_ascii_case(value.trim()));
        }
        if ["scope", "scopes"].contains(&wire) {
            return value
                .split_whitespace()
                .all(|scope| self.scopes.contains(scope));
        }
        match self.parameters.get(wire) {
            Some(Some(taken)) => taken.contains(value),
            _ => true,
        }
    }

    /// Whether something reads it, or need not: what has no meaning for OAuth stays beside the token or in its envelope.
    pub(super) fn is_read(&self, wire: &str) -> bool {
        let has_meaning = MEANINGFUL.contains(&name::letters(wire).as_str());
        let fields = self.fields.as_ref().filter(|_| has_meaning);
        fields.is_none_or(|fields| fields.contains(wire))
    }
}

/// The values that a parameter takes; nothing where it takes any.
fn taken(parameter: &Parameter) -> Option<BTreeSet<&str>> {
    let mut values: BTreeSet<&str> = parameter.values.iter().map(String::as_str).collect();
    if let ParameterKind::Enum(def) = &parameter.kind {
        values.extend(def.variants.iter().map(|variant| variant.wire.as_str()));
    }
    let is_listed = !values.is_empty();
    values.extend(parameter.default.as_deref());
    is_listed.then_some(values)
}

fn kind(role: Role) -> Option<EndpointKind> {
    Some(match role {
        Role::Token => EndpointKind::Token,
        Role::Revocation => EndpointKind::Revocation,
        Role::Introspection => EndpointKind::Introspection,
        Role::DeviceAuthorization => EndpointKind::DeviceAuthorization,
        Role::Authorization => EndpointKind::Authorization,
        Role::None => return None,
    })
}
