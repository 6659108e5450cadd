//! The comment on a pull request, as GitHub renders it: what documents say stays code.

use tokensmith_author::comparison::{Comparison, Fate, Provider};
use tokensmith_author::markdown::{block, code};

use crate::judge;
use crate::readme::render;
use crate::rustdoc::model;
use crate::texts::texts;

const TEXTS: usize = 300;

#[test]
fn a_text_is_nothing_but_code_in_a_comment() {
    for text in texts(TEXTS) {
        for markdown in [block(&text.markdown), code(&text.markdown)] {
            let page = render(&format!("before\n\n{markdown}\n\nafter\n"));
            let elements = page.root_element().descendent_elements();
            let names: Vec<&str> = elements.map(|element| element.value().name()).collect();
            let known = ["html", "p", "pre", "code"];
            let odd: Vec<&&str> = names.iter().filter(|name| !known.contains(name)).collect();
            assert!(odd.is_empty(), "{odd:?}\n{markdown}");
            let shown: String = page.root_element().text().collect();
            assert!(
                shown.starts_with("before") && shown.trim_end().ends_with("after"),
                "{shown}"
            );
        }
    }
}

#[test]
fn a_report_has_no_links_of_a_document() {
    for text in texts(TEXTS) {
        let comparison = Comparison {
            base: text.markdown.clone(),
            providers: vec![Provider {
                name: "acme".to_owned(),
                fate: Fate::New(Box::new(model())),
                explanation: text.markdown.clone(),
            }],
            code: [].into(),
        };
        let report = comparison.markdown();
        let page = render(&report);
        let complaints = judge::foreign(page.root_element(), "");
        let own = ["an element details", "an element summary"];
        let odd: Vec<&String> = complaints
            .iter()
            .filter(|one| !own.contains(&one.as_str()))
            .collect();
        assert!(odd.is_empty(), "{odd:#?}\n{report}");
        let details = page.root_element().descendent_elements();
        let details = details.filter(|element| element.value().name() == "details");
        assert_eq!(details.count(), 1, "{report}");
    }
}

#[test]
fn a_report_fits_into_a_comment() {
    let long = "`".repeat(100) + &"a line of an explanation\n".repeat(2_000);
    let provider = |name: &str| Provider {
        name: name.to_owned(),
        fate: Fate::New(Box::new(model())),
        explanation: long.clone(),
    };
    let comparison = Comparison {
        base: "main".to_owned(),
        providers: vec![provider("one"), provider("two")],
        code: [].into(),
    };
    let report = comparison.markdown();
    assert!(
        report.len() < 65_536
            && report.contains("of `tokensmith-two` is taken to mean is too long")
    );
    assert!(report.contains("<code>tokensmith-one</code>: what the document is taken to mean"));
}
