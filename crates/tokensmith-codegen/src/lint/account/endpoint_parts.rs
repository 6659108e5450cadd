//! What the crate knows of an endpoint: what it sends, and what it reads.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    Endpoint, EndpointKind, FieldType, Model, Parameter, ParameterKind, StructDef, Success,
    TypeDef, name,
};
use tokensmith_description::refusal;

use crate::openapi::condition::Conditions;
use crate::openapi::site::Site;
use crate::pointer;

/// Names and values that an endpoint has.
pub(super) struct Known<'m> {
    /// What each parameter takes; nothing is said of one that takes any text.
    parameters: BTreeMap<&'m str, Option<BTreeSet<&'m str>>>,
    /// The names of the parameters in small letters.
    names: BTreeSet<String>,
    /// The names of those that are lists, whose items nobody checks.
    lists: BTreeSet<&'m str>,
    /// The names of those that have a default.
    defaulted: BTreeSet<&'m str>,
    /// The names of those that are lists of scopes.
    scope_lists: BTreeSet<&'m str>,
    /// The names of those that take any JSON.
    json: BTreeSet<&'m str>,
    grants: BTreeSet<String>,
    /// Whether the document says apart from its schemas which grants there are.
    grants_are_stated: bool,
    grant_type: &'m str,
    scopes: BTreeSet<&'m str>,
    /// What the client sends of itself.
    own: BTreeSet<String>,
    /// What is read of responses; of other endpoints the runtime has types that keep everything.
    fields: Option<BTreeSet<String>>,
    /// Where conditions stand that say what a grant requires.
    conditions: BTreeSet<&'m str>,
    is_of_browsers: bool,
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

/// Headers of responses that the runtime reads, and those of HTTP that say nothing of OAuth.
const READ_HEADERS: [&str; 17] = [
    "cache-control",
    "connection",
    "content-encoding",
    "content-language",
    "content-length",
    "content-type",
    "date",
    "dpop-nonce",
    "etag",
    "expires",
    "location",
    "pragma",
    "retry-after",
    "server",
    "transfer-encoding",
    "vary",
    "www-authenticate",
];

/// Whether something becomes of a header of a response.
pub(super) fn is_header_read(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let is_of_browsers = [
        "access-control-",
        "x-content-type",
        "x-frame",
        "strict-transport",
    ];
    READ_HEADERS.contains(&lower.as_str())
        || refusal::REQUEST_ID_HEADERS.contains(&lower.as_str())
        || is_of_browsers
            .iter()
            .any(|prefix| lower.starts_with(prefix))
}

impl<'m> Known<'m> {
    /// Whether responses are read into a type that the document gives them.
    pub(super) fn is_typed(&self) -> bool {
        self.fields.is_some()
    }

    pub(super) fn of(
        (site, endpoint): (&Site, &'m Endpoint),
        model: &'m Model,
        conditions: &'m Conditions<'_>,
    ) -> Self {
        let attributes = &endpoint.attributes;
        let authentication = &attributes.authentication;
        let grant_type = attributes.grant_type.0.as_str();
        // Other endpoints are asked for one thing only.
        let has_grants = endpoint.kind == EndpointKind::Token || !endpoint.is_called();
        let grant_type_sent = if has_grants { grant_type } else { "" };
        let own = [
            grant_type_sent,
            &authentication.client_id,
            &authentication.client_secret,
        ];
        let about_grants = conditions
            .of(&site.pointer)
            .filter(|condition| condition.is_about(grant_type));
        let mut known = Self {
            parameters: BTreeMap::new(),
            names: BTreeSet::new(),
            lists: BTreeSet::new(),
            defaulted: BTreeSet::new(),
            scope_lists: BTreeSet::new(),
            json: BTreeSet::new(),
            grants: BTreeSet::new(),
            grants_are_stated: site.extension.grants.is_some(),
            grant_type,
            scopes: model
                .scopes
                .iter()
                .map(|scope| scope.wire.as_str())
                .collect(),
            own: own.map(str::to_lowercase).into(),
            fields: (endpoint.kind == EndpointKind::Token).then(|| fields(endpoint, model)),
            conditions: about_grants
                .map(|condition| condition.pointer.as_str())
                .collect(),
            is_of_browsers: !endpoint.is_called(),
        };
        for operation in &endpoint.operations {
            let grant = operation.grant.as_deref();
            known.grants.extend(grant.map(str::to_lowercase));
            for parameter in &operation.parameters {
                known.add(parameter);
            }
        }
        known
    }

    fn add(&mut self, parameter: &'m Parameter) {
        self.names.insert(parameter.wire.to_lowercase());
        if parameter.default.is_some() {
            self.defaulted.insert(&parameter.wire);
        }
        if matches!(
            parameter.kind,
            ParameterKind::TextList
                | ParameterKind::ScalarList { .. }
                | ParameterKind::Json { list: true }
        ) {
            self.lists.insert(&parameter.wire);
        }
        if matches!(parameter.kind, ParameterKind::Scopes { list: true }) {
            self.scope_lists.insert(&parameter.wire);
        }
        if matches!(parameter.kind, ParameterKind::Json { list: false }) {
            self.json.insert(&parameter.wire);
        }
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

    /// Whether requests have it: as a parameter, or of the client itself.
    pub(super) fn is_sent(&self, wire: &str) -> bool {
        let lower = wire.to_lowercase();
        self.names.contains(&lower)
            || self.own.contains(&lower)
            || AUTOMATIC.contains(&lower.as_str())
    }

    /// Whether a browser sends the request and gets the response.
    pub(super) fn is_of_browsers(&self) -> bool {
        self.is_of_browsers
    }

    /// Whether the caller gives it.
    pub(super) fn is_parameter(&self, wire: &str) -> bool {
        self.names.contains(&wire.to_lowercase())
    }

    /// Whether it is a list of the caller's.
    pub(super) fn is_list(&self, wire: &str) -> bool {
        self.lists.contains(wire)
    }

    /// Whether what holds without it is known.
    pub(super) fn has_default(&self, wire: &str) -> bool {
        self.defaulted.contains(wire)
    }

    /// Whether it has items, of scopes as well.
    pub(super) fn has_items(&self, wire: &str) -> bool {
        self.is_list(wire) || self.scope_lists.contains(wire)
    }

    /// Whether requests may ask for scopes that it does not list.
    pub(super) fn takes_other_scopes(&self, wire: &str) -> bool {
        is_scope(wire) && self.is_parameter(wire)
    }

    /// Whether the client makes it for a browser's request.
    pub(super) fn is_made(&self, wire: &str) -> bool {
        self.is_of_browsers && !self.is_parameter(wire)
    }

    /// Whether the caller gives it as any JSON.
    pub(super) fn is_json(&self, wire: &str) -> bool {
        self.json.contains(wire)
    }

    /// Whether the caller gives it, or the client sends it for a grant.
    pub(super) fn is_sent_by_caller(&self, wire: &str) -> bool {
        self.is_parameter(wire) || self.grant_type == wire && !self.grants.is_empty()
    }

    /// Whether the condition of the schema at a pointer says what a grant requires.
    pub(super) fn reads_condition_at(&self, schema: &str) -> bool {
        self.conditions.contains(schema)
    }

    /// Whether it says which grant it is, or who asks.
    pub(super) fn is_of_client(&self, wire: &str) -> bool {
        ["granttype", "clientid", "clientsecret"].contains(&name::letters(wire).as_str())
            && self.own.contains(&wire.to_lowercase())
    }

    /// Whether it is the identifier, the secret or the assertion that the client sends.
    pub(super) fn is_credential(&self, wire: &str) -> bool {
        let is_assertion = || wire == "client_assertion" && !self.is_parameter(wire);
        self.is_of_client(wire) && name::letters(wire) != "granttype" || is_assertion()
    }

    /// Whether requests can have a value that is listed for what has this name.
    pub(super) fn takes(&self, wire: &str, value: &str) -> bool {
        if self.grant_type == wire {
            // Where no request names a grant, that is told as such.
            return self.grants_are_stated
                || self.grants.is_empty()
                || self.grants.contains(&value.trim().to_lowercase());
        }
        if is_scope(wire) {
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

/// Whether it asks for scopes.
fn is_scope(wire: &str) -> bool {
    ["scope", "scopes"].contains(&wire)
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

/// The names of what is read of an endpoint's responses, refusals included.
fn fields(endpoint: &Endpoint, model: &Model) -> BTreeSet<String> {
    let attributes = &endpoint.attributes;
    let pointers = attributes
        .fields
        .iter()
        .map(|(_, at)| at)
        .chain(&attributes.access_token)
        .chain(&attributes.error_code)
        .chain(&attributes.error_description)
        .chain(&attributes.request_id)
        .chain(&attributes.expiry.pointer);
    let mut fields: BTreeSet<String> = pointers.flat_map(|at| pointer::tokens(at)).collect();
    let structs: BTreeMap<&str, &StructDef> = model
        .types
        .iter()
        .filter_map(|def| match def {
            TypeDef::Struct(def) => Some((def.ident.as_str(), def)),
            TypeDef::Enum(_) => None,
        })
        .collect();
    let token = match &endpoint.response {
        Success::Token(ident) => Some(ident.as_str()),
        _ => None,
    };
    let refusals = endpoint.errors.iter();
    let refusals = refusals.filter_map(|case| case.body.as_deref());
    let mut open: Vec<&str> = refusals.chain(token).collect();
    let mut seen = BTreeSet::new();
    while let Some(ident) = open.pop() {
        let Some(def) = structs.get(ident).filter(|_| seen.insert(ident)) else {
            continue;
        };
        fields.extend(def.fields.iter().map(|field| field.wire.clone()));
        open.extend(def.fields.iter().filter_map(|field| named(&field.ty)));
    }
    fields
}

/// The type of the `response` module that a field holds.
fn named(ty: &FieldType) -> Option<&str> {
    match ty {
        FieldType::Named(ident) | FieldType::Boxed(ident) => Some(ident),
        FieldType::List(item) => named(item),
        _ => None,
    }
}
