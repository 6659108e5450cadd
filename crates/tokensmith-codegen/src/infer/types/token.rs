//! The types that hold an access token.

use super::{Types, sort};
use crate::diagnostic::Diagnostics;
use crate::infer::schema::{Kind, Shape};
use crate::model::credential;
use crate::model::{Field, FieldType, StructDef, TypeDef};

impl Types {
    /// Makes the struct the one that holds the access token. The provider may call it otherwise: the runtime gives it its
    /// name in RFC 6749.
    pub(crate) fn mark_token(&mut self, ident: &str, wires: &[String]) {
        let Some((TypeDef::Struct(def), _)) = self.types.get_mut(ident) else {
            return;
        };
        def.is_token = true;
        let described = def
            .fields
            .iter()
            .position(|field| wires.contains(&field.wire));
        let description = described.and_then(|index| def.fields.remove(index).description);
        // Another member of that name would be no token: the runtime sets it aside.
        def.fields
            .retain(|field| !wires.contains(&field.wire) && field.wire != "access_token");
        let token = Field {
            wire: "access_token".to_owned(),
            ident: "access_token".to_owned(),
            description,
            ty: FieldType::Secret,
        };
        for other in def
            .fields
            .iter_mut()
            .filter(|field| field.ident == token.ident)
        {
            other.ident.push_str("_field");
        }
        def.fields.insert(0, token);
    }

    /// Gives a struct without a description this one.
    pub(crate) fn describe(&mut self, ident: &str, text: &str) {
        if let Some((TypeDef::Struct(def), _)) = self.types.get_mut(ident)
            && def.description.is_none()
        {
            def.description = Some(text.to_owned());
        }
    }

    /// Adds a token type where the document describes none.
    pub(crate) fn default_token(&mut self, diagnostics: &mut Diagnostics) -> String {
        /// No schema stands here: it is the same type for all endpoints that say nothing.
        const PLACE: &str = "/paths";
        if let Some(made) = self.made.get(PLACE) {
            return made.clone();
        }
        let wanted = ["Token", "StandardToken", "Rfc6749Token"];
        let Some(ident) = self.name(&Shape::default(), &wanted, diagnostics) else {
            return String::new();
        };
        let field = |wire: &str, description: &str, ty| Field {
            wire: wire.to_owned(),
            ident: wire.to_owned(),
            description: Some(description.to_owned()),
            ty,
        };
        let def = StructDef {
            ident: ident.clone(),
            description: Some("An access token, with the fields of RFC 6749, section 5.1: the document describes none.".to_owned()),
            is_token: true,
            fields: vec![
                field("access_token", "The access token.", FieldType::Secret),
                field("refresh_token", "A refresh token for the next access token.", FieldType::Secret),
                field("token_type", "How the token is presented; `Bearer` as a rule.", FieldType::Text),
                field("expires_in", "Lifetime in seconds.", FieldType::Integer),
                field("scope", "The scopes granted.", FieldType::Text),
            ],
        };
        self.insert(TypeDef::Struct(def), PLACE, diagnostics);
        ident
    }

    /// Adds a token type for a response that is the token and nothing else.
    pub(crate) fn bare_token(&mut self, diagnostics: &mut Diagnostics) -> String {
        /// No schema stands here: it is the same type for all such endpoints.
        const PLACE: &str = "";
        if let Some(made) = self.made.get(PLACE) {
            return made.clone();
        }
        let wanted = ["Token", "BareToken", "WholeToken"];
        let Some(ident) = self.name(&Shape::default(), &wanted, diagnostics) else {
            return String::new();
        };
        let def = StructDef {
            ident: ident.clone(),
            description: Some("An access token: the whole response is the token.".to_owned()),
            is_token: true,
            fields: vec![Field {
                wire: "access_token".to_owned(),
                ident: "access_token".to_owned(),
                description: Some("The access token.".to_owned()),
                ty: FieldType::Secret,
            }],
        };
        self.insert(TypeDef::Struct(def), PLACE, diagnostics);
        ident
    }

    /// Gives a token type the fields that stand elsewhere, in the place of those of the same name and of those that are `renamed`.
    pub(crate) fn add_fields(&mut self, ident: &str, fields: Vec<Field>, renamed: &[String]) {
        let Some((TypeDef::Struct(def), _)) = self.types.get_mut(ident) else {
            return;
        };
        if fields.is_empty() {
            return;
        }
        let is_replaced = |field: &Field| {
            let is_named = |other: &Field| other.wire == field.wire || other.ident == field.ident;
            renamed.contains(&field.wire) || fields.iter().any(is_named)
        };
        def.fields.retain(|field| !is_replaced(field));
        def.fields.extend(fields);
        sort(&mut def.fields);
    }
}

/// The type of a field that an RFC names, wherever the document has it.
pub(crate) fn field_type(wire: &str, kind: Option<Kind>) -> FieldType {
    match kind {
        None | Some(Kind::Text | Kind::Any) if credential::is_credential_field(wire) => {
            FieldType::Secret
        }
        Some(Kind::Text) => FieldType::Text,
        Some(Kind::Integer) => FieldType::Integer,
        Some(Kind::Number) => FieldType::Number,
        Some(Kind::Boolean) => FieldType::Boolean,
        Some(Kind::Object) => FieldType::Object,
        Some(Kind::List) if wire == "scope" => FieldType::List(Box::new(FieldType::Text)),
        Some(Kind::List) => FieldType::List(Box::new(FieldType::Any)),
        None if wire == "expires_in" => FieldType::Integer,
        None if ["scope", "token_type", "issued_token_type"].contains(&wire) => FieldType::Text,
        None | Some(Kind::Any) => FieldType::Any,
    }
}
