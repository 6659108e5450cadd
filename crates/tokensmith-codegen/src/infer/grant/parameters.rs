//! Which parameters a grant has, and what each of them must have.

use std::borrow::Cow;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::Diagnostics;
use crate::diagnostic::budget::PARAMETERS;
use crate::diagnostic::finding::{Evidence, EvidenceKind, Finding, Question};
use crate::infer::body_branch::Branch;
use crate::infer::declaration::{Declarations, DeclaredParameter};
use crate::infer::grant::parameter_finding;
use crate::infer::grant::parameter_grants::belongs;
use crate::infer::grant::parameter_names::{tell_apart, tell_places_apart};
use crate::infer::grant::request_label::Labels;
use crate::infer::grant::required_in_words::InWords;
use crate::infer::grant::requirements::Requirements;
use crate::infer::grant::undeclared_parameters::{self, renamed, undeclared};
use crate::infer::parameter;
use crate::model::{Location, Parameter, ParameterKind, rfc};
use crate::openapi::site::Site;

/// The parameters of one grant.
pub(super) fn of_grant(
    grant: &str,
    grants: &[String],
    (declarations, labels): (&Declarations<'_>, &Labels),
    site: &Site,
    diagnostics: &mut Diagnostics,
) -> Vec<Parameter> {
    let branches: Vec<&Branch<'_>> = declarations
        .branches
        .iter()
        .filter(|branch| branch.is_for(grant))
        .collect();
    let known = rfc::grant(grant);
    let all = (declarations, grants);
    let absent = match known {
        // Where even the name of the grant is the provider's own, its parameters may be so too.
        Some(known) if known.value == grant => undeclared(known, &branches, all, site),
        _ => Vec::new(),
    };
    if !absent.is_empty() {
        let asked = absent.iter().filter(|(_, declared)| declared.required);
        let asked: Vec<&str> = asked.map(|(name, _)| *name).collect();
        let others = absent.iter().filter(|(_, declared)| !declared.required);
        let others: Vec<&str> = others.map(|(name, _)| *name).collect();
        diagnostics.find(undeclared_parameters::tell(grant, (&asked, &others), site));
    }
    let renamed = known.map_or_else(Vec::new, |known| renamed(known, &branches, all));
    let requirements = Requirements::new((grant, grants), &branches, declarations, labels);
    let mut chosen = declared(grant, grants, &branches, &requirements);
    for (name, declared) in &absent {
        chosen
            .entry(name)
            .or_insert((Cow::Borrowed(declared), false));
    }
    if are_too_many(&chosen, diagnostics) {
        return Vec::new();
    }
    let mut reasons: BTreeMap<&str, Vec<Evidence>> = BTreeMap::new();
    let names: BTreeSet<&str> = chosen.keys().copied().collect();
    for (name, (declared, required)) in &mut chosen {
        let is_absent = absent.iter().any(|(other, _)| other == name);
        let is_renamed = renamed.iter().find(|(own, _)| own == name);
        let mut by = requirements.of(name, &declared.shape.pointer);
        heed_words(
            (name, grant, &names),
            declared,
            &requirements,
            &mut by,
            diagnostics,
        );
        if let Some(names) = is_renamed {
            let at = (declared.shape.pointer.as_str(), !by.is_empty());
            diagnostics.find(undeclared_parameters::tell_renamed(grant, *names, at));
        }
        if is_absent && declared.required || is_renamed.is_some() {
            let at = &declared.shape.pointer;
            by.push(Evidence::new(EvidenceKind::Convention, at).saying("required by its RFC"));
        }
        *required = !by.is_empty();
        let place = match is_absent {
            true => EvidenceKind::Convention,
            false => EvidenceKind::Declaration,
        };
        by.insert(0, Evidence::new(place, &declared.shape.pointer));
        reasons.insert(name, by);
        if !*required {
            let in_words = requirements.in_words(name, declared);
            *required = in_words == InWords::Required;
            let at = &declared.shape.pointer;
            let found = parameter_finding::required_in_words(name, grant, *required, at);
            if in_words != InWords::Nothing {
                diagnostics.find(found);
            }
        }
    }
    tell_kept_from(grant, &chosen, declarations, diagnostics);
    let mut parameters = modelled(&chosen, declarations, diagnostics);
    hide_credentials(&mut parameters, &chosen, known, declarations);
    for parameter in &parameters {
        let wire = parameter.wire.as_str();
        if let (Some((declared, _)), Some(reasons)) = (chosen.get(wire), reasons.remove(wire)) {
            let finding = parameter_finding::of(parameter, declared, reasons);
            diagnostics.find(finding.of_grant(grant));
        }
    }
    parameters
}

/// Takes back what requires a parameter where the document says in words that requests of the grant may be without it.
fn heed_words(
    (name, grant, names): (&str, &str, &BTreeSet<&str>),
    declared: &DeclaredParameter<'_>,
    requirements: &Requirements<'_, '_>,
    by: &mut Vec<Evidence>,
    diagnostics: &mut Diagnostics,
) {
    let at = &declared.shape.pointer;
    if requirements.is_one_of_several(name, names, by) {
        by.clear();
        diagnostics.find(parameter_finding::one_of_several(name, grant, at));
    } else if requirements.are_of_other_grants(name, declared, by) {
        by.clear();
        let source = match requirements.is_described_for_others(declared) {
            true => EvidenceKind::Description,
            false => EvidenceKind::Name,
        };
        diagnostics.find(parameter_finding::of_others(name, (grant, source), at));
    } else if requirements.is_called_optional(name, declared, by) {
        diagnostics.find(parameter_finding::called_optional(name, grant, at));
    }
}

/// Tells parameters that are more than a request may have.
fn are_too_many(chosen: &Chosen<'_, '_>, diagnostics: &mut Diagnostics) -> bool {
    let are_too_many = chosen.len() > PARAMETERS.most;
    if are_too_many {
        let first = chosen.values().next();
        let place = first.map_or("", |(declared, _)| declared.shape.pointer.as_str());
        diagnostics.push(PARAMETERS.exceeded(place));
    }
    are_too_many
}

/// Makes secrets of what carries the grant's credential under another name.
fn hide_credentials(
    parameters: &mut [Parameter],
    chosen: &Chosen<'_, '_>,
    known: Option<&rfc::Grant>,
    declarations: &Declarations<'_>,
) {
    for parameter in parameters {
        let wire = parameter.wire.as_str();
        let stated = chosen
            .get(wire)
            .and_then(|(declared, _)| declared.shape.stated_secret);
        let is_text = matches!(parameter.kind, ParameterKind::Text);
        parameter.secret |= is_text
            && stated != Some(false)
            && known.is_some_and(|known| {
                undeclared_parameters::carries_credential(known, wire, declarations)
            });
    }
}

/// Tells what the document requires of all requests, and a grant has not: it belongs to another grant by its RFC.
fn tell_kept_from(
    grant: &str,
    chosen: &Chosen<'_, '_>,
    declarations: &Declarations<'_>,
    diagnostics: &mut Diagnostics,
) {
    let is_kept = |name: &&str, declared: &DeclaredParameter<'_>| {
        declared.required
            && !chosen.contains_key(*name)
            && !declarations.runtime.sends(name, declared.location)
    };
    let common = declarations.common.iter();
    for (name, declared) in common.filter(|(name, declared)| is_kept(name, declared)) {
        let (shown, value) = (name.escape_debug(), grant.escape_debug());
        let source = match rfc::is_of_extension(name) {
            true => "specification",
            false => "RFC",
        };
        let message = format!(
            "`{shown}` is required of every request, and belongs to another grant by its {source}; requests of the grant {value} do not have it"
        );
        let help = "write the body of each grant as one branch of `oneOf`, with `required` in it";
        let at = &declared.shape.pointer;
        let required =
            Evidence::new(EvidenceKind::Declaration, at).saying("required of every request");
        diagnostics.find(
            Finding::new(Question::Parameter, "not sent: it belongs to another grant")
                .of(*name)
                .of_grant(grant)
                .by(EvidenceKind::Convention, at)
                .against(required)
                .inferred(at, message, help),
        );
    }
}

/// Parameters by their names, and whether a request must have them.
type Chosen<'p, 'a> = BTreeMap<&'p str, (Cow<'p, DeclaredParameter<'a>>, bool)>;

/// The declared parameters that a grant takes; what it must have is not told yet.
fn declared<'p, 'a>(
    grant: &str,
    grants: &[String],
    branches: &[&'p Branch<'a>],
    requirements: &Requirements<'p, 'a>,
) -> Chosen<'p, 'a> {
    let declarations = requirements.declarations;
    let mut chosen = Chosen::new();
    for branch in branches {
        let is_told = branch.grants.len() == 1;
        for (name, declared) in &branch.parameters {
            if is_told || grant.is_empty() || belongs(rfc::meant(name), grant, grants) {
                unite(&mut chosen, name, declared);
            }
        }
    }
    let own = branches.iter().filter(|branch| !branch.grants.is_empty());
    let has_one = own.count() == 1;
    for (name, declared) in &declarations.common {
        let is_in_branch = chosen.contains_key(name);
        // Of a parameter that stands elsewhere as well, the body counts; but a path is not whole without its parameters.
        let is_of_branch = match declared.location {
            Location::Body => has_one,
            Location::Query | Location::Header => true,
            Location::Path => false,
        };
        if is_in_branch && is_of_branch {
            continue;
        }
        let is_redirect_uri = *name == "redirect_uri";
        let is_of_all =
            declared.required && is_redirect_uri && !requirements.is_described_for_others(declared);
        let is_named = || is_redirect_uri && requirements.is_described_for_it(declared);
        if is_in_branch || is_of_all || belongs(rfc::meant(name), grant, grants) || is_named() {
            chosen.insert(name, (Cow::Borrowed(declared), false));
        }
    }
    chosen
}

/// Adds what a branch has; of a parameter that another branch has, both branches' values may be sent.
fn unite<'p, 'a>(chosen: &mut Chosen<'p, 'a>, name: &'p str, declared: &'p DeclaredParameter<'a>) {
    match chosen.entry(name) {
        Entry::Vacant(entry) => {
            entry.insert((Cow::Borrowed(declared), false));
        }
        Entry::Occupied(mut entry) => {
            let (known, _) = entry.get_mut();
            if known.shape.values != declared.shape.values {
                known.to_mut().shape.allow(&declared.shape);
            }
        }
    }
}

/// All parameters of an endpoint that knows no grants; those that `must_be` there are required whatever the document says.
pub(crate) fn all_parameters(
    declarations: &Declarations<'_>,
    must_be: impl Fn(&str) -> bool,
    diagnostics: &mut Diagnostics,
) -> Vec<Parameter> {
    let of_all = required_in_all(&declarations.branches);
    let must_be = |name: &str| must_be(name) || of_all.contains(name);
    let mut chosen = Chosen::new();
    for (name, declared) in &declarations.common {
        let required = declared.required || must_be(name);
        chosen.insert(name, (Cow::Borrowed(declared), required));
    }
    for (name, declared) in declarations
        .branches
        .iter()
        .flat_map(|branch| &branch.parameters)
    {
        add_of_body(&mut chosen, name, (declared, must_be(name)));
    }
    let parameters = modelled(&chosen, declarations, diagnostics);
    for parameter in &parameters {
        let Some((declared, _)) = chosen.get(parameter.wire.as_str()) else {
            continue;
        };
        let at = &declared.shape.pointer;
        let mut reasons = vec![Evidence::new(EvidenceKind::Declaration, at)];
        if must_be(&parameter.wire) {
            let by_rfc = Evidence::new(EvidenceKind::Convention, at);
            reasons.push(by_rfc.saying("required by its RFC"));
        }
        diagnostics.find(parameter_finding::of(parameter, declared, reasons));
    }
    parameters
}

/// What each branch of a body requires.
fn required_in_all<'a>(branches: &[Branch<'a>]) -> BTreeSet<&'a str> {
    let mut branches = branches.iter();
    let mut required = branches
        .next()
        .map_or_else(BTreeSet::new, |first| first.required.clone());
    for branch in branches {
        required.retain(|name| branch.required.contains(name));
    }
    required
}

/// Adds what one of several bodies has: of a parameter that stands elsewhere as well, the body counts.
fn add_of_body<'c, 'a>(
    chosen: &mut Chosen<'c, 'a>,
    name: &'c str,
    (declared, required): (&'c DeclaredParameter<'a>, bool),
) {
    if let Some((known, was_required)) = chosen.get(name)
        && let Location::Query | Location::Header = known.location
    {
        let required = required || *was_required;
        chosen.insert(name, (Cow::Borrowed(declared), required));
        return;
    }
    let is_new = !chosen.contains_key(name);
    unite(chosen, name, declared);
    if let Some((_, is_required)) = chosen.get_mut(name).filter(|_| is_new) {
        *is_required = required;
    }
}

/// The parameters that the caller gives, in order.
fn modelled(
    chosen: &Chosen<'_, '_>,
    declarations: &Declarations<'_>,
    diagnostics: &mut Diagnostics,
) -> Vec<Parameter> {
    if are_too_many(chosen, diagnostics) {
        return Vec::new();
    }
    let mut parameters: Vec<Parameter> = chosen
        .iter()
        .filter(|(name, (declared, _))| !declarations.runtime.sends(name, declared.location))
        .filter_map(|(name, (declared, required))| {
            parameter::parameter(
                name,
                declared,
                *required,
                &declarations.formats,
                diagnostics,
            )
        })
        .collect();
    sort(&mut parameters);
    tell_places_apart(&mut parameters);
    tell_apart(&mut parameters);
    parameters
}

/// Puts parameters in the order of the RFCs, then by name.
pub(crate) fn sort(parameters: &mut [Parameter]) {
    let has_password = parameters
        .iter()
        .any(|parameter| parameter.wire == "password");
    parameters.sort_by_cached_key(|parameter| {
        let rank = rfc::parameter_rank(&parameter.wire, has_password);
        (rank, parameter.wire.clone())
    });
}
