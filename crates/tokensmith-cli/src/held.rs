//! What is done with a token that is held.

pub(crate) mod refresh;
pub(crate) mod token_state;
