//! The built-in providers: a table, a page, and JSON.

use serde_json::{Value, json};
use tokensmith_providers::{Entry, PROVIDERS};

use crate::run::tokensmith;

/// What is built in under a name.
fn entry(name: &str) -> &'static Entry {
    let mut entries = PROVIDERS.iter();
    let found = entries.find(|entry| entry.description.name() == name);
    found.expect("it is built in")
}

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
        run.stderr.contains("no built-in provider called `nobody`"),
        "{}",
        run.stderr
    );
    assert_eq!(providers(&["nobody"]), [] as [Value; 0]);
}

#[test]
fn a_line_has_the_name_the_title_and_short_names_of_grants() {
    let run = tokensmith(&["providers"]);
    assert_eq!(run.stdout.lines().count(), PROVIDERS.len());
    for (line, entry) in run.stdout.lines().zip(PROVIDERS) {
        let description = entry.description;
        assert!(line.chars().count() <= 100, "{line}");
        let rest = line.strip_prefix(description.name()).expect("the name");
        let rest = rest.trim_start().strip_prefix(description.title());
        let grants = rest.expect("the title");
        let is_short = |word: &str| !word.contains([':', '/']);
        assert!(grants.split_whitespace().all(is_short), "{line}");
    }
    let line = |name: &str| {
        let run = tokensmith(&["providers", name, "--grant", "refresh_token"]);
        run.stdout.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let discord = "discord Discord client_credentials refresh_token authorization_code device_code";
    assert_eq!(line("discor"), discord);
    // There is no room for all of its grants.
    assert!(line("auth").ends_with(')'), "{}", line("auth"));
}

#[test]
fn a_page_has_all_that_is_known_of_a_provider() {
    let run = tokensmith(&["providers", "workiva"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    let about = entry("workiva").about;
    let mut sources = about.sources().iter();
    let source = sources.find(|source| source.url() == "https://developers.workiva.com/");
    let source = source.expect("it is a source");
    for expected in [
        &format!("Workiva (tokensmith-workiva {})", about.version()),
        "Europe  https://api.eu.wdesk.com",
        "POST https://api.app.wdesk.com/oauth2/token",
        "POST https://api.apac.wdesk.com/iam/v1/oauth2/token",
        "client authentication: basic, then body",
        "access token: /access_token",
        "lifetime: /expires_in (seconds)",
        "grant client_credentials",
        "organization:write",
        "Sources (verified: vendor-document)",
        &format!(
            "https://developers.workiva.com/ (documentation, {})",
            source.date()
        ),
        "tokensmith token workiva",
        "curl --url 'https://api.app.wdesk.com/oauth2/token' \\\n",
        "--user \"${TOKENSMITH_CLIENT_ID:?}:${TOKENSMITH_CLIENT_SECRET:?}\" \\\n",
        "--data-urlencode 'grant_type=client_credentials'\n",
    ] {
        assert!(run.stdout.contains(expected), "{expected}\n{}", run.stdout);
    }
}

#[test]
fn a_page_has_the_deviations_of_a_provider() {
    let run = tokensmith(&["providers", "slack"]);
    let deviations = entry("slack").about.deviations();
    assert!(!deviations.is_empty());
    let shown: Vec<&str> = run.stdout.split_whitespace().collect();
    let shown = shown.join(" ");
    for deviation in deviations {
        assert!(shown.contains(deviation), "{deviation}\n{}", run.stdout);
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
    let about = entry("moveworks").about;
    assert_eq!(moveworks["version"], about.version());
    assert_eq!(
        (&source["date"], &source["kind"]),
        (&json!(about.sources()[0].date()), &json!("documentation"))
    );
    let endpoint = &moveworks["endpoints"][0];
    assert_eq!(
        endpoint["urls"][0],
        "https://api.moveworks.ai/oauth/v1/token"
    );
    assert_eq!(endpoint["client_auth"], json!(["body"]));
    assert_eq!(endpoint["access_token_pointer"], "/data/access_token");
    assert_eq!(endpoint["expiry"]["pointer"], "/data/expires_in");
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

#[test]
fn json_says_of_each_endpoint_what_applies_to_it() {
    for provider in providers(&[]) {
        let name = &provider["name"];
        for endpoint in provider["endpoints"].as_array().expect("endpoints") {
            let kind = endpoint["kind"].as_str().expect("a kind");
            let urls = endpoint["urls"].as_array().expect("URLs");
            let is_https =
                |url: &Value| url.as_str().is_some_and(|url| url.starts_with("https://"));
            assert!(
                !urls.is_empty() && urls.iter().all(is_https),
                "{name}: {urls:?}"
            );
            let is_token = kind == "token";
            assert_eq!(endpoint["expiry"].is_object(), is_token, "{name}");
            assert_eq!(
                endpoint["access_token_pointer"].is_string(),
                is_token,
                "{name}"
            );
            let grants = endpoint["grants"].as_array().expect("grants");
            assert!(is_token || grants.is_empty(), "{name}: {kind}: {grants:?}");
            let asking = [
                "token",
                "authorization",
                "device authorization",
                "pushed authorization",
            ];
            let takes_scopes = asking.contains(&kind);
            assert_eq!(
                endpoint["scope_separator"].is_string(),
                takes_scopes,
                "{name}: {kind}"
            );
            let client_auth = endpoint["client_auth"].as_array().expect("client_auth");
            assert_eq!(
                client_auth.is_empty(),
                ["authorization", "end session"].contains(&kind),
                "{name}: {kind}"
            );
        }
    }
    // Its code exchange has no `grant_type`.
    let [shopify] = providers(&["shopify"]).try_into().expect("one");
    let endpoints = shopify["endpoints"].as_array().expect("endpoints").iter();
    let grants: Vec<&Value> = endpoints.map(|endpoint| &endpoint["grants"]).collect();
    assert!(
        grants.contains(&&json!(["authorization_code"])),
        "{grants:?}"
    );
}
