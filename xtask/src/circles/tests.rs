use super::*;

fn made_up(files: &[(&str, &str)]) -> tempfile::TempDir {
    let root = tempfile::tempdir().expect("a folder");
    fs::create_dir(root.path().join("tests")).expect("a folder");
    for (name, text) in files {
        let path = root.path().join("crates/tokensmith-example/src").join(name);
        fs::create_dir_all(path.parent().expect("has one")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    root
}

fn found(root: &tempfile::TempDir) -> Vec<String> {
    let sources = sources(root.path()).expect("are there");
    let arrows = arrows(&sources[0]).expect("can be read");
    let circles = circles(&arrows);
    circles.iter().map(|circle| told(circle, &arrows)).collect()
}

#[test]
fn a_circle_is_told_with_the_files_that_tie_it() {
    let root = made_up(&[
        ("lib.rs", "mod load; mod model; mod emit; mod write;"),
        ("load.rs", "use crate::{write, model::{self, Model}};"),
        ("model/mod.rs", "mod scope; pub struct Model;"),
        (
            "model/scope.rs",
            "fn f() { super::super::emit::g(super::Model) }",
        ),
        (
            "emit.rs",
            "mod code { fn h() { super::super::write::w(); } }",
        ),
        ("emit/docs.rs", "use crate::load;"),
        ("emit/text.rs", "pub(in crate::load) fn t() {}"),
        ("write.rs", ""),
    ]);
    let expected = "modules know each other in a circle: emit, load, model\n    \
                        load -> model: load.rs (cut this one first)\n    \
                        model -> emit: model/scope.rs\n    \
                        emit -> load: emit/docs.rs, emit/text.rs";
    assert_eq!(found(&root), [expected]);
    assert_eq!(has_none(root.path()), Ok(false));
}

#[test]
fn what_tests_and_comments_name_ties_nothing() {
    let root = made_up(&[
        ("load.rs", "use crate::emit::emit; mod tests;"),
        (
            "emit.rs",
            "/// Like [`crate::load`].\nfn f() -> &'static str { \"crate::load\" }\n\
                 #[cfg(test)]\nmod cases { use crate::load; }\n\
                 #[cfg(test)]\nuse crate::load;\nmod inner { use super::f; }",
        ),
        ("emit/tests.rs", "use crate::load;"),
        ("emit/more_tests.rs", "use crate::load;"),
        ("testing/server.rs", "use crate::load;"),
    ]);
    assert_eq!(found(&root), [""; 0]);
    assert_eq!(has_none(root.path()), Ok(true));
}

#[test]
fn what_the_root_takes_from_a_module_is_of_that_module() {
    let root = made_up(&[
        (
            "lib.rs",
            "pub use emit::{Emitter, text::{self, Text as Words}}; use load::Loaded as Read;",
        ),
        ("load.rs", "use crate::Words; use outer::Emitter;"),
        ("emit.rs", "fn f(read: crate::Read) {}"),
        ("model.rs", "use crate::{Emitter, Loaded};"),
    ]);
    let expected = "modules know each other in a circle: emit, load\n    \
                        emit -> load: emit.rs (cut this one first)\n    \
                        load -> emit: load.rs";
    assert_eq!(found(&root), [expected]);
}

#[test]
fn this_project_has_none() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    assert_eq!(has_none(root.expect("is in it")), Ok(true));
}
