//! What a change of a document means for those who use its crate.
//!
//! Two models are compared part by part, each of which is taken apart completely: a part that is added to the model does not compile until it
//! is compared here.

mod endpoint;
mod request;
mod response;
mod server;
mod version;

use std::fmt;

use semver::Version;

use tokensmith_codegen::model::Model;

pub use version::{is_enough, next};

/// How far a version has to go ([Semantic Versioning](https://semver.org)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Nothing that a program could notice.
    Patch,
    /// More than there was, or other requests; programs go on compiling.
    Minor,
    /// Programs may no longer compile, or fail.
    Major,
}

impl Step {
    /// `patch`, `minor` or `major`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// Who notices a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Whoever compiles a program.
    Api,
    /// Whoever looks at requests and responses.
    Wire,
    /// Whoever reads.
    Docs,
}

impl Kind {
    /// `api`, `wire` or `docs`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Wire => "wire",
            Self::Docs => "docs",
        }
    }
}

/// One thing that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// How far it alone takes the version.
    pub step: Step,
    /// Who notices it.
    pub kind: Kind,
    /// What changed, as the crate's users call it: `ClientCredentials::scope`.
    pub subject: String,
    /// How, in a few words.
    pub what: String,
}

/// Every change between two models of one provider, those that matter most first.
pub fn diff(before: &Model, after: &Model) -> Vec<Change> {
    let mut changes = Changes::default();
    let Model {
        name,
        title,
        // The author chooses it, by what is found here.
        version: _,
        description,
        docs_url,
        servers,
        first_server: _,
        base_path,
        flow_url,
        endpoints,
        types,
        scopes,
        // Sentences about what is compared elsewhere.
        deviations: _,
        notes: _,
        sources,
        verified,
    } = before;
    if *name != after.name {
        changes.api(
            Step::Major,
            "the crate",
            format!("is called {} and not {name}", after.name),
        );
    }
    changes.docs("the crate", title, &after.title);
    changes.docs("the crate", description, &after.description);
    changes.docs("the crate", sources, &after.sources);
    changes.docs("the crate", verified, &after.verified);
    changes.docs("the crate", docs_url, &after.docs_url);
    changes.docs("Server", base_path, &after.base_path);
    changes.docs("Server", flow_url, &after.flow_url);
    server::servers(servers, &after.servers, &mut changes);
    server::scopes(scopes, &after.scopes, &mut changes);
    endpoint::endpoints(endpoints, &after.endpoints, &mut changes);
    response::types(types, &after.types, &mut changes);
    changes.sorted()
}

/// The step that changes ask for together; nothing where there are none.
pub fn step(changes: &[Change]) -> Option<Step> {
    changes.iter().map(|change| change.step).max()
}

/// The least version that may come after `before`, given these changes.
pub fn least(before: &Version, changes: &[Change]) -> Version {
    step(changes).map_or_else(|| before.clone(), |step| next(before, step))
}

/// Changes as they are found.
#[derive(Default)]
struct Changes(Vec<Change>);

impl Changes {
    fn push(&mut self, step: Step, kind: Kind, subject: &str, what: String) {
        let subject = subject.to_owned();
        let change = Change {
            step,
            kind,
            subject,
            what,
        };
        if !self.0.contains(&change) {
            self.0.push(change);
        }
    }

    fn api(&mut self, step: Step, subject: &str, what: impl Into<String>) {
        self.push(step, Kind::Api, subject, what.into());
    }

    fn wire(&mut self, step: Step, subject: &str, what: impl Into<String>) {
        self.push(step, Kind::Wire, subject, what.into());
    }

    /// A text that is only read.
    fn docs<T: PartialEq>(&mut self, subject: &str, before: &T, after: &T) {
        if before != after {
            self.push(
                Step::Patch,
                Kind::Docs,
                subject,
                "is described in other words".to_owned(),
            );
        }
    }

    /// A value that requests or responses depend on, and no signature.
    fn value<T: PartialEq + fmt::Debug>(
        &mut self,
        step: Step,
        subject: &str,
        name: &str,
        before: &T,
        after: &T,
    ) {
        if before != after {
            self.wire(
                step,
                subject,
                format!("{name}: {before:?} becomes {after:?}"),
            );
        }
    }

    fn sorted(mut self) -> Vec<Change> {
        self.0.sort_by(|left, right| {
            (right.step, left.kind, &left.subject, &left.what).cmp(&(
                left.step,
                right.kind,
                &right.subject,
                &right.what,
            ))
        });
        self.0
    }
}

/// Compares values of one subject that programs compile with, whatever they are.
struct Minor<'a> {
    subject: &'a str,
    changes: &'a mut Changes,
}

impl Minor<'_> {
    fn compare<T: PartialEq + fmt::Debug>(&mut self, name: &str, before: &T, after: &T) {
        self.changes
            .value(Step::Minor, self.subject, name, before, after);
    }
}

/// What is in both lists, what is gone and what is new, by a name that each has.
fn matched<'a, T>(
    before: &'a [T],
    after: &'a [T],
    name: impl Fn(&T) -> &str,
) -> (Vec<(&'a T, &'a T)>, Vec<&'a T>, Vec<&'a T>) {
    let find = |list: &'a [T], wanted: &T| list.iter().find(|one| name(one) == name(wanted));
    let both = before
        .iter()
        .filter_map(|one| Some((one, find(after, one)?)));
    let gone = before.iter().filter(|one| find(after, one).is_none());
    let new = after.iter().filter(|one| find(before, one).is_none());
    (both.collect(), gone.collect(), new.collect())
}
