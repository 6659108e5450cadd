//! Request parameters as a document has them, wherever it puts them.

mod body;
mod common_to_media_types;
mod declared_parameter;
mod format_in_words;
mod header;
mod media_in_words;
mod nested;
mod of_operation;
mod parameter;
mod path;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

pub(crate) use body::body_format;
pub(crate) use declared_parameter::{DeclaredParameter, constant};
pub(crate) use media_in_words::in_text as media_types_in;
pub(crate) use of_operation::{declarations, query_parameter, resolve_body};

use crate::infer::body_branch::Branch;
use crate::infer::client_auth::ClientParameters;
use crate::infer::runtime_parameters::RuntimeParameters;
use crate::infer::schema::{Kind, scalar_text};
use crate::infer::security::AUTHORIZATION;
use crate::model::{BodyFormat, Location};
use crate::openapi::condition::Condition;
use media_in_words::AcceptInWords;

/// All that an operation takes.
#[derive(Debug, Clone)]
pub(crate) struct Declarations<'a> {
    pub(crate) runtime: RuntimeParameters<'a>,
    /// Parameters of every request, by name.
    pub(crate) common: BTreeMap<&'a str, DeclaredParameter<'a>>,
    /// What one of several request bodies adds.
    pub(crate) branches: Vec<Branch<'a>>,
    /// Grants that all bodies list, beside those of their own.
    pub(crate) shared_grants: Vec<String>,
    pub(crate) formats: Vec<BodyFormat>,
    pub(crate) client: ClientParameters,
    /// The media type of JSON bodies, where it is another than the usual one.
    pub(crate) json_media_type: Option<String>,
    /// The value of the `Content-Type` header, where the document says which it is.
    content_type: Option<String>,
    /// The value of the `Accept` header, where the document says which it is.
    pub(crate) accept: Option<String>,
    /// What the header's description says of it, where no value is declared.
    accept_in_words: Option<AcceptInWords>,
    /// What is said of the `Content-Type` header.
    content_type_words: Option<&'a str>,
    /// Whether there is a `DPoP` header (RFC 9449).
    pub(crate) dpop: bool,
    /// The credential of the caller's that the `Authorization` header is declared for: it is a parameter where the endpoint takes one.
    pub(crate) credential: Option<DeclaredParameter<'a>>,
    /// What has to be there for some values of a property: the caller adds them, for the typed schemas do not have them.
    pub(crate) conditions: Vec<&'a Condition<'a>>,
    /// What the document says of the operation.
    pub(crate) operation_description: Option<&'a str>,
    /// What the document says of the body and of its schemas.
    pub(crate) descriptions: Vec<&'a str>,
    /// Whole request bodies that the document gives as examples: the caller adds them, for they may be references.
    pub(crate) examples: Vec<&'a Map<String, Value>>,
}

impl<'a> Declarations<'a> {
    fn of(runtime: RuntimeParameters<'a>) -> Self {
        Self {
            runtime,
            common: BTreeMap::new(),
            branches: Vec::new(),
            shared_grants: Vec::new(),
            formats: Vec::new(),
            client: ClientParameters::default(),
            json_media_type: None,
            content_type: None,
            accept: None,
            accept_in_words: None,
            content_type_words: None,
            dpop: false,
            credential: None,
            conditions: Vec::new(),
            operation_description: None,
            descriptions: Vec::new(),
            examples: Vec::new(),
        }
    }

    /// The names of all that may be text.
    pub(crate) fn names(&self) -> BTreeSet<&'a str> {
        let branches = self.branches.iter().flat_map(|branch| &branch.parameters);
        let all = self.common.iter().chain(branches);
        all.filter(|(_, declared)| matches!(declared.shape.kind, Kind::Text | Kind::Any))
            .map(|(name, _)| *name)
            .collect()
    }

    /// Gives parameters of the body the values that examples of whole bodies have for them.
    pub(crate) fn show_examples(&mut self) {
        let branches = self.branches.iter_mut();
        let of_branches = branches.flat_map(|branch| &mut branch.parameters);
        let all = self.common.iter_mut().chain(of_branches);
        // Which scopes to show is chosen among all of them.
        let of_body = all.filter(|(name, declared)| {
            declared.location == Location::Body
                && declared.shape.body_example.is_none()
                && !["scope", "scopes"].contains(*name)
        });
        for (name, declared) in of_body {
            let mut examples = self.examples.iter();
            // What tools make up is an empty text.
            let value = examples.find_map(|example| {
                scalar_text(example.get(*name)?).filter(|text| !text.is_empty())
            });
            declared.shape.body_example = value;
        }
    }

    /// Whether a credential of the caller's stands in the `Authorization` header.
    pub(crate) fn has_credential(&self) -> bool {
        self.common.contains_key(AUTHORIZATION)
    }

    /// Whether there is a parameter of this name, in any body.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.common.contains_key(name) || self.is_in_branch(name)
    }

    /// The parameter of a name: that of all bodies, or else of the first that has it.
    pub(crate) fn described(&self, name: &str) -> Option<&DeclaredParameter<'a>> {
        let branches = self.branches.iter();
        let mut of_branches = branches.filter_map(|branch| branch.parameters.get(name));
        self.common.get(name).or_else(|| of_branches.next())
    }

    /// Whether one of several bodies has it.
    pub(crate) fn is_in_branch(&self, name: &str) -> bool {
        let mut branches = self.branches.iter();
        branches.any(|branch| branch.parameters.contains_key(name))
    }
}
