//! Which operation a request is for.

use http::{Request, header};
use tokensmith_runtime::{Endpoint, EndpointKind, Location, Operation};

use super::{Provider, base_of};
use crate::certificate::ClientCertificate;
use crate::refusal::Refusal;
use crate::request::client_auth::{self, CERTIFICATE, Identity, Known};
use crate::request::members::{Members, as_text, essence, place};
use crate::request::parameter_check;
use crate::response::success::split;
use crate::seen_requests::{SeenParameter, SeenRequest};

/// The operation of an endpoint that declares none.
static ANY: &[&Operation<'static>] = &[&Operation::new()];

/// An operation that a request may be for, and how far it gets there.
pub(super) struct Candidate<'r> {
    pub(super) place: usize,
    pub(super) endpoint: &'static Endpoint<'static>,
    pub(super) operation: &'static Operation<'static>,
    members: Option<Members<'r>>,
    pub(super) identity: Option<Identity>,
    pub(super) refusal: Option<Refusal>,
    notes: Vec<String>,
    approves: bool,
    stage: Stage,
}

/// How far a request gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Read,
    Grant,
    Client,
    Parameters,
    Complete,
}

impl Provider {
    /// Finds the operation that a request is for: the one that it gets furthest at. Nothing if there
    /// is no endpoint: then a status, and why.
    pub(super) fn understand<'r>(
        &self,
        request: &'r Request<Vec<u8>>,
        now: i64,
    ) -> Result<Candidate<'r>, (u16, String)> {
        let path = request.uri().path();
        let found = self
            .routes
            .find(path, request.uri().query().unwrap_or_default());
        let mut methods: Vec<&str> = Vec::new();
        let mut best: Option<Candidate<'r>> = None;
        for (place, values) in found {
            let Some(endpoint) = self.description.endpoints().get(place).copied() else {
                continue;
            };
            if endpoint.method().as_str() != request.method().as_str() {
                methods.push(endpoint.method().as_str());
                continue;
            }
            let operations = match endpoint.operations() {
                [] => ANY,
                operations => operations,
            };
            for operation in operations {
                let mut candidate = Candidate::new(place, endpoint, operation);
                if let Err(refusal) = self.check(&mut candidate, request, &values, now) {
                    candidate.refusal = Some(refusal);
                }
                if best
                    .as_ref()
                    .is_none_or(|best| candidate.stage > best.stage)
                {
                    best = Some(candidate);
                }
            }
        }
        best.ok_or_else(|| match methods.as_slice() {
            [] => {
                let title = self.description.title();
                let path: String = path.escape_debug().take(200).collect();
                (404, format!("{title} has no endpoint at `{path}`"))
            }
            methods => {
                let sent = request.method();
                let methods = methods.join(" or ");
                (405, format!("the method is {sent}, not {methods}"))
            }
        })
    }

    fn check<'r>(
        &self,
        candidate: &mut Candidate<'r>,
        request: &'r Request<Vec<u8>>,
        path: &[(String, String)],
        now: i64,
    ) -> Result<(), Refusal> {
        let (endpoint, operation) = (candidate.endpoint, candidate.operation);
        let kind = endpoint.kind();
        let is_authorization = kind == EndpointKind::Authorization;
        if is_authorization {
            let query = request.uri().query().unwrap_or_default();
            let mut parts = query.split('&');
            candidate.approves = parts.any(|part| part.split('=').next() == Some("approve"));
        } else if !kind.is_for_browsers() {
            accept(request, endpoint)?;
        }
        let members = candidate
            .members
            .insert(Members::read(request, endpoint, path)?);
        candidate.stage = Stage::Grant;
        let clients = self.clients();
        let repeated = parameter_check::repeated(members, operation);
        let is_repeated = |name: &str| {
            let mut repeated = repeated.iter();
            repeated.any(|(other, _)| other == name)
        };
        let refuse_repeated = || match &repeated {
            Some((name, location)) => Err(Refusal::request(format!(
                "`{}` is repeated in the {}",
                name.escape_debug(),
                place(*location)
            ))),
            None => Ok(()),
        };
        if is_authorization {
            // Nobody is sent back to one of two places.
            if is_repeated("redirect_uri") || is_repeated(endpoint.client_id()) {
                refuse_repeated()?;
            }
            // Mistakes go back to the client, if it is known.
            candidate.identity = Some(client_auth::name(members, endpoint, operation, &clients)?);
        }
        parameter_check::grant(members, endpoint, operation)?;
        candidate.stage = Stage::Client;
        refuse_repeated()?;
        if kind.authenticates_client() {
            let url = format!("{}{}", base_of(request), request.uri().path());
            let known = Known {
                clients: &clients,
                url: &url,
                now,
                certificate: ClientCertificate::of(request),
            };
            let identity = client_auth::identify(members, endpoint, operation, &known)?;
            if identity.method == CERTIFICATE && known.certificate.is_none() {
                let note = "a client certificate is not seen over http";
                candidate.notes.push(note.to_owned());
            }
            candidate.identity = Some(identity);
        }
        candidate.stage = Stage::Parameters;
        parameter_check::parameters(members, endpoint, operation)?;
        let undeclared = parameter_check::undeclared(members, endpoint, operation);
        if self.options.refuse_undeclared
            && let Some(first) = undeclared.first()
        {
            return Err(Refusal::request(format!("{first} is not declared")));
        }
        let notes = undeclared.into_iter();
        let notes = notes.map(|name| format!("{name} is not declared"));
        candidate.notes.extend(notes);
        candidate.stage = Stage::Complete;
        Ok(())
    }
}

impl<'r> Candidate<'r> {
    fn new(
        place: usize,
        endpoint: &'static Endpoint<'static>,
        operation: &'static Operation<'static>,
    ) -> Self {
        Self {
            place,
            endpoint,
            operation,
            members: None,
            identity: None,
            refusal: None,
            notes: Vec::new(),
            approves: false,
            stage: Stage::Read,
        }
    }

    /// Returns the text of a parameter, without what stands before it in a header.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        let members = self.members.as_ref()?;
        let mut declared = self.operation.parameters().iter();
        let Some(declared) = declared.find(|parameter| parameter.name() == name) else {
            return members.anywhere(name);
        };
        let location = parameter_check::effective(self.endpoint, declared.location());
        let text = members.text(location, name)?;
        Some(
            text.strip_prefix(declared.prefix())
                .unwrap_or(&text)
                .to_owned(),
        )
    }

    /// Returns the parameters of the query and the body but those of the client.
    pub(super) fn given(&self) -> Vec<(String, String)> {
        let endpoint = self.endpoint;
        let hidden = [
            endpoint.client_id(),
            endpoint.client_secret(),
            "client_assertion",
            "client_assertion_type",
        ];
        let listed = self.members.iter().flat_map(|members| &members.listed);
        let given = listed.filter(|(location, name, _)| {
            matches!(location, Location::Query | Location::Body) && !hidden.contains(&name.as_str())
        });
        given
            .map(|(_, name, value)| (name.clone(), as_text(value)))
            .collect()
    }

    /// Returns the members of the body, as JSON has them.
    pub(super) fn body(&self) -> serde_json::Map<String, serde_json::Value> {
        let listed = self.members.iter().flat_map(|members| &members.listed);
        let body = listed.filter(|(location, _, _)| *location == Location::Body);
        body.map(|(_, name, value)| (name.clone(), value.clone()))
            .collect()
    }

    /// Whether the operation declares a parameter.
    pub(super) fn declares(&self, name: &str) -> bool {
        let mut declared = self.operation.parameters().iter();
        declared.any(|parameter| parameter.name() == name)
    }

    /// Whether an authorization request is to be approved without a page: `?approve` in its URL.
    pub(super) fn asks_to_approve(&self) -> bool {
        self.approves
    }

    /// Returns the scopes that are asked for.
    pub(super) fn scopes(&self) -> Vec<String> {
        let members = self.members.as_ref();
        let listed = members
            .into_iter()
            .flat_map(|members| members.listed.iter());
        let separator = self.endpoint.scope_separator();
        let of_scopes = listed.filter(|(_, name, _)| name == "scope" || name == "scopes");
        let scopes = of_scopes.flat_map(|(_, _, value)| match value {
            serde_json::Value::Array(items) => items.iter().map(as_text).collect(),
            value => split(&as_text(value), separator),
        });
        scopes.collect()
    }

    /// Returns the identifier of the client.
    pub(super) fn client(&self) -> Option<&str> {
        self.identity.as_ref()?.id.as_deref()
    }

    /// Describes the request for whoever asks what was seen.
    pub(super) fn describe(&self, seen: &mut SeenRequest, reveal: bool) {
        let endpoint = self.endpoint;
        seen.endpoint = Some(endpoint.kind().as_str());
        seen.notes.clone_from(&self.notes);
        if endpoint.kind() == EndpointKind::Token {
            let named = || self.members.as_ref()?.anywhere(endpoint.grant_type());
            let is_known = self.stage > Stage::Grant;
            let known = self.operation.grant_type().filter(|_| is_known);
            seen.grant = known.map(str::to_owned).or_else(named);
        }
        if let Some(identity) = &self.identity {
            seen.client.clone_from(&identity.id);
            seen.client_auth = Some(identity.method);
        }
        let listed = self.members.iter().flat_map(|members| &members.listed);
        let parameters = listed.map(|(location, name, value)| {
            let is_shown = reveal || self.is_public(*location, name);
            SeenParameter {
                place: place(*location),
                name: name.clone(),
                value: if is_shown {
                    as_text(value)
                } else {
                    "…".to_owned()
                },
            }
        });
        seen.parameters = parameters.collect();
    }

    /// Whether a value is not a secret: the document declares it, and not as one.
    fn is_public(&self, location: Location, name: &str) -> bool {
        let mut declared = self.operation.parameters().iter();
        let endpoint = self.endpoint;
        location == Location::Path
            || name == endpoint.grant_type()
            || name == endpoint.client_id()
            || [
                "code_challenge_method",
                "response_mode",
                "client_assertion_type",
            ]
            .contains(&name)
            || declared.any(|parameter| parameter.name() == name && !parameter.is_secret())
    }
}

/// Checks that the client takes what the provider responds with.
fn accept(request: &Request<Vec<u8>>, endpoint: &Endpoint<'_>) -> Result<(), Refusal> {
    let sent = request.headers().get(header::ACCEPT);
    let Some(sent) = sent.and_then(|sent| sent.to_str().ok()) else {
        return Ok(());
    };
    let fits = |range: &str, media_type: &str| {
        let (range, media_type) = (essence(range), essence(media_type));
        let class = range.strip_suffix("/*");
        range == "*/*"
            || range == media_type
            || class.is_some_and(|class| media_type.split('/').next() == Some(class))
    };
    let mut ranges = sent.split(',');
    let wanted = endpoint.accept();
    let is_accepted = ranges.any(|range| wanted.split(',').any(|wanted| fits(range, wanted)));
    match is_accepted {
        true => Ok(()),
        false => Err(Refusal::request(format!(
            "the header Accept does not allow {wanted}"
        ))),
    }
}
