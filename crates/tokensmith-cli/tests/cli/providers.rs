//! What is built in: a table, a page, and JSON.

use serde_json::{Value, json};

use crate::run::tokensmith;

fn names(arguments: &[&str]) -> Vec<String> {
    let run = tokensmith(&[&["providers"], arguments].concat());
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    let lines = run.stdout.lines();
    let names = lines.filter_map(|line| line.split_whitespace().next());
    names.map(str::to_owned).collect()
}

fn providers(arguments: &[&str]) -> Vec<Value> {
    let run = tokensmith(&[&["providers", "--output", "json"], arguments].concat());
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    serde_json::from_str(&run.stdout).expect("an array")
}

#[test]
fn what_is_built_in_is_listed() {
    let run = tokensmith(&["providers"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    let names: Vec<_> = run
        .stdout
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(names.is_sorted(), "{names:?}");
    for name in ["moov", "moveworks", "workiva"] {
        assert!(names.contains(&name), "{names:?}");
    }
    // The grants stand below each other.
    let first = ["moov", "moveworks", "workiva"];
    let lines = run.stdout.lines();
    let lines = lines.filter(|line| first.iter().any(|name| line.starts_with(name)));
    let grants: Vec<_> = lines
        .filter_map(|line| line.find("client_credentials"))
        .collect();
    assert_eq!(grants.len(), 3, "{}", run.stdout);
    assert!(
        grants.iter().all(|column| *column == grants[0]),
        "{}",
        run.stdout
    );
}

#[test]
fn names_and_grants_filter() {
    let all = names(&[]);
    assert_eq!(names(&["MOVE"]), ["moveworks"]);
    let refreshing = names(&["--grant", "refresh_token"]);
    assert!(refreshing.contains(&"moov".to_owned()) && refreshing.len() < all.len());
    assert_eq!(names(&["moo", "--grant", "refresh_token"]), ["moov"]);
    let run = tokensmith(&["providers", "nobody"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""));
    assert!(
        run.stderr.contains("no provider called `nobody`"),
        "{}",
        run.stderr
    );
    assert_eq!(providers(&["nobody"]), [] as [Value; 0]);
}

#[test]
fn a_page_has_all_that_is_known_of_a_provider() {
    let run = tokensmith(&["providers", "workiva"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    for expected in [
        "Workiva (tokensmith-workiva 0.1.0)",
        "Europe  https://api.eu.wdesk.com",
        "POST https://api.app.wdesk.com/oauth2/token",
        "POST https://api.apac.wdesk.com/iam/v1/oauth2/token",
        "client authentication: auto: basic, then body",
        "grant client_credentials",
        "organization:write",
        "The token endpoint is at",
        "Sources (verified: vendor-document)",
        "https://developers.workiva.com/ (documentation, 2026-11-24)",
        "tokensmith token workiva",
        "curl 'https://api.app.wdesk.com/oauth2/token' --user \"$CLIENT_ID:$CLIENT_SECRET\" \
         --data-urlencode \"grant_type=client_credentials\"",
    ] {
        assert!(run.stdout.contains(expected), "{expected}\n{}", run.stdout);
    }
}

#[test]
fn json_has_absolute_urls_and_nulls() {
    let [moveworks] = providers(&["moveworks"]).try_into().expect("one");
    let members = [
        "name",
        "title",
        "crate",
        "version",
        "docs",
        "sources",
        "verified",
        "servers",
        "endpoints",
        "scopes",
        "deviations",
    ];
    assert_eq!(
        moveworks.as_object().expect("an object").len(),
        members.len()
    );
    assert!(members.iter().all(|member| moveworks.get(member).is_some()));
    assert_eq!(moveworks["crate"], "tokensmith-moveworks");
    assert_eq!(moveworks["scopes"], 0);
    let source = &moveworks["sources"][0];
    assert_eq!(
        (&source["date"], &source["kind"]),
        (&json!("2026-11-24"), &json!("documentation"))
    );
    let endpoint = &moveworks["endpoints"][0];
    assert_eq!(
        endpoint["urls"][0],
        "https://api.moveworks.ai/oauth/v1/token"
    );
    assert_eq!(endpoint["client_auth"], json!(["body"]));
    assert_eq!(endpoint["access_token_pointer"], "/data/access_token");
    assert_eq!(endpoint["pkce"], Value::Null);
    let [workiva] = providers(&["workiva"]).try_into().expect("one");
    let endpoint = &workiva["endpoints"][0];
    assert_eq!(endpoint["client_auth"], json!(["basic", "body"]));
    assert_eq!(endpoint["urls"].as_array().expect("URLs").len(), 6);
    assert_eq!(endpoint["expiry"]["format"], "seconds");
    assert_eq!(
        (&endpoint["kind"], &endpoint["method"]),
        (&json!("token"), &json!("POST"))
    );
    assert_eq!(providers(&[]).len(), names(&[]).len());
}
