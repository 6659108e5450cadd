use super::*;

#[test]
fn a_place_is_touched_from_above_and_from_below() {
    let pointers = ["/a", "/b/c/d", "/e-f"].map(str::to_owned);
    let pointers = BTreeSet::from(pointers);
    for (place, expected) in [
        ("/a", true),
        ("/a/x/y", true),
        ("/b", true),
        ("/b/c", true),
        ("", true),
        ("/b/x", false),
        ("/ab", false),
        ("/e", false),
    ] {
        assert_eq!(touches(place, &pointers), expected, "{place}");
    }
}
