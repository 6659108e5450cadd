//! Responses as the document shows them, for mocks.

use tokensmith_description::{SampleResponse, Shelves};

use crate::model::{Endpoint, ErrorCase, Model};

/// Status, media type and body.
type Sample<'a> = (u16, &'a str, &'a str);

impl Model {
    /// Returns the document's examples of responses, and the refusals that it declares without a
    /// body, for as long as `shelves` keeps the lists. What several endpoints share stands there
    /// once.
    pub fn sample_responses<'a>(&'a self, shelves: &'a Shelves<'a>) -> &'a [SampleResponse<'a>] {
        let mut found: Vec<(Sample<'a>, Vec<usize>)> = Vec::new();
        for (place, endpoint) in self.endpoints.iter().enumerate() {
            for sample in samples(endpoint) {
                match found.iter_mut().find(|(known, _)| *known == sample) {
                    Some((_, endpoints)) if endpoints.contains(&place) => {}
                    Some((_, endpoints)) => endpoints.push(place),
                    None => found.push((sample, vec![place])),
                }
            }
        }
        let found = found.into_iter();
        let found = found.map(|((status, media_type, body), endpoints)| {
            SampleResponse::new(shelves.numbers.keep(endpoints), status).with_body(media_type, body)
        });
        shelves.sample_responses.keep(found)
    }
}

/// The status of an example. One that is declared for any status is sent with 200 by an endpoint that
/// marks failures in the body.
fn status(endpoint: &Endpoint, status: u16) -> u16 {
    let covering = endpoint.errors.iter();
    let mut covering =
        covering.filter(|case| (case.statuses.0..=case.statuses.1).contains(&status));
    let is_default = covering.all(|case| case.statuses == ErrorCase::DEFAULT);
    let is_marked = !endpoint.attributes.failures.is_empty();
    match status >= 400 && is_default && is_marked {
        true => 200,
        false => status,
    }
}

fn samples(endpoint: &Endpoint) -> impl Iterator<Item = Sample<'_>> {
    let examples = endpoint.examples.responses.iter();
    let examples = examples.map(|example| {
        let (media_type, body) = (example.media_type.as_str(), example.body.as_str());
        (status(endpoint, example.status), media_type, body)
    });
    let errors = endpoint.errors.iter();
    let bare = errors.filter(|case| case.body.is_none() && case.statuses.0 == case.statuses.1);
    let bare = bare.map(|case| case.statuses.0).filter(|status| {
        let mut examples = endpoint.examples.responses.iter();
        !examples.any(|example| example.status == *status)
    });
    examples.chain(bare.map(|status| (status, "", "")))
}
