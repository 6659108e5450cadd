//! What is wrong with a document, where, and what to write instead.

use std::fmt;

/// A rule that a document can break. The code is stable; the wording of its message is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Rule {
    /// TS001: the file is empty or is not UTF-8.
    Unreadable,
    /// TS002: the file is neither YAML nor JSON.
    Syntax,
    /// TS003: the file is no OpenAPI document.
    NotOpenApi,
    /// TS004: the document's OpenAPI version is not read.
    UnsupportedVersion,
    /// TS005: the document has no token endpoint.
    NoTokenEndpoint,
    /// TS006: a `$ref` points at nothing.
    DanglingReference,
    /// TS007: a `$ref` leads back to itself.
    CircularReference,
    /// TS008: a part of the document does not have OpenAPI's shape.
    Malformed,
    /// TS009: a body has no media type that a token endpoint can use.
    UnknownMediaType,
    /// TS010: nothing in the document says which grants the endpoint takes.
    UnknownGrant,
    /// TS011: two names become one Rust identifier.
    NameCollision,
    /// TS012: a name cannot become a Rust identifier.
    UnusableName,
    /// TS013: the success response has no access token.
    NoAccessToken,
    /// TS014: the overlay is no OpenAPI Overlay 1.0 document, or does not fit.
    Overlay,
    /// TS015: an overlay action changes nothing.
    OverlayUnmatched,
    /// TS016: `x-tokensmith` has a key or value that does not exist.
    Extension,
    /// TS017: a construct that is not supported.
    Unsupported,
    /// TS018: the document names no server.
    NoServer,
    /// TS019: nothing says how the client authenticates.
    UnknownClientAuth,
    /// TS020: a pattern cannot be checked.
    Pattern,
    /// TS021: the provider's name is no crate name.
    ProviderName,
    /// TS022: the file is larger, deeper or, with its aliases written out, longer than is read.
    TooLarge,
    /// TS023: the file has several YAML documents.
    SeveralDocuments,
    /// TS024: a key is repeated.
    DuplicateKey,
    /// TS025: a `$ref` leads to a file that is not read.
    ExternalFile,
    /// TS026: a part that does not have OpenAPI's shape is read as it was meant.
    Repaired,
    /// TS030: the meaning is taken from words, or from what is usual, for lack of a statement.
    Inferred,
    /// TS031: what is broken or unsupported is left out, since nothing depends on it.
    LeftOut,
}

impl Rule {
    /// The stable code, `TS001` and up.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unreadable => "TS001",
            Self::Syntax => "TS002",
            Self::NotOpenApi => "TS003",
            Self::UnsupportedVersion => "TS004",
            Self::NoTokenEndpoint => "TS005",
            Self::DanglingReference => "TS006",
            Self::CircularReference => "TS007",
            Self::Malformed => "TS008",
            Self::UnknownMediaType => "TS009",
            Self::UnknownGrant => "TS010",
            Self::NameCollision => "TS011",
            Self::UnusableName => "TS012",
            Self::NoAccessToken => "TS013",
            Self::Overlay => "TS014",
            Self::OverlayUnmatched => "TS015",
            Self::Extension => "TS016",
            Self::Unsupported => "TS017",
            Self::NoServer => "TS018",
            Self::UnknownClientAuth => "TS019",
            Self::Pattern => "TS020",
            Self::ProviderName => "TS021",
            Self::TooLarge => "TS022",
            Self::SeveralDocuments => "TS023",
            Self::DuplicateKey => "TS024",
            Self::ExternalFile => "TS025",
            Self::Repaired => "TS026",
            Self::Inferred => "TS030",
            Self::LeftOut => "TS031",
        }
    }

    /// Whether breaking the rule keeps the crate from being generated.
    pub fn severity(self) -> Severity {
        match self {
            Self::OverlayUnmatched
            | Self::NoServer
            | Self::UnknownClientAuth
            | Self::Pattern
            | Self::SeveralDocuments
            | Self::DuplicateKey
            | Self::Repaired
            | Self::Inferred
            | Self::LeftOut => Severity::Warning,
            _ => Severity::Error,
        }
    }
}

/// How much a diagnostic matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is generated from the document.
    Error,
    /// The crate is generated; somebody should look.
    Warning,
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}

/// Where in a file a diagnostic points. Both count from one; the column counts characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from one.
    pub line: u32,
    /// Column, from one, in characters.
    pub column: u32,
}

impl Position {
    /// A place in a text; what is less than one counts as one.
    pub(crate) fn new(line: usize, column: usize) -> Self {
        let from_one = |number: usize| u32::try_from(number.max(1)).unwrap_or(u32::MAX);
        Self {
            line: from_one(line),
            column: from_one(column),
        }
    }
}

/// One thing that is wrong with a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule that is broken.
    pub rule: Rule,
    /// The file, as it was named when it was loaded.
    pub file: String,
    /// JSON Pointer ([RFC 6901](https://www.rfc-editor.org/rfc/rfc6901)) of the value at fault; empty for the whole document.
    pub pointer: String,
    /// Line and column of that value, where they could be found.
    pub position: Option<Position>,
    /// What is wrong, and what was expected.
    pub message: String,
    /// What to add or change.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A diagnostic about the value at `pointer` of the document that is being read.
    ///
    /// File and position are filled in when the stage is over, by whoever knows them.
    pub(crate) fn new(rule: Rule, pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            rule,
            file: String::new(),
            pointer: pointer.into(),
            position: None,
            message: message.into(),
            help: None,
        }
    }

    /// Says what to add or change.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Says which file it is about, for a diagnostic that is not about the main document.
    pub(crate) fn in_file(mut self, file: &str) -> Self {
        self.file = file.to_owned();
        self
    }

    /// How much the diagnostic matters.
    pub fn severity(&self) -> Severity {
        self.rule.severity()
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}[{}]: {}",
            self.severity(),
            self.rule.code(),
            self.message
        )?;
        write!(formatter, "\n  --> {}", self.file)?;
        if let Some(Position { line, column }) = self.position {
            write!(formatter, ":{line}:{column}")?;
        }
        if !self.pointer.is_empty() {
            write!(formatter, "\n   at {}", self.pointer)?;
        }
        if let Some(help) = &self.help {
            let mut lines = help.lines();
            write!(formatter, "\n  fix: {}", lines.next().unwrap_or_default())?;
            for line in lines {
                write!(formatter, "\n       {line}")?;
            }
        }
        Ok(())
    }
}

/// Diagnostics as they are found, all of a document's at once.
#[derive(Debug, Default)]
pub(crate) struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        if !self.0.contains(&diagnostic) {
            self.0.push(diagnostic);
        }
    }

    pub(crate) fn extend(&mut self, others: Self) {
        others
            .0
            .into_iter()
            .for_each(|diagnostic| self.push(diagnostic));
    }

    pub(crate) fn has_errors(&self) -> bool {
        self.0
            .iter()
            .any(|diagnostic| diagnostic.severity() == Severity::Error)
    }

    pub(crate) fn into_vec(self) -> Vec<Diagnostic> {
        self.0
    }
}
