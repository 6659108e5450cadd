//! The module is what codegen makes of the document.

use std::fs;
use std::path::Path;

use tokensmith_codegen::emit::{Manifest, Options, emit};
use tokensmith_codegen::{Source, read};

#[test]
fn the_module_is_what_codegen_makes() {
    let document =
        fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("specs/acme.yaml")).expect("is there");
    let model = read("acme", Source::new("specs/acme.yaml", &document), None)
        .model
        .expect("has no errors");
    let options = Options {
        source: "specs/acme.yaml".to_owned(),
        command: "cargo xtask codegen".to_owned(),
        manifest: Manifest::Standalone { runtime_path: None },
    };
    let folder = Path::new(env!("OUT_DIR")).join("acme");
    let mut files = 0;
    for (name, text) in emit(&model, &options) {
        let Some(name) = name.strip_prefix("src/") else {
            continue;
        };
        let made = fs::read_to_string(folder.join(name)).expect("is there");
        let made = made.replace("`tokensmith-build`", "`cargo xtask codegen`");
        assert_eq!(made, text, "{name}");
        files += 1;
    }
    assert_eq!(fs::read_dir(&folder).expect("is a folder").count(), files);
}

#[test]
fn the_module_is_used_like_a_crate() {
    use private_provider::acme::{Acme, ClientCredentials, Server, response};
    let _request = ClientCredentials::new().tenant("a");
    let _choice = tokensmith_runtime::Server::choice(&Server::default());
    let servers = <Acme as tokensmith_runtime::Provider>::DESCRIPTION.servers();
    let urls: Vec<&str> = servers.iter().map(|server| server.url()).collect();
    assert_eq!(urls, ["https://auth.example.com"]);
    let token: response::Token = serde_of(r#"{"access_token": "t", "region": "eu"}"#);
    assert_eq!(token.region.as_deref(), Some("eu"));
}

fn serde_of<T: for<'de> serde::Deserialize<'de>>(text: &str) -> T {
    serde_json::from_str(text).expect("is the type's JSON")
}
