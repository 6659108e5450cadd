//! The document's examples of responses.

use serde_json::Value;
use tokensmith_runtime::{Endpoint, FailureMark, SampleResponse};

use super::body::scalar;

/// A sample of one endpoint, read.
#[derive(Debug, Clone)]
pub(crate) struct Sample {
    pub(crate) status: u16,
    pub(crate) media_type: String,
    pub(crate) body: String,
    /// The body as JSON; null if it is something else.
    pub(crate) json: Value,
    /// Whether it is a refusal.
    pub(crate) is_refusal: bool,
}

/// Returns the samples of an endpoint.
pub(crate) fn samples(
    all: &[SampleResponse<'_>],
    place: usize,
    endpoint: &Endpoint<'_>,
) -> Vec<Sample> {
    let own = all
        .iter()
        .filter(|sample| sample.endpoints().contains(&place));
    let samples = own.map(|sample| {
        let json = serde_json::from_str(sample.body()).unwrap_or(Value::Null);
        Sample {
            status: sample.status(),
            media_type: sample.media_type().to_owned(),
            body: sample.body().to_owned(),
            is_refusal: sample.status() >= 400 || is_refusal(&json, endpoint),
            json,
        }
    });
    samples.collect()
}

/// Whether a body says that it is a refusal, whatever the status is.
fn is_refusal(json: &Value, endpoint: &Endpoint<'_>) -> bool {
    let is_named = match &json["error"] {
        Value::String(code) => !code.is_empty(),
        Value::Object(error) => !error.is_empty(),
        _ => false,
    };
    is_named || endpoint.failures().iter().any(|mark| is_marked(json, mark))
}

/// Whether a mark of failure is in a body.
pub(crate) fn is_marked(json: &Value, mark: &FailureMark<'_>) -> bool {
    let found = json.pointer(mark.pointer).and_then(scalar);
    found.is_some_and(|found| mark.values.contains(&found.as_str()) != mark.negated)
}

/// Returns a value for a mark: one that is a failure, or one that is none.
pub(crate) fn mark_value(mark: &FailureMark<'_>, failure: bool) -> Option<Value> {
    let typed = |text: &&str| {
        let scalar: Option<Value> = serde_json::from_str(text).ok();
        let scalar = scalar.filter(|value| value.is_number() || value.is_boolean());
        scalar.unwrap_or_else(|| Value::from(*text))
    };
    let listed = mark.values.first().map(typed)?;
    if failure != mark.negated {
        return Some(listed);
    }
    // Any other value of the same type will do.
    match listed {
        Value::Bool(listed) if mark.values.len() == 1 => Some(Value::from(!listed)),
        Value::Number(_) if failure => Some(Value::from(1)),
        Value::String(_) if failure => Some(Value::from("error")),
        _ => None,
    }
}
