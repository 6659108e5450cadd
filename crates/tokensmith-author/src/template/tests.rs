use std::path::{Path, PathBuf};

use tokensmith_codegen::model::EndpointKind;
use tokensmith_codegen::{Reading, Rule, Source, read};

use super::*;

mod combinations;
mod refusals;

use combinations::combinations;

const EVERY: [Open; 10] = [
    Open::Grants,
    Open::ClientAuth,
    Open::BasicEncoding,
    Open::Format,
    Open::ScopeSeparator,
    Open::ResponseScopeSeparator,
    Open::Lifetime,
    Open::Rotation,
    Open::CodeChallenge,
    Open::Errors,
];

fn plain() -> Template {
    Template {
        title: "Acme".to_owned(),
        token_url: "https://auth.example.com/oauth2/token".to_owned(),
        authorization_url: None,
        device_url: None,
        revocation_url: None,
        introspection_url: None,
        servers: Vec::new(),
        grants: vec![Grant::new("client_credentials")],
        client_auth: ClientAuth::Basic,
        json: false,
        scope_separator: ' ',
        response_scope_separator: ' ',
        lifetime: 3600,
        rotation: Rotation::Sometimes,
        code_challenge: CodeChallengeMethod::S256,
        docs: Some("https://docs.example.com/tokens".to_owned()),
        date: "2026-11-29".to_owned(),
        open: Vec::new(),
    }
}

fn of(grants: &[&str]) -> Template {
    let grants = grants
        .iter()
        .map(|grant| find_grant(grant).expect("is a grant"));
    Template {
        grants: grants.map(Grant::new).collect(),
        ..plain()
    }
}

fn url(path: &str) -> Option<String> {
    Some(format!("https://auth.example.com{path}"))
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../specs")
}

fn reading(text: &str) -> Reading {
    let folder = folder();
    let source = Source::new("acme.yaml", text.as_bytes()).in_folder(Some(&folder));
    read("acme", source, None)
}

/// The document's model; fails if there is a diagnostic other than an open question.
fn model(template: &Template) -> tokensmith_codegen::Model {
    let text = template
        .document()
        .unwrap_or_else(|fault| panic!("{fault}: {template:?}"));
    let reading = reading(&text);
    let others: Vec<_> = reading
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.rule != Rule::Unconfirmed)
        .collect();
    assert!(others.is_empty(), "{others:#?}\n{text}");
    reading.model.unwrap_or_else(|| panic!("{text}"))
}

#[test]
fn every_start_is_valid_from_the_first_second() {
    for &client_auth in ClientAuth::ALL {
        for grant in short_names() {
            for json in [false, true] {
                let template = Template {
                    client_auth,
                    json,
                    device_url: (grant == "device_code").then(|| url("/device")).flatten(),
                    ..of(&[&grant])
                };
                let model = model(&template);
                let endpoint = &model.endpoints[0];
                assert_eq!(endpoint.attributes.authentication.method, client_auth);
                assert_eq!(model.sources[0].url, "https://docs.example.com/tokens");
                let value = find_grant(&grant).expect("is a grant");
                assert_eq!(endpoint.grants().collect::<Vec<_>>(), [value.as_str()]);
            }
        }
    }
}

#[test]
fn what_is_asked_for_is_in_the_model() {
    for template in combinations() {
        let model = model(&template);
        assert_eq!(model.title, template.title);
        let kinds: Vec<EndpointKind> = model
            .endpoints
            .iter()
            .map(|endpoint| endpoint.kind)
            .collect();
        for (url, kind) in [
            (&template.authorization_url, EndpointKind::Authorization),
            (&template.device_url, EndpointKind::DeviceAuthorization),
            (&template.revocation_url, EndpointKind::Revocation),
            (&template.introspection_url, EndpointKind::Introspection),
        ] {
            assert_eq!(
                kinds.contains(&kind),
                url.is_some(),
                "{kinds:?}: {template:?}"
            );
        }
        let token = &model.endpoints[0];
        let grants: Vec<&str> = template
            .grants
            .iter()
            .map(|grant| grant.value.as_str())
            .collect();
        let mut found: Vec<&str> = token.grants().collect();
        found.sort_by_key(|grant| grants.iter().position(|known| known == grant));
        assert_eq!(found, grants);
        assert_eq!(token.attributes.authentication.method, template.client_auth);
        // An example for each grant and each error is a test of the crate.
        assert_eq!(token.examples.requests.len(), grants.len(), "{template:?}");
        let errors = template.errors().len() + 1;
        assert_eq!(token.examples.responses.len(), errors + 1, "{template:?}");
    }
}

#[test]
fn servers_have_the_paths_in_common() {
    let token_url = "https://us.example.com/oauth2/token";
    let server = |text| read_server(text, token_url).expect("is right");
    let template = Template {
        token_url: token_url.to_owned(),
        authorization_url: Some("https://www.example.com/authorize".to_owned()),
        servers: vec![
            server("United States=https://us.example.com/"),
            server("Europe=https://eu.example.com/oauth2/token"),
            server("Test=https://test.example.com/v2"),
        ],
        ..of(&["authorization_code"])
    };
    let text = template.document().expect("is right");
    for line in [
        "- {url: https://us.example.com, description: United States}",
        "- {url: https://eu.example.com, description: Europe}",
        "- {url: https://test.example.com/v2, description: Test}",
        "Is it at this host for each of the servers: United States, Europe, Test?",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    assert!(!text.contains("Production"), "{text}");
    let reading = reading(&text);
    let model = reading.model.unwrap_or_else(|| panic!("{text}"));
    let names: Vec<&str> = model.servers.iter().map(|one| one.ident.as_str()).collect();
    assert_eq!(names, ["UnitedStates", "Europe", "Test"]);
    // Nothing but the host of the page is open.
    assert_eq!(reading.diagnostics.len(), 1, "{:?}", reading.diagnostics);
}

#[test]
fn scopes_of_requests_and_of_responses_are_separated_each_in_their_way() {
    let user = |grants: &[&str]| Template {
        authorization_url: url("/authorize"),
        scope_separator: ',',
        ..of(grants)
    };
    for (template, asked, granted) in [
        (
            user(&["authorization_code", "client_credentials"]),
            ",",
            " ",
        ),
        (user(&["authorization_code"]), " ", " "),
    ] {
        let model = model(&template);
        let token = &model.endpoints[0].attributes;
        let own = token.response_scope_separator.as_ref();
        assert_eq!(token.scope_separator, asked);
        assert_eq!(own.unwrap_or(&token.scope_separator), granted);
        let page = model.endpoints.last().expect("has a page");
        assert_eq!(page.attributes.scope_separator, ",");
    }
}

#[test]
fn a_plain_provider_has_less_than_eighty_lines() {
    let template = Template {
        authorization_url: url("/oauth2/authorize"),
        ..of(&["client_credentials", "authorization_code", "refresh_token"])
    };
    for template in [
        template,
        Template {
            open: EVERY.to_vec(),
            ..plain()
        },
    ] {
        let text = template.document().expect("is right");
        let lines = text.lines().count();
        assert!(lines < 80, "{lines} lines\n{text}");
    }
}

#[test]
fn what_nobody_answered_is_marked() {
    let questions = |template: &Template| {
        let text = template.document().expect("is right");
        let diagnostics = reading(&text).diagnostics.into_iter();
        let messages = diagnostics.map(|diagnostic| {
            assert_eq!(diagnostic.rule, Rule::Unconfirmed, "{diagnostic:?}\n{text}");
            diagnostic.message
        });
        messages.collect::<Vec<_>>()
    };
    let user = Template {
        authorization_url: url("/authorize"),
        ..of(&["authorization_code", "refresh_token"])
    };
    assert_eq!(questions(&user), Vec::<String>::new());
    for (open, told) in [
        (
            Open::Grants,
            "all the grants that it takes: authorization_code, refresh_token",
        ),
        (Open::ClientAuth, "client authentication `basic`"),
        (Open::BasicEncoding, "form-decode"),
        (Open::Format, "forms, and not JSON"),
        (Open::ScopeSeparator, "separated by spaces"),
        (Open::ResponseScopeSeparator, "in responses as well"),
        (Open::Lifetime, "live 3600 seconds"),
        (Open::Rotation, "replace the refresh token"),
        (Open::CodeChallenge, "S256"),
        (Open::Errors, "wrong client with 401"),
    ] {
        let questions = questions(&Template {
            open: vec![open],
            ..user.clone()
        });
        assert!(
            matches!(&questions[..], [only] if only.contains(told)),
            "{open:?}: {questions:?}"
        );
    }
    let gaps = questions(&of(&["device_code", "authorization_code", "magic"]));
    for told in [
        "device authorization endpoint",
        "is the authorization endpoint",
        "`magic`",
    ] {
        assert!(
            gaps.iter().any(|gap| gap.contains(told)),
            "{told}: {gaps:?}"
        );
    }
    // What is no question of the provider is not asked.
    let plain = questions(&Template {
        open: EVERY.to_vec(),
        client_auth: ClientAuth::Body,
        ..plain()
    });
    assert!(
        !plain
            .iter()
            .any(|question| question.contains("refresh") || question.contains("Basic"))
    );
}

#[test]
fn no_page_is_made_up() {
    let template = Template {
        docs: None,
        ..of(&["password"])
    };
    let text = template.document().expect("is right");
    let model = reading(&text).model.expect("has no errors");
    assert_eq!(model.docs_url, None);
    assert!(
        model.sources.is_empty() && text.contains("# sources:"),
        "{text}"
    );
}
