//! The command as a script sees it: arguments and environment in; output, errors and exit code out.

mod any_server;
mod check;
#[cfg(target_os = "linux")]
mod completions;
mod connector;
mod connector_page;
mod destination;
mod dpop;
mod echoed;
#[cfg(unix)]
mod examples;
mod failure;
mod failure_body;
mod generate;
mod held;
mod hostile;
mod jwks;
#[cfg(unix)]
mod kept;
#[cfg(unix)]
mod login;
mod mock;
mod odd_documents;
mod plain_http;
mod providers;
mod run;
mod server_variables;
mod shown;
#[cfg(target_os = "linux")]
mod terminal;
mod token;
mod usage;
mod verbose;
