//! Scopes that security requirements ask for, and that no flow lists.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Known, SCHEMES};
use crate::diagnostic::Diagnostics;
use crate::diagnostic::finding::{Evidence, EvidenceKind, Finding, Question};
use crate::infer::Context;
use crate::prose::listed;
use crate::select::asked_scope::{self, AskedScope};

/// Adds the scopes that security requirements ask for and that no flow lists.
pub(super) fn add_unlisted(
    context: &Context<'_>,
    found: &mut BTreeMap<String, Known>,
    diagnostics: &mut Diagnostics,
) {
    let asked = context.asked_scopes.iter();
    let unlisted = asked.filter(|(scope, _)| !found.contains_key(*scope));
    let (of_flows, of_bearers): (Vec<_>, Vec<_>) =
        unlisted.partition(|(_, asked)| asked.is_of_flow);
    for (scopes, is_of_flow) in [(&of_flows, true), (&of_bearers, false)] {
        if let Some(finding) = unlisted_by_flows(scopes, is_of_flow) {
            diagnostics.find(finding);
        }
    }
    for (scope, asked) in of_flows.into_iter().chain(of_bearers) {
        let known = Known {
            description: None,
            place: Arc::clone(&asked.by.pointer),
            by: EvidenceKind::Security,
        };
        found.insert(scope.clone(), known);
    }
}

/// Says that scopes are asked for which no flow lists.
fn unlisted_by_flows(scopes: &[(&String, &AskedScope)], is_of_flow: bool) -> Option<Finding> {
    /// Scopes that are named.
    const SHOWN: usize = 20;
    let places = scopes.iter().map(|(_, asked)| &*asked.by.pointer);
    // What the whole document asks for comes first.
    let place = places.min_by_key(|place| *place != asked_scope::ROOT)?;
    let shown = scopes.iter().take(SHOWN);
    let mut shown: Vec<String> = shown
        .map(|(scope, _)| format!("`{}`", scope.escape_debug()))
        .collect();
    if scopes.len() > SHOWN {
        shown.push(format!("{} more", scopes.len() - SHOWN));
    }
    let shown = listed(&shown, "and");
    let (message, help) = match is_of_flow {
        true => (
            format!(
                "`security` asks for {shown}, which no flow lists; requests can ask for them all the same"
            ),
            "list the scopes in the flow, or correct `security`",
        ),
        false => (
            format!("`security` names {shown} for a bearer token; they are read as scopes"),
            "list the scopes in a flow; where they are roles, remove them from `security`",
        ),
    };
    let finding = Finding::new(Question::Scopes, shown)
        .by(EvidenceKind::Security, place)
        .against(Evidence::new(EvidenceKind::Flow, SCHEMES).saying("lists none of these"));
    Some(finding.inferred(place, message, help))
}
