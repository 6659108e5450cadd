use super::Keyring;

const PLAIN: &[u8] = br#"{"access_token":"t0ken"}"#;

fn name() -> Vec<u8> {
    b"ab".repeat(32)
}

#[test]
fn what_is_sealed_can_be_opened_and_not_read() {
    let keyring = Keyring::new("2026-11", [1; 32]);
    let sealed = keyring.seal(&name(), PLAIN).expect("a sealed value");
    let opened = keyring.open(&name(), &sealed).expect("a plain value");
    assert_eq!(&**opened, PLAIN);
    assert!(!sealed.windows(5).any(|part| part == b"t0ken"));
    assert_ne!(
        sealed,
        keyring.seal(&name(), PLAIN).expect("a sealed value")
    );
    assert_eq!(format!("{keyring:?}"), r#"["2026-11"]"#);
}

#[test]
fn what_was_changed_is_refused() {
    let keyring = Keyring::new("a", [1; 32]);
    let sealed = keyring.seal(&name(), PLAIN).expect("a sealed value");
    for bit in 0..sealed.len() * 8 {
        let mut changed = sealed.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(keyring.open(&name(), &changed).is_none(), "bit {bit}");
    }
    for length in 0..sealed.len() {
        assert!(
            keyring.open(&name(), &sealed[..length]).is_none(),
            "{length} bytes"
        );
    }
}

#[test]
fn a_value_belongs_to_its_name() {
    let keyring = Keyring::new("a", [1; 32]);
    let sealed = keyring.seal(&name(), PLAIN).expect("a sealed value");
    assert!(keyring.open(&b"cd".repeat(32), &sealed).is_none());
}

#[test]
fn keys_change_without_a_gap() {
    let old = Keyring::new("old", [1; 32]);
    let ready = Keyring::new("old", [1; 32]).with_older("new", [2; 32]);
    let new = Keyring::new("new", [2; 32])
        .with_older("old", [1; 32])
        .with_naming_key([1; 32]);
    for (from, to) in [(&old, &ready), (&ready, &new), (&new, &ready), (&old, &new)] {
        let sealed = from.seal(&name(), PLAIN).expect("a sealed value");
        assert!(to.open(&name(), &sealed).is_some());
        assert_eq!(from.name(b"identity"), to.name(b"identity"));
    }
    let sealed = new.seal(&name(), PLAIN).expect("a sealed value");
    assert!(old.open(&name(), &sealed).is_none(), "the key is unknown");
    assert!(
        Keyring::new("new", [3; 32])
            .open(&name(), &sealed)
            .is_none(),
        "another key of the name"
    );
}

#[test]
fn names_are_made_by_the_keys() {
    let keyring = Keyring::new("a", [1; 32]);
    let names = [
        keyring.name(b"one"),
        keyring.name(b"other"),
        Keyring::new("a", [2; 32]).name(b"one"),
    ];
    assert!(names[0] != names[1] && names[0] != names[2]);
    assert_eq!(names[0].as_str().len(), 64);
    assert_eq!(names[0], Keyring::new("b", [1; 32]).name(b"one"));
}

#[test]
fn a_key_may_have_any_id() {
    for length in [0, 1, 255, 256, 1000] {
        let keyring = Keyring::new("k".repeat(length), [1; 32]);
        let sealed = keyring.seal(&name(), PLAIN).expect("a sealed value");
        let opened = keyring.open(&name(), &sealed).expect("a plain value");
        assert_eq!(&**opened, PLAIN, "{length}");
        let longer = Keyring::new("k".repeat(length + 1), [1; 32]);
        let opened = longer.open(&name(), &sealed);
        assert_eq!(opened.is_some(), length >= 255, "{length}");
    }
}

#[test]
fn keys_of_one_id_are_all_tried() {
    let sealed = Keyring::new("a", [1; 32])
        .seal(&name(), PLAIN)
        .expect("a sealed value");
    let both = Keyring::new("a", [2; 32]).with_older("a", [1; 32]);
    assert!(both.open(&name(), &sealed).is_some());
}
