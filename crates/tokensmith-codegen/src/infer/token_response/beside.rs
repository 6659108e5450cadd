//! What a response says of a token beside the token itself.

use super::{Fields, field_location, lifetime};
use crate::diagnostic::Diagnostics;
use crate::infer::response_member::Member;
use crate::model::Expiry;
use crate::openapi::extension::ZeroLifetime;
use crate::openapi::site::Site;

/// What belongs to a token beside itself.
pub(super) struct Beside {
    pub(super) fields: Fields,
    pub(super) expiry: Expiry<String>,
}

impl Beside {
    /// As `x-tokensmith` says, else by the names of the members.
    pub(super) fn find(
        site: &Site,
        members: &[Member<'_>],
        pointers: &[String],
        at: &str,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        let token = pointers.iter().find(|pointer| !pointer.is_empty());
        let token = token.map_or("", String::as_str);
        let mut fields = site.extension.fields.clone();
        let mut inferred = field_location::elsewhere(members, token);
        inferred.retain(|(name, _)| !fields.contains_key(name));
        field_location::tell(&inferred, token, at, diagnostics);
        fields.extend(inferred);
        if let Some(expiry) = stated_expiry(site) {
            return Self { fields, expiry };
        }
        let mut expiry = match lifetime::find(members, token) {
            lifetime::Found::Nothing => Expiry::STANDARD,
            lifetime::Found::Unread(pointer) => {
                lifetime::tell_unread(&pointer, at, diagnostics);
                Expiry::STANDARD
            }
            lifetime::Found::Lifetime(found) => {
                found.tell(at, diagnostics);
                let expiry = found.expiry(token);
                // A lifetime is `expires_in` under whatever name.
                if let Some(pointer) = expiry.pointer.as_ref().filter(|_| found.is_duration()) {
                    fields.insert("expires_in".to_owned(), pointer.clone());
                }
                expiry
            }
        };
        expiry.is_zero_never = is_zero_never(site);
        Self { fields, expiry }
    }
}

/// What `x-tokensmith` says of the expiry, which may be by saying where `expires_in` is.
pub(super) fn stated_expiry(site: &Site) -> Option<Expiry<String>> {
    let elsewhere = site.extension.fields.get("expires_in").cloned();
    let declared = site.extension.expiry.as_ref();
    // What zero means says nothing of where the lifetime is.
    let declared = declared.filter(|declared| {
        declared.format.is_some() || declared.at.is_some() || declared.lifetime.is_some()
    });
    if declared.is_none() && elsewhere.is_none() {
        return None;
    }
    let mut expiry = Expiry::STANDARD;
    if let Some(declared) = declared {
        expiry.format = declared.format.unwrap_or_default();
        expiry.pointer.clone_from(&declared.at);
        expiry.lifetime = declared.lifetime;
    }
    expiry.is_zero_never = is_zero_never(site);
    expiry.pointer = expiry.pointer.or(elsewhere);
    Some(expiry)
}

/// Whether a lifetime of zero means that the token never expires.
fn is_zero_never(site: &Site) -> bool {
    let declared = site.extension.expiry.as_ref();
    declared.is_some_and(|declared| declared.zero == ZeroLifetime::Never)
}
