//! `token-use`: where requests to the API carry the token.

use tokensmith_cache::{TokenHeader, TokenSource};
use tokensmith_description::Shelves;
use tokensmith_runtime::{Any, Client, Credentials, EndpointKind, TokenRequest};
use tokensmith_tests::strict_server::ServerResponse;

use super::{World, model};

/// Where a source of the endpoint with this path has requests carry the token.
fn header(path: &str, own: Option<TokenHeader>) -> TokenHeader {
    let shelves: &'static Shelves<'static> = Box::leak(Box::default());
    let document: &'static _ = Box::leak(Box::new(model("token-use")));
    let description = document.describe(shelves);
    let mut endpoints = description.endpoints().iter();
    let endpoint = endpoints.find(|endpoint| endpoint.paths() == [path]);
    let endpoint = endpoint.expect("the fixture has such an endpoint");
    assert_eq!(endpoint.kind(), EndpointKind::Token);
    let world = World::new("token-use", [ServerResponse::new(500)]);
    let credentials = Credentials::new("id", "secret");
    let client = Client::<Any>::for_server(world.url(), credentials).expect("a client");
    let request = TokenRequest::new(endpoint, endpoint.operations()[0]);
    let mut options = tokensmith_cache::Options::default();
    if let Some(own) = own {
        options = options.header(own);
    }
    let builder = TokenSource::builder(&client)
        .grant(request)
        .options(options);
    builder.build().expect("a source").header().clone()
}

#[test]
fn a_source_takes_it_from_the_document() {
    let shopify = TokenHeader::new("X-Shopify-Access-Token", "{token}").expect("a header");
    assert_eq!(header("/oauth/access_token", None), shopify);
    assert_eq!(header("/oauth/other_access_token", None), shopify);
    let query = TokenHeader::in_query("access_token").expect("a parameter");
    assert_eq!(header("/oauth/query_access_token/v2", None), query);
    // What the caller says counts.
    let own = TokenHeader::default();
    assert_eq!(header("/oauth/access_token", Some(own.clone())), own);
}
