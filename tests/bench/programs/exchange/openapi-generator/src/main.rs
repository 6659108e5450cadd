//! One token exchange with the client that openapi-generator makes of Moov's document.

use std::error::Error;

use openapi::apis::configuration::Configuration;
use openapi::apis::o_auth_api::create_access_token;
use openapi::models::GrantType;

fn main() -> Result<(), Box<dyn Error>> {
    let configuration = Configuration {
        base_path: measure::server()?,
        basic_auth: Some((
            measure::CLIENT_ID.to_owned(),
            Some(measure::CLIENT_SECRET.to_owned()),
        )),
        ..Configuration::default()
    };
    measure::rounds(async || {
        let grant_type = GrantType::ClientCredentials;
        let scope = Some(measure::SCOPE);
        let token =
            create_access_token(&configuration, grant_type, None, None, None, scope, None).await?;
        Ok(u64::try_from(token.expires_in)?)
    })
}
