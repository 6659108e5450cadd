//! The catalogue of rules.

use serde::{Deserialize, Serialize};

use super::Severity;

/// The catalogue: one line for each rule, in the order of the codes.
macro_rules! rules {
    ($($rule:ident: $code:literal, $name:literal, $severity:ident, $summary:literal;)*) => {
        /// A rule that a document can break. Code and name are stable; the wording of a message is not.
        ///
        /// The page of each is in the folder `rules`, with a document that breaks the rule and one that does not.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum Rule {
            $(#[doc = concat!($code, ": ", $summary, ".")] $rule,)*
        }

        impl Rule {
            /// Every rule, in the order of the codes.
            pub const ALL: &[Self] = &[$(Self::$rule),*];

            /// The stable code, `TS001` and up.
            pub fn code(self) -> &'static str {
                match self { $(Self::$rule => $code,)* }
            }

            /// The stable name, such as `dangling-reference`.
            pub fn name(self) -> &'static str {
                match self { $(Self::$rule => $name,)* }
            }

            /// What breaks the rule, in a few words.
            pub fn summary(self) -> &'static str {
                match self { $(Self::$rule => $summary,)* }
            }

            /// How much it matters that the rule is broken.
            pub fn severity(self) -> Severity {
                match self { $(Self::$rule => Severity::$severity,)* }
            }

            /// The rule's page, in Markdown: what it means, a document that breaks it, and one that does not.
            pub fn page(self) -> &'static str {
                match self { $(Self::$rule => include_str!(concat!("../../rules/", $code, ".md")),)* }
            }
        }
    };
}

rules! {
    Unreadable: "TS001", "unreadable", Error, "the file is empty or is not UTF-8";
    Syntax: "TS002", "syntax", Error, "the file is neither YAML nor JSON";
    NotOpenApi: "TS003", "not-openapi", Error, "the file is not an OpenAPI document";
    UnsupportedVersion: "TS004", "unsupported-version", Error, "the document's OpenAPI version is not supported";
    NoTokenEndpoint: "TS005", "no-token-endpoint", Error, "the document has no token endpoint";
    DanglingReference: "TS006", "dangling-reference", Error, "a `$ref` points to nothing";
    CircularReference: "TS007", "circular-reference", Error, "a `$ref` leads back to itself";
    Malformed: "TS008", "malformed", Error, "a part of the document does not have OpenAPI's shape";
    UnknownMediaType: "TS009", "unknown-media-type", Error, "a body has no media type that a token endpoint can use";
    UnknownGrant: "TS010", "unknown-grant", Error, "the document does not say which grants the endpoint takes";
    NameCollision: "TS011", "name-collision", Error, "two names become one Rust identifier";
    UnusableName: "TS012", "unusable-name", Error, "a name cannot become a Rust identifier";
    NoAccessToken: "TS013", "no-access-token", Error, "the success response has no access token";
    Overlay: "TS014", "overlay", Error, "the overlay is not an OpenAPI Overlay 1.0 document, or does not fit";
    OverlayUnmatched: "TS015", "overlay-unmatched", Warning, "an overlay action changes nothing";
    Extension: "TS016", "extension", Error, "`x-tokensmith` has a key or value that does not exist";
    Unsupported: "TS017", "unsupported", Error, "a construct that is not supported";
    NoServer: "TS018", "no-server", Warning, "the document names no server";
    UnknownClientAuth: "TS019", "unknown-client-auth", Warning, "the document does not say how the client authenticates";
    Pattern: "TS020", "pattern", Warning, "a pattern cannot be checked";
    ProviderName: "TS021", "provider-name", Error, "the provider's name is not a crate name";
    TooLarge: "TS022", "too-large", Error, "the document is larger, deeper or, with all that it refers to written out, longer than is read";
    SeveralDocuments: "TS023", "several-documents", Warning, "the file has several YAML documents";
    DuplicateKey: "TS024", "duplicate-key", Warning, "a key is repeated";
    ExternalFile: "TS025", "external-file", Error, "a `$ref` leads to a file that is not read";
    Repaired: "TS026", "repaired", Warning, "a part that does not have OpenAPI's shape is read as it was meant";
    ServerVariable: "TS027", "server-variable", Error, "a value of a server's variable can change the host that secrets go to";
    Environments: "TS028", "environments", Error, "the servers of an endpoint do not fit those of the token endpoint";
    Inferred: "TS030", "inferred", Warning, "the meaning is inferred from words or from what is usual";
    LeftOut: "TS031", "left-out", Warning, "what is broken or unsupported is left out, since nothing depends on it";
    UndeclaredToken: "TS032", "undeclared-token", Warning, "the success response declares members but no access token";
    Unused: "TS033", "unused", Warning, "a part that bears on requests or responses has no effect";
    Undescribed: "TS040", "undescribed", Note, "a parameter has no description";
    VisibleSecret: "TS041", "visible-secret", Note, "a secret is not marked as one";
    PlainHttp: "TS042", "plain-http", Warning, "a server is reached without TLS";
    NoErrorResponse: "TS043", "no-error-response", Note, "an operation declares no error response";
    NoExample: "TS044", "no-example", Note, "an operation has no example";
    Unconfirmed: "TS045", "unconfirmed", Warning, "a fact of an import is not confirmed";
    WrongExample: "TS046", "wrong-example", Warning, "an example does not match its schema or its endpoint";
    NoSource: "TS047", "no-source", Note, "a fact about the provider has no source";
    HiddenCharacter: "TS048", "hidden-character", Error, "a text has characters that change how it is read";
}

impl Rule {
    /// The rule of this code, or of this name.
    pub fn find(code_or_name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|rule| {
            rule.code().eq_ignore_ascii_case(code_or_name) || rule.name() == code_or_name
        })
    }

    /// Whether it is about what would be better, and not about what is wrong.
    pub fn is_lint(self) -> bool {
        self >= Self::Undescribed && self.severity() != Severity::Error
    }

    /// Where the rule's page is.
    pub fn url(self) -> String {
        format!(
            "{}/blob/main/crates/tokensmith-codegen/rules/{}.md",
            env!("CARGO_PKG_REPOSITORY"),
            self.code()
        )
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn codes_and_names_are_told_apart() {
        let codes: BTreeSet<_> = Rule::ALL.iter().map(|rule| rule.code()).collect();
        let names: BTreeSet<_> = Rule::ALL.iter().map(|rule| rule.name()).collect();
        assert_eq!(codes.len(), Rule::ALL.len());
        assert_eq!(names.len(), Rule::ALL.len());
        assert!(Rule::ALL.is_sorted_by_key(|rule| rule.code()));
        assert_eq!(Rule::find("ts006"), Some(Rule::DanglingReference));
        assert_eq!(
            Rule::find("dangling-reference"),
            Some(Rule::DanglingReference)
        );
        assert_eq!(Rule::find("TS999"), None);
    }

    #[test]
    fn every_page_begins_with_its_rule() {
        for rule in Rule::ALL {
            let title = format!("# {} {}\n", rule.code(), rule.name());
            assert!(rule.page().starts_with(&title), "{title}");
        }
    }
}
