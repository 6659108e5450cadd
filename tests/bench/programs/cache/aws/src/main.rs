//! The identity cache of the AWS SDK, with a resolver that asks the provider.

use std::time::SystemTime;

use aws_smithy_async::rt::sleep::TokioSleep;
use aws_smithy_async::time::SystemTimeSource;
use aws_smithy_runtime::client::identity::IdentityCache;
use aws_smithy_runtime_api::client::identity::http::Token;
use aws_smithy_runtime_api::client::identity::{
    Identity, IdentityFuture, ResolveCachedIdentity as _, ResolveIdentity, SharedIdentityCache,
    SharedIdentityResolver,
};
use aws_smithy_runtime_api::client::runtime_components::{
    RuntimeComponents, RuntimeComponentsBuilder,
};
use aws_smithy_types::config_bag::ConfigBag;
use measure::{Cache, Failure, LIFETIME, Provider, TOKEN};

fn main() -> Result<(), Failure> {
    measure::run::<Aws>()
}

struct Aws {
    cache: SharedIdentityCache,
    resolver: SharedIdentityResolver,
    components: RuntimeComponents,
    settings: ConfigBag,
}

impl Cache for Aws {
    async fn empty(provider: &Provider) -> Result<Self, Failure> {
        Ok(Self {
            cache: IdentityCache::lazy().build(),
            resolver: SharedIdentityResolver::new(Resolver(provider.clone())),
            components: RuntimeComponentsBuilder::for_tests()
                .with_sleep_impl(Some(TokioSleep::new()))
                .with_time_source(Some(SystemTimeSource::new()))
                .build()?,
            settings: ConfigBag::base(),
        })
    }

    async fn read(&self) -> Result<usize, Failure> {
        let resolver = self.resolver.clone();
        let identity = self
            .cache
            .resolve_cached_identity(resolver, &self.components, &self.settings)
            .await?;
        let token = identity
            .data::<Token>()
            .ok_or("an identity of another kind")?;
        Ok(token.token().len())
    }
}

#[derive(Debug)]
struct Resolver(Provider);

impl ResolveIdentity for Resolver {
    fn resolve_identity<'a>(
        &'a self,
        _components: &'a RuntimeComponents,
        _settings: &'a ConfigBag,
    ) -> IdentityFuture<'a> {
        IdentityFuture::new(async {
            self.0.response().await;
            let expiration = SystemTime::now().checked_add(LIFETIME);
            Ok(Identity::new(Token::new(TOKEN, expiration), expiration))
        })
    }
}
