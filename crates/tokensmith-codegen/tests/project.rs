//! The crates on the disk follow the documents, and nothing else is touched.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use tokensmith_codegen::project::write::Change;
use tokensmith_codegen::project::{Project, Report};

const DOCUMENT: &str = "
openapi: 3.1.0
info: {title: Example}
servers: [{url: 'https://api.example.com', description: Production}]
paths:
  /token:
    post:
      security: [{basic: []}]
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema: {properties: {grant_type: {const: client_credentials}}}
            example: {grant_type: client_credentials}
      responses: {'200': {description: A token., content: {application/json: {schema: {properties: {access_token: {type: string}}}}}}}
components:
  securitySchemes:
    basic: {type: http, scheme: basic}
";

struct Fixture {
    folder: TempDir,
}

impl Fixture {
    /// A project with these documents.
    fn new(names: &[&str]) -> Self {
        let fixture = Self {
            folder: tempfile::tempdir().expect("there is a temporary folder"),
        };
        for name in names {
            fixture.write(&format!("specs/{name}.yaml"), DOCUMENT);
        }
        fixture
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("has a folder")).expect("is writable");
        fs::write(path, text).expect("is writable");
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect("is there")
    }

    fn with<R>(&self, names: &[&str], run: impl FnOnce(&Project<'_>) -> R) -> R {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        run(&Project {
            root: self.folder.path(),
            names: &names,
            cache: self.path("target/cache.json"),
            progress: &|_, _| {},
        })
    }

    fn generate(&self) -> Report {
        self.with(&[], |project| project.generate())
            .expect("generates")
    }

    /// What `--check` would list: the kind of change, and the file.
    fn check(&self) -> Vec<String> {
        let report = self.with(&[], |project| project.check()).expect("checks");
        let shown = |path: &Path| {
            let path = path.strip_prefix(self.folder.path()).unwrap_or(path);
            path.to_string_lossy().into_owned()
        };
        report
            .differences()
            .map(|difference| {
                let kind = match difference.change {
                    Change::Missing => "missing",
                    Change::Stale { .. } => "stale",
                    Change::Orphaned => "orphaned",
                };
                format!("{kind} {}", shown(&difference.path))
            })
            .collect()
    }
}

#[test]
fn a_second_run_changes_nothing() {
    let fixture = Fixture::new(&["acme", "other"]);
    assert!(fixture.generate().differences().count() > 10);
    assert_eq!(fixture.generate().differences().count(), 0);
    assert!(fixture.check().is_empty());
    assert!(
        fixture
            .read("crates/tokensmith-providers/src/providers.rs")
            .contains("tokensmith_acme")
    );
    // Its tests are listed in the second run too, which does not generate the crate.
    assert!(
        fixture
            .read("crates/tokensmith-providers/tests/providers.rs")
            .contains("mod tokensmith_acme_tests;")
    );
}

#[test]
fn a_file_beside_the_document_counts() {
    let fixture = Fixture::new(&[]);
    let document = DOCUMENT.replace(
        "{description: A token., content: {application/json: {schema: {properties: {access_token: {type: string}}}}}}",
        "{$ref: 'acme/responses.yaml#/Token'}",
    );
    fixture.write("specs/acme.yaml", &document);
    let responses = |field: &str| {
        let properties = format!("{{access_token: {{type: string}}, {field}: {{type: string}}}}");
        let schema = format!("{{type: object, properties: {properties}}}");
        let content = format!("{{application/json: {{schema: {schema}}}}}");
        format!("Token: {{description: A token., content: {content}}}\n")
    };
    fixture.write("specs/acme/responses.yaml", &responses("first"));
    fixture.generate();
    assert_eq!(fixture.generate().differences().count(), 0);
    fixture.write("specs/acme/responses.yaml", &responses("second"));
    assert!(fixture.generate().differences().count() > 0);
    let response = fixture.read("crates/providers/acme/src/response.rs");
    assert!(response.contains("second") && !response.contains("first"));
}

#[test]
fn every_difference_is_listed() {
    let fixture = Fixture::new(&["acme"]);
    fixture.generate();
    let readme = fixture.read("crates/providers/acme/README.md");
    fixture.write(
        "crates/providers/acme/README.md",
        &format!("{readme}edited\n"),
    );
    fs::remove_file(fixture.path("crates/providers/acme/src/error.rs")).expect("was there");
    let orphan = fixture.read("crates/providers/acme/src/lib.rs");
    fixture.write("crates/providers/acme/src/old.rs", &orphan);
    fixture.write("crates/providers/gone/src/lib.rs", &orphan);
    assert_eq!(
        fixture.check(),
        [
            "stale crates/providers/acme/README.md",
            "missing crates/providers/acme/src/error.rs",
            "orphaned crates/providers/acme/src/old.rs",
            "orphaned crates/providers/gone/src/lib.rs",
        ]
    );
    fixture.generate();
    assert!(fixture.check().is_empty());
    assert!(!fixture.path("crates/providers/gone").exists());
}

#[test]
fn an_edit_is_undone_though_the_document_is_the_same() {
    let fixture = Fixture::new(&["acme"]);
    fixture.generate();
    let file = "crates/providers/acme/src/lib.rs";
    let generated = fixture.read(file);
    fixture.write(file, &format!("{generated}// edited\n"));
    fixture.generate();
    assert_eq!(fixture.read(file), generated);
}

#[test]
fn a_removed_document_takes_its_crate_but_no_file_of_anybody_else() {
    let fixture = Fixture::new(&["acme", "other"]);
    fixture.generate();
    fixture.write("crates/providers/other/NOTES.md", "mine\n");
    for name in ["acme", "other"] {
        fs::remove_file(fixture.path(&format!("specs/{name}.yaml"))).expect("was there");
    }
    fixture.write("specs/third.yaml", DOCUMENT);
    fixture.generate();
    assert!(!fixture.path("crates/providers/acme").exists());
    assert_eq!(fixture.read("crates/providers/other/NOTES.md"), "mine\n");
    assert!(!fixture.path("crates/providers/other/Cargo.toml").exists());
    let list = fixture.read("crates/tokensmith-providers/Cargo.toml");
    assert!(list.contains("tokensmith-third") && !list.contains("tokensmith-acme"));
}

#[test]
fn a_broken_document_stops_nothing_else() {
    let fixture = Fixture::new(&["acme", "broken"]);
    fixture.generate();
    let before = fixture.read("crates/providers/broken/src/lib.rs");
    fixture.write("specs/broken.yaml", "openapi: 3.1.0\npaths: {}\n");
    fixture.write("specs/worse.yaml", "[");
    fixture.write(
        "specs/acme.yaml",
        &DOCUMENT.replace("api.example.com", "api.example.org"),
    );
    let report = fixture.generate();
    let broken: Vec<&str> = report
        .outcomes
        .iter()
        .filter(|outcome| outcome.summary.is_none())
        .map(|outcome| outcome.name.as_str())
        .collect();
    assert_eq!(broken, ["broken", "worse"]);
    assert!(
        fixture
            .read("crates/providers/acme/src/server.rs")
            .contains("api.example.org")
    );
    assert_eq!(fixture.read("crates/providers/broken/src/lib.rs"), before);
    assert!(!fixture.path("crates/providers/worse").exists());
    let list = fixture.read("crates/tokensmith-providers/Cargo.toml");
    assert!(list.contains("tokensmith-broken") && !list.contains("tokensmith-worse"));
}

#[test]
fn what_a_killed_run_left_is_cleared_away() {
    let fixture = Fixture::new(&["acme"]);
    fixture.generate();
    let left = "crates/providers/acme/src/.lib.rs.17.tokensmith-tmp";
    fixture.write(left, "half a fi");
    fs::remove_file(fixture.path("target/cache.json")).expect("was there");
    assert_eq!(fixture.check(), [format!("orphaned {left}")]);
    fixture.generate();
    assert!(!fixture.path(left).exists());
}

#[test]
fn a_crate_that_a_killed_run_had_not_finished_is_nowhere_that_cargo_looks() {
    let fixture = Fixture::new(&["acme"]);
    let left = "crates/.acme.17.tokensmith-tmp";
    fixture.write(&format!("{left}/Cargo.toml"), "[pack");
    fixture.generate();
    assert!(!fixture.path(left).exists());
    assert!(fixture.check().is_empty());
}

#[test]
fn line_ends_of_a_checkout_do_not_count() {
    let fixture = Fixture::new(&["acme"]);
    fixture.generate();
    let file = "crates/providers/acme/src/lib.rs";
    let turned = fixture.read(file).replace('\n', "\r\n");
    fixture.write(file, &turned);
    assert!(fixture.check().is_empty());
}

#[test]
fn only_the_named_providers_are_read() {
    let fixture = Fixture::new(&["acme", "other"]);
    let report = fixture
        .with(&["other"], |project| project.generate())
        .expect("generates");
    assert_eq!(report.outcomes.len(), 1);
    assert!(!fixture.path("crates/providers/acme").exists());
    let error = fixture
        .with(&["nobody"], |project| project.generate())
        .expect_err("is no provider");
    assert!(
        error.to_string().contains("there are acme, other"),
        "{error}"
    );
}

#[test]
fn a_cache_that_cannot_be_read_is_no_matter() {
    let fixture = Fixture::new(&["acme"]);
    fixture.write("target/cache.json", "{ not json");
    fixture.generate();
    assert_eq!(fixture.generate().differences().count(), 0);
}

#[test]
fn a_provider_has_one_document() {
    let fixture = Fixture::new(&["acme"]);
    fixture.write("specs/acme.json", "{}");
    let error = fixture
        .with(&[], |project| project.generate())
        .expect_err("which one?");
    assert!(error.to_string().contains("acme.json"), "{error}");
}

#[test]
fn what_others_wrote_is_not_touched() {
    let fixture = Fixture::new(&["acme"]);
    fixture.write("crates/providers/acme/src/lib.rs", "// mine\n");
    let error = fixture
        .with(&[], |project| project.generate())
        .expect_err("is in the way");
    assert!(
        error
            .to_string()
            .contains("crates/providers/acme/src/lib.rs"),
        "{error}"
    );
    assert_eq!(
        fixture.read("crates/providers/acme/src/lib.rs"),
        "// mine\n"
    );

    let protobuf = "// @generated by `protoc` from a.proto\n";
    fixture.write("crates/providers/hand/src/lib.rs", protobuf);
    fs::remove_file(fixture.path("crates/providers/acme/src/lib.rs")).expect("was there");
    fixture.generate();
    assert_eq!(fixture.read("crates/providers/hand/src/lib.rs"), protobuf);
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    let fixture = Fixture::new(&["acme"]);
    fixture.generate();
    let generated = fixture.read("crates/providers/acme/src/lib.rs");
    fixture.write("elsewhere/lib.rs", &generated);
    let link = fixture.path("crates/providers/link");
    std::os::unix::fs::symlink(fixture.path("elsewhere"), link).expect("is writable");
    fixture.generate();
    assert_eq!(fixture.read("elsewhere/lib.rs"), generated);
}

#[cfg(unix)]
#[test]
fn nothing_is_read_or_written_through_a_link() {
    use std::os::unix::fs::symlink;
    let refused = |fixture: &Fixture| {
        let outcome = fixture.with(&[], |project| project.generate());
        outcome
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default()
    };
    let fixture = Fixture::new(&["a"]);
    fixture.write("secret", "root:x:0:0");
    symlink(fixture.path("secret"), fixture.path("specs/b.yaml")).expect("is writable");
    assert!(refused(&fixture).contains("specs/b.yaml"));
    assert!(!refused(&fixture).contains("root:x"));
    fs::remove_file(fixture.path("specs/b.yaml")).expect("is there");

    symlink(fixture.path("secret"), fixture.path("specs/a.overlay.yaml")).expect("is writable");
    assert!(refused(&fixture).contains("specs/a.overlay.yaml"));
    fs::remove_file(fixture.path("specs/a.overlay.yaml")).expect("is there");

    for link in [
        "crates/providers/a",
        "crates/providers/a/src",
        "crates/tokensmith-providers",
    ] {
        let path = fixture.path(link);
        fs::create_dir_all(path.parent().expect("has a folder")).expect("is writable");
        fs::create_dir_all(fixture.path("elsewhere")).expect("is writable");
        symlink(fixture.path("elsewhere"), &path).expect("is writable");
        assert!(refused(&fixture).contains(link));
        fs::remove_file(&path).expect("is there");
    }
    let elsewhere = fs::read_dir(fixture.path("elsewhere")).expect("is there");
    assert_eq!(elsewhere.count(), 0);
    fixture.generate();
}

#[test]
fn a_run_with_a_memory_mends_what_a_check_complains_of() {
    let fixture = Fixture::new(&["acme"]);
    fixture.generate();
    let generated = fixture.read("crates/providers/acme/src/lib.rs");
    fixture.write("crates/providers/acme/src/old.rs", &generated);
    fixture.generate();
    assert!(fixture.check().is_empty());

    let (old, new) = (
        fixture.path("specs/acme.yaml"),
        fixture.path("specs/acme.yml"),
    );
    fs::rename(old, new).expect("is there");
    fixture.generate();
    assert!(fixture.check().is_empty());
}

/// A document whose request is the first of so many schemas, each of which has the next so many times.
fn nested(levels: usize, times: usize) -> String {
    let schema = |level: usize| {
        let next = format!("{{$ref: '#/components/schemas/S{}'}}, ", level + 1);
        format!("    S{level}: {{allOf: [{}]}}\n", next.repeat(times))
    };
    let schemas: String = (0..levels).map(schema).collect();
    let grant = "{properties: {grant_type";
    let with_first = "{allOf: [{$ref: '#/components/schemas/S0'}], properties: {grant_type";
    DOCUMENT.replace(grant, with_first)
        + &format!("  schemas:\n{schemas}    S{levels}: {{type: object}}\n")
}

#[test]
fn schemas_without_end_are_refused() {
    let fixture = Fixture::new(&["acme"]);
    fixture.write("specs/deep.yaml", &nested(5000, 1));
    fixture.write("specs/wide.yaml", &nested(40, 2));
    let report = fixture
        .with(&[], |project| project.check())
        .expect("checks");
    let codes: Vec<Vec<&str>> = report
        .outcomes
        .iter()
        .map(|outcome| {
            outcome
                .diagnostics
                .iter()
                .filter(|diagnostic| !diagnostic.rule.is_lint())
                .map(|diagnostic| diagnostic.rule.code())
                .collect()
        })
        .collect();
    assert_eq!(codes, [vec![], vec!["TS022"], vec!["TS022"]]);
}
