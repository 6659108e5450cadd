use super::*;

/// `(name)` for a dependency whose types are not a part of the API.
fn dependency(text: &str) -> Dependency {
    Dependency {
        name: text.trim_matches(['(', ')']).to_owned(),
        is_public: !text.starts_with('('),
    }
}

fn package(name: &str, dependencies: &[&str], change: Option<Step>) -> Package {
    Package {
        name: name.to_owned(),
        unit: name.to_owned(),
        released: Some(Version::new(0, 1, 2)),
        current: Version::new(0, 1, 2),
        dependencies: dependencies.iter().map(|one| dependency(one)).collect(),
        change,
    }
}

/// `name version` of each crate that is published, in order.
fn published(packages: &[Package]) -> Vec<String> {
    let planned = plan(packages).expect("has an order").into_iter();
    let published = planned.filter(Planned::is_published);
    published
        .map(|planned| format!("{} {}", planned.name, planned.version))
        .collect()
}

#[test]
fn only_what_changed_is_published() {
    let packages = [
        package("app", &["lib"], None),
        package("lib", &["base"], Some(Step::Minor)),
        package("base", &[], Some(Step::Patch)),
        package("other", &[], None),
    ];
    assert_eq!(published(&packages), ["base 0.1.3", "lib 0.1.3"]);
}

#[test]
fn a_breaking_step_reaches_all_that_depend_on_it() {
    let packages = [
        package("app", &["lib"], None),
        package("lib", &["base"], Some(Step::Patch)),
        package("base", &[], Some(Step::Major)),
        package("other", &[], None),
    ];
    assert_eq!(
        published(&packages),
        ["base 0.2.0", "lib 0.2.0", "app 0.2.0"]
    );
    let planned = plan(&packages).expect("has an order");
    let app = planned
        .iter()
        .find(|planned| planned.name == "app")
        .expect("is there");
    assert_eq!(app.reason, Reason::Dependency("lib".to_owned()));
}

#[test]
fn crates_with_one_version_go_together() {
    let mut packages = [
        package("a", &[], Some(Step::Patch)),
        package("b", &["a"], None),
        package("c", &["b"], None),
    ];
    for package in &mut packages[..2] {
        package.unit = "workspace".to_owned();
    }
    assert_eq!(published(&packages), ["a 0.1.3", "b 0.1.3"]);
    packages[0].change = Some(Step::Major);
    assert_eq!(published(&packages), ["a 0.2.0", "b 0.2.0", "c 0.2.0"]);
}

#[test]
fn a_version_that_is_high_enough_is_kept() {
    let mut packages = [
        package("a", &[], Some(Step::Minor)),
        package("b", &["a"], None),
    ];
    packages[0].current = Version::new(0, 1, 5);
    assert_eq!(published(&packages), ["a 0.1.5"]);
    // A breaking version that somebody wrote reaches the others too.
    packages[0].current = Version::new(0, 3, 0);
    assert_eq!(published(&packages), ["a 0.3.0", "b 0.2.0"]);
    // Preparing again changes nothing.
    packages[1].current = Version::new(0, 2, 0);
    assert_eq!(published(&packages), ["a 0.3.0", "b 0.2.0"]);
}

#[test]
fn a_new_crate_is_published_as_it_is() {
    let mut packages = [
        package("a", &["new"], Some(Step::Patch)),
        package("new", &[], None),
    ];
    packages[1].released = None;
    assert_eq!(published(&packages), ["new 0.1.2", "a 0.1.3"]);
}

#[test]
fn a_new_crate_of_a_unit_gets_the_version_of_the_unit() {
    let mut packages = [
        package("a", &["new"], Some(Step::Major)),
        package("new", &[], None),
    ];
    packages[1].released = None;
    for package in &mut packages {
        package.unit = "workspace".to_owned();
    }
    assert_eq!(published(&packages), ["new 0.2.0", "a 0.2.0"]);
}

#[test]
fn a_circle_is_told() {
    let packages = [
        package("a", &["b"], None),
        package("b", &["a"], None),
        package("c", &[], None),
    ];
    let told = plan(&packages).expect_err("has no order");
    assert!(told.ends_with(": a, b"), "{told}");
}

#[test]
fn what_a_crate_keeps_to_itself_asks_for_a_patch() {
    let packages = [
        package("app", &["list"], None),
        package("list", &["(one)", "(two)"], None),
        package("one", &[], Some(Step::Major)),
        package("two", &[], Some(Step::Minor)),
    ];
    assert_eq!(
        published(&packages),
        ["one 0.2.0", "two 0.1.3", "list 0.1.3"]
    );
    let packages = [
        package("list", &["(one)", "runtime"], None),
        package("one", &["runtime"], None),
        package("runtime", &[], Some(Step::Major)),
    ];
    assert_eq!(
        published(&packages),
        ["runtime 0.2.0", "one 0.2.0", "list 0.2.0"]
    );
}
