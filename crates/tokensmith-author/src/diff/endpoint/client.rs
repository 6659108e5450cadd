//! How a client proves who it is, and what is said of that.

use crate::diff::{Changes, Step};
use tokensmith_codegen::model::{Authentication, ClientWords, Endpoint};

/// What is said of the client, and of what responses have beside their fields.
pub(super) fn words(
    subject: &str,
    (client, undeclared_fields): (&ClientWords, &Vec<String>),
    after: &Endpoint,
    changes: &mut Changes,
) {
    for (what, before, after) in [
        ("the identifier of the client", &client.id, &after.client.id),
        (
            "the secret of the client",
            &client.secret,
            &after.client.secret,
        ),
    ] {
        changes.docs(&format!("{what} at {subject}"), before, after);
    }
    let ways = |client: &ClientWords| (client.is_optional, client.takes_assertion);
    changes.value(
        Step::Minor,
        subject,
        "the other ways to authenticate",
        &ways(client),
        &ways(&after.client),
    );
    changes.value(
        Step::Minor,
        subject,
        "the members of responses that are in `extra`",
        undeclared_fields,
        &after.undeclared_fields,
    );
}

pub(super) fn client(
    subject: &str,
    before: &Authentication,
    after: &Authentication,
    changes: &mut Changes,
) {
    let Authentication {
        method,
        scheme,
        client_id,
        client_secret,
        audience,
        public_by_basic,
        id_location,
    } = before;
    // A secret serves all of these alike; anything else asks for other credentials.
    let is_by_secret = |method: &str| {
        [
            "auto",
            "basic",
            "basic-raw",
            "body",
            "query",
            "header",
            "secret",
            "basic-secret",
        ]
        .contains(&method)
    };
    let step = if is_by_secret(method.as_str()) && is_by_secret(after.method.as_str()) {
        Step::Minor
    } else {
        Step::Major
    };
    changes.value(
        step,
        subject,
        "client authentication",
        &method.as_str(),
        &after.method.as_str(),
    );
    changes.value(
        Step::Minor,
        subject,
        "the scheme of `Authorization`",
        scheme,
        &after.scheme,
    );
    changes.value(
        Step::Minor,
        subject,
        "the name of `client_id`",
        client_id,
        &after.client_id,
    );
    changes.value(
        Step::Minor,
        subject,
        "the name of `client_secret`",
        client_secret,
        &after.client_secret,
    );
    changes.value(
        Step::Minor,
        subject,
        "the audience of assertions",
        audience,
        &after.audience,
    );
    changes.value(
        Step::Minor,
        subject,
        "the authentication of a client without a secret",
        public_by_basic,
        &after.public_by_basic,
    );
    changes.value(
        Step::Minor,
        subject,
        "where the client id is",
        id_location,
        &after.id_location,
    );
}
