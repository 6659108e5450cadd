//! What a response says of a token beside the token itself.

use super::{Fields, field_location, lifetime};
use crate::diagnostic::Diagnostics;
use crate::diagnostic::finding::{Evidence, EvidenceKind, Finding, Question};
use crate::infer::response_member::Member;
use crate::model::Expiry;
use crate::openapi::extension::{KEY, ZeroLifetime};
use crate::openapi::site::Site;
use crate::pointer;

/// What is read where nothing else says when the token expires (RFC 6749, section 5.1).
const UNSAID: &str = "seconds in `expires_in` beside the token, where it is there";

/// What belongs to a token beside itself.
pub(super) struct TokenFields {
    pub(super) fields: Fields,
    pub(super) expiry: Expiry<String>,
}

impl TokenFields {
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
        for (name, pointer) in &site.extension.fields {
            let at = pointer::join_all(&site.pointer, &[KEY, "fields", name]);
            let finding = Finding::new(Question::Field, pointer).of(name);
            diagnostics.find(finding.by(EvidenceKind::Statement, at));
        }
        if let Some(is_never) = is_zero_never(site) {
            let at = pointer::join_all(&site.pointer, &[KEY, "expiry", "zero"]);
            let answer = if is_never {
                "zero: never"
            } else {
                "zero: expired"
            };
            let finding = Finding::new(Question::Expiry, answer);
            diagnostics.find(finding.by(EvidenceKind::Statement, at));
        }
        if let Some(expiry) = stated_expiry(site) {
            let place = expiry.pointer.as_deref().unwrap_or("/expires_in");
            let answer = match expiry.lifetime {
                Some(seconds) => format!(
                    "{seconds} seconds, or {} at {place}",
                    expiry.format.as_str()
                ),
                None => format!("{} at {place}", expiry.format.as_str()),
            };
            let at = pointer::join_all(&site.pointer, &[KEY, "expiry"]);
            diagnostics
                .find(Finding::new(Question::Expiry, answer).by(EvidenceKind::Statement, at));
            return Self { fields, expiry };
        }
        let mut expiry = match lifetime::find(members, token) {
            lifetime::Found::Nothing => {
                let finding = Finding::new(Question::Expiry, UNSAID);
                diagnostics.find(finding.by(EvidenceKind::Convention, at));
                Expiry::STANDARD
            }
            lifetime::Found::Unread(pointer) => {
                lifetime::tell_unread(&pointer, at, diagnostics);
                let finding = Finding::new(Question::Expiry, UNSAID);
                let unread = Evidence::new(EvidenceKind::Name, at).saying(&pointer);
                diagnostics.find(finding.by(EvidenceKind::Convention, at).against(unread));
                Expiry::STANDARD
            }
            lifetime::Found::Lifetime(mut found) => {
                // What is stated counts more than words.
                if is_zero_never(site).is_some() {
                    found.forget_zero();
                }
                found.tell(at, diagnostics);
                let expiry = found.expiry(token);
                // A lifetime is `expires_in` under whatever name.
                if let Some(pointer) = expiry.pointer.as_ref().filter(|_| found.is_duration()) {
                    fields.insert("expires_in".to_owned(), pointer.clone());
                }
                expiry
            }
        };
        expiry.is_zero_never = is_zero_never(site).unwrap_or(expiry.is_zero_never);
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
    expiry.is_zero_never = is_zero_never(site).unwrap_or_default();
    expiry.pointer = expiry.pointer.or(elsewhere);
    Some(expiry)
}

/// Whether a lifetime of zero means that the token never expires, where that is stated.
fn is_zero_never(site: &Site) -> Option<bool> {
    let declared = site.extension.expiry.as_ref()?;
    Some(declared.zero? == ZeroLifetime::Never)
}
