use std::time::Duration;

use super::Entry;
use crate::store::{BeginSection, Saved, Section};

const TERM: Duration = Duration::from_secs(10);
const NOW: Duration = Duration::from_secs(1000);

/// The number of the section that was begun, and the one that was left unsaved.
fn begun(entry: &mut Entry, next: u64, now: Duration) -> (Section, Option<Section>) {
    match entry.begin(next, TERM, now) {
        BeginSection::Begun(begun) => (begun.section, begun.unsaved),
        BeginSection::Held { .. } => panic!("somebody has the section"),
    }
}

#[test]
fn one_at_a_time() {
    let mut entry = Entry::default();
    entry.put(b"0");
    let (first, _) = begun(&mut entry, 1, NOW);
    let held = BeginSection::Held {
        section: first,
        remaining: TERM / 2,
    };
    assert_eq!(entry.begin(2, TERM, NOW + TERM / 2), held);
    assert!(entry.confirm(first, TERM, NOW));
    assert_eq!(entry.save(first, b"1"), Saved::Saved);
    assert_eq!(entry.save(first, b"1"), Saved::Saved, "it may come again");
    let (second, unsaved) = begun(&mut entry, 2, NOW);
    assert_eq!(unsaved, None);
    assert_eq!(entry.value().as_deref(), Some(b"1".as_slice()));
    entry.end(second);
    begun(&mut entry, 3, NOW);
}

#[test]
fn a_section_that_was_not_taken_over_is_good_past_its_deadline() {
    let mut entry = Entry::default();
    let (section, _) = begun(&mut entry, 1, NOW);
    assert!(entry.confirm(section, TERM, NOW + 2 * TERM));
    assert_eq!(entry.save(section, b"1"), Saved::Saved);
}

#[test]
fn a_late_holder_saves_before_the_next_one_sends() {
    let mut entry = Entry::default();
    entry.put(b"0");
    let (late, _) = begun(&mut entry, 1, NOW);
    assert!(entry.confirm(late, TERM, NOW));
    let (next, unsaved) = begun(&mut entry, 2, NOW + 2 * TERM);
    assert_eq!(unsaved, Some(late));
    assert_eq!(entry.save(late, b"1"), Saved::Saved);
    assert!(!entry.confirm(next, TERM, NOW + 2 * TERM), "it gave way");
    assert_eq!(begun(&mut entry, 3, NOW + 2 * TERM).1, None);
}

#[test]
fn a_late_holder_goes_on_before_the_next_one_sends() {
    let mut entry = Entry::default();
    entry.put(b"0");
    let (late, _) = begun(&mut entry, 1, NOW);
    assert!(entry.confirm(late, TERM, NOW));
    let (next, _) = begun(&mut entry, 2, NOW + 2 * TERM);
    assert!(entry.confirm(late, TERM, NOW + 2 * TERM));
    assert!(!entry.confirm(next, TERM, NOW + 2 * TERM));
    let held = entry.begin(3, TERM, NOW + 2 * TERM);
    assert!(matches!(held, BeginSection::Held { section, .. } if section == late));
    assert_eq!(entry.save(next, b"2"), Saved::Lost(Some(b"0".to_vec())));
    assert_eq!(entry.save(late, b"1"), Saved::Saved);
}

#[test]
fn a_late_holder_loses_once_the_next_one_sends() {
    let mut entry = Entry::default();
    entry.put(b"0");
    let (late, _) = begun(&mut entry, 1, NOW);
    assert!(entry.confirm(late, TERM, NOW));
    let (next, _) = begun(&mut entry, 2, NOW + 2 * TERM);
    assert!(entry.confirm(next, TERM, NOW + 2 * TERM));
    assert!(!entry.confirm(late, TERM, NOW + 2 * TERM));
    assert_eq!(entry.save(late, b"1"), Saved::Lost(Some(b"0".to_vec())));
    assert_eq!(entry.save(next, b"2"), Saved::Saved);
}

#[test]
fn signing_in_and_out_wins() {
    let mut entry = Entry::default();
    entry.put(b"0");
    let (section, _) = begun(&mut entry, 1, NOW);
    assert!(entry.confirm(section, TERM, NOW));
    entry.put(b"in");
    assert!(!entry.confirm(section, TERM, NOW));
    assert_eq!(entry.save(section, b"1"), Saved::Lost(Some(b"in".to_vec())));
    let (section, unsaved) = begun(&mut entry, 2, NOW);
    assert_eq!(unsaved, None);
    entry.delete();
    assert_eq!(entry.save(section, b"2"), Saved::Lost(None));
    assert_eq!(entry.value(), None);
}

#[test]
fn no_section_outlasts_five_minutes_nor_a_clock_that_was_set_back() {
    let (now, longest) = (Duration::from_secs(1_000_000), Duration::from_secs(300));
    let held = |entry: &mut Entry, now| match entry.begin(9, longest, now) {
        BeginSection::Held { remaining, .. } => remaining,
        other => panic!("{other:?}"),
    };
    let mut entry = Entry::default();
    entry.begin(1, Duration::MAX, now);
    assert_eq!(held(&mut entry, now), longest);
    assert!(entry.confirm(Section(1), Duration::MAX, now));
    assert_eq!(held(&mut entry, now), longest);
    // An hour back: it is still held, and not for an hour.
    let back = now - 12 * longest;
    assert_eq!(held(&mut entry, back), longest);
    assert_eq!(held(&mut entry, back + longest / 2), longest / 2);
    let begun = entry.begin(9, longest, back + longest);
    assert!(matches!(begun, BeginSection::Begun(_)), "{begun:?}");
}
