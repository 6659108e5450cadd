//! Requests and their parameters.

use super::{Changes, Minor, Step, matched, response};
use tokensmith_codegen::model::{Operation, Parameter, ParameterKind};

pub(super) fn operations(before: &[Operation], after: &[Operation], changes: &mut Changes) {
    let (both, gone, new) = matched(before, after, |operation| &operation.ident);
    for operation in gone {
        changes.api(Step::Major, &operation.ident, "is gone");
    }
    for operation in new {
        changes.api(Step::Minor, &operation.ident, "is new");
    }
    for (before, after) in both {
        let Operation {
            ident,
            grant,
            one_time,
            names_client,
            description,
            parameters,
        } = before;
        changes.value(Step::Minor, ident, "the grant", grant, &after.grant);
        changes.value(
            Step::Minor,
            ident,
            "whether it can be tried once only",
            one_time,
            &after.one_time,
        );
        changes.value(
            Step::Minor,
            ident,
            "whether it names the client in the body",
            names_client,
            &after.names_client,
        );
        changes.docs(ident, description, &after.description);
        self::parameters(ident, parameters, &after.parameters, changes);
    }
}

fn parameters(request: &str, before: &[Parameter], after: &[Parameter], changes: &mut Changes) {
    let arguments = |parameters: &[Parameter]| {
        let arguments = parameters
            .iter()
            .filter(|parameter| parameter.is_argument());
        arguments
            .map(|parameter| parameter.ident.clone())
            .collect::<Vec<_>>()
    };
    let (had, has) = (arguments(before), arguments(after));
    if had != has {
        let list = |names: &[String]| names.join(", ");
        changes.api(
            Step::Major,
            &format!("{request}::new"),
            format!("takes ({}) and no longer ({})", list(&has), list(&had)),
        );
    }
    let (both, gone, new) = matched(before, after, |parameter| &parameter.ident);
    for parameter in gone
        .into_iter()
        .filter(|parameter| !parameter.is_argument())
    {
        changes.api(
            Step::Major,
            &format!("{request}::{}", parameter.ident),
            "is gone",
        );
    }
    for parameter in new.into_iter().filter(|parameter| !parameter.is_argument()) {
        changes.api(
            Step::Minor,
            &format!("{request}::{}", parameter.ident),
            "is new",
        );
    }
    for (before, after) in both {
        parameter(
            &format!("{request}::{}", before.ident),
            before,
            after,
            changes,
        );
    }
}

fn parameter(subject: &str, before: &Parameter, after: &Parameter, changes: &mut Changes) {
    // What is named here is compared here; `limits` compares the rest.
    let Parameter {
        wire,
        ident: _,
        description,
        location,
        kind,
        required,
        secret,
        prefix,
        separator,
        min_length: _,
        max_length: _,
        pattern: _,
        values: _,
        default,
        random_uuid,
        example,
        format,
    } = before;
    let mut minor = Minor { subject, changes };
    minor.compare("its name in the request", wire, &after.wire);
    minor.compare("where it is sent", location, &after.location);
    minor.compare("what stands before its value", prefix, &after.prefix);
    minor.compare("what separates its values", separator, &after.separator);
    minor.compare("its default", default, &after.default);
    minor.compare("whether it is random", random_uuid, &after.random_uuid);
    changes.docs(subject, description, &after.description);
    changes.docs(subject, example, &after.example);
    changes.docs(subject, format, &after.format);
    self::kind(subject, kind, &after.kind, changes);
    // What becomes an argument is told of `new`; a setter of what was one is more than there was, and the reverse.
    match (before.is_argument(), after.is_argument()) {
        (true, false) => changes.api(Step::Minor, subject, "is a setter now"),
        (false, true) => changes.api(
            Step::Major,
            subject,
            "is an argument of `new` and no setter any more",
        ),
        _ => Minor { subject, changes }.compare(
            "whether it must be there",
            required,
            &after.required,
        ),
    }
    if *secret != after.secret {
        changes.api(
            Step::Major,
            subject,
            if *secret {
                "is no longer a secret"
            } else {
                "is a secret now"
            },
        );
    }
    limits(subject, before, after, changes);
}

/// What a parameter does not take.
fn limits(subject: &str, before: &Parameter, after: &Parameter, changes: &mut Changes) {
    let step = |is_narrower: bool| {
        if is_narrower {
            Step::Major
        } else {
            Step::Minor
        }
    };
    let least = |parameter: &Parameter| parameter.min_length.unwrap_or(0);
    let most = |parameter: &Parameter| parameter.max_length.unwrap_or(u32::MAX);
    changes.value(
        step(least(after) > least(before)),
        subject,
        "its least length",
        &before.min_length,
        &after.min_length,
    );
    changes.value(
        step(most(after) < most(before)),
        subject,
        "its greatest length",
        &before.max_length,
        &after.max_length,
    );
    // Which of two patterns takes more cannot be told.
    changes.value(
        step(after.pattern.is_some()),
        subject,
        "its pattern",
        &before.pattern,
        &after.pattern,
    );
    let (had, has) = (&before.values, &after.values);
    let is_narrower =
        !has.is_empty() && (had.is_empty() || had.iter().any(|value| !has.contains(value)));
    changes.value(step(is_narrower), subject, "its values", had, has);
}

fn kind(subject: &str, before: &ParameterKind, after: &ParameterKind, changes: &mut Changes) {
    match (before, after) {
        (ParameterKind::Enum(before), ParameterKind::Enum(after)) => {
            if before.ident != after.ident {
                changes.api(
                    Step::Major,
                    subject,
                    format!("takes a {} and no longer a {}", after.ident, before.ident),
                );
            }
            response::enums(&before.ident, before, after, changes);
        }
        // Both take texts, one by one.
        (ParameterKind::Scopes { list: before }, ParameterKind::Scopes { list: after }) => {
            changes.value(
                Step::Minor,
                subject,
                "whether scopes are a list",
                before,
                after,
            );
        }
        _ if before != after => changes.api(Step::Major, subject, "takes another type"),
        _ => {}
    }
}
