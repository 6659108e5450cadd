//! Arguments that make no sense end with exit code 2, and nothing is sent.

use crate::run::{spec_argument, tokensmith};

#[test]
fn exactly_one_source_is_asked_for() {
    let spec = spec_argument("moov.yaml");
    for arguments in [
        &["token"][..],
        &["token", "moov", "--spec", &spec],
        &["token", "moov", "--token-url", "http://127.0.0.1:1"],
        &[
            "token",
            "--spec",
            &spec,
            "--token-url",
            "http://127.0.0.1:1",
        ],
        &["token", "moov", "--overlay", &spec],
        &[
            "token",
            "--token-url",
            "http://127.0.0.1:1",
            "--server",
            "http://127.0.0.1:1",
        ],
    ] {
        tokensmith(arguments).usage();
    }
}

#[test]
fn unknown_names_are_refused_with_those_there_are() {
    let cases: [(&[&str], &[&str]); 6] = [
        (&["token", "mov"], &["moov", "moveworks", "workiva"]),
        (
            &["token", "moov", "--grant", "password"],
            &["client_credentials", "refresh_token"],
        ),
        (
            &["token", "moov", "--client-auth", "digest"],
            &["auto", "basic", "basic-raw", "body", "none"],
        ),
        (&["token", "moov", "--format", "xml"], &["form", "json"]),
        (
            &["token", "workiva", "--server", "mars"],
            &["UnitedStates", "Europe", "AsiaPacific"],
        ),
        (
            &["token", "workiva", "--path", "/token"],
            &["/oauth2/token", "/iam/v1/oauth2/token"],
        ),
    ];
    for (arguments, names) in cases {
        let run = tokensmith(arguments);
        let message = run.usage();
        for name in names {
            assert!(message.contains(name), "{name} in {message}");
        }
    }
}

#[test]
fn pairs_have_a_name_and_errors_do_not_show_them() {
    for option in ["--param", "--secret-param", "--header", "--server-variable"] {
        for value in ["canary", "=canary"] {
            let run = tokensmith(&["token", "moov", option, value]);
            let message = run.usage();
            assert!(
                message.contains(option) && !message.contains("canary"),
                "{message}"
            );
        }
    }
}

#[test]
fn a_secret_given_in_the_place_of_a_variable_is_not_shown() {
    let run = tokensmith(&[
        "token",
        "moov",
        "--grant",
        "refresh_token",
        "--secret-param",
        "refresh_token=canary",
    ]);
    let message = run.error()["message"].to_string();
    assert!(
        message.contains("refresh_token") && !message.contains("canary"),
        "{message}"
    );
}

#[test]
fn commands_need_their_arguments() {
    for arguments in [
        &[][..],
        &["check"],
        &["generate", "--spec", "a.yaml"],
        &["generate", "--out", "a"],
        &["tokens"],
    ] {
        tokensmith(arguments).usage();
    }
}
