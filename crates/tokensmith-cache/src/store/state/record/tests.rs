use std::time::Duration;

use super::Record;
use crate::store::state::span::LONGEST;
use crate::store::{Begin, Version};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const NOW: Duration = Duration::from_secs(1_700_000_000);

#[track_caller]
fn lease(record: &mut Record, known: Option<Version>, now: Duration) -> Version {
    match record.begin(known, MINUTE, now) {
        Begin::Leased(version) => version,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_lease_is_numbered_by_the_time() {
    let version = lease(&mut Record::default(), None, NOW);
    assert_eq!(version, Version(1_700_000_000_000_000));
}

#[test]
fn a_lease_ends_at_its_end_and_not_before() {
    let mut record = Record::default();
    let first = lease(&mut record, None, NOW);
    let last = NOW + MINUTE - Duration::from_nanos(1);
    assert_eq!(
        record.begin(None, MINUTE, last),
        Begin::Held(Duration::from_nanos(1))
    );
    let mut renewed = record.clone();
    assert!(renewed.renew(first, MINUTE, last));
    assert!(matches!(
        renewed.begin(None, MINUTE, NOW + MINUTE),
        Begin::Held(_)
    ));
    assert!(!record.renew(first, MINUTE, NOW + MINUTE));
    assert!(lease(&mut record, None, NOW + MINUTE) > first);
}

#[test]
fn versions_rise_while_the_clock_stands_still_or_goes_back() {
    let mut record = Record::default();
    let mut last = lease(&mut record, None, NOW);
    for now in [NOW, NOW, NOW - MINUTE, NOW - 2 * MINUTE] {
        assert!(record.put(last, b"value", MINUTE, now));
        let next = lease(&mut record, Some(last), now);
        assert!(next > last, "{next:?} after {last:?}");
        last = next;
    }
    // What the record has lost, the caller may still know.
    assert!(lease(&mut Record::default(), Some(last), Duration::ZERO) > last);
    // A lease that never led to a token counts too.
    assert!(lease(&mut record, Some(Version(1)), NOW - 3 * MINUTE) > last);
}

#[test]
fn nothing_outlives_a_clock_that_is_set_back() {
    let mut record = Record::default();
    let first = lease(&mut record, None, NOW);
    let mut leased = record.clone();
    lease(&mut leased, None, NOW - MINUTE);
    let mut failed = record.clone();
    failed.fail(first, MINUTE, NOW);
    lease(&mut failed, None, NOW - MINUTE);
    record.put(first, b"value", MINUTE, NOW);
    lease(&mut record, None, NOW - MINUTE);
}

#[test]
fn a_shorter_wait_leaves_a_longer_one() {
    let mut record = Record::default();
    let first = lease(&mut record, None, NOW);
    // The wait of one that was given the lease before a longer wait began, and failed since.
    let mut other = record.clone();
    other.fail(first, MINUTE, NOW);
    record.cool_down = other.cool_down;
    record.fail(first, SECOND, NOW + SECOND);
    assert_eq!(
        record.begin(None, MINUTE, NOW + SECOND),
        Begin::CoolingDown(MINUTE - SECOND)
    );
    lease(&mut record, None, NOW + MINUTE);
}

#[test]
fn nothing_is_left_of_what_has_ended() {
    let mut record = Record::default();
    assert!(record.is_empty(NOW));
    let version = lease(&mut record, None, NOW);
    assert!(!record.is_empty(NOW));
    record.fail(version, SECOND, NOW);
    assert!(!record.is_empty(NOW));
    assert!(record.is_empty(NOW + SECOND));
    record.put(version, b"value", SECOND, NOW);
    assert!(!record.is_empty(NOW));
    assert!(record.is_empty(NOW + SECOND));
    record.put(version, b"value", Duration::ZERO, NOW);
    assert!(record.is_empty(NOW));
}

/// It was stopped between the lease and its token: the token lives since the lease was given.
#[test]
fn a_token_that_comes_late_lives_no_longer() {
    let mut record = Record::default();
    let version = lease(&mut record, None, NOW);
    let late = NOW + 45 * SECOND;
    assert!(record.put(version, b"value", MINUTE, late));
    let Begin::Found(stored) = record.begin(None, MINUTE, late) else {
        panic!("no token");
    };
    assert_eq!(stored.remaining, 15 * SECOND);

    let next = lease(&mut record, Some(version), late);
    assert!(!record.put(next, b"value", MINUTE, late + MINUTE));
    let after = lease(&mut record, None, late + MINUTE);
    assert!(after > next, "its lease has ended, and there is no token");
}

#[test]
fn no_time_is_too_long() {
    let mut record = Record::default();
    let version = lease(&mut record, None, NOW);
    assert!(record.renew(version, Duration::MAX, NOW));
    assert_eq!(record.begin(None, Duration::MAX, NOW), Begin::Held(LONGEST));
    // Nobody waits for longer than the lease that they would get.
    assert_eq!(record.begin(None, MINUTE, NOW), Begin::Held(MINUTE));
    record.put(version, b"value", Duration::MAX, NOW);
    let Begin::Found(stored) = record.begin(None, MINUTE, NOW) else {
        panic!("no token");
    };
    assert_eq!(stored.remaining, LONGEST);
    let version = lease(&mut record, Some(version), NOW);
    record.fail(version, Duration::MAX, NOW);
    assert!(matches!(
        record.begin(Some(stored.version), MINUTE, NOW),
        Begin::CoolingDown(LONGEST)
    ));
}

#[test]
fn a_deleted_token_does_not_come_back() {
    let mut record = Record::default();
    let before = lease(&mut record, None, NOW);
    assert!(record.put(before, b"one", MINUTE, NOW));
    let under_way = lease(&mut record, Some(before), NOW);
    record.delete(NOW);
    assert!(!record.put(under_way, b"two", MINUTE, NOW));
    let after = lease(&mut record, None, NOW);
    assert!(after > under_way);
    assert!(record.put(after, b"three", MINUTE, NOW));
    record.delete(NOW);
    assert!(record.is_empty(NOW + 61 * MINUTE));
}
