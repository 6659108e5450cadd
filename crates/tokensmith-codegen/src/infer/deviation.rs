//! Where a provider leaves RFC 6749, in sentences for the crate's documentation.

mod redirect;
mod request;
mod response;
#[cfg(test)]
mod tests;

use crate::model::{Endpoint, EndpointKind, Model};

/// What is said of one or more endpoints.
struct Sentence {
    subjects: Vec<Subject>,
    singular: String,
    plural: String,
}

/// An endpoint as sentences name it.
#[derive(Clone, PartialEq, Eq)]
struct Subject {
    kind: EndpointKind,
    /// Where it is, if there are several of the kind.
    path: Option<String>,
}

impl Subject {
    /// `token endpoint`, or `token endpoint` with its path.
    fn noun(&self) -> String {
        let kind = self.kind.as_str();
        match &self.path {
            Some(path) => format!("{kind} endpoint `{path}`"),
            None => format!("{kind} endpoint"),
        }
    }
}

impl Sentence {
    fn text(self) -> String {
        let Self {
            subjects,
            singular,
            plural,
        } = self;
        let has_path = subjects.iter().any(|subject| subject.path.is_some());
        match subjects.as_slice() {
            [] => singular,
            [only] => format!("The {} {singular}", only.noun()),
            several if has_path => {
                let nouns: Vec<String> = several.iter().map(Subject::noun).collect();
                format!("The {} {plural}", nouns.join(" and the "))
            }
            several => {
                let kinds: Vec<&str> = several.iter().map(|other| other.kind.as_str()).collect();
                format!("The {} endpoints {plural}", kinds.join(" and "))
            }
        }
    }
}

struct Sentences<'m> {
    model: &'m Model,
    said: Vec<Sentence>,
}

impl Sentences<'_> {
    fn subject(&self, endpoint: &Endpoint) -> Subject {
        let mut others = self.model.endpoints.iter();
        let is_other =
            |other: &Endpoint| other.kind == endpoint.kind && other.ident != endpoint.ident;
        let path = others.any(is_other).then(|| endpoint.paths.first());
        Subject {
            kind: endpoint.kind,
            path: path.flatten().map(|choice| choice.path.clone()),
        }
    }

    /// Says of an endpoint what may have been said of another already.
    fn of(&mut self, endpoint: &Endpoint, singular: &str, plural: &str) {
        let subject = self.subject(endpoint);
        let mut said = self.said.iter_mut();
        match said.find(|sentence| sentence.singular == singular) {
            Some(sentence) if !sentence.subjects.contains(&subject) => {
                sentence.subjects.push(subject);
            }
            Some(_) => {}
            None => self.said.push(Sentence {
                subjects: vec![subject],
                singular: singular.to_owned(),
                plural: plural.to_owned(),
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
        let text = match subject.path {
            Some(_) => format!("At the {}: {text}", subject.noun()),
            None => text.to_owned(),
        };
        if !self.said.iter().any(|sentence| sentence.singular == text) {
            self.said.push(Sentence {
                subjects: Vec::new(),
                singular: text,
                plural: String::new(),
            });
        }
    }
}

/// The deviations of all endpoints, each said once.
pub(crate) fn deviations(model: &Model) -> Vec<String> {
    let mut sentences = Sentences {
        model,
        said: Vec::new(),
    };
    for endpoint in &model.endpoints {
        request::say(endpoint, &mut sentences);
        match endpoint.kind {
            EndpointKind::Authorization => redirect::say(endpoint, &mut sentences),
            _ => response::say(model, endpoint, &mut sentences),
        }
    }
    sentences.said.into_iter().map(Sentence::text).collect()
}

/// `a, b or c`, each as code.
fn listed(texts: &[String]) -> String {
    let texts: Vec<String> = texts.iter().map(|text| format!("`{text}`")).collect();
    texts.join(" or ")
}
