//! What is known of a provider besides its protocol, and from where.

use crate::SampleResponse;

/// What is known of a provider besides how to talk to it: for lists of providers and for people.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    version: &'a str,
    documentation: &'a str,
    sources: &'a [FactSource<'a>],
    verified: Option<SourceKind>,
    scopes: &'a [&'a str],
    deviations: &'a [&'a str],
    samples: &'a [SampleResponse<'a>],
}

impl<'a> About<'a> {
    /// Creates what is known of a provider: nothing but the version of its crate.
    pub const fn new(version: &'a str) -> Self {
        Self {
            version,
            documentation: "",
            sources: &[],
            verified: None,
            scopes: &[],
            deviations: &[],
            samples: &[],
        }
    }

    /// Sets the URL of the provider's documentation.
    #[must_use]
    pub const fn with_documentation(mut self, url: &'a str) -> Self {
        self.documentation = url;
        self
    }

    /// Sets where the facts of the document come from.
    #[must_use]
    pub const fn with_sources(mut self, sources: &'a [FactSource<'a>]) -> Self {
        self.sources = sources;
        self
    }

    /// Sets how well the facts of the document are known.
    #[must_use]
    pub const fn with_verified(mut self, verified: SourceKind) -> Self {
        self.verified = Some(verified);
        self
    }

    /// Sets the scopes that the document knows.
    #[must_use]
    pub const fn with_scopes(mut self, scopes: &'a [&'a str]) -> Self {
        self.scopes = scopes;
        self
    }

    /// Sets the deviations from RFC 6749, a sentence each, in Markdown.
    #[must_use]
    pub const fn with_deviations(mut self, deviations: &'a [&'a str]) -> Self {
        self.deviations = deviations;
        self
    }

    /// Sets responses as the document shows them.
    #[must_use]
    pub const fn with_samples(mut self, samples: &'a [SampleResponse<'a>]) -> Self {
        self.samples = samples;
        self
    }

    /// Returns the version of the provider's crate.
    pub const fn version(&self) -> &'a str {
        self.version
    }

    /// Returns the URL of the provider's documentation; empty if the document names none.
    pub const fn documentation(&self) -> &'a str {
        self.documentation
    }

    /// Returns where the facts of the document come from.
    pub const fn sources(&self) -> &'a [FactSource<'a>] {
        self.sources
    }

    /// Returns how well the facts of the document are known; `None` if the document does not say.
    pub const fn verified(&self) -> Option<SourceKind> {
        self.verified
    }

    /// Returns the scopes that the document knows.
    pub const fn scopes(&self) -> &'a [&'a str] {
        self.scopes
    }

    /// Returns the deviations from RFC 6749, a sentence each, in Markdown.
    pub const fn deviations(&self) -> &'a [&'a str] {
        self.deviations
    }

    /// Returns responses as the document shows them.
    pub const fn samples(&self) -> &'a [SampleResponse<'a>] {
        self.samples
    }
}

/// Where facts of a document come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FactSource<'a> {
    url: &'a str,
    date: &'a str,
    kind: SourceKind,
    facts: &'a str,
}

impl<'a> FactSource<'a> {
    /// Creates a source: its URL, and the day on which it was looked at, as `2026-11-29`.
    pub const fn new(url: &'a str, date: &'a str, kind: SourceKind) -> Self {
        Self {
            url,
            date,
            kind,
            facts: "",
        }
    }

    /// Sets what the source says, in Markdown.
    #[must_use]
    pub const fn with_facts(mut self, facts: &'a str) -> Self {
        self.facts = facts;
        self
    }

    /// Returns the URL.
    pub const fn url(&self) -> &'a str {
        self.url
    }

    /// Returns the day on which it was looked at, as `2026-11-29`.
    pub const fn date(&self) -> &'a str {
        self.date
    }

    /// Returns what kind of source it is.
    pub const fn kind(&self) -> SourceKind {
        self.kind
    }

    /// Returns what it says, in Markdown; empty if the document does not tell.
    pub const fn facts(&self) -> &'a str {
        self.facts
    }
}

/// What kind of source says a fact, the best first: how well the fact is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SourceKind {
    /// A response of the provider itself.
    Live,
    /// An OpenAPI document, a client or a server of the provider's own.
    VendorDocument,
    /// The provider's documentation.
    Documentation,
    /// Code or documentation of others.
    ThirdParty,
}

impl SourceKind {
    /// Every value, in the order of their declaration.
    pub const ALL: &'static [Self] = &[
        Self::Live,
        Self::VendorDocument,
        Self::Documentation,
        Self::ThirdParty,
    ];

    /// Returns the name that documents use: `live`, `vendor-document`, `documentation` or
    /// `third-party`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::VendorDocument => "vendor-document",
            Self::Documentation => "documentation",
            Self::ThirdParty => "third-party",
        }
    }
}
