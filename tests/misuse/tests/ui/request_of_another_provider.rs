//! A client sends the requests of its own provider only.

fn main() -> Result<(), tokensmith_moov::Error> {
    let client =
        tokensmith_moov::blocking::Client::new(tokensmith_moov::Credentials::new("id", "secret"))?;
    let _ = client.send(tokensmith_workiva::ClientCredentials::new());
    Ok(())
}
