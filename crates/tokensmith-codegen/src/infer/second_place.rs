//! Which parameters are sent in more than one place, because the document demands them there.

use crate::diagnostic::finding::{EvidenceKind, Finding, Question};
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::infer::client_auth::id_location;
use crate::infer::declaration::{Declarations, DeclaredParameter};
use crate::infer::parameter_places::Places;
use crate::model::Location;
use tokensmith_description::ClientAuth;

/// The second places of an endpoint's parameters, sorted.
pub(crate) fn copies(
    declarations: &Declarations<'_>,
    method: ClientAuth,
    grant_location: Location,
    diagnostics: &mut Diagnostics,
) -> Vec<(String, Location)> {
    if let Some(declared) = in_path(declarations, declarations.runtime.client_secret) {
        let message = "a client secret in the path of the URL is not supported";
        diagnostics.push(
            Diagnostic::new(Rule::Unsupported, &declared.shape.pointer, message)
                .help("where the provider takes it in the body as well, declare that"),
        );
    }
    let runtime = &declarations.runtime;
    let mut copies = Vec::new();
    let mut add = |name: &str, places: &mut dyn Iterator<Item = Location>| {
        copies.extend(places.map(|place| (name.to_owned(), place)));
    };
    for (name, declared) in &declarations.common {
        let main = match declared.location {
            Location::Query | Location::Header if declarations.is_in_branch(name) => Location::Body,
            location => location,
        };
        if *name == runtime.grant_type {
            add(name, &mut declared.places.others(grant_location));
        } else if *name == runtime.client_id {
            let places = of_client_id(&declarations.client.id, method);
            let is_in_query_only = declared
                .places
                .iter()
                .all(|(place, _)| place == Location::Query);
            if is_in_query_only && places.is_empty() && method.is_in_authorization() {
                diagnostics.push(sent_by_public_clients(name, declared));
            }
            add(name, &mut places.into_iter());
        } else if *name == runtime.client_secret {
            let places = &declarations.client.secret;
            add(name, &mut of_client_secret(places, method).into_iter());
            let is_elsewhere = places.iter().any(|(place, _)| place != Location::Query);
            if method != ClientAuth::Query && is_elsewhere && places.has(Location::Query) {
                diagnostics.find(kept_out_of_the_url(name, declared, "client-auth: query"));
            }
        } else if !runtime.sends(name, declared.location) {
            let is_secret = declared.is_secret(name);
            let is_hidden = |place: &Location| is_secret && *place == Location::Query;
            let mut others = declared.places.others(main);
            add(name, &mut others.by_ref().filter(|place| !is_hidden(place)));
            let is_optional_there =
                is_secret && main != Location::Query && declared.places.has(Location::Query);
            if is_optional_there || declared.places.others(main).any(|place| is_hidden(&place)) {
                diagnostics.find(kept_out_of_the_url(name, declared, ""));
            }
        }
    }
    copies.sort();
    copies
}

/// The second places at an authorization endpoint, whose request is all URL.
pub(crate) fn of_browsers(declarations: &Declarations<'_>) -> Vec<(String, Location)> {
    let name = declarations.runtime.client_id;
    let copy = in_path(declarations, name).map(|_| (name.to_owned(), Location::Path));
    copy.into_iter().collect()
}

fn in_path<'d, 'a>(
    declarations: &'d Declarations<'a>,
    name: &str,
) -> Option<&'d DeclaredParameter<'a>> {
    let declared = declarations.common.get(name);
    declared.filter(|declared| declared.places.has(Location::Path))
}

/// Where the identifier stands beside the place that the client authentication gives it, if that gives it any.
fn of_client_id(places: &Places, method: ClientAuth) -> Vec<Location> {
    let own = match method {
        ClientAuth::Query => Some(Location::Query),
        ClientAuth::Header => Some(Location::Header),
        _ => (!method.is_in_authorization()).then_some(Location::Body),
    };
    let own = id_location(places, method).or(own);
    // Of a secret that stands alone the server knows nothing of whose it is.
    let is_elsewhere = own.is_some_and(|own| own != Location::Body && !places.has(own));
    let lacking = places.main().filter(|_| is_elsewhere);
    let here = places.iter().filter(|(place, required)| {
        *required || *place == Location::Path || Some(*place) == lacking
    });
    let mut here: Vec<Location> = here.map(|(place, _)| place).collect();
    // A public client is named in the body, unless it is in the query.
    let is_public_in_body = here.contains(&Location::Query) && places.has(Location::Body);
    here.retain(|place| Some(*place) != own || is_public_in_body);
    here
}

/// A header and the body may both demand the secret.
fn of_client_secret(places: &Places, method: ClientAuth) -> Vec<Location> {
    let is_copied = method == ClientAuth::Body && places.requires(Location::Header);
    is_copied.then_some(Location::Header).into_iter().collect()
}

/// Tells an identifier that may stand in the query, where the client shows it in the `Authorization` header.
fn sent_by_public_clients(name: &str, declared: &DeclaredParameter<'_>) -> Diagnostic {
    let shown = name.escape_debug();
    let message = format!(
        "`{shown}` is optional in the query: clients with a secret send it in the `Authorization` header only, and `Credentials::public` sends it unless it is empty"
    );
    Diagnostic::new(Rule::Unused, &declared.shape.pointer, message).help(
        "where clients need no secret, say so; `Credentials::public` has the identifier:\n\
         x-tokensmith: {client-auth: none}\n\
         where they send it beside the header, declare it so:\nrequired: true",
    )
}

fn kept_out_of_the_url(name: &str, declared: &DeclaredParameter<'_>, instead: &str) -> Finding {
    let shown = name.escape_debug();
    let place = match declared.places.main_of_secret() {
        Some(Location::Body) => "in the body",
        Some(Location::Header) => "in a header",
        _ => "elsewhere",
    };
    let message = format!(
        "`{shown}` is declared in the query and {place}; it is sent {place} only, for logs keep URLs"
    );
    let help = match instead {
        "" => "remove it from the query, or from the other place".to_owned(),
        instead => format!(
            "remove it from the query; where the provider takes it nowhere else, say so:\nx-tokensmith: {{{instead}}}"
        ),
    };
    let at = &declared.shape.pointer;
    Finding::new(Question::Parameter, "kept out of the query")
        .of(name)
        .by(EvidenceKind::Convention, at)
        .inferred(at, message, help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_identifier_goes_where_it_must_be_and_into_the_path() {
        let mut places = Places::one(Location::Body, true);
        assert_eq!(of_client_id(&places, ClientAuth::Body), []);
        assert_eq!(of_client_id(&places, ClientAuth::Basic), [Location::Body]);
        assert_eq!(of_client_id(&places, ClientAuth::Header), [Location::Body]);
        places.add(Location::Path, true);
        assert_eq!(of_client_id(&places, ClientAuth::Body), [Location::Path]);
        let optional = Places::one(Location::Body, false);
        assert_eq!(of_client_id(&optional, ClientAuth::Basic), []);
        assert_eq!(
            of_client_id(&optional, ClientAuth::Header),
            [Location::Body]
        );
        let mut several = Places::one(Location::Body, true);
        several.add(Location::Query, true);
        let both = [Location::Body, Location::Query];
        assert_eq!(of_client_id(&several, ClientAuth::Body), both);
    }
}
