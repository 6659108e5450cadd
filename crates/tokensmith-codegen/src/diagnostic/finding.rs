//! What a document is taken to mean, and by what: each question records its finding beside its
//! answer, and the warnings of TS030 are findings that rest on more than statements.

pub mod report;

use std::collections::BTreeMap;
use std::fmt;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use crate::diagnostic::{Diagnostic, Position, Rule};
use crate::pointer;

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

    /// The hash of what [`is_same_but_for_grants`](Self::is_same_but_for_grants) compares.
    fn hash_but_for_grants(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        (&self.answer, &self.endpoint, &self.evidence).hash(&mut hasher);
        (&self.against, self.warning()).hash(&mut hasher);
        hasher.finish()
    }

    /// Whether another finding of the same question differs in its grants only.
    fn is_same_but_for_grants(&self, other: &Self) -> bool {
        self.answer == other.answer
            && self.endpoint == other.endpoint
            && self.evidence == other.evidence
            && self.against == other.against
            && self.warning() == other.warning()
    }
}

/// What tells findings apart, but for their grants: what is asked of what, and the hash of the rest.
type Key = (Question, Option<String>, u64);

/// The findings of a document, as they are made.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    found: Vec<Finding>,
    /// Where those are whose endpoint is not named yet.
    open: BTreeMap<Key, Vec<usize>>,
}

impl Findings {
    /// Adds one; the same of another grant is one with it.
    pub(crate) fn push(&mut self, finding: Finding) {
        let key = (
            finding.question,
            finding.subject.clone(),
            finding.hash_but_for_grants(),
        );
        let indices = self.open.entry(key).or_default();
        let found = &mut self.found;
        let is_same = |index: &usize| {
            let known = found.get(*index);
            known.is_some_and(|known| known.is_same_but_for_grants(&finding))
        };
        let same = indices.iter().copied().find(is_same);
        match same.and_then(|index| found.get_mut(index)) {
            Some(known) => {
                for grant in finding.grants {
                    if !known.grants.contains(&grant) {
                        known.grants.push(grant);
                    }
                }
            }
            None => {
                indices.push(found.len());
                found.push(finding);
            }
        }
    }

    pub(crate) fn extend(&mut self, others: Self) {
        others
            .found
            .into_iter()
            .for_each(|finding| self.push(finding));
    }

    /// Adds what was found elsewhere, and may be added again.
    pub(crate) fn repeat(&mut self, others: &Self) {
        let found = others.found.iter().cloned();
        found.for_each(|finding| self.push(finding));
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.found.len()
    }

    /// Says of the findings behind the first so many which endpoint they are about.
    pub(crate) fn belong_to(&mut self, first: usize, endpoint: &str) {
        self.open.clear();
        for finding in self.found.iter_mut().skip(first) {
            if finding.endpoint.is_empty() {
                endpoint.clone_into(&mut finding.endpoint);
            }
        }
    }

    /// Gives findings without an endpoint to the one in which their evidence stands.
    pub(crate) fn belong_by_evidence(&mut self, endpoints: &[&str]) {
        let open = self.found.iter_mut();
        for finding in open.filter(|finding| finding.endpoint.is_empty()) {
            let Some(first) = finding.evidence.first() else {
                continue;
            };
            let mut endpoints = endpoints.iter();
            let owner = endpoints.find(|endpoint| pointer::is_within(&first.pointer, endpoint));
            if let Some(owner) = owner {
                finding.endpoint = (*owner).to_owned();
            }
        }
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// All of them, those of one endpoint together and in the order of the questions.
    pub(crate) fn into_vec(self) -> Vec<Finding> {
        let mut findings = self.found;
        let mut endpoints: BTreeMap<String, usize> = BTreeMap::new();
        for finding in &findings {
            let next = endpoints.len();
            endpoints.entry(finding.endpoint.clone()).or_insert(next);
        }
        findings
            .sort_by_key(|finding| (endpoints.get(&finding.endpoint).copied(), finding.question));
        findings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_stands_once_and_the_surest_first() {
        let finding = Finding::new(Question::Grants, "a")
            .by(EvidenceKind::Name, "/b")
            .by(EvidenceKind::Enum, "/c")
            .by(EvidenceKind::Name, "/a")
            .by(EvidenceKind::Name, "/b")
            .by(EvidenceKind::Enum, "/c");
        let places = finding.evidence.iter();
        let places: Vec<&str> = places.map(|one| one.pointer.as_str()).collect();
        assert_eq!(places, ["/c", "/b", "/a"]);
    }

    #[test]
    fn evidence_for_one_answer_is_bounded() {
        let finding = Finding::new(Question::Grants, "a");
        let finding = (0..1000).fold(finding, |finding, index| {
            finding.by(EvidenceKind::Enum, format!("/{index}"))
        });
        assert_eq!(finding.evidence.len(), 200);
    }
}
