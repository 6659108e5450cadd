//! Ways in which servers repeat what they were sent, and a look for it that shares nothing with the code that hides it.

use std::collections::HashSet;
use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// How many characters of a secret may show in a row: one fewer.
pub const RUN: usize = 8;

/// How a server may write a text that it was sent, each with a name.
pub fn echoes(secret: &str) -> Vec<(&'static str, String)> {
    let percent = percent(secret, "-._~", true);
    let base64 = STANDARD.encode(secret);
    let numbers: Vec<_> = secret.bytes().map(|byte| byte.to_string()).collect();
    let pairs: Vec<_> = secret.bytes().map(|byte| format!("{byte:02X}")).collect();
    vec![
        ("as it is", secret.to_owned()),
        ("percent", percent.clone()),
        ("percent, lower case", self::percent(secret, "-._~", false)),
        (
            "percent, slashes kept",
            self::percent(secret, "-._~/:", true),
        ),
        ("percent, everything", self::percent(secret, "", true)),
        (
            "percent, letters too",
            secret.bytes().map(|byte| format!("%{byte:02x}")).collect(),
        ),
        ("percent, twice", self::percent(&percent, "-._~", true)),
        (
            "percent, three times",
            self::percent(&self::percent(&percent, "", true), "", true),
        ),
        ("form", percent.replace("%20", "+")),
        (
            "PHP's JSON",
            secret.replace('/', r"\/").replace('"', "\\\""),
        ),
        (
            "JSON, symbols as numbers",
            escaped(secret, |code| format!("\\u{code:04x}"), false),
        ),
        (
            "JSON, all as numbers",
            escaped(secret, |code| format!("\\u{code:04X}"), true),
        ),
        (
            "JSON, twice",
            escaped(secret, |code| format!("\\\\u{code:04x}"), false),
        ),
        ("C", escaped(secret, |code| format!("\\x{code:02x}"), false)),
        ("C, octal", octal(secret)),
        (
            "Rust",
            escaped(secret, |code| format!("\\u{{{code:x}}}"), true),
        ),
        (
            "HTML, decimal",
            escaped(secret, |code| format!("&#{code};"), false),
        ),
        (
            "HTML, hexadecimal",
            escaped(secret, |code| format!("&#x{code:X};"), false),
        ),
        (
            "HTML, all",
            escaped(secret, |code| format!("&#{code};"), true),
        ),
        (
            "HTML, twice",
            escaped(secret, |code| format!("&amp;#{code};"), false),
        ),
        (
            "HTML, names",
            secret
                .replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('>', "&gt;")
                .replace('/', "&sol;")
                .replace('+', "&plus;")
                .replace('=', "&equals;"),
        ),
        ("hexadecimal", pairs.concat().to_lowercase()),
        ("hexadecimal, capitals", pairs.concat()),
        ("hexadecimal, colons", pairs.join(":")),
        ("hexadecimal, spaces", pairs.join(" ")),
        ("base64", base64.clone()),
        ("base64, no padding", STANDARD_NO_PAD.encode(secret)),
        ("base64, of URLs", URL_SAFE_NO_PAD.encode(secret)),
        (
            "base64, of a pair",
            STANDARD.encode(format!("client:{secret}")),
        ),
        (
            "base64, of a pair of forms",
            STANDARD.encode(format!("my%20id:{percent}")),
        ),
        ("base64 in percent", self::percent(&base64, "", true)),
        ("base64, twice", STANDARD.encode(&base64)),
        ("capitals", secret.to_uppercase()),
        (
            "spelled",
            secret
                .chars()
                .flat_map(|character| [character, ' '])
                .collect(),
        ),
        ("numbers", format!("[{}]", numbers.join(", "))),
        ("numbers, hexadecimal", format!("0x{}", pairs.join(" 0x"))),
        (
            "numbers, octal",
            bytes(secret, |byte| format!("{byte:03o}")),
        ),
        (
            "numbers, binary",
            bytes(secret, |byte| format!("{byte:08b}")),
        ),
        ("base64 in groups", grouped(&base64, 4, ' ')),
        ("base64 in lines", grouped(&base64, 10, '\n')),
        ("joined by what nobody sees", grouped(secret, 1, '\u{200b}')),
    ]
}

/// The numbers of the bytes, with spaces between them.
fn bytes(text: &str, number: impl Fn(u8) -> String) -> String {
    let numbers: Vec<_> = text.bytes().map(number).collect();
    numbers.join(" ")
}

/// Characters in groups of so many.
fn grouped(text: &str, size: usize, joint: char) -> String {
    let characters: Vec<_> = text.chars().collect();
    let groups = characters.chunks(size).map(String::from_iter);
    groups.collect::<Vec<_>>().join(&joint.to_string())
}

fn percent(text: &str, kept: &str, upper: bool) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        let character = char::from(byte);
        if character.is_ascii_alphanumeric() || byte.is_ascii() && kept.contains(character) {
            encoded.push(character);
        } else if upper {
            let _ = write!(encoded, "%{byte:02X}");
        } else {
            let _ = write!(encoded, "%{byte:02x}");
        }
    }
    encoded
}

fn octal(text: &str) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() {
            escaped.push(char::from(byte));
        } else {
            let _ = write!(escaped, "\\{byte:03o}");
        }
    }
    escaped
}

fn escaped(text: &str, escape: impl Fn(u32) -> String, all: bool) -> String {
    let escaped = text.chars().map(|character| {
        if !all && character.is_ascii_alphanumeric() {
            character.to_string()
        } else {
            escape(u32::from(character))
        }
    });
    escaped.collect()
}

/// A text, and what is left of it when it is cut at either end.
pub fn cuts(text: &str) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    let count = characters.len();
    let part = |from: usize, to: usize| -> Option<String> {
        let part = characters.get(from..to)?;
        (!part.is_empty()).then(|| part.iter().collect())
    };
    let parts = [
        (0, count),
        (0, count.saturating_sub(1)),
        (0, count.saturating_sub(3)),
        (1, count),
        (2, count),
        (count / 3, count),
        (0, count * 2 / 3),
    ];
    parts
        .into_iter()
        .filter_map(|(from, to)| part(from, to))
        .collect()
}

/// What shows of a secret in a text, in any decoding of it: a run of [`RUN`] characters, or a shorter secret as a whole.
pub fn leak(secret: &str, text: &str) -> Option<String> {
    let secret: Vec<char> = secret.chars().flat_map(char::to_lowercase).collect();
    let run = RUN.min(secret.len());
    let runs: HashSet<u64> = keys(&secret, run).map(|(_, key)| key).collect();
    let mut seen = HashSet::new();
    let mut open = vec![(text.to_owned(), 0)];
    while let Some((text, depth)) = open.pop() {
        if text.len() < run || !seen.insert(text.clone()) {
            continue;
        }
        let shown: Vec<char> = text.chars().flat_map(char::to_lowercase).collect();
        for (start, _) in keys(&shown, run).filter(|(_, key)| runs.contains(key)) {
            let shared = &shown[start..start + run];
            if secret.windows(run).any(|window| window == shared) {
                return Some(shared.iter().collect());
            }
        }
        if depth < 3 {
            open.extend(decodings(&text).into_iter().map(|text| (text, depth + 1)));
        }
    }
    None
}

/// Where each run begins, and a number that runs of the same characters share.
fn keys(text: &[char], run: usize) -> impl Iterator<Item = (usize, u64)> {
    let kept = u64::MAX >> (64 - 8 * run.max(1));
    let mut key = 0;
    let keys = text.iter().enumerate().map(move |(index, character)| {
        key = (key << 8 | u64::from(u32::from(*character) & 0xff)) & kept;
        (index + 1, key)
    });
    keys.skip(run.saturating_sub(1))
        .map(move |(end, key)| (end - run, key))
}

fn decodings(text: &str) -> Vec<String> {
    let mut decoded = vec![
        unescape(text, '%', 2),
        text.replace('+', " "),
        unescape(text, 'u', 4).replace('\\', ""),
        braced(text),
        unescape(text, 'x', 2).replace('\\', ""),
        text.replace('\\', ""),
        three_octal_digits(text),
        entities(text),
        // Letters that are spelled; words stay apart.
        spelled(text),
    ];
    let digits: String = text
        .chars()
        .filter(|character| !matches!(character, ':' | ' ' | '-'))
        .collect();
    for text in [text, &digits] {
        for run in text
            .split(|character: char| !character.is_ascii_hexdigit())
            .filter(|run| run.len() >= 2 * RUN)
        {
            decoded.extend((0..2).map(|skip| hex(&run[skip..])));
        }
    }
    decoded.extend(base64_in(text));
    decoded.push(numbers(text, "", 10, |character| {
        character.is_ascii_digit()
    }));
    for (mark, radix) in [("0x", 16), ("", 8), ("", 2)] {
        decoded.push(numbers(text, mark, radix, |character| {
            character.is_ascii_alphanumeric()
        }));
    }
    // What stands in groups, in lines, or in letters with something between them that nobody sees.
    let unseen = text.replace('\u{200b}', "").replace("\\u{200b}", "");
    decoded.extend(base64_in(&unseen.replace([' ', '\n'], "")));
    decoded.push(unseen);
    decoded
}

/// The bytes whose numbers stand in a text.
fn numbers(text: &str, mark: &str, radix: u32, belongs: fn(char) -> bool) -> String {
    let runs = text.split(|character| !belongs(character));
    let digits = runs.map(|run| run.strip_prefix(mark).unwrap_or(run));
    let bytes: Vec<u8> = digits
        .filter_map(|digits| u8::from_str_radix(digits, radix).ok())
        .collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

fn base64_in(text: &str) -> Vec<String> {
    let mut decoded = Vec::new();
    let is_base64 =
        |character: char| character.is_ascii_alphanumeric() || "+/-_".contains(character);
    for run in text
        .split(|character| !is_base64(character))
        .filter(|run| run.len() > RUN)
    {
        for skip in 0..4 {
            let run = run[skip..].replace('-', "+").replace('_', "/");
            let whole = &run[..run.len() - usize::from(run.len() % 4 == 1)];
            let lenient = base64::engine::GeneralPurpose::new(
                &base64::alphabet::STANDARD,
                base64::engine::GeneralPurposeConfig::new()
                    .with_decode_allow_trailing_bits(true)
                    .with_decode_padding_mode(base64::engine::DecodePaddingMode::Indifferent),
            );
            decoded.extend(
                lenient
                    .decode(whole)
                    .map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
            );
        }
    }
    decoded
}

/// Reads `mark` and so many hexadecimal digits as a byte or a character.
fn unescape(text: &str, mark: char, digits: usize) -> String {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let after = &rest[character.len_utf8()..];
        let code = after
            .get(..digits)
            .and_then(|digits| u32::from_str_radix(digits, 16).ok());
        match code.filter(|_| character == mark) {
            Some(code) if digits == 2 => {
                bytes.push(u8::try_from(code).unwrap_or_default());
                rest = &after[digits..];
            }
            Some(code) => {
                let character = char::from_u32(code).unwrap_or_default();
                bytes.extend(character.encode_utf8(&mut [0; 4]).bytes());
                rest = &after[digits..];
            }
            None => {
                bytes.extend(character.encode_utf8(&mut [0; 4]).bytes());
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Reads `\057` as a byte.
fn three_octal_digits(text: &str) -> String {
    let mut parts = text.split('\\');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let digits = part.get(..3);
        match digits.and_then(|digits| u8::from_str_radix(digits, 8).ok()) {
            Some(byte) => {
                bytes.push(byte);
                bytes.extend(part[3..].bytes());
            }
            None => bytes.extend(part.bytes()),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Reads `\u{2f}`.
fn braced(text: &str) -> String {
    let mut parts = text.split("\\u{");
    let mut decoded = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (digits, rest) = part.split_once('}').unwrap_or((part, ""));
        decoded.extend(
            u32::from_str_radix(digits, 16)
                .ok()
                .and_then(char::from_u32),
        );
        decoded.push_str(rest);
    }
    decoded
}

fn entities(text: &str) -> String {
    let mut decoded = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        decoded.push_str(before);
        let (name, tail) = after.split_once(';').unwrap_or((after, ""));
        let number =
            name.strip_prefix('#')
                .and_then(|number| match number.strip_prefix(['x', 'X']) {
                    Some(number) => u32::from_str_radix(number, 16).ok(),
                    None => number.parse().ok(),
                });
        let named = match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "sol" => Some('/'),
            "plus" => Some('+'),
            "equals" => Some('='),
            _ => number.and_then(char::from_u32),
        };
        match named {
            Some(character) => {
                decoded.push(character);
                rest = tail;
            }
            None => {
                decoded.push('&');
                rest = after;
            }
        }
    }
    decoded + rest
}

/// Joins letters that stand apart, and leaves words.
fn spelled(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let is_edge = |index: Option<usize>| {
        let character = index.and_then(|index| characters.get(index));
        character.is_none_or(|character| !character.is_alphanumeric())
    };
    let kept = characters.iter().enumerate().filter(|(index, character)| {
        let stands_apart = is_edge(index.checked_sub(2)) || is_edge(Some(index + 2));
        **character != ' ' || !stands_apart
    });
    kept.map(|(_, character)| *character).collect()
}

fn hex(digits: &str) -> String {
    let bytes: Vec<u8> = (0..digits.len() / 2)
        .filter_map(|index| u8::from_str_radix(&digits[2 * index..2 * index + 2], 16).ok())
        .collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn every_echo_is_heard() {
    for secret in [
        "p/ss+w\"rd=12&canary<x>",
        "abcdefgh",
        "Zq0Zq1Zq2Zq3",
        "correct horse battery",
    ] {
        for (name, echo) in echoes(secret) {
            assert!(
                leak(secret, &format!("You sent <{echo}>.")).is_some(),
                "{name}: {echo}"
            );
        }
    }
    assert_eq!(leak("abcdefghij", "abcdefg hij"), None);
    assert_eq!(leak("abc", "ab"), None);
}
