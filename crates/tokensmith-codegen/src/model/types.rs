//! The types of a provider's responses.

/// A refusal that the document declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorCase {
    /// Statuses, both included.
    pub statuses: (u16, u16),
    /// Variant of the error enum.
    pub ident: String,
    /// What the document says of it.
    pub description: Option<String>,
    /// Type of the body; nothing where the document declares none.
    pub body: Option<String>,
    /// The media type of a body that no type is made of.
    pub untyped: Option<String>,
}

impl ErrorCase {
    /// The statuses of what a document declares as `default`: all that no other case has.
    pub const DEFAULT: (u16, u16) = (300, 599);
    /// The statuses of a refusal that a document declares as a form of a success.
    pub const SUCCESS: (u16, u16) = (200, 299);
}

/// A type of the `response` module.
#[derive(Debug, Clone, PartialEq)]
pub enum TypeDef {
    /// An object.
    Struct(StructDef),
    /// A string out of a set that may grow.
    Enum(EnumDef),
}

impl TypeDef {
    /// The type's name.
    pub fn ident(&self) -> &str {
        match self {
            Self::Struct(def) => &def.ident,
            Self::Enum(def) => &def.ident,
        }
    }
}

/// An object in a response.
#[derive(Debug, Clone, PartialEq)]
pub struct StructDef {
    /// Name of the type.
    pub ident: String,
    /// What the document says of it.
    pub description: Option<String>,
    /// Whether it holds the access token.
    pub is_token: bool,
    /// Fields in the order of the RFCs, then by name.
    pub fields: Vec<Field>,
}

/// A field of an object in a response.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct Field {
    /// Name on the wire.
    pub wire: String,
    /// Name in Rust.
    pub ident: String,
    /// What the document says of it.
    pub description: Option<String>,
    /// What it holds.
    pub ty: FieldType,
}

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum FieldType {
    /// A string.
    Text,
    /// A string that must not be shown.
    Secret,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// True or false.
    Boolean,
    /// An OAuth error code.
    ErrorCode,
    /// A list.
    List(Box<FieldType>),
    /// A type of the `response` module.
    Named(String),
    /// A type of the `response` module that contains, or is, the one that has the field.
    Boxed(String),
    /// An object whose members the document does not say.
    Object,
    /// Anything.
    Any,
}

/// A string out of a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnumDef {
    /// Name of the type.
    pub ident: String,
    /// What the document says of it.
    pub description: Option<String>,
    /// The values, sorted.
    pub variants: Vec<Variant>,
    /// Whether upper and lower case are the same, as they are in `token_type` (RFC 6749, section 5.1).
    pub ignore_case: bool,
}

/// A value of an enum.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Variant {
    /// Name on the wire.
    pub wire: String,
    /// Name in Rust.
    pub ident: String,
}
