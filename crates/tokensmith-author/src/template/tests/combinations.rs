//! Templates of all kinds.

use super::{of, plain, url};
use crate::template::*;

/// Some twenty providers that differ in all that is asked.
pub(super) fn combinations() -> Vec<Template> {
    let user = || Template {
        authorization_url: url("/oauth2/authorize"),
        revocation_url: url("/oauth2/revoke"),
        ..of(&["authorization_code", "refresh_token"])
    };
    let mut combinations = of_every_grant(&user);
    combinations.extend(of_one_user(&user));
    combinations.extend(of_own_parameters());
    combinations
}

fn of_own_parameters() -> [Template; 5] {
    let own = |value: &str, parameters: &[&str]| Template {
        grants: vec![Grant {
            value: value.to_owned(),
            parameters: parameters
                .iter()
                .map(|text| read_parameter(text).expect("is a parameter"))
                .collect(),
        }],
        ..plain()
    };
    [
        own("account_credentials", &["account_id"]),
        own(
            "https://acme.example/grants/installed",
            &["device_id", "do_not_track?"],
        ),
        own("urn:acme:grant:pin", &["user[pin]", "audience?"]),
        own("client_credentials", &["audience", "resource?"]),
        own("authorization_code", &["redirect_uri?", "shop"]),
    ]
}

fn of_every_grant(user: &dyn Fn() -> Template) -> Vec<Template> {
    let all: Vec<String> = short_names().collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    let everything = || Template {
        device_url: url("/oauth2/device"),
        introspection_url: url("/oauth2/introspect"),
        grants: of(&all).grants,
        ..user()
    };
    let mut combinations = vec![
        plain(),
        everything(),
        Template {
            json: true,
            ..everything()
        },
    ];
    for client_auth in [
        ClientAuth::Auto,
        ClientAuth::BasicRaw,
        ClientAuth::Body,
        ClientAuth::None,
    ] {
        combinations.push(Template {
            client_auth,
            ..user()
        });
        combinations.push(Template {
            client_auth,
            scope_separator: ',',
            ..everything()
        });
    }
    combinations
}

fn of_one_user(user: &dyn Fn() -> Template) -> Vec<Template> {
    let mut combinations = vec![
        user(),
        Template {
            title: "It's \"so\": # {a}, *b".to_owned(),
            ..user()
        },
        Template {
            authorization_url: Some("https://www.example.com/oauth2/authorize".to_owned()),
            revocation_url: Some("https://api.example.com/oauth2/token".to_owned()),
            ..user()
        },
        // A page and an endpoint at one URL, which differ in the method.
        Template {
            authorization_url: url("/oauth2/token"),
            revocation_url: None,
            ..user()
        },
    ];
    for rotation in [Rotation::Never, Rotation::Always] {
        combinations.push(Template {
            rotation,
            lifetime: 86_400,
            ..user()
        });
    }
    for code_challenge in [CodeChallengeMethod::Plain, CodeChallengeMethod::None] {
        combinations.push(Template {
            code_challenge,
            ..user()
        });
    }
    combinations
}
