use super::*;

#[test]
fn elements_become_markdown() {
    for (html, markdown) in [
        ("One.<br>Two<br/>\n<BR />Three", "One.\n\nTwo\n\nThree"),
        ("<p>One.</p><p class=\"a\">Two.</p>", "One.\n\nTwo."),
        (
            "<ul><li>a</li><li>b <b>c</b></li></ul>d",
            "- a\n- b **c**\n\nd",
        ),
        ("<ol>\n<li>a\n<li><p>b</p></ol>", "1. a\n2. b"),
        ("a <strong>b </strong>c <em>d</em>e", "a **b** c *d*e"),
        ("<b>Note:</b>next", "**Note:** next"),
        ("<code>&lt;a&gt;</code> and <i></i>b", "`<a>` and b"),
        ("<h2>Head</h2>text", "## Head\n\ntext"),
        (
            "see <a href=\"https://a.example/b\" target=\"_blank\">this\npage</a>.",
            "see this page.",
        ),
        (
            "<a href='https://a.example/b'>page</a>",
            "[page](https://a.example/b)",
        ),
        ("<a href='javascript:alert(1)'>page</a>", "page"),
        ("a<span class='x'>b</span>c<div>d</div>", "abc\n\nd"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a  b"),
        ("- a<br>b", "- a b"),
        ("| a<br>b |\n|---|", "| a b |\n|---|"),
        ("&quot;a&quot;&nbsp;&amp;&#39;b&#39;", "\"a\" &'b'"),
    ] {
        let read = super::super::markdown(html);
        let expected = super::super::markdown(markdown);
        assert_eq!(read, expected, "{html}");
    }
}

#[test]
fn no_mark_stands_around_a_block_of_code() {
    for element in ["b", "code", "i", "pre"] {
        let html = format!("<{element}>\n```json\n{{}}\n```\n</{element}>\nrest");
        let read = super::super::markdown(&html);
        assert_eq!(read.matches("```").count(), 2, "{read}");
        let (_, rest) = read.rsplit_once("```").expect("a block");
        assert!(rest.contains("rest"), "{read}");
    }
}

#[test]
fn what_is_no_known_element_stays() {
    for text in [
        "<script>alert(1)</script>",
        "<https://a.example>",
        "Basic <code>",
        "`<br>` and ``a <p> b``",
        "```\n<br>&amp;\n```",
        "a < b, c<d>",
        r"\<br>",
        "&amp;lt; &#x202e; &unknown; & &amp",
        "</b>",
        "<b",
        "<brx>",
        "<b title='a>b",
    ] {
        assert_eq!(to_markdown(text), text);
    }
}

#[test]
fn no_block_begins_where_none_was() {
    for (html, markdown) in [
        ("a<br>```rust", "a\n\n\\```rust"),
        ("a<p>| b |", "a\n\n\\| b |"),
        ("a\n<td> ```rust", "a\n \\ ```rust"),
        ("<a>```rust</a>", "\\```rust"),
        ("`<span>``rust", "` ``rust"),
    ] {
        assert_eq!(to_markdown(html), markdown, "{html}");
    }
}
