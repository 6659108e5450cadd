//! What a document is taken to mean, and by what: each question records its finding beside its
//! answer, and the warnings of TS030 are findings that rest on more than statements.

mod findings;
pub mod report;

use std::fmt;

use crate::diagnostic::{Diagnostic, Position, Rule};
pub(crate) use findings::Findings;

/// One question about the document's meaning, with its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The operation that is the endpoint, as a JSON Pointer; empty for what holds for all.
    pub endpoint: String,
    /// What is asked.
    pub question: Question,
    /// What it is asked of, where an endpoint has several: the name of a parameter or a field.
    pub subject: Option<String>,
    /// The grants whose requests it is about; empty for all requests of the endpoint.
    pub grants: Vec<String>,
    /// What was found.
    pub answer: String,
    /// What speaks for the answer, the surest first.
    pub evidence: Vec<Evidence>,
    /// What speaks against it.
    pub against: Vec<Evidence>,
    inferred: Option<Inferred>,
}

/// What TS030 says of an answer that is inferred and not stated, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Inferred {
    at: String,
    message: String,
    help: String,
}

/// Something in the document that says what is meant, or a habit where the document says nothing.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Evidence {
    /// What kind of thing it is.
    pub kind: EvidenceKind,
    /// The file, as it was named when it was loaded.
    pub file: String,
    /// Where it stands in the file, as a JSON Pointer; of what a document does not say, where it
    /// would stand.
    pub pointer: String,
    /// Line and column, where they could be found.
    pub position: Option<Position>,
    /// What it says, in a few words.
    pub text: Option<String>,
}

/// The questions, each as `kebab-case` in JSON.
macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident: $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
        }

        impl $name {
            /// All of them, in order.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Its stable name.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.pad(self.as_str())
            }
        }
    };
}

named! {
    /// What can be asked of a document, in the order in which findings are shown.
    Question {
        /// What kind of endpoint an operation is.
        Endpoint: "endpoint",
        /// Where the endpoint is.
        Url: "url",
        /// The HTTP method.
        Method: "method",
        /// How bodies are written.
        Format: "format",
        /// What a body holds that only an example shows.
        Body: "body",
        /// Which grants the endpoint takes, or which grant a body is for.
        Grants: "grants",
        /// How the client authenticates.
        ClientAuthentication: "client-authentication",
        /// Which parameters of another name the client itself sends.
        ClientParameters: "client-parameters",
        /// Where a parameter stands, whether it is required, and whether it is secret.
        Parameter: "parameter",
        /// The proof of possession of an authorization code (RFC 7636).
        CodeChallenge: "code-challenge",
        /// Which scopes there are.
        Scopes: "scopes",
        /// Which media type is asked for.
        ResponseFormat: "response-format",
        /// Where the token is.
        AccessToken: "access-token",
        /// When the token expires.
        Expiry: "expiry",
        /// Where other fields of the response are.
        Field: "field",
        /// Where an error response has its code and its description.
        Errors: "errors",
        /// What only `x-tokensmith` can say.
        Attribute: "attribute",
    }
}

named! {
    /// Kinds of evidence, the surest first.
    EvidenceKind {
        /// A key of `x-tokensmith`.
        Statement: "statement",
        /// A part of the document that is for this: an operation, a place, `required`, a type.
        Declaration: "declaration",
        /// A list of values.
        Enum: "enum",
        /// The only value.
        Const: "const",
        /// A pattern of fixed values.
        Pattern: "pattern",
        /// A discriminator of a choice.
        Discriminator: "discriminator",
        /// An OAuth flow.
        Flow: "flow",
        /// A security requirement or scheme.
        Security: "security",
        /// A default.
        Default: "default",
        /// A condition of a schema.
        Condition: "condition",
        /// The parameters that are declared.
        Parameters: "parameters",
        /// An example.
        Example: "example",
        /// A name.
        Name: "name",
        /// A description, a summary or a title.
        Description: "description",
        /// Another endpoint of the document.
        SiblingEndpoint: "sibling-endpoint",
        /// What an RFC has, or what is usual.
        Convention: "convention",
    }
}

impl EvidenceKind {
    /// Whether it states its answer: what rests on nothing else is not warned of.
    pub fn is_statement(self) -> bool {
        self <= Self::Default
    }
}

impl Evidence {
    pub(crate) fn new(kind: EvidenceKind, pointer: impl Into<String>) -> Self {
        Self {
            kind,
            file: String::new(),
            pointer: pointer.into(),
            position: None,
            text: None,
        }
    }

    /// Says what stands there; of a long text the beginning.
    pub(crate) fn saying(mut self, text: &str) -> Self {
        /// Characters of a text that are shown.
        const SHOWN: usize = 80;
        let mut words = text.split_whitespace();
        let mut shown = String::new();
        let mut is_cut = false;
        for word in words.by_ref() {
            if shown.chars().count() + word.chars().count() > SHOWN {
                is_cut = true;
                break;
            }
            if !shown.is_empty() {
                shown.push(' ');
            }
            shown.push_str(word);
        }
        if is_cut {
            shown.push('…');
        }
        self.text = Some(shown).filter(|shown| !shown.is_empty());
        self
    }
}

impl Finding {
    pub(crate) fn new(question: Question, answer: impl Into<String>) -> Self {
        Self {
            endpoint: String::new(),
            question,
            subject: None,
            grants: Vec::new(),
            answer: answer.into(),
            evidence: Vec::new(),
            against: Vec::new(),
            inferred: None,
        }
    }

    /// Says what it is asked of.
    pub(crate) fn of(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    /// Says which grant's requests it is about.
    pub(crate) fn of_grant(mut self, grant: &str) -> Self {
        if !grant.is_empty() {
            self.grants.push(grant.to_owned());
        }
        self
    }

    /// Adds evidence at a place.
    pub(crate) fn by(self, kind: EvidenceKind, pointer: impl Into<String>) -> Self {
        self.on(Evidence::new(kind, pointer))
    }

    /// Adds evidence behind that of its kind, unless there is enough.
    pub(crate) fn on(mut self, evidence: Evidence) -> Self {
        /// Pieces of evidence for one answer.
        const MOST: usize = 200;
        let kind = evidence.kind;
        let at = self.evidence.partition_point(|known| known.kind <= kind);
        let of_kind = self.evidence.get(..at).unwrap_or_default().iter().rev();
        let mut of_kind = of_kind.take_while(|known| known.kind == kind);
        if self.evidence.len() < MOST && !of_kind.any(|known| *known == evidence) {
            self.evidence.insert(at, evidence);
        }
        self
    }

    /// Adds what speaks against the answer.
    pub(crate) fn against(mut self, evidence: Evidence) -> Self {
        self.against.push(evidence);
        self
    }

    /// Warns of the answer, which is inferred: TS030 at a place, with what to write instead.
    pub(crate) fn inferred(
        mut self,
        at: impl Into<String>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        self.inferred = Some(Inferred {
            at: at.into(),
            message: message.into(),
            help: help.into(),
        });
        self
    }

    /// Whether the answer is inferred, and not stated.
    pub fn is_inferred(&self) -> bool {
        self.inferred.is_some()
    }

    /// Returns what TS030 says of the answer, where it is inferred and not stated.
    pub fn warning(&self) -> Option<&str> {
        let inferred = self.inferred.as_ref();
        inferred.map(|inferred| inferred.message.as_str())
    }

    /// The warning that the answer is inferred.
    pub(crate) fn diagnostic(&self) -> Option<Diagnostic> {
        let Inferred { at, message, help } = self.inferred.as_ref()?;
        Some(Diagnostic::new(Rule::Inferred, at, message).help(help))
    }
}

#[cfg(test)]
mod tests;
