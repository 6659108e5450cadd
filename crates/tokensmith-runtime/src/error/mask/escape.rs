//! Escapes: of URLs, of JSON and programming languages, and of HTML.

use super::layer::hex_digit;

/// Whether a text begins with an escape.
pub(super) fn is_escape(text: &[u8]) -> bool {
    escape(text).is_some()
}

/// What an escape stands for, and how long it is.
pub(super) fn escape(text: &[u8]) -> Option<(Vec<u8>, usize)> {
    match text {
        [b'%', b'u' | b'U', rest @ ..] => character(rest, 4, 4, 16, 2),
        [b'%', high, low, ..] => {
            let byte = hex_digit(*high)? << 4 | hex_digit(*low)?;
            Some((vec![byte.try_into().ok()?], 3))
        }
        [b'\\', b'u', b'{', rest @ ..] => braced(rest, 16, 3),
        [b'\\', b'u', rest @ ..] => character(rest, 4, 4, 16, 2),
        [b'\\', b'x', rest @ ..] => character(rest, 2, 2, 16, 2),
        [b'\\', b'0'..=b'7', ..] => octal(text),
        [b'\\', b'n' | b'r' | b't', ..] => Some((vec![b' '], 2)),
        [b'\\', byte @ (b'/' | b'"' | b'\'' | b'\\'), ..] => Some((vec![*byte], 2)),
        [b'&', b'#', b'x' | b'X', rest @ ..] => reference(rest, 16, 3),
        [b'&', b'#', rest @ ..] => reference(rest, 10, 2),
        [b'&', rest @ ..] => ENTITIES.iter().find_map(|(name, byte)| {
            let after = rest.strip_prefix(name.as_bytes())?;
            let semicolon = usize::from(after.starts_with(b";"));
            Some((vec![*byte], 1 + name.len() + semicolon))
        }),
        _ => None,
    }
}

/// The names of HTML for what secrets may hold and for what may stand between letters. One that begins with another
/// stands before it.
const ENTITIES: [(&str, u8); 44] = [
    ("amp", b'&'),
    ("AMP", b'&'),
    ("lt", b'<'),
    ("gt", b'>'),
    ("quot", b'"'),
    ("apos", b'\''),
    ("sol", b'/'),
    ("bsol", b'\\'),
    ("plus", b'+'),
    ("equals", b'='),
    ("num", b'#'),
    ("colon", b':'),
    ("semi", b';'),
    ("period", b'.'),
    ("lowbar", b'_'),
    ("excl", b'!'),
    ("quest", b'?'),
    ("percnt", b'%'),
    ("commat", b'@'),
    ("comma", b','),
    ("dollar", b'$'),
    ("ast", b'*'),
    ("lpar", b'('),
    ("rpar", b')'),
    ("lsqb", b'['),
    ("rsqb", b']'),
    ("lcub", b'{'),
    ("rcub", b'}'),
    ("Tab", b' '),
    ("nbsp", b' '),
    ("ensp", b' '),
    ("emsp", b' '),
    ("thinsp", b' '),
    ("NewLine", b' '),
    ("shy", b' '),
    ("zwj", b' '),
    ("zwnj", b' '),
    ("middot", b' '),
    ("bull", b' '),
    ("hellip", b' '),
    ("ndash", b' '),
    ("mdash", b' '),
    ("hyphen", b' '),
    ("dash", b' '),
];

fn reference(digits: &[u8], radix: u32, prefix: usize) -> Option<(Vec<u8>, usize)> {
    let (bytes, length) = character(digits, 1, 7, radix, prefix)?;
    let semicolon = digits.get(length - prefix) == Some(&b';');
    Some((bytes, length + usize::from(semicolon)))
}

/// What C writes of a byte: a backslash, and one to three octal digits.
fn octal(text: &[u8]) -> Option<(Vec<u8>, usize)> {
    let digits = text.get(1..)?.iter().take(3);
    let digits = digits.map_while(|byte| char::from(*byte).to_digit(8));
    let (number, length) = digits.fold((0, 1), |(number, length), digit| {
        (number * 8 + digit, length + 1)
    });
    Some((vec![number.try_into().ok()?], length))
}

fn braced(digits: &[u8], radix: u32, prefix: usize) -> Option<(Vec<u8>, usize)> {
    let (bytes, length) = character(digits, 1, 6, radix, prefix)?;
    match digits.get(length - prefix) {
        Some(b'}') => Some((bytes, length + 1)),
        // It was cut.
        None => Some((bytes, length)),
        Some(_) => None,
    }
}

/// The character of a number with so many digits, and the length of prefix and digits.
fn character(
    digits: &[u8],
    least: usize,
    most: usize,
    radix: u32,
    prefix: usize,
) -> Option<(Vec<u8>, usize)> {
    let digits = digits
        .iter()
        .take(most)
        .map_while(|byte| char::from(*byte).to_digit(radix));
    let (number, count) = digits.fold((0_u32, 0), |(number, count), digit| {
        (
            number.saturating_mul(radix).saturating_add(digit),
            count + 1,
        )
    });
    let character = char::from_u32(number)?;
    let mut bytes = [0; 4];
    let bytes = character.encode_utf8(&mut bytes).as_bytes().to_vec();
    (count >= least).then_some((bytes, prefix + count))
}
