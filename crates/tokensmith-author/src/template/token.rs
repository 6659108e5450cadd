//! The token operation: a schema and an example for each grant, and what comes back.

use tokensmith_codegen::authoring::is_credential_parameter;
use tokensmith_codegen::model::{ClientAuth, CodeChallengeMethod};

use super::operation_paths::Kind;
use super::yaml::{Lines, flow, mapping, scalar};
use super::{Grant, Open, Template};

impl Template {
    pub(super) fn token(&self, lines: &mut Lines) {
        self.security(lines, Kind::Token);
        self.marks(lines, Kind::Token);
        lines.add(3, "requestBody:");
        lines.add(4, "required: true");
        lines.add(4, "content:");
        lines.add(5, &format!("{}:", self.media_type()));
        if let [grant] = self.grants.as_slice() {
            match self.reference(grant) {
                Some(reference) => lines.add(6, &format!("schema: {reference}")),
                None => {
                    lines.add(6, "schema:");
                    self.object(lines, 7, "", grant);
                }
            }
            lines.add(6, &format!("example: {}", mapping(&self.request(grant))));
        } else {
            lines.add(6, "schema:");
            lines.add(7, "oneOf:");
            for grant in &self.grants {
                match self.reference(grant) {
                    Some(reference) => lines.add(8, &format!("- {}", unwrapped(&reference))),
                    None => self.object(lines, 8, "- ", grant),
                }
            }
            lines.add(6, "examples:");
            for (name, grant) in self.example_names().iter().zip(&self.grants) {
                let request = mapping(&self.request(grant));
                lines.add(7, &format!("{}: {{value: {request}}}", scalar(name)));
            }
        }
        self.responses(lines);
    }

    pub(super) fn media_type(&self) -> &'static str {
        match self.json {
            true => "application/json",
            false => "application/x-www-form-urlencoded",
        }
    }

    /// The names of the examples, each another.
    fn example_names(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for grant in &self.grants {
            let name = grant.example_name();
            let known = names.iter().filter(|known| **known == name).count();
            names.push(match known {
                0 => name,
                known => format!("{name}{}", known + 1),
            });
        }
        names
    }

    /// A reference to what the RFCs say, where the grant is as they have it.
    fn reference(&self, grant: &Grant) -> Option<String> {
        let common = grant.common()?;
        let is_without_pkce =
            grant.is("authorization_code") && self.code_challenge == CodeChallengeMethod::None;
        let has_scopes = grant.has_scope() && !self.has_common_scopes();
        if !grant.parameters.is_empty() || is_without_pkce || has_scopes {
            return None;
        }
        Some(self.with_client(common.schema))
    }

    /// A common schema, and that of the client where it is in the body.
    pub(super) fn with_client(&self, schema: &str) -> String {
        let reference =
            |name: &str| format!("{{$ref: common/oauth2.yaml#/components/schemas/{name}}}");
        match self.client_auth {
            ClientAuth::Body => format!(
                "{{allOf: [{}, {}]}}",
                reference(schema),
                reference("Client")
            ),
            ClientAuth::None => {
                format!(
                    "{{allOf: [{}, {}]}}",
                    reference(schema),
                    reference("PublicClient")
                )
            }
            _ => reference(schema),
        }
    }

    /// The schema of a grant, parameter by parameter.
    fn object(&self, lines: &mut Lines, depth: usize, dash: &str, grant: &Grant) {
        let client = self.client_parameters();
        let parameters: Vec<_> = grant
            .all()
            .into_iter()
            .filter(|parameter| {
                parameter.name != "code_verifier"
                    || self.code_challenge != CodeChallengeMethod::None
            })
            .collect();
        let required = ["grant_type"].into_iter().chain(client.iter().copied());
        let others = parameters.iter().filter(|parameter| parameter.is_required);
        let required = flow(required.chain(others.map(|parameter| parameter.name.as_str())));
        lines.add(depth, &format!("{dash}type: object"));
        // Below the dash.
        let depth = depth + usize::from(!dash.is_empty());
        lines.add(
            depth,
            &format!("description: {}", scalar(&grant.description())),
        );
        lines.add(depth, &format!("required: [{required}]"));
        lines.add(depth, "properties:");
        let value = scalar(&grant.value);
        lines.add(
            depth + 1,
            &format!("grant_type: {{type: string, const: {value}}}"),
        );
        let names = parameters.iter().map(|parameter| parameter.name.as_str());
        for name in client.iter().copied().chain(names) {
            lines.add(depth + 1, &self.property(name));
        }
    }

    /// A parameter as a member of `properties`.
    pub(super) fn property(&self, name: &str) -> String {
        let format = match is_credential_parameter(name) {
            true => ", format: password",
            false => "",
        };
        let description = scalar(&self.described(name));
        let name = scalar(name);
        format!("{name}: {{type: string{format}, description: {description}}}")
    }

    pub(super) fn described(&self, name: &str) -> String {
        let known = match name {
            "client_id" => "The client id.",
            "client_secret" => "The client secret.",
            "code" => "The code of the redirect. It is good for one request.",
            "redirect_uri" => "The redirect URI that the authorization request had.",
            "code_verifier" => "The verifier of the code challenge.",
            "refresh_token" => "The refresh token.",
            "username" => "The user's name.",
            "password" => "The user's password.",
            "device_code" => "The device code.",
            "assertion" => "The signed assertion.",
            "auth_req_id" => "The identifier of the authentication request.",
            "subject_token" => "The token of the party on whose behalf the request is.",
            "subject_token_type" => "What the subject token is.",
            "actor_token" => "The token of the party that acts.",
            "actor_token_type" => "What the actor token is.",
            "requested_token_type" => "What the new token is to be.",
            "audience" => "Whom the token is for.",
            "resource" => "The resource that the token is for.",
            "scope" => return format!("The scopes that are asked for, {}.", self.separated()),
            other => return format!("The parameter `{other}`."),
        };
        known.to_owned()
    }

    fn responses(&self, lines: &mut Lines) {
        let schema = match self.has_common_granted_scopes() {
            true => "common/oauth2.yaml#/components/schemas/TokenResponse",
            false => "'#/components/schemas/Token'",
        };
        let mut token = format!(
            "access_token: example-access-token-not-real, token_type: Bearer, expires_in: {}",
            self.lifetime
        );
        if self.takes("refresh_token") {
            token += ", refresh_token: example-refresh-token-not-real";
        }
        lines.add(3, "responses:");
        lines.add(4, "'200':");
        lines.add(5, "description: The token was issued.");
        content(lines, schema);
        lines.add(7, &format!("example: {{{token}}}"));
        let error = "common/oauth2.yaml#/components/schemas/ErrorResponse";
        lines.add(4, "'400':");
        lines.add(5, "description: The request was refused.");
        content(lines, error);
        lines.add(7, "examples:");
        for (name, code) in self.errors() {
            lines.add(8, &format!("{name}: {{value: {{error: {code}}}}}"));
        }
        lines.add(
            4,
            "'401': {$ref: common/oauth2.yaml#/components/responses/InvalidClient}",
        );
    }

    /// The schema of a response whose scopes are not separated by spaces.
    pub(super) fn token_response(&self, lines: &mut Lines) {
        lines.add(1, "schemas:");
        lines.add(2, "Token:");
        lines.add(3, "description: The token.");
        lines.add(3, "type: object");
        lines.add(3, "required: [access_token, token_type]");
        lines.add(3, "properties:");
        lines.add(
            4,
            "access_token: {type: string, format: password, description: The access token.}",
        );
        lines.add(
            4,
            "token_type: {type: string, description: How requests carry the token.}",
        );
        lines.add(
            4,
            "expires_in: {type: integer, description: The lifetime of the access token in seconds.}",
        );
        if self.takes("refresh_token") {
            lines.add(
                4,
                "refresh_token: {type: string, format: password, description: The refresh token.}",
            );
        }
        let scope = scalar(&format!(
            "The scopes that were granted, {}.",
            super::separated_by(self.response_scope_separator)
        ));
        lines.add(4, &format!("scope: {{type: string, description: {scope}}}"));
    }

    /// What only the extension can say of an operation.
    pub(super) fn extension(&self, kind: Kind) -> Vec<String> {
        let mut members = Vec::new();
        if kind != Kind::Authorization
            && let Some(method) = self.stated_client_auth()
        {
            members.push(format!("client-auth: {method}"));
        }
        let has_scopes = match kind {
            Kind::Token => self.has_scopes(),
            Kind::Device | Kind::Authorization => true,
            Kind::Revocation | Kind::Introspection => false,
        };
        // Where no request to the token endpoint has scopes, what it is told is about its responses.
        let is_response_only = kind == Kind::Token && !self.sends_scopes();
        let separator = match is_response_only {
            true => self.response_scope_separator,
            false => self.scope_separator,
        };
        if has_scopes && separator != ' ' {
            members.push(format!(
                "scope-separator: {}",
                scalar(&separator.to_string())
            ));
        }
        if kind == Kind::Token {
            if !is_response_only && self.response_scope_separator != separator {
                let separator = scalar(&self.response_scope_separator.to_string());
                members.push(format!("response-scope-separator: {separator}"));
            }
            if !self.open.contains(&Open::Lifetime) {
                members.push(format!("expiry: {{lifetime: {}}}", self.lifetime));
            }
            if self.takes("refresh_token") {
                members.push(format!(
                    "refresh-token: {{rotates: {}}}",
                    self.rotation.as_str()
                ));
            }
        }
        if kind == Kind::Authorization && self.code_challenge != CodeChallengeMethod::S256 {
            members.push(format!("code-challenge: {}", self.code_challenge.as_str()));
        }
        members
    }

    /// What plain OpenAPI cannot say of the client's authentication.
    fn stated_client_auth(&self) -> Option<&'static str> {
        match self.client_auth {
            ClientAuth::Basic => None,
            other => Some(other.as_str()),
        }
    }

    pub(super) fn has_basic(&self) -> bool {
        matches!(
            self.client_auth,
            ClientAuth::Basic | ClientAuth::BasicRaw | ClientAuth::Auto
        )
    }
}

/// A flow that stands alone after a dash: `$ref: ..`, `allOf: ..`.
fn unwrapped(flow: &str) -> &str {
    flow.strip_prefix('{')
        .and_then(|flow| flow.strip_suffix('}'))
        .unwrap_or(flow)
}

/// The JSON of a response, up to its schema.
pub(super) fn content(lines: &mut Lines, schema: &str) {
    lines.add(5, "content:");
    lines.add(6, "application/json:");
    lines.add(7, &format!("schema: {{$ref: {schema}}}"));
}
