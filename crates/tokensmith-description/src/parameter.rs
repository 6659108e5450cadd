//! What a document says of one parameter.

/// Where a parameter is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Location {
    /// In the body, form-encoded or as a member of the JSON object.
    Body,
    /// In the URL's query.
    Query,
    /// As a header.
    Header,
    /// In the path, where its name stands in braces.
    Path,
}

/// The type of a parameter. Form encoding has only text; in JSON the others keep their type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ParameterKind {
    /// Text.
    Text,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// True or false.
    Boolean,
    /// Several texts: a repeated parameter in a form, an array in JSON.
    TextList,
    /// Any JSON value: as it is in JSON, its JSON text in a form (as RFC 9396 section 2 has it).
    Json,
    /// Several JSON values, such as numbers: a repeated parameter in a form, an array in JSON.
    JsonList,
}

/// A parameter of an operation: its name, its type, and the limits that are checked before anything
/// is sent.
#[derive(Debug, Clone, Copy)]
pub struct Parameter<'a> {
    name: &'a str,
    required: bool,
    secret: bool,
    location: Location,
    prefix: &'a str,
    kind: ParameterKind,
    separator: Option<&'a str>,
    min_length: Option<u32>,
    max_length: Option<u32>,
    pattern: Option<&'a str>,
    values: &'a [&'a str],
    default: Option<&'a str>,
    is_random_uuid: bool,
}

impl<'a> Parameter<'a> {
    /// An optional text in the body.
    pub const fn new(name: &'a str) -> Self {
        Self {
            name,
            required: false,
            secret: false,
            location: Location::Body,
            prefix: "",
            kind: ParameterKind::Text,
            separator: None,
            min_length: None,
            max_length: None,
            pattern: None,
            values: &[],
            default: None,
            is_random_uuid: false,
        }
    }

    /// Says that a request without it is refused.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Says that its value is never to be seen.
    #[must_use]
    pub const fn secret(mut self) -> Self {
        self.secret = true;
        self
    }

    /// Sets where it is sent.
    #[must_use]
    pub const fn with_location(mut self, location: Location) -> Self {
        self.location = location;
        self
    }

    /// Sets what stands before its value in a header, such as `"Bearer "` in `Authorization` (RFC
    /// 6750 section 2.1).
    #[must_use]
    pub const fn with_prefix(mut self, prefix: &'a str) -> Self {
        self.prefix = prefix;
        self
    }

    /// Sets its type.
    #[must_use]
    pub const fn with_kind(mut self, kind: ParameterKind) -> Self {
        self.kind = kind;
        self
    }

    /// Sets what stands between the texts of a list where there is only text, instead of a
    /// repetition of the parameter.
    #[must_use]
    pub const fn with_separator(mut self, separator: &'a str) -> Self {
        self.separator = Some(separator);
        self
    }

    /// Sets the least number of characters (Unicode code points).
    #[must_use]
    pub const fn with_min_length(mut self, characters: u32) -> Self {
        self.min_length = Some(characters);
        self
    }

    /// Sets the greatest number of characters (Unicode code points).
    #[must_use]
    pub const fn with_max_length(mut self, characters: u32) -> Self {
        self.max_length = Some(characters);
        self
    }

    /// Sets a regular expression that must be found in it. Checked with the feature `pattern`, and
    /// only then.
    #[must_use]
    pub const fn with_pattern(mut self, pattern: &'a str) -> Self {
        self.pattern = Some(pattern);
        self
    }

    /// Sets the only values allowed.
    #[must_use]
    pub const fn with_values(mut self, values: &'a [&'a str]) -> Self {
        self.values = values;
        self
    }

    /// Sets the value that is sent when the caller gives none; of a list, its items as a JSON array.
    #[must_use]
    pub const fn with_default(mut self, default: &'a str) -> Self {
        self.default = Some(default);
        self
    }

    /// Says that each request has a fresh random UUID (RFC 9562 section 5.4) where the caller gives no
    /// value: retries of one request have different ones.
    #[must_use]
    pub const fn with_random_uuid(mut self) -> Self {
        self.is_random_uuid = true;
        self
    }

    /// The name on the wire.
    pub const fn name(&self) -> &'a str {
        self.name
    }

    /// Whether a request without it is refused.
    pub const fn is_required(&self) -> bool {
        self.required
    }

    /// Whether its value is never to be seen.
    pub const fn is_secret(&self) -> bool {
        self.secret
    }

    /// Where it is sent.
    pub const fn location(&self) -> Location {
        self.location
    }

    /// What stands before its value in a header.
    pub const fn prefix(&self) -> &'a str {
        self.prefix
    }

    /// Its type.
    pub const fn kind(&self) -> ParameterKind {
        self.kind
    }

    /// What stands between the texts of a list; `None` where the parameter is repeated.
    pub const fn separator(&self) -> Option<&'a str> {
        self.separator
    }

    /// The least number of characters.
    pub const fn min_length(&self) -> Option<u32> {
        self.min_length
    }

    /// The greatest number of characters.
    pub const fn max_length(&self) -> Option<u32> {
        self.max_length
    }

    /// A regular expression that must be found in it.
    pub const fn pattern(&self) -> Option<&'a str> {
        self.pattern
    }

    /// The only values allowed; empty when any is.
    pub const fn values(&self) -> &'a [&'a str] {
        self.values
    }

    /// The value that is sent when the caller gives none.
    pub const fn default(&self) -> Option<&'a str> {
        self.default
    }

    /// Whether each request has a fresh random UUID where the caller gives no value.
    pub const fn is_random_uuid(&self) -> bool {
        self.is_random_uuid
    }
}
