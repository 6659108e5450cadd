//! Rules about values.

use super::case::{Case, LONG, require, shown};

/// More than a refresh token has.
const LARGE: usize = 64 * 1024;

pub(super) async fn begins_empty(case: Case<'_>) -> Result<(), String> {
    let (one, other) = case.users()?;
    one.expect_value(None).await?;
    one.delete().await?;
    let begun = other.begin(LONG).await?;
    require(begun.value.is_none() && begun.unsaved.is_none(), || {
        format!(
            "begin gives {} for an entry that nobody used",
            shown(begun.value.as_deref())
        )
    })?;
    // A section is no value.
    one.expect_value(None).await?;
    other.end(begun.section).await
}

pub(super) async fn are_shared(case: Case<'_>) -> Result<(), String> {
    let (one, other) = case.users()?;
    let first = one.begin(LONG).await?;
    one.confirm_for(first.section, LONG).await?;
    one.expect_saved(first.section, b"first").await?;
    other.expect_value(Some(b"first")).await?;
    let second = other.begin(LONG).await?;
    require(second.value.as_deref() == Some(b"first"), || {
        format!(
            "begin gives {} after \"first\" was saved",
            shown(second.value.as_deref())
        )
    })?;
    require(second.unsaved.is_none(), || {
        "begin reports a section as unsaved that was saved".to_owned()
    })?;
    // A section that was not confirmed may save as well: a code was exchanged, for example.
    other.expect_saved(second.section, b"second").await?;
    one.expect_value(Some(b"second")).await
}

pub(super) async fn are_any_bytes(case: Case<'_>) -> Result<(), String> {
    let (one, other) = case.users()?;
    let all: Vec<u8> = (0..=u8::MAX).collect();
    let large = [all.as_slice(); LARGE / 256].concat();
    for value in [&[][..], &[0], b"'; --\r\n\\", &all, &large] {
        one.put(value).await?;
        other.expect_value(Some(value)).await?;
        let begun = other.begin(LONG).await?;
        require(begun.value.as_deref() == Some(value), || {
            format!(
                "begin gives {} instead of {}",
                shown(begun.value.as_deref()),
                shown(Some(value))
            )
        })?;
        other.expect_saved(begun.section, b"between").await?;
        let section = one.begin(LONG).await?.section;
        one.expect_saved(section, value).await?;
        other.expect_value(Some(value)).await?;
    }
    Ok(())
}

pub(super) async fn are_apart(case: Case<'_>) -> Result<(), String> {
    let (one, _) = case.users()?;
    let (_, neighbour) = case.users()?;
    let begun = one.begin(LONG).await?;
    one.expect_saved(begun.section, b"one").await?;
    neighbour.expect_value(None).await?;
    let section = one.begin(LONG).await?.section;
    let other = neighbour.begin(LONG).await?.section;
    neighbour.put(b"other").await?;
    neighbour.delete().await?;
    one.expect_held(section).await?;
    one.expect_saved(section, b"still one").await?;
    neighbour.expect_lost(other, None).await
}

pub(super) async fn put_and_delete_win(case: Case<'_>) -> Result<(), String> {
    let (one, other) = case.users()?;
    let first = one.begin(LONG).await?.section;
    one.confirm_for(first, LONG).await?;
    other.put(b"signed in").await?;
    require(!one.confirm(first).await?, || {
        "a section can be confirmed after put".to_owned()
    })?;
    one.expect_lost(first, Some(b"signed in")).await?;
    let second = one.begin(LONG).await?;
    require(second.unsaved.is_none(), || {
        "begin reports a section as unsaved that put has ended".to_owned()
    })?;
    one.confirm_for(second.section, LONG).await?;
    other.expect_deleted(Some(b"signed in")).await?;
    one.expect_value(None).await?;
    require(!one.confirm(second.section).await?, || {
        "a section can be confirmed after delete".to_owned()
    })?;
    one.expect_lost(second.section, None).await?;
    // What a section saved before cannot be saved again.
    let third = one.begin(LONG).await?.section;
    one.expect_saved(third, b"third").await?;
    other.expect_deleted(Some(b"third")).await?;
    one.expect_deleted(None).await?;
    one.expect_lost(third, None).await?;
    other.put(b"signed in again").await?;
    one.expect_lost(third, Some(b"signed in again")).await?;
    one.expect_lost(first, Some(b"signed in again")).await
}

pub(super) async fn save_is_repeatable(case: Case<'_>) -> Result<(), String> {
    let (one, other) = case.users()?;
    let first = one.begin(LONG).await?.section;
    one.confirm_for(first, LONG).await?;
    one.expect_saved(first, b"first").await?;
    // Its outcome was lost on the way.
    one.expect_saved(first, b"first").await?;
    let second = other.begin(LONG).await?.section;
    one.expect_saved(first, b"first").await?;
    other.expect_held(second).await?;
    other.confirm_for(second, LONG).await?;
    one.end(first).await?;
    other.expect_saved(second, b"second").await?;
    one.expect_lost(first, Some(b"second")).await
}

pub(super) async fn save_needs_a_section(case: Case<'_>) -> Result<(), String> {
    let (one, other) = case.users()?;
    one.put(b"kept").await?;
    let section = one.begin(LONG).await?.section;
    one.end(section).await?;
    let value = Some(&b"kept"[..]);
    one.expect_lost(section, value).await?;
    other
        .expect_lost(crate::Section(section.0 + 1), value)
        .await?;
    require(!other.confirm(crate::Section(section.0 + 1)).await?, || {
        "a number that was never given can be confirmed".to_owned()
    })
}
