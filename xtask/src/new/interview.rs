//! The questions that decide about a provider, in order.

#[cfg(test)]
mod tests;

use std::io::{BufRead, Write};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokensmith_author::template::{
    Grant, Open, Template, check_docs, check_endpoint, check_title, read_server, short_names,
    suggested_title,
};
use tokensmith_codegen::model::{ClientAuth, CodeChallengeMethod, Rotation};

use super::dialog::{Answer, Dialog, Question};
use super::values;
use crate::options::Arguments;

/// Who asks, what was given beforehand, and what is left open.
struct Interview<'a, I, O> {
    dialog: Dialog<I, O>,
    arguments: &'a Arguments,
    open: Vec<Open>,
}

/// Asks all that has to be known of a provider.
pub(super) fn interview<I: BufRead, O: Write>(
    dialog: Dialog<I, O>,
    arguments: &Arguments,
    name: &str,
) -> Result<Template, String> {
    let mut interview = Interview {
        dialog,
        arguments,
        open: Vec::new(),
    };
    let suggested = suggested_title(name);
    let title = interview.ask("display name", "--title", Some(&suggested), |title| {
        check_title(title).map(|()| title.to_owned())
    })?;
    let token_url = interview.ask("token endpoint (https://...)", "--token-url", None, |url| {
        check_endpoint(url).map(|()| url.to_owned())
    })?;
    let servers = arguments.all("--server").into_iter().map(|server| {
        read_server(&server, &token_url.value).map_err(|fault| format!("--server: {fault}"))
    });
    let servers = servers.collect::<Result<_, _>>()?;
    let grants = interview.grants()?;
    let mut template = Template {
        title: title.value,
        token_url: token_url.value,
        authorization_url: None,
        device_url: None,
        revocation_url: None,
        introspection_url: None,
        servers,
        grants,
        client_auth: ClientAuth::Basic,
        json: false,
        scope_separator: ' ',
        response_scope_separator: ' ',
        lifetime: 0,
        rotation: Rotation::Sometimes,
        code_challenge: CodeChallengeMethod::S256,
        docs: None,
        date: Timestamp::now().to_zoned(TimeZone::UTC).date().to_string(),
        open: Vec::new(),
    };
    interview.endpoints(&mut template)?;
    interview.client(&mut template)?;
    interview.tokens(&mut template)?;
    let docs = interview.ask(
        "page of the provider's documentation (https://..., or nothing)",
        "--docs",
        Some(""),
        |docs| {
            let docs = Some(docs).filter(|docs| !docs.is_empty());
            docs.map_or(Ok(()), check_docs)?;
            Ok(docs.map(str::to_owned))
        },
    )?;
    template.docs = docs.value;
    template.open = interview.open;
    // Nobody is asked for each of them: the document has those of the RFC to begin with.
    template.open.push(Open::Errors);
    Ok(template)
}

impl<I: BufRead, O: Write> Interview<'_, I, O> {
    fn ask<T>(
        &mut self,
        text: &str,
        option: &str,
        default: Option<&str>,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Result<Answer<T>, String> {
        let question = Question {
            text,
            option,
            default,
        };
        let given = self.arguments.one(option)?;
        self.dialog.ask(&question, given.as_deref(), read)
    }

    /// An answer whose default is a question in the document.
    fn ask_or_mark<T>(
        &mut self,
        open: Open,
        text: &str,
        option: &str,
        default: &str,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Result<T, String> {
        let answer = self.ask(text, option, Some(default), read)?;
        if !answer.is_given {
            self.open.push(open);
        }
        Ok(answer.value)
    }

    fn grants(&mut self) -> Result<Vec<Grant>, String> {
        let known: Vec<String> = short_names().collect();
        let text = format!(
            "grants, separated by commas: {}, a URI, or a provider's own name",
            known.join(", ")
        );
        let question = Question {
            text: &text,
            option: "--grant",
            default: Some("client_credentials"),
        };
        let given = self.arguments.all("--grant");
        let given = (!given.is_empty()).then(|| given.join(","));
        let answer = self
            .dialog
            .ask(&question, given.as_deref(), values::grants)?;
        if !answer.is_given {
            self.open.push(Open::Grants);
        }
        let mut grants = answer.value;
        let mut parameters = self.arguments.all("--param");
        let is_asked = parameters.is_empty() && self.dialog.is_terminal;
        for grant in &grants {
            if grant.is_own() && is_asked {
                let text = format!(
                    "parameters of {}, separated by commas, `?` after those that may be absent",
                    grant.value
                );
                let value = grant.value.clone();
                let question = Question {
                    text: &text,
                    option: "--param",
                    default: Some(""),
                };
                let asked = self.dialog.ask(&question, None, |text| {
                    let names = text.split([' ', ',']).filter(|name| !name.is_empty());
                    let names: Vec<String> = names.map(|name| format!("{value}={name}")).collect();
                    values::add_parameters(&mut [Grant::new(value.as_str())], &names)
                        .map(|()| names)
                })?;
                parameters.extend(asked.value);
            }
        }
        values::add_parameters(&mut grants, &parameters)
            .map_err(|fault| format!("--param: {fault}"))?;
        Ok(grants)
    }

    /// The other endpoints. Asked for are those that a grant needs.
    fn endpoints(&mut self, template: &mut Template) -> Result<(), String> {
        let has = |grant: &str| {
            let value = values::grants(grant).unwrap_or_default();
            value.iter().any(|grant| {
                template
                    .grants
                    .iter()
                    .any(|other| other.value == grant.value)
            })
        };
        let (has_code, has_device) = (has("authorization_code"), has("device_code"));
        template.authorization_url =
            self.url("authorization endpoint", "--authorization-url", has_code)?;
        template.device_url =
            self.url("device authorization endpoint", "--device-url", has_device)?;
        template.revocation_url = self.url("revocation endpoint", "--revocation-url", false)?;
        template.introspection_url =
            self.url("introspection endpoint", "--introspection-url", false)?;
        Ok(())
    }

    fn url(&mut self, text: &str, option: &str, is_asked: bool) -> Result<Option<String>, String> {
        if !is_asked && self.arguments.one(option)?.is_none() {
            return Ok(None);
        }
        let text = format!("{text} (https://..., or nothing)");
        let answer = self.ask(&text, option, Some(""), |url| match url {
            "" => Ok(None),
            url => check_endpoint(url).map(|()| Some(url.to_owned())),
        })?;
        Ok(answer.value)
    }

    fn client(&mut self, template: &mut Template) -> Result<(), String> {
        let known: Vec<&str> = ClientAuth::ALL
            .iter()
            .map(|method| method.as_str())
            .collect();
        let text = format!("client authentication: {}", known.join(", "));
        template.client_auth = self.ask_or_mark(
            Open::ClientAuth,
            &text,
            "--client-auth",
            "basic",
            values::client_auth,
        )?;
        let encoding = [("form", ClientAuth::Basic), ("raw", ClientAuth::BasicRaw)];
        if template.client_auth == ClientAuth::Basic {
            template.client_auth = self.ask_or_mark(
                Open::BasicEncoding,
                "HTTP Basic is form-decoded (form, RFC 6749 section 2.3.1) or taken as it is (raw)",
                "--basic-encoding",
                "form",
                |text| values::choice(text, &encoding),
            )?;
        } else if self.arguments.one("--basic-encoding")?.is_some() {
            return Err(format!(
                "--basic-encoding is for `--client-auth basic`, not for `{}`",
                template.client_auth.as_str()
            ));
        }
        template.json = self.ask_or_mark(
            Open::Format,
            "requests are form or json",
            "--format",
            "form",
            |text| values::choice(text, &[("form", false), ("json", true)]),
        )?;
        Ok(())
    }

    /// What is said of scopes, lifetimes, rotation and PKCE, where there is such a thing.
    fn tokens(&mut self, template: &mut Template) -> Result<(), String> {
        if template.has_scopes() || self.arguments.one("--scope-separator")?.is_some() {
            template.scope_separator = self.ask_or_mark(
                Open::ScopeSeparator,
                "between scopes: space, comma, or another character",
                "--scope-separator",
                "space",
                values::separator,
            )?;
        }
        let of_responses = self.arguments.one("--response-scope-separator")?;
        let of_responses_is_open = of_responses.is_none();
        template.response_scope_separator = match of_responses {
            Some(text) => values::separator(&text)
                .map_err(|fault| format!("--response-scope-separator: {fault}"))?,
            None => template.scope_separator,
        };
        if of_responses_is_open && template.scope_separator != ' ' {
            self.open.push(Open::ResponseScopeSeparator);
        }
        template.lifetime = self.ask_or_mark(
            Open::Lifetime,
            "access tokens live (seconds, or such as 60m, 24h, 90d)",
            "--lifetime",
            "3600",
            values::lifetime,
        )?;
        let has_refresh = template
            .grants
            .iter()
            .any(|grant| grant.value == "refresh_token");
        if has_refresh {
            let choices = Rotation::ALL.iter().map(|one| (one.as_str(), *one));
            let choices: Vec<(&str, Rotation)> = choices.collect();
            template.rotation = self.ask_or_mark(
                Open::Rotation,
                "a refresh replaces the refresh token: never, always, sometimes",
                "--rotation",
                "sometimes",
                |text| values::choice(text, &choices),
            )?;
        } else if self.arguments.one("--rotation")?.is_some() {
            return Err(
                "--rotation is for the grant refresh_token, which --grant does not name".to_owned(),
            );
        }
        if template.authorization_url.is_some() {
            let choices = CodeChallengeMethod::ALL
                .iter()
                .map(|one| (one.as_str(), *one));
            let choices: Vec<(&str, CodeChallengeMethod)> = choices.collect();
            template.code_challenge = self.ask_or_mark(
                Open::CodeChallenge,
                "code challenge (RFC 7636): S256, plain, none",
                "--code-challenge",
                "S256",
                |text| values::choice(text, &choices),
            )?;
        } else if self.arguments.one("--code-challenge")?.is_some() {
            return Err(
                "--code-challenge is for an authorization endpoint: give --authorization-url"
                    .to_owned(),
            );
        }
        Ok(())
    }
}
