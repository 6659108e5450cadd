//! How much a document may ask for.
//!
//! A document is untrusted, and a short one can stand for very much: what is referred to a thousand times is read a thousand times.
//! What counts is therefore what comes out, not the size of the file. All limits of the stages behind `select` stand here; whatever is
//! beyond one of them is TS022, which names the part and the limit.

use std::cell::{Cell, OnceCell};

use serde_json::Value;

/// A limit, and what to do about it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Limit {
    /// The part of the document, and what is said of it.
    pub(crate) what: &'static str,
    pub(crate) most: usize,
    /// What is counted, in the plural.
    pub(crate) unit: &'static str,
    pub(crate) help: &'static str,
}

/// OAuth operations of a document; the largest known has some twenty.
pub(crate) const OPERATIONS: Limit = Limit {
    what: "the document has too many OAuth operations",
    most: 500,
    unit: "operations",
    help: "keep those that clients need: x-tokensmith: {endpoint: none} leaves one out",
};

/// Names of parameters and properties that are looked at to find the OAuth operations, each as often as an operation refers to it.
pub(crate) const NAMES: Limit = Limit {
    what: "the operations refer to too many parameters and properties",
    most: 8_000_000,
    unit: "names",
    help: "generate from a document that has only the operations about tokens",
};

/// Parts of schemas that each media type of a Swagger 2.0 response has again, beyond the usual ones.
pub(crate) const COPIES: Limit = Limit {
    what: "the responses have too many media types",
    most: 100_000,
    unit: "parts of schemas in them",
    help: "keep the media types that the token endpoint sends:\nproduces: [application/json]",
};

/// Servers of an operation, with the variables that stand for whole URLs written out.
pub(crate) const SERVERS: Limit = Limit {
    what: "the document names too many servers",
    most: 1_000,
    unit: "servers",
    help: "write one URL with a variable for what they differ in: https://{region}.example.com",
};

/// Grants of an endpoint; the largest known takes a dozen.
pub(crate) const GRANTS: Limit = Limit {
    what: "the endpoint takes too many grants",
    most: 200,
    unit: "grants",
    help: "say which of them matter:\nx-tokensmith: {grants: [client_credentials]}",
};

/// Parameters of a request; the largest known takes some fifty.
pub(crate) const PARAMETERS: Limit = Limit {
    what: "the request has too many parameters",
    most: 1_000,
    unit: "parameters",
    help: "keep those that the endpoint needs: others can be sent as extra parameters",
};

/// Components within components; vendors stay below ten.
pub(crate) const LEVELS: Limit = Limit {
    what: "the schema nests too deep",
    most: 64,
    unit: "levels of references",
    help: LESS_SCHEMA,
};

/// Schemas and properties that are read, each as often as it is referred to.
const PARTS: Limit = Limit {
    what: "the schemas are too large, with what they refer to",
    most: 200_000,
    unit: "parts",
    help: LESS_SCHEMA,
};

/// What stands in the place of references to it, in bytes of memory.
const COPIED: Limit = Limit {
    what: "what references stand for is too large, as often as they stand for it",
    most: 8 << 20,
    unit: "bytes",
    help: "shorten what is referred to often, or refer to it less often",
};

/// Names and descriptions of the crate's fields and parameters, each as often as it stands there, in bytes.
const TEXT: Limit = Limit {
    what: "the names and descriptions are too long, as often as they are referred to",
    most: 4 << 20,
    unit: "bytes",
    help: "shorten the descriptions that are referred to often",
};

/// The code of a crate, in bytes.
const CODE: Limit = Limit {
    what: "the crate would be too large",
    most: 10 << 20,
    unit: "bytes of code",
    help: "cut the document down to the operations, properties and values that clients need",
};

/// Steps that examples are held against their schemas with; the largest known documents need some thousands.
const MAX_EXAMPLE_STEPS: usize = 2_000_000;

/// Characters of a server's URL; every value of its variables is tried in it.
pub(crate) const URL: Limit = Limit {
    what: "the URL of a server is too long",
    most: 4_000,
    unit: "characters",
    help: "write the scheme, the host and the base path only",
};

/// Values of a server variable.
pub(crate) const VALUES: Limit = Limit {
    what: "the server variable has too many values",
    most: 1_000,
    unit: "values",
    help: "say what they look like instead:\npattern: '[a-z0-9-]+'",
};

/// Variables of one URL or scope.
pub(crate) const VARIABLES: Limit = Limit {
    what: "the text has too many variables",
    most: 100,
    unit: "variables",
    help: "keep those that differ between clients",
};

/// Characters of an operation's path: every pointer into the operation has them.
pub(crate) const PATH: Limit = Limit {
    what: "the path of an operation is too long",
    most: 2_000,
    unit: "characters",
    help: "write the path that clients call",
};

/// Variables of a path; the largest known has three.
pub(crate) const PATH_VARIABLES: Limit = Limit {
    what: "the path has too many variables",
    most: 100,
    unit: "variables",
    help: "write the path that clients call",
};

/// What is said of a document; the worst known is far below a thousand.
pub(crate) const DIAGNOSTICS: Limit = Limit {
    what: "the document has too many faults to list them",
    most: 1_000,
    unit: "diagnostics",
    help: "correct those that are listed, and run the command again",
};

const LESS_SCHEMA: &str =
    "replace what the endpoint does not need by `type: object` without properties";

/// A sum that does not overflow.
#[derive(Debug, Default)]
pub(crate) struct Counter(Cell<usize>);

impl Counter {
    /// Adds to the sum, and returns it.
    pub(crate) fn add(&self, more: usize) -> usize {
        let sum = self.sum().saturating_add(more);
        self.0.set(sum);
        sum
    }

    /// What was added so far.
    pub(crate) fn sum(&self) -> usize {
        self.0.get()
    }
}

/// What one document has used.
#[derive(Debug, Default)]
pub(crate) struct Budget {
    copied: Counter,
    parts: Counter,
    text: Counter,
    code: Counter,
    examples: Counter,
    /// The first limit that was passed, and where.
    exceeded: OnceCell<(&'static Limit, String)>,
}

impl Budget {
    /// Counts what is to be copied to the place of the reference at `at`. `false` if it is too much, or was before.
    pub(crate) fn copied(&self, value: &Value, at: &str) -> bool {
        // To measure a value takes as long as to copy it.
        self.exceeded.get().is_none() && self.spend(&self.copied, &COPIED, room(value), at)
    }

    /// Counts schemas and properties that are read at `at`. `false` if they are too many, or were before.
    pub(crate) fn parts(&self, count: usize, at: &str) -> bool {
        self.spend(&self.parts, &PARTS, count, at)
    }

    /// Counts text that is copied from `at` into the model.
    pub(crate) fn text(&self, bytes: usize, at: &str) -> bool {
        self.spend(&self.text, &TEXT, bytes, at)
    }

    /// Counts code that is to be generated.
    pub(crate) fn code(&self, bytes: usize) -> bool {
        self.spend(&self.code, &CODE, bytes, "")
    }

    /// Counts steps of holding examples against their schemas. `false` when that has taken long enough: the crate does not depend on it.
    pub(crate) fn examples(&self, steps: usize) -> bool {
        self.examples.add(steps) <= MAX_EXAMPLE_STEPS
    }

    /// The first limit that was passed, and where.
    pub(crate) fn exceeded(&self) -> Option<(&'static Limit, &str)> {
        let (limit, at) = self.exceeded.get()?;
        Some((limit, at))
    }

    fn spend(&self, spent: &Counter, limit: &'static Limit, more: usize, at: &str) -> bool {
        if spent.add(more) > limit.most {
            self.exceeded.get_or_init(|| (limit, at.to_owned()));
        }
        self.exceeded.get().is_none()
    }
}

/// About how much memory a value takes, in bytes.
fn room(value: &Value) -> usize {
    const VALUE: usize = 64;
    let below: usize = match value {
        Value::Object(members) => {
            let members = members.iter();
            members.map(|(key, member)| key.len() + room(member)).sum()
        }
        Value::Array(items) => items.iter().map(room).sum(),
        Value::String(text) => text.len(),
        _ => 0,
    };
    VALUE + below
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_limit_that_is_passed_is_told() {
        let budget = Budget::default();
        assert!(budget.parts(PARTS.most, "/a") && budget.text(TEXT.most, "/b"));
        assert_eq!(budget.exceeded(), None);
        assert!(!budget.text(1, "/c") && !budget.parts(1, "/d"));
        assert_eq!(budget.exceeded(), Some((&TEXT, "/c")));
    }

    #[test]
    fn nothing_is_measured_once_a_limit_is_passed() {
        let budget = Budget::default();
        let value = Value::from("x".repeat(1_000));
        assert!(budget.copied(&value, "/a"));
        let before = budget.copied.sum();
        assert!(before >= 1_000 && !budget.text(TEXT.most + 1, "/b"));
        assert!(!budget.copied(&value, "/c"));
        assert_eq!(budget.copied.sum(), before);
    }
}
