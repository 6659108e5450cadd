//! Texts of everything that Markdown gives a meaning to, in combinations that nobody writes.

/// A text, and what must be seen of it.
pub(crate) struct Text {
    pub(crate) markdown: String,
    /// Words that are shown, in this order, whatever stands around them.
    pub(crate) words: Vec<String>,
}

/// As many texts as are asked for, always the same.
pub(crate) fn texts(number: usize) -> Vec<Text> {
    let mut author = Author {
        state: 0x9e37_79b9_7f4a_7c15,
        number: 0,
        words: Vec::new(),
        is_shown: true,
    };
    let known = KNOWN.iter().map(|text| Text {
        markdown: (*text).to_owned(),
        words: Vec::new(),
    });
    let written = std::iter::repeat_with(|| author.text());
    known.chain(written).take(number).collect()
}

/// Texts that once were shown as something else.
const KNOWN: [&str; 8] = [
    "`word word word word word word word word word word word word word word word word word aaaaa <script>alert(1)</script>`",
    "[a](https://u1.example/(<script>alert(1)</script>)",
    "a | `x | <script>alert(1)</script>`\n|---|---|---|",
    "> a | `x | <script>alert(1)</script>`\n> |---|---|---|",
    "| `x | <script>alert(1)</script>` |\n|---|---|",
    "&#x202e;&rlm;&#8238;",
    "www.u1.example`<script>alert(1)</script>`",
    "hTtps://u1.example`<script>alert(1)</script>`",
];

/// How a line begins.
const STARTS: [&str; 49] = [
    "",
    "",
    "",
    "",
    "",
    "",
    "# ",
    "## ",
    "###### ",
    "- ",
    "* ",
    "+ ",
    "1. ",
    "1) ",
    "123456789. ",
    "> ",
    ">",
    "> > ",
    "- > ",
    "> - ",
    "- - ",
    "    ",
    "  ",
    "\t",
    "- [ ] ",
    "- [x] ",
    "[ref]: https://u0.example ",
    "[^1]: ",
    "```",
    "```rust",
    "~~~",
    "~~~~ ",
    "````",
    "===",
    "---",
    "***",
    "- ```",
    "> ```rust",
    "<div>",
    "</div>",
    "<!--",
    "-->",
    "<pre>",
    "</section></main>",
    "<p>",
    "<ul><li>",
    "<li>",
    "</ol>",
    "<h3>",
];

/// How a line of a table begins.
const ROWS: [&str; 8] = [
    "|---|---|",
    "| --- | :-: |",
    "|",
    "| ",
    ":-|-:",
    "> |---|---|",
    "- |-|-|",
    "|-|-|-|",
];

const ENDS: [&str; 8] = ["\n", "\n", "\n", "\n\n", "\r\n", "\r", "  \n", "\\\n"];

/// HTML of all seven kinds of blocks, and of what stands in a line.
const HTML: [&str; 48] = [
    "<script>alert(1)</script>",
    "<script",
    "<pre>",
    "<style>*{}</style>",
    "<textarea>",
    "<!-- ",
    " -->",
    "<!---->",
    "<?php ",
    "?>",
    "<!DOCTYPE html>",
    "<![CDATA[",
    "]]>",
    "<div class=\"a\">",
    "</div>",
    "<details open>",
    "<a href=\"javascript:alert(1)\">",
    "<b onclick='alert(1)'>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "</code></pre>",
    "<x-y z=\"",
    // What becomes Markdown.
    "<br>",
    "<br/>",
    "<BR />",
    "<hr>",
    "<p>",
    "</p>",
    "<ul>",
    "</ul>",
    "<ol>",
    "</ol>",
    "<li>",
    "</li>",
    "<b>",
    "</b>",
    "<em class='a'>",
    "</em>",
    "<code>",
    "</code>",
    "<a href=\"https://h1.example/a\">",
    "<a href='https://h2.example/(a' target=_blank>",
    "</a>",
    "<tr><td>",
    "</td><td>",
    "<span>",
    "</span>",
    "<h2>",
];

const MARKS: [&str; 52] = [
    "`",
    "``",
    "```",
    "````",
    "*",
    "**",
    "_",
    "__",
    "~",
    "~~",
    "~~~",
    "[",
    "]",
    "(",
    ")",
    "![",
    "](",
    "[]()",
    "[[",
    "]]",
    "<",
    ">",
    "\\",
    "\\\\",
    "\\`",
    "\\[",
    "\\]",
    "\\<",
    "&",
    "#",
    "-",
    "--",
    "---",
    "===",
    "+",
    "1.",
    "2)",
    ":",
    "\"",
    "'",
    "\t",
    "\0",
    "\u{7f}",
    "\u{9b}",
    "\u{202e}",
    "\u{2066}",
    "\u{2028}",
    "\u{200b}",
    "\u{a0}",
    "\u{e0041}",
    "{#id}",
    "*/",
];

const ENTITIES: [&str; 19] = [
    "&lt;script&gt;",
    "&amp;lt;",
    "&quot;",
    "&#60;",
    "&#x3C;",
    "&#x202e;",
    "&#8238;",
    "&rlm;",
    "&ZeroWidthSpace;",
    "&#0;",
    "&#10;",
    "&nbsp;",
    "&unknown;",
    "&gt;",
    "&amp;",
    "&amp;#60;",
    "&apos;",
    "&#39;",
    "&#xfffffff;",
];

/// Writes texts by a generator of random numbers (xorshift).
struct Author {
    state: u64,
    number: usize,
    words: Vec<String>,
    /// Whether all words of the line are shown: cells that a table's head has no place for are not.
    is_shown: bool,
}

impl Author {
    fn below(&mut self, limit: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        usize::try_from(self.state % limit as u64).expect("is below a usize")
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }

    fn text(&mut self) -> Text {
        let mut markdown = String::new();
        for _ in 0..=self.below(10) {
            self.line(&mut markdown);
            markdown.push_str(self.pick(&ENDS));
        }
        Text {
            markdown,
            words: std::mem::take(&mut self.words),
        }
    }

    fn line(&mut self, out: &mut String) {
        let is_row = self.below(5) == 0;
        let (start, known) = (out.len(), self.words.len());
        self.is_shown = !is_row;
        out.push_str(self.pick(if is_row { &ROWS } else { &STARTS }));
        for _ in 0..self.below(9) {
            self.inline(out);
            out.push_str(self.pick(&[" ", " ", " ", "", "  "]));
            if is_row {
                out.push_str(self.pick(&["|", " | ", "", "\\|", "\\\\|"]));
            }
        }
        // What stands behind a fence names a language.
        let line = out[start..].trim_start();
        if line.starts_with("```") || line.starts_with("~~~") {
            self.words.truncate(known);
        }
    }

    fn inline(&mut self, out: &mut String) {
        match self.below(12) {
            0 => (0..self.below(24)).for_each(|_| {
                self.word(out);
                out.push(' ');
            }),
            1 | 2 => self.code(out),
            3 | 4 => out.push_str(self.pick(&HTML)),
            5 | 6 => self.link(out),
            7 => out.push_str(self.pick(&ENTITIES)),
            8 | 9 => out.push_str(self.pick(&MARKS)),
            10 => {
                let mark = self.pick(&["*", "**", "_", "__", "~~", "\"", "'"]);
                out.push_str(mark);
                self.word(out);
                out.push_str(mark);
            }
            _ => self.word(out),
        }
    }

    fn word(&mut self, out: &mut String) {
        self.number += 1;
        let word = format!("w{}w", self.number);
        out.push_str(&word);
        if self.is_shown {
            self.words.push(word);
        }
    }

    fn code(&mut self, out: &mut String) {
        let ticks = "`".repeat(1 + self.below(4));
        out.push_str(&ticks);
        for _ in 0..self.below(20) {
            match self.below(8) {
                0 => out.push_str(self.pick(&HTML)),
                1 => out.push_str(self.pick(&MARKS[..12])),
                _ => self.word(out),
            }
            out.push_str(self.pick(&[" ", " ", " ", ""]));
        }
        out.push_str(self.pick(&[&ticks, &ticks, &ticks, "`", ""]));
    }

    fn link(&mut self, out: &mut String) {
        self.number += 1;
        let path = self.pick(&[
            "",
            "a",
            "(a)",
            "(a",
            "a)",
            "((<script>)",
            "a_*b*_",
            "?a=1&copy=2&lrm;",
            "a`b",
            "[]",
            "\\",
            "é",
        ]);
        let url = format!("https://u{}.example/{path}", self.number);
        match self.below(12) {
            0 => out.push_str(&format!("<{url}>")),
            1 => out.push_str(&url),
            2 => out.push_str(&format!("![a]({url})")),
            3 => out.push_str(self.pick(&[
                "[Client]",
                "[`Client`]",
                "[crate::A]",
                "[a][ref]",
                "[ref]",
                "[^1]",
                "[ ]",
                "[^1](x)",
            ])),
            4 => out.push_str(self.pick(&[
                "[a](javascript:alert(1))",
                "[a](data:text/html,x)",
                "<javascript:alert(1)>",
                "<mailto:a@b.example>",
                "[a](//u.example)",
                "[a](<x y>)",
                "[a](HTTPS://u.example\n)",
            ])),
            5 => out.push_str(&format!("[a](<{url}> \"b\")")),
            6 => {
                out.push_str("[[");
                self.word(out);
                out.push_str(&format!("]({url})]({url})"));
            }
            _ => {
                out.push('[');
                for _ in 0..self.below(4) {
                    self.inline_label(out);
                }
                out.push_str(&format!("]({url})"));
            }
        }
    }

    fn inline_label(&mut self, out: &mut String) {
        match self.below(4) {
            0 => out.push_str(self.pick(&MARKS)),
            _ => self.word(out),
        }
        out.push_str(self.pick(&[" ", ""]));
    }
}
