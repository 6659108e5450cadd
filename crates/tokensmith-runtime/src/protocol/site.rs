//! Who is asked and where.

use super::{Settings, address};
use crate::error::report::Report;
use crate::{Endpoint, Request};

/// The provider and the endpoint of a request, as errors name them.
#[derive(Clone, Copy)]
pub(super) struct Site<'a> {
    pub(super) settings: &'a Settings,
    pub(super) provider: &'a str,
    pub(super) endpoint: &'a Endpoint<'a>,
    pub(super) path: &'a str,
}

impl<'a> Site<'a> {
    pub(super) fn new<R: Request>(settings: &'a Settings, request: &'a R) -> Self {
        Self {
            settings,
            provider: settings.provider_name::<R::Provider>(),
            endpoint: request.endpoint(),
            path: request.path(),
        }
    }

    pub(super) fn name(&self, report: Report) -> Report {
        let address = address::address(self.settings, self.endpoint, self.path);
        report.at(self.provider, address)
    }
}

/// Returns what errors call the provider of a request: its name in the settings or in the document,
/// else the host of the endpoint.
pub fn provider_name<R: Request>(settings: &Settings, request: &R) -> String {
    let site = Site::new(settings, request);
    if !site.provider.is_empty() {
        return site.provider.to_owned();
    }
    let address = address::address(settings, site.endpoint, site.path);
    address.map_or_else(String::new, |address| address.host().to_owned())
}
