//! Which of several endpoints of a kind is the main one, whose types have the plain names.

use super::{deprecation, lookup};
use crate::infer::{Context, grant};
use crate::openapi::site::Site;
use tokensmith_description::EndpointKind;

/// The sites of a kind: deprecated ones last, then those that a flow names first, then the plainest path.
pub(super) fn sites<'a>(context: &Context<'a>, kind: EndpointKind) -> Vec<&'a Site> {
    let mut sites: Vec<&Site> = context
        .sites
        .iter()
        .filter(|site| site.kind == kind)
        .collect();
    sites.sort_by_cached_key(|site| {
        let is_deprecated = lookup(context, site)
            .is_some_and(|(_, operation)| deprecation::is_deprecated(operation));
        let is_of_flow = grant::has_flow(context.api, &site.path);
        let (segments, variables) = (
            site.path.matches('/').count(),
            site.path.matches('{').count(),
        );
        (
            is_deprecated,
            !is_of_flow,
            variables,
            segments,
            site.path.len(),
            site.path.clone(),
        )
    });
    sites
}
