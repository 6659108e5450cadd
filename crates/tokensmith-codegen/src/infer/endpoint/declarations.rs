//! What an endpoint takes, by its security schemes and its parameters.

use super::Builder;
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::infer::declaration::{self, Declarations};
use crate::infer::example;
use crate::infer::runtime_parameters::RuntimeParameters;
use crate::infer::security::{self, Scheme};
use crate::model::EndpointKind;
use crate::openapi::site::Site;

impl<'a> Builder<'_, 'a> {
    /// What the security schemes ask for.
    pub(super) fn alternatives(&self, diagnostics: &mut Diagnostics) -> Vec<Vec<Scheme<'a>>> {
        let method = self.site.extension.client_auth.method;
        // Of what the extension says nothing has to be guessed.
        let mut unsaid = diagnostics.aside();
        let diagnostics = if method.is_some() {
            &mut unsaid
        } else {
            diagnostics
        };
        security::alternatives(self.context, self.operation, self.site, diagnostics)
    }

    /// What the operation takes, and what the runtime sends of it.
    pub(super) fn declarations(
        &self,
        kind: EndpointKind,
        alternatives: &[Vec<Scheme<'a>>],
        diagnostics: &mut Diagnostics,
    ) -> (RuntimeParameters<'a>, Declarations<'a>) {
        let site = self.site;
        let read = |runtime, diagnostics: &mut Diagnostics| {
            let of = (self.item, self.operation);
            let mut found =
                declaration::declarations(self.context.api, of, (runtime, site), diagnostics);
            found.complete_path(site);
            found.examples = example::bodies(self.context, site);
            if kind != EndpointKind::Authorization {
                for (name, key) in security::keys(alternatives, site, diagnostics) {
                    found.add(name, key);
                }
            }
            if runtime.takes_credential()
                && let Some(credential) = security::credential(alternatives, site, diagnostics)
            {
                found.add(security::AUTHORIZATION, credential);
            }
            found
        };
        let standard = RuntimeParameters::new(kind, site);
        let mut found = diagnostics.aside();
        let declarations = read(standard, &mut found);
        let otherwise = match kind {
            EndpointKind::Authorization => None,
            _ => standard.written_otherwise(site, &declarations),
        };
        let Some(runtime) = otherwise else {
            diagnostics.extend(found);
            return (standard, declarations);
        };
        diagnostics.push(renamed(&runtime.renamed(&standard), site));
        (runtime, read(runtime, diagnostics))
    }
}

/// That parameters are the runtime's which are not called as RFC 6749 calls them.
fn renamed(names: &[(&str, &str)], site: &Site) -> Diagnostic {
    let names: Vec<String> = names
        .iter()
        .map(|(own, name)| format!("`{}` for `{own}`", name.escape_debug()))
        .collect();
    let message = format!("by their names, the client sends {}", names.join(" and "));
    Diagnostic::new(Rule::Inferred, &site.pointer, message).help(
        "say which parameters they are:\n\
         x-tokensmith: {grant-type-parameter: .., client-auth: {client-id: .., client-secret: ..}}",
    )
}
