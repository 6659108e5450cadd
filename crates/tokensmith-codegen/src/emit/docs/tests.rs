use super::*;

#[test]
fn html_and_item_links_are_escaped() {
    assert_eq!(
        markdown(r#"<x>x</x> [Client] */ "a\b" \<"#),
        r#"\<x\>x\</x\> \[Client\] */ "a\\b" \<"#
    );
}

#[test]
fn code_and_web_links_stay() {
    let text = "Use `Vec<T>` and [this](https://a.example/b) or <https://a.example>.";
    assert_eq!(markdown(text), text);
    assert_eq!(
        markdown("See https://a.example/b."),
        "See <https://a.example/b>."
    );
    assert_eq!(
        markdown("See [keys](/reference/keys)"),
        "See \\[keys\\](/reference/keys)"
    );
}

#[test]
fn what_github_makes_a_link_of_swallows_no_backtick() {
    assert_eq!(
        markdown("www.a.example`b<script>` and WWW.a"),
        r"www\.a.example`b<script>` and WWW\.a"
    );
    assert_eq!(
        markdown("hTtps://a.example`b<script>` ftp://a`b<i>`"),
        r"hTtps\://a.example`b<script>` ftp\://a`b<i>`"
    );
    let row = "| www.a`b<script>` |\n|--|";
    assert_eq!(markdown(row), "| www\\.a`b<script>` |\n|--|");
    assert_eq!(markdown("https://a.example/b."), "<https://a.example/b>.");
}

#[test]
fn code_is_never_compiled() {
    let smuggled = format!("- ```rust {}\n  panic!(); // ```", "rust ".repeat(18));
    assert!(
        !markdown(&smuggled).contains("```"),
        "{}",
        markdown(&smuggled)
    );
    assert_eq!(markdown("- ~~~rust"), r"- \~~~rust");
    assert_eq!(
        markdown("a\n```rust\nfn main() {}\n```\nb"),
        "a\n```text\nfn main() {}\n```\nb"
    );
    assert_eq!(markdown("```\nopen"), "```text\nopen\n```");
    assert_eq!(markdown("a\n\n    indented"), "a\n\nindented");
}

#[test]
fn directions_of_text_are_written_out() {
    assert_eq!(markdown("a\u{202e}b\u{0}"), r"a\\u{202e}b\\u{0}");
}

#[test]
fn paragraphs_are_wrapped_and_lists_kept() {
    let long = "word ".repeat(40);
    assert!(markdown(&long).lines().all(|line| line.len() <= 92));
    assert_eq!(markdown("a\nb\n- c\n  d\n- e"), "a b\n- c d\n- e");
}

#[test]
fn what_goes_on_below_an_item_stands_below_its_text() {
    for (mark, hanging) in [("- ", "  "), ("12. ", "    "), ("1) ", "   "), ("> ", "> ")] {
        let text = markdown(&format!("{mark}{}", "word ".repeat(40)));
        assert!(
            text.lines().count() > 1
                && text
                    .lines()
                    .skip(1)
                    .all(|line| line.starts_with(&format!("{hanging}word"))),
            "{text}"
        );
    }
}

#[test]
fn the_mark_of_an_item_does_not_stand_alone() {
    let url = format!("https://a.example/{}", "a".repeat(90));
    for mark in ["-", "12."] {
        let hanging = " ".repeat(mark.len() + 1);
        assert_eq!(
            markdown(&format!("{mark} {url} b")),
            format!("{mark} <{url}>\n{hanging}b")
        );
    }
    assert_eq!(markdown(&format!("a {url}")), format!("a\n<{url}>"));
}

#[test]
fn no_word_becomes_a_mark_by_beginning_a_line() {
    for word in ["-", "#", ">", "1.", "2)", "---", "==="] {
        let text = markdown(&format!("{}{word}", "word ".repeat(18)));
        assert_eq!(text.lines().count(), 1, "{text}");
    }
}

#[test]
fn a_label_stands_before_a_sentence_and_above_anything_else() {
    let text = |description| labelled("a", description, "none");
    assert_eq!(text(Some("b")), "a: b");
    assert_eq!(text(Some("- b")), "a\n\n- b");
    assert_eq!(text(Some("```\nb\n```")), "a\n\n```text\nb\n```");
    assert_eq!(text(Some(" ")), "none");
}

#[test]
fn the_first_paragraph_is_found_after_headings_and_images() {
    let first = |text: &str| first_paragraph(&markdown(text)).to_owned();
    assert_eq!(first("One\ntwo.\n\nThree."), "One two.");
    assert_eq!(first("# A\n## B\nOne.\n- two"), "One.");
    assert_eq!(
        first("![a](https://a.example)\n\n[![a](b)](c)\n\n#\n\nOne."),
        "One."
    );
    assert_eq!(first("- one"), "");
    assert_eq!(first("# A\n```\n\ncode\n```\n\nOne."), "");
    assert_eq!(first("# A"), "");
}

#[test]
fn headings_stand_below_others() {
    let text = "# A\n\n#tag\n\n##### B\n```\n# code\n```";
    assert_eq!(
        below_heading(&markdown(text), 2),
        "### A\n\n#tag\n\n###### B\n```text\n# code\n```"
    );
}

#[test]
fn what_a_raw_string_cannot_hold_is_escaped() {
    for text in [r##"r#"a"# and "b\""##, "one\rtwo", "\"#", "a \\ b"] {
        let item = outer(text);
        let printed = crate::emit::print::print(quote!(#item pub struct A;));
        assert_eq!(printed, format!("///{}\npub struct A;\n", lines(text)));
    }
}

#[test]
fn a_quote_may_have_paragraphs() {
    let text = "> Invalid?\n>\n> If so, ask.";
    assert_eq!(markdown(text), text);
    assert_eq!(markdown("> Invalid?\n> \n> If so, ask."), text);
}
