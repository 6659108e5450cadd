//! Each example of docs/connectors.md is used as it is written.

use std::fs;
use std::path::Path;

use crate::run::tokensmith_with;

/// The blocks of YAML of the page.
fn examples() -> Vec<String> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/connectors.md");
    let page = fs::read_to_string(page).expect("the page");
    let blocks = page.split("```yaml\n").skip(1);
    let blocks = blocks.filter_map(|block| block.split_once("```"));
    blocks.map(|(block, _)| block.to_owned()).collect()
}

#[test]
fn every_example_is_used() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        fs::write(folder.path().join(name), text).expect("a file");
    };
    write("key.pem", include_str!("rsa.pem"));
    write("refresh-token", "r3fresh\n");
    let path = folder.path().join("connector.yaml").display().to_string();
    let variables = [
        ("CLIENT_SECRET", "s3cret"),
        ("API_TOKEN", "t0ken"),
        ("API_KEY", "k3y"),
    ];
    let examples = examples();
    assert!(examples.len() >= 10, "{}", examples.len());
    for example in &examples {
        write("connector.yaml", example);
        let mut arguments = vec!["token", "--connector", &path];
        if !example.starts_with("kind:") {
            arguments.extend(["--connector-name", "crm"]);
        }
        match example.contains("kind: oauth2") {
            true => arguments.push("--dry-run"),
            false => arguments.extend(["--output", "header"]),
        }
        let run = tokensmith_with(&arguments, &variables);
        // What has no header says so.
        let has_none =
            example.starts_with("kind: none") || example.contains("parameter_name: appid");
        let code = if has_none { 1 } else { 0 };
        assert_eq!(run.code, Some(code), "{example}{}", run.stderr);
        assert!(!run.stderr.contains("line "), "{example}{}", run.stderr);
    }
}
