use serde_json::json;

use super::{Mask, visible};

const SECRET: &str = "p/ss+wörd=12-canary";

fn line(secret: &str, text: &str) -> String {
    Mask::new([secret]).line(text)
}

#[test]
fn a_secret_is_masked_in_any_encoding() {
    for echo in [
        SECRET,
        "p%2Fss%2Bw%C3%B6rd%3D12-canary",
        "p/ss%2bw%c3%b6rd%3d12-canary",
        r"p\/ss+w\u00f6rd=12-canary",
        r"p\057ss\053w\303\266rd\07512-canary",
        r"p\u002fss\u002bw\u00f6rd\u003d12-canary",
        "p&#47;ss&#x2B;w&#246;rd&equals;12-canary",
        "p&sol;ss&plus;w&#246;rd&equals;12&dash;canary",
        "p%252Fss%252Bw%25C3%25B6rd%253D12-canary",
        "cC9zcyt3w7ZyZD0xMi1jYW5hcnk=",
        "702f73732b77c3b672643d31322d63616e617279",
        "70:2f:73:73:2b:77:c3:b6:72:64:3d:31:32:2d:63:61:6e:61:72:79",
        "p / s s + w ö r d = 1 2 - c a n a r y",
        "P/SS+WöRD=12-CANARY",
        "112, 47, 115, 115, 43, 119, 195, 182, 114, 100, 61, 49, 50",
        "0x70 0x2f 0x73 0x73 0x2b 0x77 0xc3 0xb6 0x72 0x64 0x3d 0x31",
        "0X70,0X2F,0X73,0X73,0X2B,0X77,0XC3,0XB6,0X72,0X64,0X3D,0X31",
        "70h 2Fh 73h 73h 2Bh 77h C3h B6h 72h 64h 3Dh 31h",
        "U+0070 U+002F U+0073 U+0073 U+002B U+0077 U+00C3 U+00B6 U+0072",
        "160 057 163 163 053 167 303 266 162 144 075 061",
        "01110000 00101111 01110011 01110011 00101011 01110111 11000011 10110110",
        "cC9z cyt3 w7Zy ZD0x Mi1j YW5h cnk=",
        "cC9zcyt3-w7ZyZD0x-Mi1jYW5h-cnk=",
        "cC9zcyt3w7\nZyZD0xMi1j\nYW5hcnk=",
        "C9zcyt 3w7ZyZD0xM i1jYW5hcnk",
        "c C 9 z c y t 3 w 7 Z y Z D 0 x M i 1 j Y W 5 h c n k",
    ] {
        let text = line(SECRET, &format!("bad <{echo}>"));
        assert!(text.starts_with("bad <[redacted]"), "{echo}: {text}");
        assert!(!text.contains("ss"), "{echo}: {text}");
    }
}

#[test]
fn what_stands_between_characters_hides_nothing() {
    let secret = "Kq7RtYbN9vLxHd2w";
    let between = |joint: &str| {
        let letters: Vec<String> = secret.chars().map(String::from).collect();
        letters.join(joint)
    };
    let joints = [
        "\u{85}",
        "\u{a0}",
        "\u{1680}",
        "\u{2003}",
        "\u{202f}",
        "\u{205f}",
        "\u{3000}",
        "\u{2800}",
        "\u{fff9}",
        "\u{fffc}",
        "\u{1d159}",
        "\u{e000}",
        "\u{2010}",
        "\u{2013}",
        "·",
        "•",
        "…",
        "、",
        "，",
        "\u{301}",
        "&nbsp;",
        "<br>",
        "</b><b>",
        "<wbr/>",
        "</strong><strong class='x'>",
    ];
    for joint in joints {
        let text = line(secret, &format!("got {} there", between(joint)));
        let shown: Vec<char> = text.chars().filter(char::is_ascii_alphanumeric).collect();
        let shown = String::from_iter(shown);
        assert_eq!(shown, "gotredactedthere", "{joint}: {text}");
    }
    for drawn in ["Ｋｑ７ＲｔＹｂＮ９ｖＬｘＨｄ２ｗ", "𝐊𝐪𝟕𝐑𝐭𝐘𝐛𝐍𝟗𝐯𝐋𝐱𝐇𝐝𝟐𝐰"]
    {
        let text = line(secret, &format!("got {drawn}"));
        assert_eq!(text, "got [redacted]");
    }
}

#[test]
fn characters_that_nobody_sees_hide_nothing() {
    for joint in [
        "\u{200b}",
        "\u{200d}",
        "\u{2060}",
        "\u{feff}",
        "\u{ad}",
        "\u{fe0f}",
        "\u{e0041}",
        "\\u200b",
        "%E2%80%8B",
        "&#8203;",
    ] {
        for secret in ["Zq7/Kp+w3=RtYbN9vLxHd2", "swordfish"] {
            let spelled: String = secret
                .chars()
                .flat_map(|character| [character.to_string(), joint.to_owned()])
                .collect();
            let text = line(secret, &format!("bad <{spelled}>"));
            assert!(text.starts_with("bad <[redacted]"), "{joint:?}: {text}");
            assert!(
                !text.contains("or") && !text.contains("Kp"),
                "{joint:?}: {text}"
            );
        }
    }
}

#[test]
fn a_part_of_a_secret_is_masked_with_what_is_joined_to_it() {
    for part in ["ss+wörd=12-", "2-canary", "xx/ss+wör.yy", "sessionp/ss+wör"] {
        assert_eq!(
            line(SECRET, &format!("no {part}.")),
            "no [redacted].",
            "{part}"
        );
    }
}

#[test]
fn what_could_be_read_in_two_ways_is_masked() {
    for (secret, text) in [
        // `+` for a space beside percent-encoding, which reads `+` as itself.
        ("a b/c d/e f", "bad a+b%2Fc+d%2Fe+f"),
        ("a+b/c d/e f", "bad a%2Bb%2Fc+d%2Fe+f"),
        // A `%` before a run that begins with two hexadecimal digits.
        ("12/3/4/5/6/7", "bad %12%2F3%2F4%2F5"),
        ("x/12/3/4/5/6", "bad %12%2F3%2F4%2F5"),
        ("12/3/4/5/6/7/89", r"bad &#12\/3\/4\/5"),
        ("n/3/4/5/6/7/8", r"bad \n\/3\/4\/5\/6"),
        ("abcde/fghij", "bad &#xabcde&#47;fghij"),
        ("123/4/5/6/7/8", r"bad \123\/4\/5\/6"),
        ("lt;/4/5/6/7/8", r"bad &lt;\/4\/5\/6"),
        // A secret that looks escaped, in another escape.
        ("a%41/b/c/d/e", r"bad a%41\/b\/c\/d\/e"),
        ("a&lt;/b/c/d/e", "bad a&lt;%2Fb%2Fc%2Fd%2Fe"),
    ] {
        assert_eq!(line(secret, text), "bad [redacted]", "{secret}: {text}");
    }
}

#[test]
fn base64_that_is_cut_is_read_from_its_first_whole_byte() {
    let secret = "#42eFe00$e2FQ2mN87;";
    // Of `2FQ2mN87` the first byte lacks four of its bits, or none.
    for cut in ["MkZRMm1OODc", "lMkZRMm1OODc", "JGUTJtTjg3", "TJGUTJtTjg3"] {
        assert_eq!(line(secret, &format!("see {cut}")), "see [redacted]");
    }
    assert_eq!(line(secret, "see UTJtTjg3"), "see UTJtTjg3");
}

#[test]
fn short_secrets_are_masked_too() {
    assert_eq!(line("tiger", "bad tiger here"), "bad [redacted] here");
    assert_eq!(
        line("hunter2", "no hunter2 or hunter"),
        "no [redacted] or [redacted]"
    );
    assert_eq!(line("dGln", "no tigers"), "no tigers");
    // Shorter than that it is found in any text.
    assert_eq!(line("abc", "abc"), "abc");
}

#[test]
fn the_words_of_refusals_stay() {
    for secret in [
        "secret",
        "client-secret",
        "my-client-secret-1",
        "token",
        "invalid",
    ] {
        let text = "Invalid client secret: the access token is expired";
        assert_eq!(line(secret, text), text, "{secret}");
    }
    assert_eq!(line("client-secret", "bad client-secret"), "bad [redacted]");
}

#[test]
fn what_looks_like_a_credential_is_masked_escaped_or_not() {
    for text in [
        "no eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl here",
        "no %65%79J%68bGciOiJIUzI1NiJ9 here",
        "no &#52;f9c1d0be83a4c2f here",
    ] {
        assert_eq!(line("x", text), "no [redacted] here");
    }
}

#[test]
fn reaches_into_json() {
    let mut value = json!({"a": [{SECRET: format!("x {SECRET}")}], "n": 1, "m": 8471});
    Mask::new([SECRET, "8471"]).value(&mut value);
    assert_eq!(
        value,
        json!({"a": [{"[redacted]": "x [redacted]"}], "n": 1, "m": "[redacted]"})
    );
}

#[test]
fn one_line_without_control_characters() {
    assert_eq!(
        visible(" a\r\n\u{1b}[31m\u{202e}b ü\t"),
        "a \\u{1b}[31m\\u{202e}b ü"
    );
    assert_eq!(visible(&"x ".repeat(5_000)).chars().count(), 1_001);
}

#[test]
fn one_line_without_what_nobody_sees() {
    for unseen in [
        '\u{e0000}',
        '\u{e0041}',
        '\u{ad}',
        '\u{fe0f}',
        '\u{3164}',
        '\u{200b}',
        '\u{2028}',
        '\u{202e}',
        '\u{2066}',
        '\u{feff}',
        '\u{61c}',
    ] {
        let shown = visible(&format!("a{unseen}b"));
        assert_eq!(shown, format!("a{}b", unseen.escape_unicode()));
    }
}

#[test]
fn work_is_bounded() {
    let mask = Mask::new([SECRET]);
    for text in [
        "QUJD".repeat(300_000),
        "%25".repeat(300_000),
        "&amp;amp;".repeat(100_000),
    ] {
        let mut value = json!([text]);
        mask.value(&mut value);
        assert!(mask.line(&text).chars().count() <= 1_001);
    }
}
