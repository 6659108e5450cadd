//! The operations beside the token operation, and what all operations have.

use tokensmith_codegen::model::{ClientAuth, CodeChallengeMethod};

use super::Template;
use super::example::value;
use super::operation_paths::Kind;
use super::token::content;
use super::yaml::{Lines, mapping, scalar};

impl Template {
    pub(super) fn operation(&self, lines: &mut Lines, kind: Kind) {
        lines.add(3, &format!("operationId: {}", kind.id()));
        match kind {
            Kind::Token => self.token(lines),
            Kind::Device => self.device(lines),
            Kind::Revocation | Kind::Introspection => self.of_a_token(lines, kind),
            Kind::Authorization => self.authorization(lines),
        }
    }

    /// The security of an operation, and its extension.
    pub(super) fn security(&self, lines: &mut Lines, kind: Kind) {
        match self.client_auth {
            ClientAuth::Basic | ClientAuth::BasicRaw => lines.add(3, "security: [{Basic: []}]"),
            ClientAuth::Auto => lines.add(3, "security: [{Basic: []}, {}]"),
            _ => {}
        }
        self.extended(lines, kind);
    }

    fn extended(&self, lines: &mut Lines, kind: Kind) {
        let extension = self.extension(kind);
        if !extension.is_empty() {
            lines.add(3, &format!("x-tokensmith: {{{}}}", extension.join(", ")));
        }
    }

    /// The open questions of an operation.
    pub(super) fn marks(&self, lines: &mut Lines, kind: Kind) {
        let questions = self.questions(kind);
        if !questions.is_empty() {
            let mark = tokensmith_codegen::authoring::UNCONFIRMED;
            lines.add(3, &format!("{mark}:"));
            for question in questions {
                lines.add(4, &format!("- {}", scalar(&question)));
            }
        }
    }

    /// The example of a request: the client, and what is asked.
    fn body(&self, lines: &mut Lines, schema: &str, asked: &[&str]) {
        let members = self.client_parameters().iter().chain(asked);
        let members: Vec<_> = members
            .map(|name| ((*name).to_owned(), value(name)))
            .collect();
        lines.add(3, "requestBody:");
        lines.add(4, "required: true");
        lines.add(4, "content:");
        lines.add(5, &format!("{}:", self.media_type()));
        lines.add(6, &format!("schema: {schema}"));
        lines.add(6, &format!("example: {}", mapping(&members)));
    }

    fn device(&self, lines: &mut Lines) {
        self.security(lines, Kind::Device);
        self.marks(lines, Kind::Device);
        let schema = match self.has_common_scopes() {
            true => self.with_client("DeviceRequest"),
            false => {
                let names = self.client_parameters().iter().chain(&["scope"]);
                let members: Vec<String> = names.map(|name| self.property(name)).collect();
                let required = match self.client_parameters() {
                    [] => String::new(),
                    names => format!(", required: [{}]", names.join(", ")),
                };
                format!(
                    "{{type: object{required}, properties: {{{}}}}}",
                    members.join(", ")
                )
            }
        };
        self.body(lines, &schema, &["scope"]);
        lines.add(3, "responses:");
        lines.add(4, "'200':");
        lines.add(5, "description: The user has to approve.");
        content(
            lines,
            "common/oauth2.yaml#/components/schemas/DeviceAuthorization",
        );
        lines.add(
            7,
            "example: {device_code: example-device-code-not-real, user_code: WDJB-MJHT, verification_uri: https://app.example/device, expires_in: 1800, interval: 5}",
        );
        refusals(lines);
    }

    /// Revocation and introspection, which send a token.
    fn of_a_token(&self, lines: &mut Lines, kind: Kind) {
        self.security(lines, kind);
        self.marks(lines, kind);
        let schema = match kind {
            Kind::Revocation => "Revocation",
            _ => "Introspection",
        };
        self.body(lines, &self.with_client(schema), &["token"]);
        lines.add(3, "responses:");
        if kind == Kind::Revocation {
            lines.add(
                4,
                "'200': {$ref: common/oauth2.yaml#/components/responses/Revoked}",
            );
        } else {
            lines.add(4, "'200':");
            lines.add(5, "description: What is known of the token.");
            content(
                lines,
                "common/oauth2.yaml#/components/schemas/IntrospectionResponse",
            );
            lines.add(7, "examples:");
            lines.add(8, "active: {value: {active: true, token_type: Bearer}}");
            lines.add(8, "inactive: {value: {active: false}}");
        }
        refusals(lines);
    }

    fn authorization(&self, lines: &mut Lines) {
        self.extended(lines, Kind::Authorization);
        self.marks(lines, Kind::Authorization);
        lines.add(3, "parameters:");
        for name in ["response_type", "client_id", "redirect_uri"] {
            parameter(lines, name);
        }
        match self.has_common_scopes() {
            true => parameter(lines, "scope"),
            false => {
                let description = scalar(&self.described("scope"));
                lines.add(
                    4,
                    &format!("- {{name: scope, in: query, description: {description}, schema: {{type: string}}}}"),
                );
            }
        }
        parameter(lines, "state");
        if self.code_challenge != CodeChallengeMethod::None {
            parameter(lines, "code_challenge");
        }
        match self.code_challenge {
            CodeChallengeMethod::S256 => parameter(lines, "code_challenge_method"),
            CodeChallengeMethod::Plain => lines.add(
                4,
                "- {name: code_challenge_method, in: query, description: How the challenge was made., schema: {type: string, const: plain}}",
            ),
            _ => {}
        }
        lines.add(3, "responses:");
        lines.add(
            4,
            "'302': {$ref: common/oauth2.yaml#/components/responses/Redirect}",
        );
    }
}

fn parameter(lines: &mut Lines, name: &str) {
    lines.add(
        4,
        &format!("- $ref: common/oauth2.yaml#/components/parameters/{name}"),
    );
}

fn refusals(lines: &mut Lines) {
    for (status, response) in [("400", "Error"), ("401", "InvalidClient")] {
        lines.add(
            4,
            &format!("'{status}': {{$ref: common/oauth2.yaml#/components/responses/{response}}}"),
        );
    }
}
