//! What a contributor does, in a project of its own: begin a document, import a vendor's, update it, watch.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

const TOKEN_URL: &str = "https://auth.example.com/oauth2/token";

fn project() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("specs")).expect("a folder");
    folder
}

fn command(project: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command
        .args(arguments)
        .current_dir(project)
        .env("CARGO_MANIFEST_DIR", project.join("xtask"))
        .env("CARGO_TARGET_DIR", project.join("target"))
        .stdin(Stdio::null());
    command
}

fn run(project: &Path, arguments: &[&str]) -> Output {
    command(project, arguments).output().expect("runs")
}

fn stdout(output: &Output) -> String {
    assert!(
        output.status.success(),
        "{}{}",
        text(&output.stdout),
        text(&output.stderr)
    );
    text(&output.stdout)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_document_that_is_begun_gives_a_crate() {
    let project = project();
    let begun = stdout(&run(
        project.path(),
        &["new", "acme", "--token-url", TOKEN_URL],
    ));
    assert!(begun.contains("specs/acme.yaml: valid"), "{begun}");
    let generated = stdout(&run(project.path(), &["codegen", "acme"]));
    assert!(generated.contains("client_credentials"), "{generated}");
    assert!(
        project
            .path()
            .join("crates/providers/acme/src/lib.rs")
            .is_file()
    );
    let again = run(project.path(), &["new", "acme", "--token-url", TOKEN_URL]);
    assert!(
        text(&again.stderr).contains("is there already"),
        "{}",
        text(&again.stderr)
    );
    assert_eq!(again.status.code(), Some(2));
}

#[test]
fn what_nobody_can_be_asked_has_to_be_given() {
    let project = project();
    let output = run(project.path(), &["new", "acme"]);
    assert!(
        text(&output.stderr).contains("give --token-url"),
        "{}",
        text(&output.stderr)
    );
    let output = run(
        project.path(),
        &["new", "Acme Corp", "--token-url", TOKEN_URL],
    );
    assert!(
        text(&output.stderr).contains("lower-case"),
        "{}",
        text(&output.stderr)
    );
    assert_eq!(
        fs::read_dir(project.path().join("specs"))
            .expect("is a folder")
            .count(),
        0
    );
}

#[test]
fn a_document_that_would_have_errors_is_not_begun() {
    let project = project();
    let begin = |name: &str, arguments: &[&str]| {
        let output = run(project.path(), &[&["new", name], arguments].concat());
        let files = fs::read_dir(project.path().join("specs"))
            .expect("is a folder")
            .count();
        (output, files)
    };
    for (name, arguments) in [
        ("runtime", &["--token-url", TOKEN_URL][..]),
        ("acme", &["--token-url", "https://a.example/..."]),
        ("acme", &["--token-url", "https://a.example/\u{202e}t"]),
        ("acme", &["--token-url", TOKEN_URL, "--docs", "a\nb: *x"]),
        (
            "acme",
            &["--token-url", TOKEN_URL, "--grant", "password,ma\"gic"],
        ),
    ] {
        let (output, files) = begin(name, arguments);
        assert_eq!(
            (output.status.code(), files),
            (Some(2), 0),
            "{arguments:?}: {}",
            text(&output.stdout)
        );
    }
    let grants = ["--grant", "Password,refresh_token", "--grant", "password"];
    let auth = ["--client-auth", "BODY", "--token-url", TOKEN_URL];
    let (output, files) = begin("acme", &[grants, auth].concat());
    // The document, and the folder of what it refers to.
    assert_eq!(files, 2, "{}", stdout(&output));
    let document = fs::read_to_string(project.path().join("specs/acme.yaml")).expect("is there");
    assert!(
        document.matches("schemas/Password}").count() == 1
            && document.matches("schemas/RefreshToken}").count() == 1,
        "{document}"
    );
}

/// A vendor's document with one more grant or one less, and another operation.
fn vendor(grants: &str, auth: &str) -> String {
    format!(
        "openapi: 3.0.3\ninfo: {{title: Vendor, version: '1'}}\nservers: [{{url: 'https://api.example.com'}}]\npaths:\n  /pets:\n    get: {{responses: {{}}}}\n  \
         /token:\n    post:\n      summary: {auth}\n      requestBody:\n        content:\n          application/x-www-form-urlencoded:\n            schema:\n              \
         properties:\n                grant_type: {{type: string, enum: [{grants}]}}\n      responses:\n        '200':\n          description: A token.\n          \
         content:\n            application/json:\n              schema: {{properties: {{access_token: {{type: string}}}}}}\n"
    )
}

#[test]
fn a_vendors_document_is_imported_and_updated() {
    let project = project();
    let file = project.path().join("vendor.yaml");
    fs::write(&file, vendor("client_credentials", "Tokens")).expect("is writable");
    let imported = stdout(&run(
        project.path(),
        &["import", "vendor.yaml", "--name", "acme"],
    ));
    assert!(imported.contains("the vendor's text"), "{imported}");
    let document = fs::read_to_string(project.path().join("specs/acme.yaml")).expect("is there");
    assert!(
        document.contains("/token") && !document.contains("/pets"),
        "{document}"
    );
    let overlay = project.path().join("specs/acme.overlay.yaml");
    assert!(
        fs::read_to_string(&overlay)
            .expect("is there")
            .contains("x-tokensmith-unconfirmed")
    );
    stdout(&run(project.path(), &["codegen", "acme"]));

    fs::write(
        &overlay,
        "overlay: 1.0.0\ninfo: {title: a, version: 1.0.0}\nactions:\n  - target: $.paths['/token'].post\n    update: {summary: Get a token}\n",
    )
    .expect("is writable");
    fs::write(
        &file,
        vendor("client_credentials, refresh_token", "Get a token"),
    )
    .expect("is writable");
    let updated = stdout(&run(project.path(), &["update", "acme", "vendor.yaml"]));
    assert!(updated.contains("changes nothing any more"), "{updated}");
    assert!(
        updated.contains("grants that are new: refresh_token"),
        "{updated}"
    );

    let before = fs::read_to_string(project.path().join("specs/acme.yaml")).expect("is there");
    fs::write(
        &file,
        vendor("client_credentials", "x")
            .replace("/token:", "/oauth/token:")
            .replace(
                "{type: string, enum: [client_credentials]}",
                "{$ref: '#/components/schemas/None'}",
            ),
    )
    .expect("is writable");
    let refused = run(project.path(), &["update", "acme", "vendor.yaml"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        text(&refused.stdout).contains("selects nothing any more"),
        "{}",
        text(&refused.stdout)
    );
    let after = fs::read_to_string(project.path().join("specs/acme.yaml")).expect("is there");
    assert_eq!(before, after);
}

#[test]
fn an_overlay_that_is_applied_to_nothing_is_told() {
    let project = project();
    let root = project.path();
    stdout(&run(root, &["new", "acme", "--token-url", TOKEN_URL]));
    let overlay = "overlay: 1.0.0\ninfo: {title: a, version: 1.0.0}\nextends: acme.yaml\nactions:\n  - target: $.info\n    update: {title: Acme}\n";
    for (file, fault) in [
        ("acme.overlay.yaml", None),
        (
            "acme.overlay.yml",
            Some("acme.overlay.yaml are overlays of the same document"),
        ),
        ("acne.overlay.yaml", Some("does not belong to a document")),
    ] {
        let path = root.join("specs").join(file);
        fs::write(&path, overlay).expect("is writable");
        let output = run(root, &["codegen", "--check"]);
        let told = text(&output.stderr);
        assert!(
            fault.is_none_or(|fault| told.contains(fault) && told.contains(file)),
            "{file}: {told}"
        );
        assert_eq!(output.status.code() == Some(2), fault.is_some(), "{told}");
        if fault.is_some() {
            fs::remove_file(path).expect("is removed");
        }
    }
}

#[test]
fn what_somebody_wrote_into_an_import_is_not_lost() {
    let project = project();
    let root = project.path();
    let read = || fs::read_to_string(root.join("specs/acme.yaml")).expect("is there");
    for (file, grants) in [
        ("old.yaml", "client_credentials"),
        ("new.yaml", "client_credentials, password"),
    ] {
        fs::write(root.join(file), vendor(grants, "Tokens")).expect("is writable");
    }
    stdout(&run(root, &["import", "old.yaml", "--name", "acme"]));
    let imported = read();
    let edited = imported.replace("      summary:", "      # My own words.\n      summary:");
    fs::write(root.join("specs/acme.yaml"), &edited).expect("is writable");

    for old in [&[][..], &["--old", "old.yaml"]] {
        let arguments = [&["update", "acme", "new.yaml"], old].concat();
        let refused = run(root, &arguments);
        assert_eq!(refused.status.code(), Some(2));
        let told = text(&refused.stderr);
        assert!(
            told.contains("+       # My own words.") && told.contains("specs/acme.overlay.yaml"),
            "{told}"
        );
        assert_eq!(read(), edited);
    }
    stdout(&run(root, &["update", "acme", "new.yaml", "--force"]));
    assert!(read().contains("password") && !read().contains("My own words"));

    // Whoever undoes it has an import again.
    fs::write(root.join("specs/acme.yaml"), &imported).expect("is writable");
    stdout(&run(root, &["update", "acme", "new.yaml"]));
    assert!(read().contains("password"));
}

#[test]
fn files_beside_a_vendors_document_come_with_it() {
    let project = project();
    let root = project.path();
    let vendor = |title: &str, at: &str| {
        format!(
            "openapi: 3.0.3\ninfo: {{title: {title}, version: '1'}}\nservers: [{{url: 'https://api.example.com'}}]\npaths:\n  /token:\n    $ref: '{at}'\n"
        )
    };
    let path = |grants: &str| {
        format!(
            "post:\n  security: []\n  requestBody:\n    content:\n      application/x-www-form-urlencoded:\n        schema:\n          properties:\n            \
             grant_type: {{type: string, enum: [{grants}]}}\n            client_secret: {{type: string}}\n  responses: {{}}\n"
        )
    };
    for (folder, grants) in [("specs", "client_credentials"), ("newer", "password")] {
        fs::create_dir_all(root.join(folder).join("acme.d")).expect("a folder");
        fs::write(root.join(folder).join("acme.d/token.yaml"), path(grants)).expect("is writable");
        fs::write(
            root.join(folder).join("acme.yaml"),
            vendor("Acme", "acme.d/token.yaml"),
        )
        .expect("is writable");
    }
    let update = || {
        let mut update = command(root, &["update", "acme", "acme.yaml"]);
        let update = update.current_dir(root.join("newer"));
        update.output().expect("runs")
    };
    let refused = text(&update().stderr);
    assert!(refused.contains("git does not have it"), "{refused}");
    commit(root);
    let updated = stdout(&update());
    assert!(
        updated.contains("grants that are new: password")
            && updated.contains("specs/acme.d/token.yaml: updated"),
        "{updated}"
    );
    let read = || fs::read_to_string(root.join("specs/acme.d/token.yaml")).expect("is there");
    assert_eq!(read(), path("password"));
    let again = stdout(&run(root, &["update", "acme", "newer/acme.yaml"]));
    assert!(again.contains("nothing new"), "{again}");

    fs::write(
        root.join("newer/acme.yaml"),
        vendor("Other", "workiva.yaml"),
    )
    .expect("is writable");
    fs::write(root.join("newer/workiva.yaml"), path("password")).expect("is writable");
    let refused = run(root, &["update", "acme", "newer/acme.yaml"]);
    assert!(
        text(&refused.stderr).contains("put it in a folder"),
        "{}",
        text(&refused.stderr)
    );
    assert!(!root.join("specs/workiva.yaml").exists());
}

/// Commits all files, in a repository that is made for it.
fn commit(root: &Path) {
    for arguments in [
        &["init", "-q"][..],
        &["add", "."],
        &["commit", "-qm", "All"],
    ] {
        let output = Command::new("git")
            .args(["-c", "user.name=a", "-c", "user.email=a@example.com"])
            .args(arguments)
            .current_dir(root)
            .output()
            .expect("git runs");
        assert!(output.status.success(), "{}", text(&output.stderr));
    }
}

#[test]
fn a_document_that_somebody_wrote_is_not_replaced() {
    let project = project();
    let root = project.path();
    let docs = ["--docs", "https://docs.example.com/oauth"];
    let begin = ["new", "acme", "--token-url", TOKEN_URL];
    stdout(&run(root, &[&begin[..], &docs].concat()));
    commit(root);
    let read = || fs::read_to_string(root.join("specs/acme.yaml")).expect("is there");
    let written = read();
    fs::write(root.join("vendor.yaml"), vendor("password", "Tokens")).expect("is writable");
    let refused = run(root, &["update", "acme", "vendor.yaml"]);
    let told = text(&refused.stderr);
    assert!(told.contains("names sources"), "{told}");
    assert_eq!((refused.status.code(), read()), (Some(2), written.clone()));
    // What only its text says counts as well.
    let unsourced: String = written
        .lines()
        .filter(|line| !line.contains("docs.example.com"))
        .map(|line| line.replace("sources:", "sources: []") + "\n")
        .collect();
    fs::write(root.join("specs/acme.yaml"), &unsourced).expect("is writable");
    let refused = run(root, &["update", "acme", "vendor.yaml"]);
    assert!(!refused.status.success());
    assert_eq!(read(), unsourced);
    stdout(&run(root, &["update", "acme", "vendor.yaml", "--force"]));
    assert_eq!(read(), vendor("password", "Tokens"));
}

/// An overlay that takes the request of the token endpoint from the files that all documents share.
const SHARED: &str = "overlay: 1.0.0\ninfo: {title: a, version: 1.0.0}\nactions:\n  - target: $.paths['/token'].post.requestBody.content.*\n    \
    update: {schema: {allOf: [{$ref: common/shared.yaml#/components/schemas/Shared}]}}\n";

#[test]
fn what_documents_share_is_not_the_vendors() {
    let shared = |name: &str| {
        format!(
            "components:\n  schemas:\n    Shared:\n      properties:\n        {name}: {{type: string}}\n"
        )
    };
    for is_import in [true, false] {
        let project = project();
        let root = project.path();
        for (folder, name) in [("specs", "ours"), ("newer", "theirs")] {
            fs::create_dir_all(root.join(folder).join("common")).expect("a folder");
            let file = root.join(folder).join("common/shared.yaml");
            fs::write(file, shared(name)).expect("is writable");
        }
        let old = root.join("specs/acme.yaml");
        let newer = root.join("newer/acme.yaml");
        fs::write(&newer, vendor("client_credentials", "Tokens")).expect("is writable");
        if is_import {
            stdout(&run(root, &["import", "newer/acme.yaml", "--name", "acme"]));
        } else {
            fs::copy(&newer, &old).expect("is copied");
        }
        fs::write(root.join("specs/acme.overlay.yaml"), SHARED).expect("is writable");
        commit(root);
        fs::write(&newer, vendor("client_credentials, password", "Tokens")).expect("is writable");
        if is_import {
            fs::remove_dir_all(root.join("newer/common")).expect("is removed");
        }
        let updated = stdout(&run(root, &["update", "acme", "newer/acme.yaml"]));
        assert!(
            updated.contains("grants that are new: password"),
            "{is_import}: {updated}"
        );
        assert_eq!(
            fs::read_to_string(root.join("specs/common/shared.yaml")).expect("is there"),
            shared("ours")
        );
        assert!(!updated.contains("common"), "{updated}");
    }
}

/// A document is not called fresh that nothing was generated from.
#[test]
fn a_broken_document_is_not_called_fresh() {
    let project = project();
    let root = project.path();
    stdout(&run(root, &["new", "acme", "--token-url", TOKEN_URL]));
    stdout(&run(root, &["codegen"]));
    fs::write(root.join("specs/other.yaml"), "openapi: 3.1.0\n").expect("is writable");
    for (arguments, told) in [
        (&["codegen", "other"][..], "1 document, 1 broken in "),
        (
            &["codegen"],
            "2 documents, 1 broken, everything else fresh in ",
        ),
        (&["codegen", "--check", "other"], "1 document, 1 broken in "),
    ] {
        for _ in 0..2 {
            let output = run(root, arguments);
            let said = text(&output.stdout);
            assert!(said.contains("broken: 1 error"), "{said}");
            assert!(said.contains(told), "{said}");
            assert!(!output.status.success());
        }
    }
}

#[test]
fn documents_are_checked_by_the_build_that_generates() {
    let project = project();
    let root = project.path();
    stdout(&run(root, &["new", "acme", "--token-url", TOKEN_URL]));
    for name in ["acme", "specs/acme.yaml"] {
        let checked = run(root, &["check", name]);
        let said = stdout(&checked);
        assert!(said.contains("1 document: 0 errors"), "{said}");
        assert!(text(&checked.stderr).contains("TS045"));
    }
    let explained = stdout(&run(root, &["check", "--explain-model", "acme"]));
    assert!(explained.contains("client_credentials"), "{explained}");
    let rule = stdout(&run(root, &["check", "--explain", "TS045"]));
    assert!(rule.contains("TS045"), "{rule}");
    fs::write(root.join("specs/other.yaml"), "openapi: 3.1.0\n").expect("is writable");
    let broken = run(root, &["check"]);
    assert_eq!(broken.status.code(), Some(1));
    assert!(text(&broken.stdout).contains("2 documents: 1 error, "));
    for (arguments, told) in [
        (&["check", "nobody"][..], "no document of `nobody`"),
        (&["check", "--explain", "TS999"], "no rule `TS999`"),
        (&["check", "--explain", "TS045", "acme"], "give it alone"),
    ] {
        let output = run(root, arguments);
        assert_eq!(output.status.code(), Some(2));
        assert!(
            text(&output.stderr).contains(told),
            "{}",
            text(&output.stderr)
        );
    }
    assert!(!root.join("crates").exists(), "a check writes nothing");
}

#[test]
fn a_document_that_is_saved_is_generated_again() {
    let project = project();
    stdout(&run(
        project.path(),
        &["new", "acme", "--token-url", TOKEN_URL],
    ));
    let mut process = command(project.path(), &["codegen", "--watch", "acme"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("runs");
    let output = BufReader::new(process.stdout.take().expect("has an output"));
    let mut lines = output.lines().map(|line| line.expect("is readable"));
    let mut rounds = lines
        .by_ref()
        .filter(|line| line.starts_with("watching specs"));
    assert!(rounds.next().is_some());
    let lib = project.path().join("crates/providers/acme/src/lib.rs");
    assert!(
        !fs::read_to_string(&lib)
            .expect("is there")
            .contains("Saved anew")
    );
    // As editors do it: another file takes the name.
    let document = project.path().join("specs/acme.yaml");
    let text = fs::read_to_string(&document)
        .expect("is there")
        .replace("issues tokens", "Saved anew and issues tokens");
    fs::write(project.path().join("specs/.acme.swp"), text).expect("is writable");
    fs::rename(project.path().join("specs/.acme.swp"), &document).expect("is renamed");
    let is_saved =
        |_: &String| fs::read_to_string(&lib).is_ok_and(|text| text.contains("Saved anew"));
    assert!(rounds.any(|line| is_saved(&line)));
    process.kill().expect("is running");
    process.wait().expect("has ended");
}
