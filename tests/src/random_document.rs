//! Documents that OpenAPI allows, with names and texts that try to be more than that.
//!
//! Bytes decide, so that a fuzzer and a property test can drive it: equal bytes give equal documents, and every document is a sound one.

use arbitrary::{Result, Unstructured};
use serde_json::{Map, Value, json};

/// Names as vendors and attackers write them. No two become one identifier.
const NAMES: [&str; 39] = [
    "account_id",
    "audience2",
    "type",
    "self",
    "crate",
    "async",
    "r#fn",
    "X-Api-Version",
    "$filter",
    "0auth",
    "12",
    "a.b.c",
    "b/d",
    "c~1d~0",
    "e%20f",
    "g h",
    "i\"j",
    "k\\l",
    "m{n}",
    "o'p",
    "q;r",
    "s*/t",
    "u<v>",
    "w`x",
    "y[z]",
    "Result",
    "Option",
    "String",
    "Vec",
    "Box",
    "std",
    "core",
    "serde",
    "tokensmith_runtime",
    "extra",
    "new",
    "metadata",
    "CON",
    "\u{e9}t\u{e9}2",
];

/// Texts that would be more than text if they were not escaped.
const TEXTS: [&str; 20] = [
    "A plain sentence.",
    "",
    "*/ fn zz() {} /*",
    "#![allow(warnings)]",
    "#[macro_use] extern crate zz;",
    "\"); std::process::exit(1); (\"",
    "<script>alert(1)</script>",
    "</code><img src=x onerror=zz>",
    "[Client](javascript:zz)",
    "[Client]",
    "[`Vec`]: https://example.com",
    "![x](https://example.com/x.png)",
    "```rust\npanic!();\n```",
    "~~~\ncompile_fail\n~~~",
    "    indented as code",
    "- item\n\n      code in an item",
    "| a | b |\n|---|---|\n| <b> | [x] |",
    "first\r\nsecond\u{b}third\u{c}fourth\u{85}fifth\u{2028}sixth",
    "``` a `` b ` c",
    "include!(\"/etc/passwd\") {{x}} {x} %s \\",
];

/// A document of the form that these bytes decide.
///
/// # Errors
///
/// None in practice: where bytes run out, the first choice is taken.
pub fn document(bytes: &[u8]) -> Result<Value> {
    let mut random = Random {
        bytes: Unstructured::new(bytes),
        names: NAMES.to_vec(),
    };
    random.document()
}

struct Random<'a> {
    bytes: Unstructured<'a>,
    /// Each is given once, so that no two collide.
    names: Vec<&'static str>,
}

impl Random<'_> {
    fn document(&mut self) -> Result<Value> {
        let version = *self.bytes.choose(&["3.0.3", "3.1.0"])?;
        let mut token = self.operation()?;
        let mut schemes = Map::new();
        match self.bytes.int_in_range(0..=3)? {
            0 => {
                schemes.insert(
                    "basic".to_owned(),
                    json!({"type": "http", "scheme": "basic"}),
                );
                token["security"] = json!([{"basic": []}]);
            }
            1 => {
                let scopes = self.scopes()?;
                let flow = json!({"tokenUrl": "https://api.example.com/token", "scopes": scopes});
                schemes.insert(
                    "oauth".to_owned(),
                    json!({"type": "oauth2", "flows": {"clientCredentials": flow}}),
                );
            }
            2 => token["security"] = json!([]),
            _ => {}
        }
        let mut document = json!({
            "openapi": version,
            "info": {"title": self.text()?, "version": "1", "description": self.text()?},
            "servers": self.servers()?,
            "paths": {"/token": {"post": token}},
            "components": {"securitySchemes": schemes}
        });
        if self.bytes.ratio(1, 3)? {
            document["externalDocs"] = json!({"url": "https://example.com/<b>?a=[b](c)"});
        }
        if self.bytes.ratio(1, 3)? {
            document["paths"]["/revoke"] = json!({"post": self.revocation()?});
        }
        Ok(document)
    }

    fn servers(&mut self) -> Result<Value> {
        let mut servers =
            vec![json!({"url": "https://api.example.com", "description": self.text()?})];
        if self.bytes.ratio(1, 3)? {
            let default = *self.bytes.choose(&["eu", "us"])?;
            servers.push(json!({
                "url": "https://{region}.example.com/v1",
                "variables": {"region": {"default": default, "enum": ["eu", "us"], "description": self.text()?}}
            }));
        }
        Ok(Value::Array(servers))
    }

    fn scopes(&mut self) -> Result<Value> {
        let mut scopes = Map::new();
        for scope in ["read", "/a.{id}.b", "urn:x:*", "openid", "a b"] {
            if self.bytes.ratio(1, 2)? {
                scopes.insert(scope.to_owned(), json!(self.text()?));
            }
        }
        Ok(Value::Object(scopes))
    }

    fn operation(&mut self) -> Result<Value> {
        let media_types: &[&str] = match self.bytes.int_in_range(0..=2)? {
            0 => &["application/x-www-form-urlencoded"],
            1 => &["application/json"],
            _ => &["application/json", "application/x-www-form-urlencoded"],
        };
        let schema = self.request()?;
        let mut content = Map::new();
        for media_type in media_types {
            let examples = self.examples(&schema)?;
            content.insert(
                (*media_type).to_owned(),
                json!({"schema": schema, "examples": examples}),
            );
        }
        let mut responses = Map::new();
        responses.insert("200".to_owned(), self.response(true)?);
        for status in ["400", "401", "4XX", "500", "default"] {
            if self.bytes.ratio(1, 3)? {
                responses.insert(status.to_owned(), self.response(false)?);
            }
        }
        Ok(json!({
            "summary": self.text()?,
            "description": self.text()?,
            "requestBody": {"required": true, "content": content},
            "responses": responses
        }))
    }

    fn revocation(&mut self) -> Result<Value> {
        let schema = json!({
            "type": "object",
            "required": ["token"],
            "properties": {"token": {"type": "string", "description": self.text()?}}
        });
        Ok(json!({
            "description": self.text()?,
            "requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": schema}}},
            "responses": {"200": {"description": self.text()?}}
        }))
    }

    /// One bag of parameters, or one for each grant.
    fn request(&mut self) -> Result<Value> {
        const GRANTS: [&str; 4] = [
            "client_credentials",
            "refresh_token",
            "authorization_code",
            "urn:ietf:params:oauth:grant-type:jwt-bearer",
        ];
        let count = self.bytes.int_in_range(1..=GRANTS.len())?;
        let grants = &GRANTS[..count];
        if self.bytes.ratio(1, 2)? {
            return self.bag(&json!({"type": "string", "enum": grants}));
        }
        let mut branches = Vec::new();
        for grant in grants {
            branches.push(self.bag(&json!({"type": "string", "enum": [grant]}))?);
        }
        let key = *self.bytes.choose(&["oneOf", "anyOf"])?;
        Ok(json!({ key: branches }))
    }

    fn bag(&mut self, grant_type: &Value) -> Result<Value> {
        let mut properties = Map::new();
        let mut required = vec!["grant_type"];
        properties.insert("grant_type".to_owned(), grant_type.clone());
        for name in [
            "client_id",
            "client_secret",
            "scope",
            "refresh_token",
            "code",
            "redirect_uri",
            "assertion",
        ] {
            if self.bytes.ratio(1, 2)? {
                properties.insert(
                    name.to_owned(),
                    json!({"type": "string", "description": self.text()?}),
                );
            }
        }
        for _ in 0..self.bytes.int_in_range(0..=4)? {
            let name = self.name()?;
            properties.insert(name.to_owned(), self.parameter()?);
            if self.bytes.ratio(1, 3)? {
                required.push(name);
            }
        }
        Ok(json!({"type": "object", "required": required, "properties": properties}))
    }

    fn parameter(&mut self) -> Result<Value> {
        let mut schema = match self.bytes.int_in_range(0..=6)? {
            0 => json!({"type": "string", "maxLength": 20}),
            1 => json!({"type": "integer"}),
            2 => json!({"type": "boolean"}),
            3 => json!({"type": "array", "items": {"type": "string"}}),
            4 => json!({"type": "string", "enum": ["a", "B-c", "*/", "\"", "{d}"]}),
            5 => json!({"type": "string", "pattern": "^[a-z\"\\\\]{1,8}$"}),
            _ => json!({"type": "string", "default": "\"#{x}\\"}),
        };
        schema["description"] = json!(self.text()?);
        Ok(schema)
    }

    fn response(&mut self, is_token: bool) -> Result<Value> {
        let mut schema = self.object(2)?;
        if is_token {
            let token = json!({"type": "string", "description": self.text()?});
            schema["properties"]["access_token"] = token;
            schema["properties"]["expires_in"] =
                json!({"type": *self.bytes.choose(&["integer", "string", "number"])?});
            if self.bytes.ratio(1, 4)? {
                schema = json!({"type": "object", "properties": {"data": schema}});
            }
        }
        let examples = self.examples(&schema)?;
        Ok(json!({
            "description": self.text()?,
            "content": {"application/json": {"schema": schema, "examples": examples}}
        }))
    }

    /// Whole bodies, under names of any kind.
    fn examples(&mut self, schema: &Value) -> Result<Value> {
        let mut examples = Map::new();
        for _ in 0..self.bytes.int_in_range(0..=2)? {
            let mut value = self.example(schema)?;
            if self.bytes.ratio(1, 3)? {
                value[*self.bytes.choose(&NAMES)?] = json!(self.text()?);
            }
            examples.insert(self.text()?.to_owned(), json!({ "value": value }));
        }
        Ok(Value::Object(examples))
    }

    /// A value of a schema, but for its limits.
    fn example(&mut self, schema: &Value) -> Result<Value> {
        let branches = ["oneOf", "anyOf"]
            .iter()
            .find_map(|key| schema[key].as_array());
        if let Some(branches) = branches {
            let branch = self.bytes.choose(branches)?;
            return self.example(branch);
        }
        if let Some(values) = schema["enum"].as_array() {
            return self.bytes.choose(values).cloned();
        }
        Ok(match schema["type"].as_str() {
            Some("object") => {
                let mut members = Map::new();
                for (name, property) in schema["properties"].as_object().into_iter().flatten() {
                    members.insert(name.clone(), self.example(property)?);
                }
                Value::Object(members)
            }
            Some("array") => json!([self.example(&schema["items"])?]),
            Some("integer") => json!(self.bytes.int_in_range(-3..=4000)?),
            Some("number") => json!(1.5),
            Some("boolean") => json!(self.bytes.ratio(1, 2)?),
            _ => json!(self.text()?),
        })
    }

    fn object(&mut self, depth: usize) -> Result<Value> {
        let mut properties = Map::new();
        for _ in 0..self.bytes.int_in_range(0..=3)? {
            let name = self.name()?;
            properties.insert(name.to_owned(), self.value(depth)?);
        }
        Ok(json!({"type": "object", "description": self.text()?, "properties": properties}))
    }

    fn value(&mut self, depth: usize) -> Result<Value> {
        Ok(match self.bytes.int_in_range(0..=7)? {
            0 => json!({"type": "string", "nullable": true}),
            1 => json!({"type": "integer", "format": "int64"}),
            2 => json!({"type": "boolean", "description": self.text()?}),
            3 => json!({"type": "string", "enum": ["x", "y z", "\u{e9}1", "-2", "\"\\"]}),
            4 => json!({"type": "array", "items": {"type": "number"}}),
            5 if depth > 0 => self.object(depth - 1)?,
            6 if depth > 0 => json!({"type": "array", "items": self.object(depth - 1)?}),
            _ => json!({}),
        })
    }

    fn text(&mut self) -> Result<&'static str> {
        self.bytes.choose(&TEXTS).copied()
    }

    /// A name that was not given yet; a plain one when all were.
    fn name(&mut self) -> Result<&'static str> {
        if self.names.is_empty() {
            return Ok("one_more");
        }
        let at = self.bytes.choose_index(self.names.len())?;
        Ok(self.names.swap_remove(at))
    }
}
