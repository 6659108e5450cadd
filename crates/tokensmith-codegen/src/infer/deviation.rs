//! Where a provider leaves RFC 6749, and what else people need to know of its endpoints, in sentences for the crate's
//! documentation.

#[cfg(test)]
mod note_tests;
mod redirect;
mod request;
mod response;
#[cfg(test)]
mod tests;

use crate::model::{Endpoint, EndpointKind, Model, OwnedFailureMark};
use crate::prose;

/// What is said of one or more endpoints.
struct Sentence {
    subjects: Vec<Subject>,
    /// What follows the endpoint; the whole sentence, where it names none.
    singular: String,
    plural: String,
    form: Form,
}

/// How a sentence names its endpoints.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// As its subject.
    Subject,
    /// In no word, where it holds for all token endpoints or all others of a kind: it says itself what it is about.
    OfKind,
    /// In no word, where it is about the only endpoint that is called.
    OfOnly,
}

/// An endpoint as sentences name it.
#[derive(Clone, PartialEq, Eq)]
struct Subject {
    kind: EndpointKind,
    /// What tells it from the others of its kind, if there are any.
    mark: Option<String>,
}

impl Sentence {
    fn text(self, model: &Model) -> String {
        let nouns = nouns(&self.subjects, model);
        match self.subjects.as_slice() {
            [] => self.singular,
            several if self.form == Form::OfKind && are_all_tokens(several, model) => self.singular,
            [_] if self.form == Form::OfOnly && is_one_called(model) => self.singular,
            _ if self.form != Form::Subject => {
                format!("At the {nouns}, {}", lowered(&self.singular))
            }
            [_] => format!("The {nouns} {}", self.singular),
            _ => format!("The {nouns} {}", self.plural),
        }
    }
}

/// A sentence as it goes on after a comma.
fn lowered(sentence: &str) -> String {
    let mut letters = sentence.chars();
    let first = letters.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(letters).collect()
}

/// Whether these are all token endpoints there are, so that a sentence about tokens holds as it stands.
fn are_all_tokens(subjects: &[Subject], model: &Model) -> bool {
    let is_token = |kind: EndpointKind| kind == EndpointKind::Token;
    let all = model.endpoints.iter().filter(|other| is_token(other.kind));
    subjects.iter().all(|subject| is_token(subject.kind)) && subjects.len() == all.count()
}

/// Whether a client calls one endpoint only.
fn is_one_called(model: &Model) -> bool {
    let called = model.endpoints.iter().filter(|other| other.is_called());
    called.count() == 1
}

/// `token endpoint`, with its path if there are others; several as `token endpoints`, with their paths unless they are all.
fn nouns(subjects: &[Subject], model: &Model) -> String {
    let mut kinds: Vec<EndpointKind> = Vec::new();
    for subject in subjects {
        if !kinds.contains(&subject.kind) {
            kinds.push(subject.kind);
        }
    }
    let is_of = |kind: EndpointKind| move |subject: &&Subject| subject.kind == kind;
    let is_whole_kind = |kind: &EndpointKind| {
        let all = model.endpoints.iter().filter(|other| other.kind == *kind);
        subjects.iter().filter(is_of(*kind)).count() == all.count()
    };
    if kinds.iter().all(is_whole_kind) {
        let names: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
        let endpoints = if subjects.len() == 1 {
            "endpoint"
        } else {
            "endpoints"
        };
        return format!("{} {endpoints}", prose::listed(&names, "and"));
    }
    let groups = kinds.iter().map(|kind| {
        let of_kind: Vec<&Subject> = subjects.iter().filter(is_of(*kind)).collect();
        let endpoints = if of_kind.len() == 1 {
            "endpoint"
        } else {
            "endpoints"
        };
        let marks = of_kind.iter().filter_map(|subject| subject.mark.as_ref());
        let marks: Vec<&String> = marks.collect();
        let marks = match marks.as_slice() {
            [] => String::new(),
            marks => format!(" {}", prose::listed(marks, "and")),
        };
        format!("{} {endpoints}{marks}", kind.as_str())
    });
    groups.collect::<Vec<_>>().join(" and the ")
}

struct Sentences<'m> {
    model: &'m Model,
    said: Vec<Sentence>,
    notes: Vec<(String, String)>,
}

impl Sentences<'_> {
    fn subject(&self, endpoint: &Endpoint) -> Subject {
        let mut others = self.model.endpoints.iter();
        let is_other =
            |other: &Endpoint| other.kind == endpoint.kind && other.ident != endpoint.ident;
        let mark = others.any(is_other).then(|| self.mark(endpoint));
        Subject {
            kind: endpoint.kind,
            mark: mark.flatten(),
        }
    }

    /// Where an endpoint is, and what it is asked for if another of its kind is there as well.
    fn mark(&self, endpoint: &Endpoint) -> Option<String> {
        let path = format!("`{}`", endpoint.paths.first()?.path);
        if !self.model.shares_path(endpoint) {
            return Some(path);
        }
        Some(format!("{path} ({})", endpoint.requests()))
    }

    /// Says of an endpoint what may have been said of another already.
    fn of(&mut self, endpoint: &Endpoint, singular: &str, plural: &str) {
        let subject = self.subject(endpoint);
        self.add(Some(subject), [singular, plural], Form::Subject);
    }

    fn add(&mut self, subject: Option<Subject>, [singular, plural]: [&str; 2], form: Form) {
        let mut said = self.said.iter_mut();
        let is_same = |other: &&mut Sentence| {
            other.singular == singular
                && other.form == form
                && other.subjects.is_empty() == subject.is_none()
        };
        match said.find(is_same) {
            Some(sentence) => {
                let new = subject.filter(|subject| !sentence.subjects.contains(subject));
                sentence.subjects.extend(new);
            }
            None => self.said.push(Sentence {
                subjects: subject.into_iter().collect(),
                singular: singular.to_owned(),
                plural: plural.to_owned(),
                form,
            }),
        }
    }

    /// Says of an endpoint what has the same words for several.
    fn of_each(&mut self, endpoint: &Endpoint, [singular, plural]: [&str; 2], rest: &str) {
        self.of(
            endpoint,
            &format!("{singular} {rest}"),
            &format!("{plural} {rest}"),
        );
    }

    /// Says something in words that name no endpoint, unless there are several of the kind.
    fn whole(&mut self, endpoint: &Endpoint, text: &str) {
        let subject = self.subject(endpoint);
        let subject = subject.mark.is_some().then_some(subject);
        self.add(subject, [text, ""], Form::OfKind);
    }

    /// Says something in words that name no endpoint, unless several are called.
    fn of_responses(&mut self, endpoint: &Endpoint, text: &str) {
        let subject = self.subject(endpoint);
        self.add(Some(subject), [text, ""], Form::OfOnly);
    }

    /// Says what the RFCs allow, and people need to know all the same.
    fn note(&mut self, endpoint: &Endpoint, text: &str) {
        let note = (endpoint.ident.clone(), text.to_owned());
        self.notes.push(note);
    }
}

/// The deviations of all endpoints, each said once, and the notes on each endpoint.
pub(crate) fn sentences(model: &Model) -> (Vec<String>, Vec<(String, String)>) {
    let mut sentences = Sentences {
        model,
        said: Vec::new(),
        notes: Vec::new(),
    };
    for endpoint in &model.endpoints {
        request::say(endpoint, &mut sentences);
        match endpoint.kind {
            kind if kind.is_for_browsers() => redirect::say(endpoint, &mut sentences),
            _ => response::say(model, endpoint, &mut sentences),
        }
    }
    let said = sentences.said.into_iter();
    let deviations = said.map(|sentence| sentence.text(model)).collect();
    (deviations, sentences.notes)
}

/// What makes a response a failure, after the name of its member.
fn condition(mark: &OwnedFailureMark) -> String {
    let values = mark.values.iter().map(|value| match value.as_str() {
        "" => "empty".to_owned(),
        value => format!("`{value}`"),
    });
    let values: Vec<String> = values.collect();
    let is = if mark.negated { "is not" } else { "is" };
    format!("{is} {}", prose::listed(&values, "or"))
}

/// `a, b or c`, each as code.
fn any_of(texts: &[String]) -> String {
    let texts: Vec<String> = texts.iter().map(|text| format!("`{text}`")).collect();
    prose::listed(&texts, "or")
}
