//! A parameter as the document has it, before it is given to grants.

use crate::infer::parameter_places::Places;
use crate::infer::schema::{Kind, Shape};
use crate::model::{Location, credential};

/// A parameter as the document has it, before it is given to grants.
#[derive(Debug, Clone)]
pub(crate) struct DeclaredParameter<'a> {
    pub(crate) shape: Shape<'a>,
    /// Where it is sent, if nothing is said of more places.
    pub(crate) location: Location,
    pub(crate) required: bool,
    /// Everywhere that the document has it.
    pub(crate) places: Places,
    pub(crate) description: Option<&'a str>,
    /// What the items of a list are.
    pub(crate) items: Kind,
    /// What stands before the value in a header.
    pub(crate) prefix: Option<&'static str>,
    /// What stands between the items of a list, where the parameter is not repeated.
    pub(crate) separator: Option<&'static str>,
    /// Whether it is JSON text wherever it stands.
    pub(crate) is_json: bool,
}

impl<'a> DeclaredParameter<'a> {
    pub(crate) fn new(
        shape: Shape<'a>,
        location: Location,
        required: bool,
        description: Option<&'a str>,
    ) -> Self {
        Self {
            shape,
            location,
            required,
            places: Places::one(location, required),
            description,
            items: Kind::Any,
            prefix: None,
            separator: None,
            is_json: false,
        }
    }

    /// Whether its value is a credential: by what the document says, else by its name.
    pub(crate) fn is_secret(&self, name: &str) -> bool {
        let words = self.description.or(self.shape.description);
        let is_described =
            words.is_some_and(|words| credential::is_described_as_credential(name, words));
        self.shape
            .is_secret(credential::is_credential_parameter(name) || is_described)
    }

    /// Adds the same parameter as it is declared once more. In one place the first declaration counts; of several places the
    /// one that is best to send it in, with what the others say of its values.
    pub(super) fn merge(&mut self, mut other: Self, name: &str) {
        if self.location == other.location {
            self.places.add(other.location, other.required);
            self.required |= other.required;
            return;
        }
        self.places.extend(&other.places);
        let main = match self.is_secret(name) || other.is_secret(name) {
            true => self.places.main_of_secret(),
            false => self.places.main(),
        };
        if main == Some(other.location) {
            std::mem::swap(self, &mut other);
            self.places = std::mem::take(&mut other.places);
        }
        self.required |= other.required;
        self.description = self.description.or(other.description);
        self.shape.complete(other.shape);
    }
}

/// The only value that there is.
pub(crate) fn constant(shape: &Shape<'_>) -> Option<String> {
    match shape.values.as_slice() {
        [only] => Some(only.clone()),
        _ => None,
    }
}
