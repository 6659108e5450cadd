//! A secret that a server repeats in any encoding shows in nothing that the command prints; `echo` judges.

use serde_json::json;
use tokensmith_tests::echo::{cuts, echoes, leak};
use tokensmith_tests::strict_server::{Server, ServerResponse};

use crate::run::tokensmith_with;

#[test]
fn no_encoding_of_a_secret_is_printed() {
    for secret in [
        "p/ss+w\"rd=12&canary<x>",
        "kZ8vQ2mN4xL7tR1pW9sD",
        "correct horse battery staple",
        "swordfish",
    ] {
        let all: Vec<String> = echoes(secret)
            .into_iter()
            .flat_map(|(_, echo)| cuts(&echo).into_iter().take(2))
            .collect();
        for some in all.chunks(12) {
            let said = some.join(" | ");
            let location = format!("https://elsewhere.example/{}", some[0]);
            let server = Server::start(move |request| {
                let body = json!({
                    "error": said, "error_description": said, "error_uri": said, "message": said, said.clone(): said,
                });
                match request.header("accept") {
                    Some("text/html") => ServerResponse::new(302).header("Location", &location),
                    _ => ServerResponse::json(400, body.to_string()),
                }
            });
            for (accept, output) in [("*/*", "json"), ("*/*", "token"), ("text/html", "json")] {
                let run = tokensmith_with(
                    &[
                        "token",
                        "--token-url",
                        &server.url(),
                        "--client-auth",
                        "body",
                        "--header",
                        &format!("Accept={accept}"),
                        "--output",
                        output,
                        "--verbose",
                    ],
                    &[
                        ("TOKENSMITH_CLIENT_ID", "client"),
                        ("TOKENSMITH_CLIENT_SECRET", secret),
                    ],
                );
                assert_eq!(run.code, Some(1), "{}", run.stderr);
                let printed = run.stdout + &run.stderr;
                assert!(printed.contains("HTTP "), "{printed}");
                assert_eq!(leak(secret, &printed), None, "{some:?}\n{printed}");
            }
        }
    }
}
