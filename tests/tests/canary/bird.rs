//! A secret that is recognized however it is written, and wherever it is cut.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokensmith_tests::strict_server::Received;

/// How often the unit is repeated.
const LENGTH: usize = 16;

/// Three letters or digits, said over and over: base64 writes three bytes as four characters, so whatever writes them
/// writes something that repeats too, and a cut of it shows as well as the whole.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bird(pub(crate) &'static str);

impl Bird {
    /// The secret: the song, and what the encodings differ in.
    pub(crate) fn secret(self) -> String {
        format!("{}+/=&é!", self.song())
    }

    /// The secret where only letters and digits may be.
    pub(crate) fn song(self) -> String {
        assert!(self.0.len() == 3 && self.0.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        self.0.repeat(LENGTH)
    }

    /// What is found of it in a text.
    pub(crate) fn heard_in(self, text: &str) -> Option<String> {
        let song = self.0.repeat(3);
        if text.contains(&song) {
            return Some(song);
        }
        for turn in 0..3 {
            let (end, start) = self.0.split_at(turn);
            let encoded = STANDARD.encode(format!("{start}{end}")).repeat(3);
            if text.contains(&encoded) {
                return Some(encoded);
            }
        }
        let numbers: Vec<_> = self.0.bytes().map(|byte| byte.to_string()).collect();
        let numbers = format!("{0}, {0}", numbers.join(", "));
        if text.contains(&numbers) {
            return Some(numbers);
        }
        let hex = self.0.bytes().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        let hex = hex.repeat(3);
        let close: String = text
            .chars()
            .filter(|character| !character.is_whitespace() && *character != ':')
            .map(|character| character.to_ascii_lowercase())
            .collect();
        close.contains(&hex).then_some(hex)
    }

    /// Whether it is in a request.
    pub(crate) fn flew_in(self, request: &Received) -> bool {
        let headers = request.headers.iter().map(|(_, value)| value.as_str());
        let body = String::from_utf8_lossy(&request.body);
        headers
            .chain([request.target.as_str(), &body])
            .any(|text| self.heard_in(text).is_some())
    }
}

#[test]
fn is_heard_however_it_is_written() {
    let bird = Bird("Zq0");
    let secret = bird.secret();
    let bytes: Vec<_> = secret.bytes().map(|byte| format!("{byte:02X}")).collect();
    for text in [
        format!("<{secret}>"),
        secret[7..30].to_owned(),
        STANDARD.encode(format!("id:{secret}")),
        STANDARD.encode(format!("id2:{secret}"))[5..30].to_owned(),
        STANDARD.encode(format!("i:{secret}")),
        format!("{:?}", secret.as_bytes()),
        bytes.join(":"),
        "5a71 305a 7130 5a71 305a 7130 5a71 305a".to_owned(),
    ] {
        assert!(bird.heard_in(&text).is_some(), "{text}");
    }
    for text in ["", "Zq0Zq0", "Zq1Zq1Zq1Zq1Zq1Zq1Zq1"] {
        assert_eq!(bird.heard_in(text), None);
    }
}
