//! A vendor's document is imported, and updated when the vendor changes it.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::project::{TOKEN_URL, command, project, run, stdout, text};

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
