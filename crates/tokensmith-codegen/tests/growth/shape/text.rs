//! Descriptions of one piece of text, as often as is asked for.

use super::*;

/// What Markdown, HTML or a terminal gives a meaning to.
const PIECES: [&str; 56] = [
    "`",
    "``a` ",
    "[a",
    "[a](",
    "](b)",
    "![",
    "*",
    "*a",
    "_a ",
    "**a",
    "~~",
    "<",
    "<a>",
    "<!--",
    "&",
    "&#60;",
    "|",
    "| a |\n",
    "|-|\n",
    "> ",
    ">",
    "- a\n",
    "1. a\n",
    "#",
    "\\",
    "```\n",
    "~~~ a\n",
    "\u{203a}",
    "\u{202e}",
    "\r",
    "\n\n",
    "https://a.example ",
    "[^1]",
    "a",
    "[a]: https://b.example\n",
    "[^a]: b\n",
    "[a][b] ",
    "<https://a.example> ",
    "a@b.example ",
    "a\n===\n",
    "***\n",
    "    a\n",
    "\t- a\n",
    "  \n",
    "*a**b*",
    "<a b='",
    "<![CDATA[",
    "<?",
    "&amp;",
    "$a$",
    "- [ ] a\n",
    "\u{e9}",
    "\u{200b}",
    "\u{0}",
    "/// ",
    "*/",
];

pub(super) const SHAPES: &[Shape] = &[
    ("descriptions of signs", |size| {
        changed(|tree| {
            let scopes = object(PIECES.len(), |index| {
                let text = PIECES[index].repeat(size.breadth);
                (
                    format!("s{index}"),
                    format!("{text} {}", "word ".repeat(size.repetition)),
                )
            });
            let flow = json!({"tokenUrl": "https://api.example.com/oauth/token", "scopes": scopes});
            put(
                tree,
                "/components/securitySchemes/o",
                json!({"type": "oauth2", "flows": {"clientCredentials": flow}}),
            );
        })
    }),
    ("descriptions of mixed signs", |size| {
        let all: String = PIECES.concat().repeat(size.breadth);
        let reversed: String = all.chars().rev().collect();
        changed(|tree| {
            put(tree, "/info/description", json!(all));
            put(
                tree,
                "/components/schemas/Token/description",
                json!(reversed),
            );
        })
    }),
    ("titles of signs", |size| {
        changed(|tree| {
            put(tree, "/info/title", json!("[`<".repeat(size.breadth)));
            put(
                tree,
                &format!("{OPERATION}/summary"),
                json!("*_~".repeat(size.repetition)),
            );
        })
    }),
    ("nested signs", |size| {
        let deeper = |piece: &str| -> String {
            let lines =
                (1..=size.breadth.min(300)).map(|depth| format!("{}a\n", piece.repeat(depth)));
            lines.collect::<String>().repeat(size.repetition)
        };
        changed(|tree| {
            put(tree, "/info/description", json!(deeper("> ")));
            put(
                tree,
                "/components/schemas/Token/description",
                json!(deeper("  - ")),
            );
            put(
                tree,
                &format!("{OPERATION}/description"),
                json!(deeper("[")),
            );
        })
    }),
    ("places of signs", |size| {
        changed(|tree| {
            for (index, place) in PLACES.iter().enumerate() {
                let piece = PIECES[index % PIECES.len()];
                put(tree, place, json!(piece.repeat(size.breadth)));
            }
        })
    }),
];
