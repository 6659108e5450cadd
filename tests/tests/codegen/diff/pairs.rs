//! Documents that differ in one text, and how large a step the change is.

use tokensmith_author::diff::Step::{self, Major, Minor, Patch};
use tokensmith_codegen::{Model, Source, read};

use crate::documents::rendered;

pub(crate) const DOCUMENT: &str = "\
openapi: 3.1.0
info:
  title: Acme
  description: Tokens.
servers:
  - url: https://api.example.com
    description: First
paths:
  /token:
    post:
      security: [{basic: []}]
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema:
              required: [grant_type]
              properties:
                grant_type: {enum: [client_credentials, refresh_token]}
                refresh_token: {type: string}
                scope: {type: string}
                tenant: {type: string, maxLength: 9}
                level: {enum: [low, high]}
      responses:
        '200':
          content:
            application/json:
              schema:
                properties:
                  access_token: {type: string}
                  region: {type: string}
        '400':
          content:
            application/json:
              schema:
                title: Refusal
                properties:
                  error: {type: string}
components:
  securitySchemes:
    basic: {type: http, scheme: basic}
";

/// A text of the document, another in its place, the step there and the step back.
pub(crate) const PAIRS: &[(&str, &str, Step, Step)] = &[
    (
        "description: Tokens.",
        "description: More tokens.",
        Patch,
        Patch,
    ),
    // Requests.
    (
        "client_credentials, refresh_token",
        "client_credentials, refresh_token, password",
        Minor,
        Major,
    ),
    (
        "                scope: {type: string}\n",
        "                scope: {type: string}\n                extra_one: {type: string}\n",
        Minor,
        Major,
    ),
    (
        "required: [grant_type]",
        "required: [grant_type, tenant]",
        Major,
        Major,
    ),
    ("maxLength: 9", "maxLength: 8", Major, Minor),
    (
        ", maxLength: 9",
        ", maxLength: 9, pattern: '^[a-z]+$'",
        Major,
        Minor,
    ),
    (
        "tenant: {type: string",
        "tenant: {type: integer",
        Major,
        Major,
    ),
    ("enum: [low, high]", "enum: [low, high, mid]", Minor, Major),
    // Sorted before another: what number a variant has is no promise.
    (
        "enum: [low, high]",
        "enum: [low, high, higher]",
        Minor,
        Major,
    ),
    (
        "tenant: {type: string, maxLength: 9}",
        "tenant: {type: string, maxLength: 9, format: password}",
        Major,
        Major,
    ),
    // Where requests go, and how.
    ("/token:", "/oauth/token:", Minor, Minor),
    (
        "https://api.example.com",
        "https://auth.example.com",
        Major,
        Major,
    ),
    (
        "    description: First\n",
        "    description: First\n  - url: https://eu.example.com\n    description: Second\n",
        Minor,
        Major,
    ),
    (
        "application/x-www-form-urlencoded",
        "application/json",
        Minor,
        Minor,
    ),
    (
        "security: [{basic: []}]",
        "x-tokensmith: {client-auth: body}",
        Minor,
        Minor,
    ),
    (
        "security: [{basic: []}]",
        "x-tokensmith: {client-auth: private-key-jwt}",
        Major,
        Major,
    ),
    // Responses.
    (
        "region: {type: string}",
        "region: {type: string}\n                  zone: {type: string}",
        Minor,
        Major,
    ),
    (
        "region: {type: string}",
        "region: {type: integer}",
        Major,
        Major,
    ),
    (
        "        '400':",
        "        '401': {description: Unknown.}\n        '400':",
        Minor,
        Major,
    ),
    (
        "region: {type: string}",
        "region: {enum: [a, b]}",
        Major,
        Major,
    ),
    (
        "    basic: {type: http, scheme: basic}\n",
        "    basic: {type: http, scheme: basic}\n    flow: {type: oauth2, flows: {clientCredentials: {tokenUrl: 'https://api.example.com/token', scopes: {read: Reads.}}}}\n",
        Minor,
        Major,
    ),
    (
        "    description: First\n",
        "    description: First\n  - url: https://{region}.example.com\n    description: Second\n    variables: {region: {default: eu}}\n",
        Major,
        Major,
    ),
    (
        "                  error: {type: string}\n",
        "                  error: {type: string}\n                  hint: {type: number}\n",
        Minor,
        Major,
    ),
];

/// The model of a document without errors.
pub(crate) fn model(text: &str) -> Model {
    let reading = read("acme", Source::new("acme.yaml", text.as_bytes()), None);
    reading
        .model
        .unwrap_or_else(|| panic!("{}\n{text}", rendered(&reading.diagnostics)))
}
