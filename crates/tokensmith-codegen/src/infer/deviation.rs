//! Where a provider leaves RFC 6749, in sentences for the crate's documentation.

mod answer;
mod request;
#[cfg(test)]
mod tests;

use crate::model::{Endpoint, Model};

/// What is said of one or more endpoints.
struct Sentence {
    subjects: Vec<&'static str>,
    singular: String,
    plural: String,
}

impl Sentence {
    fn text(self) -> String {
        match self.subjects.as_slice() {
            [] => self.singular,
            [only] => format!("The {only} endpoint {}", self.singular),
            several => format!("The {} endpoints {}", several.join(" and "), self.plural),
        }
    }
}

#[derive(Default)]
struct Sentences(Vec<Sentence>);

impl Sentences {
    /// Says of an endpoint what may have been said of another already.
    fn of(&mut self, endpoint: &Endpoint, singular: &str, plural: &str) {
        let subject = endpoint.kind.as_str();
        match self
            .0
            .iter_mut()
            .find(|sentence| sentence.singular == singular)
        {
            Some(sentence) if !sentence.subjects.contains(&subject) => {
                sentence.subjects.push(subject)
            }
            Some(_) => {}
            None => self.0.push(Sentence {
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

    /// Says something of the provider as a whole.
    fn whole(&mut self, text: String) {
        if !self.0.iter().any(|sentence| sentence.singular == text) {
            self.0.push(Sentence {
                subjects: Vec::new(),
                singular: text,
                plural: String::new(),
            });
        }
    }
}

/// The deviations of all endpoints, each said once.
pub(crate) fn deviations(model: &Model) -> Vec<String> {
    let mut sentences = Sentences::default();
    for endpoint in &model.endpoints {
        request::say(endpoint, &mut sentences);
        answer::say(model, endpoint, &mut sentences);
    }
    sentences.0.into_iter().map(Sentence::text).collect()
}

/// `a, b or c`, each as code.
fn listed(texts: &[String]) -> String {
    let texts: Vec<String> = texts.iter().map(|text| format!("`{text}`")).collect();
    texts.join(" or ")
}
