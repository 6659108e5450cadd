//! Whole requests and responses that a document gives as examples. They become tests of the crate.

mod query;
mod request;
mod response;

use openapiv3::Operation as ApiOperation;
use serde_json::{Map, Value};

use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::infer::Context;
use crate::infer::code_size::length;
use crate::infer::declaration::body_format;
use crate::infer::written_body;
use crate::model::example::RequestExample;
use crate::model::sample;
use crate::model::{Endpoint, Examples, Operation};
use crate::openapi::media::Example;
use crate::openapi::site::Site;
use crate::pointer;
use crate::prose::listed;

/// Collects the examples of an endpoint. Those that cannot be what they are meant to be are told.
pub(crate) fn examples(
    context: &Context<'_>,
    operation: &ApiOperation,
    site: &Site,
    endpoint: &Endpoint,
    diagnostics: &mut Diagnostics,
) -> Examples {
    let mut found = Examples::default();
    if !endpoint.is_called() {
        return found;
    }
    for body in written_body::requests(context.api, operation, &site.pointer) {
        let Some(format) = body_format(body.media_type).filter(|format| {
            endpoint.attributes.method.has_body() && endpoint.attributes.formats.contains(format)
        }) else {
            continue;
        };
        for example in context.untyped.examples(&body.pointer) {
            if !diagnostics
                .budget()
                .text(length(example.value), &example.pointer)
            {
                return found;
            }
            match request::read(&example, format, endpoint) {
                Ok(request) => {
                    tell_undeclared(&request, &example, endpoint, diagnostics);
                    found.requests.push(request);
                }
                Err(fault) => fault.tell(&example, diagnostics),
            }
        }
    }
    if !endpoint.attributes.method.has_body() {
        let operations = endpoint.operations.iter().enumerate();
        let requests =
            operations.filter_map(|(at, operation)| query::of(endpoint, (at, operation)));
        found.requests.extend(requests);
    }
    for (status, bodies) in written_body::responses(context.api, operation, &site.pointer) {
        for body in bodies {
            for example in context.untyped.examples(&body.pointer) {
                if !diagnostics
                    .budget()
                    .text(length(example.value), &example.pointer)
                {
                    return found;
                }
                match response::read(&example, &status, body.media_type, endpoint) {
                    Ok(response) => found.responses.extend(response),
                    Err(fault) => fault.tell(&example, diagnostics),
                }
            }
        }
    }
    let can_ask = !found.requests.is_empty() || endpoint.operations.iter().any(is_sampled);
    if !found.responses.is_empty() && !can_ask {
        let message = "the examples of responses cannot be tested: there is no example of a request that asks for them";
        diagnostics.push(
            Diagnostic::new(Rule::NoExample, &site.pointer, message)
                .help("give the request an example"),
        );
        found.responses.clear();
    }
    found
        .requests
        .sort_by(|left, right| (left.format, &left.name).cmp(&(right.format, &right.name)));
    found.responses.sort_by(|left, right| {
        (left.status, &left.media_type, &left.name).cmp(&(
            right.status,
            &right.media_type,
            &right.name,
        ))
    });
    found
}

/// Tells the parameters that only the example of a request has.
fn tell_undeclared(
    request: &RequestExample,
    example: &Example<'_>,
    endpoint: &Endpoint,
    diagnostics: &mut Diagnostics,
) {
    let Some(operation) = endpoint.operations.get(request.operation) else {
        return;
    };
    let is_of_other = |name: &str| {
        let mut parameters = endpoint.operations.iter().flat_map(|one| &one.parameters);
        parameters.any(|parameter| parameter.wire == name)
    };
    let (of_others, undeclared): (Vec<&str>, Vec<&str>) = request
        .extra
        .iter()
        .map(|(name, _)| name.as_str())
        .partition(|name| is_of_other(name));
    for (names, is_declared) in [(undeclared, false), (of_others, true)] {
        let names = names.iter();
        let names: Vec<String> = names
            .map(|name| format!("`{}`", name.escape_debug()))
            .collect();
        if names.is_empty() {
            continue;
        }
        let (names, request) = (listed(&names, "and"), &operation.ident);
        let message = match is_declared {
            true => format!(
                "{names}: in the example of the request `{request}`, and declared for other grants alone"
            ),
            false => {
                format!("{names}: in the example, and declared nowhere for the request `{request}`")
            }
        };
        let help = match is_declared {
            true => {
                "leave it out of the example; where the provider takes it, add it by `.extra(..)`"
            }
            false => {
                "add it by `.extra(..)`; to get a setter, declare it, in an overlay where the document is a vendor's"
            }
        };
        diagnostics.push(Diagnostic::new(Rule::Unused, &example.pointer, message).help(help));
    }
}

/// The bodies of the requests that are examples.
pub(crate) fn bodies<'a>(
    context: &Context<'a>,
    operation: &ApiOperation,
    site: &Site,
) -> Vec<&'a Map<String, Value>> {
    let bodies = written_body::requests(context.api, operation, &site.pointer);
    let readable = bodies.filter(|body| body_format(body.media_type).is_some());
    readable
        .flat_map(|body| context.untyped.examples(&body.pointer))
        .filter_map(|example| example.value.as_object())
        .collect()
}

/// Whether a value is known for all that a request must have.
fn is_sampled(operation: &Operation) -> bool {
    let mut required = operation.parameters.iter();
    required.all(|parameter| !parameter.is_argument() || sample::value(parameter).is_some())
}

/// Why an example cannot be tried, and which of its members is to blame.
struct Fault {
    member: Option<String>,
    message: String,
    help: Option<String>,
}

impl Fault {
    fn new(message: impl Into<String>) -> Self {
        Self {
            member: None,
            message: message.into(),
            help: None,
        }
    }

    /// Says what to write instead.
    fn help(mut self, help: String) -> Self {
        self.help = Some(help);
        self
    }

    fn at(name: &str, message: impl Into<String>) -> Self {
        Self {
            member: Some(name.to_owned()),
            ..Self::new(message)
        }
    }

    /// Says so, unless its schema refuses the example anyway.
    fn tell(self, example: &Example<'_>, diagnostics: &mut Diagnostics) {
        if diagnostics.has_within(Rule::WrongExample, &example.pointer) {
            return;
        }
        let place = match &self.member {
            Some(member) => pointer::join(&example.pointer, member),
            None => example.pointer.clone(),
        };
        diagnostics.push(
            Diagnostic::new(
                Rule::WrongExample,
                place,
                format!("the example does not fit its endpoint: {}", self.message),
            )
            .help(self.help.unwrap_or_else(|| {
                "correct the example: it is to become a test of the generated crate".to_owned()
            })),
        );
    }
}

#[cfg(test)]
mod tests;
