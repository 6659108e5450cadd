//! Advice names the options of the command that was used, and no others.

use tokensmith_mock::{Fault, Options};

use super::{Home, keep};
use crate::login::standard;
use crate::run::{command, finish};

#[test]
fn advice_for_kept_tokens_is_to_keep_them_anew() {
    let refused = Fault::status(401).grant("refresh_token");
    let server = standard(Options::new().approve().fault(refused));
    let home = Home::new();
    keep(&home, &server, "work", &[]);
    home.lose_access_tokens();
    let run = home.run(&["token", "--kept", "work", "--output", "text"]);
    assert_eq!(run.code, Some(1));
    let advice = &run.stderr;
    assert!(advice.contains("keep the tokens anew"), "{advice}");
    assert!(advice.contains("--keep work"), "{advice}");
    for foreign in ["--client-auth", "--dry-run", "--token-param", "--server:"] {
        assert!(!advice.contains(foreign), "{foreign}: {advice}");
    }
}

#[test]
fn advice_for_userinfo_is_about_the_token() {
    let server = standard(Options::new());
    let url = server.url();
    let mut run = command(&[
        "userinfo",
        "--issuer",
        &url,
        "--subject",
        "a",
        "--output",
        "text",
    ]);
    let run = finish(run.env("TOKENSMITH_TOKEN", "unknown"));
    assert_eq!(run.code, Some(1));
    let advice = &run.stderr;
    assert!(advice.contains("TOKENSMITH_TOKEN"), "{advice}");
    assert!(!advice.contains("TOKENSMITH_CLIENT"), "{advice}");
}
