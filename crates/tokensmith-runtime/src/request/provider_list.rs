//! Providers in a list of providers.

use super::Provider;
use crate::{About, Description};

/// A provider that a list of providers can have, as a type.
pub trait Listed: Provider {
    /// What is known of it besides its protocol, and from where.
    const ABOUT: &'static About<'static>;
}

/// A provider in a list of providers.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Entry {
    /// How to talk to the provider.
    pub description: &'static Description<'static>,
    /// What is known of the provider besides, and from where.
    pub about: &'static About<'static>,
}

impl Entry {
    /// Returns the entry of a provider.
    pub const fn of<P: Listed>() -> Self {
        Self {
            description: P::DESCRIPTION,
            about: P::ABOUT,
        }
    }
}
