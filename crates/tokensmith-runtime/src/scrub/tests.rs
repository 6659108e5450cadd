use serde_json::json;

use super::{Scrubber, Visible};

const SECRET: &str = "p/ss+wörd=1";

#[test]
fn takes_out_every_form_of_a_secret() {
    let scrubber = Scrubber::new([SECRET]);
    let echoes = [
        SECRET.to_owned(),
        "p%2Fss%2Bw%C3%B6rd%3D1".to_owned(),
        "p%2fss%2bw%c3%b6rd%3d1".to_owned(),
        "cC9zcyt3w7ZyZD0x".to_owned(),
    ];
    for echo in echoes {
        let mut text = format!("bad <{echo}>");
        scrubber.text(&mut text);
        assert_eq!(text, "bad <[redacted]>", "{echo}");
    }
}

#[test]
fn takes_out_what_other_languages_make_of_it() {
    let scrubber = Scrubber::new(["(a&b)'1'/<x>!"]);
    for echo in [
        "(a%26b)'1'%2F%3Cx%3E!",
        "(a%26b)'1'%2f%3cx%3e!",
        "(a&amp;b)&#39;1&#39;/&lt;x&gt;!",
        "(a&amp;b)&#x27;1&#x27;/&lt;x&gt;!",
        "(a&amp;b)'1'/&lt;x&gt;!",
    ] {
        let mut text = format!("bad: {echo}");
        scrubber.text(&mut text);
        assert_eq!(text, "bad: [redacted]", "{echo}");
    }
}

#[test]
fn takes_out_the_telling_part_however_the_rest_is_escaped() {
    let scrubber = Scrubber::new(["a\"b.4f9c1d0be83a4c2f9d11.x"]);
    let mut text = r#"{\"secret\":\"a\\\"b.4f9c1d0be83a4c2f9d11.x\"}"#.to_owned();
    scrubber.text(&mut text);
    assert_eq!(text, r#"{\"secret\":\"a\\\"b.[redacted].x\"}"#);
    let mut text = "no transactionsandmore".to_owned();
    Scrubber::new(["https://example.com/transactionsandmore"]).text(&mut text);
    assert_eq!(text, "no transactionsandmore");
}

#[test]
fn reaches_into_json() {
    let mut value = json!({"a": [{"p/ss+wörd=1": "x p/ss+wörd=1"}], "n": 1});
    Scrubber::new([SECRET]).value(&mut value);
    assert_eq!(
        value,
        json!({"a": [{"[redacted]": "x [redacted]"}], "n": 1})
    );
}

#[test]
fn leaves_words_that_tell_nothing() {
    for secret in ["", "b", "secret", "1a"] {
        let mut text = "b: the client secret 1a is wrong".to_owned();
        Scrubber::new([secret]).text(&mut text);
        assert_eq!(text, "b: the client secret 1a is wrong");
    }
    let mut text = "no hunter2 here".to_owned();
    Scrubber::new(["hunter2"]).text(&mut text);
    assert_eq!(text, "no [redacted] here");
}

#[test]
fn shows_control_characters_and_shortens() {
    let shown = Visible("a\r\n\u{1b}[31m\u{202e}b ü").to_string();
    assert_eq!(shown, "a\\r\\n\\u{1b}[31m\\u{202e}b ü");
    assert_eq!(
        Visible(&"x".repeat(5_000)).to_string().chars().count(),
        2_001
    );
}

#[test]
fn the_quick_look_misses_no_form() {
    for secret in [
        "S3cret/canary+value",
        "päss-wörd 1234567",
        "0f8fad5b-d9cd-469f-a165-70867728950e",
    ] {
        assert!(!super::may_hold(
            "00000000-0000-4000-8000-000000000000",
            secret
        ));
        for form in super::forms(secret) {
            assert!(super::may_hold(&format!("id:{form};"), secret), "{form}");
        }
    }
    // Too short to be told from other text: the thorough look is taken.
    assert!(super::may_hold("request 7", "a-b-c-d-e-f"));
}
