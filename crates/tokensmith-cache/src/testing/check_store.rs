//! What every store of refresh tokens has to do, held against one.

use std::error::Error as StdError;
use std::fmt;
use std::future::Future;

use self::case::Case;
use crate::RefreshTokenStore;

mod case;
mod sections;
mod values;

/// Checks that a store keeps the contract of [`RefreshTokenStore`]. Takes a few seconds: it waits for sections to end by the
/// clock of the store. It uses entries with random names and leaves about twenty of them behind.
///
/// What no program can see from within one process is not checked: that values outlive a loss of power, and that a store fails
/// instead of forgetting. [`check_stores`] sees more.
///
/// An application's own store, and its test:
///
/// ```
#[doc = include_str!("../../examples/own_store.rs")]
/// ```
///
/// # Errors
///
/// The first rule that the store breaks, with what it did.
pub async fn check_store(store: &dyn RefreshTokenStore) -> Result<(), BrokenRule> {
    check_stores(store, store).await
}

/// Checks two handles on the same data, as two processes have them. It finds stores that keep a part of what they have to
/// share, such as a lock, in the process.
///
/// # Errors
///
/// As [`check_store`].
pub async fn check_stores(
    one: &dyn RefreshTokenStore,
    other: &dyn RefreshTokenStore,
) -> Result<(), BrokenRule> {
    let case = Case { one, other };
    rule("an entry begins empty", values::begins_empty(case)).await?;
    rule("a saved value is found by all", values::are_shared(case)).await?;
    rule("one caller has the section", sections::are_exclusive(case)).await?;
    rule("numbers rise", sections::rise(case)).await?;
    rule("values are any bytes", values::are_any_bytes(case)).await?;
    rule("entries are apart", values::are_apart(case)).await?;
    rule("put and delete win", values::put_and_delete_win(case)).await?;
    rule("an ended section is over", sections::end(case)).await?;
    rule("a section ends at its deadline", sections::expire(case)).await?;
    rule("confirm extends a section", sections::extend(case)).await?;
    rule(
        "a request without a response is reported",
        sections::report_unsaved(case),
    )
    .await?;
    rule("save may come twice", values::save_is_repeatable(case)).await?;
    rule("a late holder saves", sections::save_late(case)).await?;
    rule("a late holder goes on", sections::extend_late(case)).await?;
    rule("a confirmed section wins", sections::confirmed_wins(case)).await?;
    rule(
        "nobody saves without a section",
        values::save_needs_a_section(case),
    )
    .await?;
    rule(
        "an operation can be given up",
        sections::can_be_given_up(case),
    )
    .await
}

async fn rule(
    rule: &'static str,
    check: impl Future<Output = Result<(), String>>,
) -> Result<(), BrokenRule> {
    check.await.map_err(|found| BrokenRule { rule, found })
}

/// A rule that a store breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokenRule {
    rule: &'static str,
    found: String,
}

impl BrokenRule {
    /// The rule, in a few words.
    pub fn rule(&self) -> &'static str {
        self.rule
    }
}

impl fmt::Display for BrokenRule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "the store breaks the rule `{}`: {}",
            self.rule, self.found
        )
    }
}

impl StdError for BrokenRule {}

#[cfg(test)]
mod tests;
