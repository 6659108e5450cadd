//! What tells an endpoint from others of its kind.

use openapiv3::Operation as ApiOperation;

use super::lookup;
use crate::infer::Context;
use crate::model::{kinds, name};
use crate::openapi::site::Site;

/// What tells an endpoint from others of its kind; the first needs nothing.
pub(super) fn label(
    context: &Context<'_>,
    site: &Site,
    operation: &ApiOperation,
    count: usize,
) -> Option<String> {
    if count == 0 {
        return None;
    }
    let Some(id) = operation.operation_id.as_deref().and_then(name::pascal) else {
        return name::pascal(&site.path);
    };
    let short = short(&id, site);
    let others = context
        .sites
        .iter()
        .filter(|other| other.pointer != site.pointer);
    let is_free = |name: &str| {
        let mut others = others.filter_map(|other| {
            let (_, operation) = lookup(context, other)?;
            let id = name::pascal(operation.operation_id.as_deref()?)?;
            Some([self::short(&id, other), id])
        });
        !kinds().any(|kind| kind.variant() == name)
            && !others.any(|names| names.iter().any(|other| other == name))
    };
    match is_free(&short) {
        true => Some(short),
        false => Some(id),
    }
}

/// An operation's name without its method and, where it ends with them, the path and the method, as
/// frameworks make names of all three.
fn short(id: &str, site: &Site) -> String {
    let own = name::pascal(&site.method).unwrap_or_default();
    let tail = name::pascal(&format!("{} {}", site.path, site.method)).unwrap_or_default();
    let begins_word = |rest: &str| rest.starts_with(|first: char| first.is_ascii_uppercase());
    let bare = id.strip_suffix(&tail).filter(|bare| !bare.is_empty());
    let bare = bare.unwrap_or(id);
    let rest = bare.strip_prefix(&own).filter(|rest| begins_word(rest));
    rest.unwrap_or(bare).to_owned()
}
