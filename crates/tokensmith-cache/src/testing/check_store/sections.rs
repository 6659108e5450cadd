//! Rules about sections.

use std::time::Instant;

use futures_util::future::join_all;

use super::case::{Case, LONG, SHORT, User, require, sleep};
use crate::{BeginSection, Section};

/// How many callers want the section at the same time.
const CALLERS: usize = 32;

pub(super) async fn are_exclusive(case: Case<'_>) -> Result<(), String> {
    let (one, other) = case.users()?;
    for _ in 0..4 {
        let callers = (0..CALLERS).map(|caller| if caller % 2 == 0 { &one } else { &other });
        let outcomes = join_all(callers.map(|user| user.try_begin(LONG))).await;
        let mut begun: Vec<Section> = Vec::new();
        for outcome in outcomes {
            if let BeginSection::Begun(section) = outcome? {
                begun.push(section.section);
            }
        }
        let [section] = begun[..] else {
            return Err(format!(
                "{} of {CALLERS} callers at the same time have begun a section",
                begun.len()
            ));
        };
        one.expect_held(section).await?;
        other.expect_held(section).await?;
        one.end(section).await?;
    }
    Ok(())
}

pub(super) async fn rise(case: Case<'_>) -> Result<(), String> {
    let (one, other) = case.users()?;
    let mut last = one.begin(LONG).await?.section;
    for operation in ["end", "save", "put", "delete"].into_iter().cycle().take(8) {
        match operation {
            "end" => other.end(last).await?,
            "save" => one.expect_saved(last, b"value").await?,
            "put" => other.put(b"value").await?,
            _ => drop(one.delete().await?),
        }
        let next = other.begin(LONG).await?.section;
        require(next > last, || {
            format!(
                "after {operation}, the section after {} has the number {}",
                last.0, next.0
            )
        })?;
        last = next;
    }
    Ok(())
}

pub(super) async fn end(case: Case<'_>) -> Result<(), String> {
    let (one, other) = case.users()?;
    one.put(b"value").await?;
    let first = one.begin(LONG).await?.section;
    one.confirm_for(first, LONG).await?;
    one.end(first).await?;
    one.end(first).await?;
    require(!one.confirm(first).await?, || {
        "a section can be confirmed after its end".to_owned()
    })?;
    let second = other.begin(LONG).await?;
    require(second.unsaved.is_none(), || {
        "begin reports a section as unsaved that has ended".to_owned()
    })?;
    // Whoever had it before ends nobody else's.
    one.end(first).await?;
    other.expect_held(second.section).await?;
    other.expect_saved(second.section, b"next").await?;
    other.end(second.section).await?;
    one.expect_value(Some(b"next")).await
}

pub(super) async fn expire(case: Case<'_>) -> Result<(), String> {
    let (one, other) = case.users()?;
    let start = Instant::now();
    let first = one.begin(SHORT).await?.section;
    let second = other.begin_after(start).await?;
    require(second.section > first, || {
        "the number of the next section is not higher".to_owned()
    })?;
    require(second.unsaved.is_none(), || {
        "begin reports a section as unsaved that was never confirmed".to_owned()
    })?;
    require(!one.confirm(first).await?, || {
        "a section can be confirmed after a later one was begun".to_owned()
    })?;
    one.end(first).await?;
    other.expect_held(second.section).await
}

pub(super) async fn extend(case: Case<'_>) -> Result<(), String> {
    let (one, other) = case.users()?;
    let section = one.begin(SHORT).await?.section;
    sleep(SHORT * 2).await?;
    // Past its deadline, and nobody has begun another one.
    one.confirm_for(section, LONG).await?;
    sleep(SHORT * 2).await?;
    other.expect_held(section).await
}

pub(super) async fn report_unsaved(case: Case<'_>) -> Result<(), String> {
    let (one, other) = case.users()?;
    one.put(b"value").await?;
    let mut sender = one.begin(LONG).await?.section;
    // Nor does it help to look again: until somebody saves, the request of the first is the one without a response.
    for user in [&other, &one] {
        let start = Instant::now();
        user.confirm_for(sender, SHORT).await?;
        let next = user.begin_after(start).await?;
        require(next.unsaved == Some(sender), || {
            format!(
                "section {} was confirmed and neither saved nor ended, and begin reports {:?}",
                sender.0, next.unsaved
            )
        })?;
        require(next.value.as_deref() == Some(b"value"), || {
            "begin gives no value after a request without a response".to_owned()
        })?;
        sender = next.section;
    }
    one.expect_saved(sender, b"next").await?;
    let next = other.begin(LONG).await?;
    require(next.unsaved.is_none(), || {
        "begin reports a section as unsaved after a later one was saved".to_owned()
    })
}

/// Two holders: the first has sent its request and is late, the second has begun.
async fn late(case: Case<'_>) -> Result<(User<'_>, Section, User<'_>, Section), String> {
    let (one, other) = case.users()?;
    one.put(b"value").await?;
    let start = Instant::now();
    let first = one.begin(SHORT).await?.section;
    one.confirm_for(first, SHORT).await?;
    let second = other.begin_after(start).await?.section;
    Ok((one, first, other, second))
}

pub(super) async fn save_late(case: Case<'_>) -> Result<(), String> {
    let (one, first, other, second) = late(case).await?;
    one.expect_saved(first, b"late").await?;
    require(!other.confirm(second).await?, || {
        "a section can be confirmed although the one before it has saved a newer value".to_owned()
    })?;
    other.expect_lost(second, Some(b"late")).await?;
    let third = other.begin(LONG).await?;
    require(
        third.value.as_deref() == Some(b"late") && third.unsaved.is_none(),
        || "begin does not give the value of the holder that was late".to_owned(),
    )
}

pub(super) async fn extend_late(case: Case<'_>) -> Result<(), String> {
    let (one, first, other, second) = late(case).await?;
    one.confirm_for(first, LONG).await?;
    require(!other.confirm(second).await?, || {
        "a section can be confirmed although the one before it was extended since".to_owned()
    })?;
    other.expect_lost(second, Some(b"value")).await?;
    other.end(second).await?;
    other.expect_held(first).await?;
    one.expect_saved(first, b"next").await?;
    let third = other.begin(LONG).await?;
    require(
        third.section > second && third.value.as_deref() == Some(b"next"),
        || {
            "begin does not give a higher number and the value of the holder that went on"
                .to_owned()
        },
    )
}

pub(super) async fn confirmed_wins(case: Case<'_>) -> Result<(), String> {
    let (one, first, other, second) = late(case).await?;
    other.confirm_for(second, LONG).await?;
    require(!one.confirm(first).await?, || {
        "a section can be confirmed after a later one was".to_owned()
    })?;
    one.expect_lost(first, Some(b"value")).await?;
    one.end(first).await?;
    other.expect_held(second).await?;
    other.expect_saved(second, b"second").await?;
    one.expect_lost(first, Some(b"second")).await
}

pub(super) async fn can_be_given_up(case: Case<'_>) -> Result<(), String> {
    let (one, other) = case.users()?;
    one.put(b"value").await?;
    for _ in 0..4 {
        one.give_up_begin();
    }
    // It may have been carried out or not, and may still be under way.
    sleep(SHORT).await?;
    let start = Instant::now();
    let begun = loop {
        match other.try_begin(LONG).await? {
            BeginSection::Begun(begun) => break begun,
            BeginSection::Held { .. } if start.elapsed() > SHORT * 20 => {
                return Err(format!(
                    "a section of {SHORT:?} whose caller has left is held after {:?}",
                    start.elapsed()
                ));
            }
            BeginSection::Held { .. } => sleep(SHORT / 10).await?,
        }
    };
    other.expect_saved(begun.section, b"next").await?;
    one.expect_value(Some(b"next")).await
}
