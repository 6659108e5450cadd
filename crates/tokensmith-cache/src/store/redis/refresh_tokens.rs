//! Refresh tokens in Redis.

use std::sync::LazyLock;
use std::time::Duration;

use redis::aio::ConnectionLike;
use redis::{FromRedisValue, Script};

use super::{RedisStore, is_gone, mark, milliseconds, store_error};
use crate::{
    BeginSection, Begun, RefreshTokenStore, Saved, Section, StoreError, StoreFuture, StoreName,
};

static BEGIN: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("refresh/begin.lua")));
static CONFIRM: LazyLock<Script> =
    LazyLock::new(|| Script::new(include_str!("refresh/confirm.lua")));
static SAVE: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("refresh/save.lua")));
static END: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("refresh/end.lua")));
static PUT: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("refresh/put.lua")));
static DELETE: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("refresh/delete.lua")));

/// What `begin.lua` returns: what it did, the section, how many milliseconds it lasts, the value, the section that was confirmed.
type BeginReply = (String, u64, u64, Option<Vec<u8>>, Option<u64>);

impl<C: ConnectionLike + Clone + Send + Sync + 'static> RedisStore<C> {
    async fn entry<T: FromRedisValue + Send>(
        self,
        script: &'static Script,
        name: StoreName,
        arguments: Vec<Vec<u8>>,
    ) -> Result<T, StoreError> {
        let mut invocation = script.prepare_invoke();
        invocation.key(format!("{}:refresh", self.tag(&name)));
        for argument in arguments {
            invocation.arg(argument);
        }
        self.invoke(&invocation).await
    }

    async fn begin_section(
        self,
        name: StoreName,
        duration: Duration,
    ) -> Result<BeginSection, StoreError> {
        let arguments = vec![number(milliseconds(duration)), mark()?.to_vec()];
        let (what, section, remaining, value, unsaved): BeginReply =
            self.entry(&BEGIN, name, arguments).await?;
        let section = Section(section);
        match what.as_str() {
            "begun" => Ok(BeginSection::Begun(Begun {
                section,
                value,
                unsaved: unsaved.map(Section),
            })),
            "held" => Ok(BeginSection::Held {
                section,
                remaining: Duration::from_millis(remaining),
            }),
            _ => Err(StoreError::new(
                "Redis: the script returned what it never returns",
            )),
        }
    }

    async fn save_value(
        self,
        name: StoreName,
        section: Section,
        value: Vec<u8>,
    ) -> Result<Saved, StoreError> {
        let arguments = vec![number(section.0), value];
        let (saved, value): (bool, Option<Vec<u8>>) = self.entry(&SAVE, name, arguments).await?;
        Ok(if saved {
            Saved::Saved
        } else {
            Saved::Lost(value)
        })
    }

    async fn load_value(self, name: StoreName) -> Result<Option<Vec<u8>>, StoreError> {
        let mut load = redis::cmd("HGET");
        load.arg(format!("{}:refresh", self.tag(&name)))
            .arg("value");
        let mut connection = self.connection.clone();
        match load.query_async(&mut connection).await {
            Err(error) if is_gone(&error) => load.query_async(&mut connection).await,
            outcome => outcome,
        }
        .map_err(store_error)
    }

    async fn end_section(self, name: StoreName, section: Section) -> Result<(), StoreError> {
        self.entry(&END, name, vec![number(section.0)]).await
    }
}

impl<C: ConnectionLike + Clone + Send + Sync + 'static> RefreshTokenStore for RedisStore<C> {
    fn load<'a>(&'a self, entry: &'a StoreName) -> StoreFuture<'a, Option<Vec<u8>>> {
        self.run(self.clone().load_value(entry.clone()))
    }

    fn begin<'a>(
        &'a self,
        entry: &'a StoreName,
        duration: Duration,
    ) -> StoreFuture<'a, BeginSection> {
        let begin = self.clone().begin_section(entry.clone(), duration);
        let (store, name) = (self.clone(), entry.clone());
        self.run_or_undo(begin, async move |undelivered| {
            if let BeginSection::Begun(begun) = undelivered {
                // Where this fails, the section ends by itself.
                drop(store.end_section(name, begun.section).await);
            }
        })
    }

    fn confirm<'a>(
        &'a self,
        entry: &'a StoreName,
        section: Section,
        duration: Duration,
    ) -> StoreFuture<'a, bool> {
        let arguments = vec![number(section.0), number(milliseconds(duration))];
        self.run(self.clone().entry(&CONFIRM, entry.clone(), arguments))
    }

    fn save<'a>(
        &'a self,
        entry: &'a StoreName,
        section: Section,
        value: &'a [u8],
    ) -> StoreFuture<'a, Saved> {
        let store = self.clone();
        self.run(store.save_value(entry.clone(), section, value.to_vec()))
    }

    fn end<'a>(&'a self, entry: &'a StoreName, section: Section) -> StoreFuture<'a, ()> {
        self.run(self.clone().end_section(entry.clone(), section))
    }

    fn put<'a>(&'a self, entry: &'a StoreName, value: &'a [u8]) -> StoreFuture<'a, ()> {
        let (store, name, value) = (self.clone(), entry.clone(), value.to_vec());
        self.run(async move { store.entry(&PUT, name, vec![mark()?.to_vec(), value]).await })
    }

    fn delete<'a>(&'a self, entry: &'a StoreName) -> StoreFuture<'a, Option<Vec<u8>>> {
        let (store, name) = (self.clone(), entry.clone());
        self.run(async move { store.entry(&DELETE, name, vec![mark()?.to_vec()]).await })
    }

    fn needs_tokio(&self) -> bool {
        self.needs_its_runtime()
    }
}

fn number(number: u64) -> Vec<u8> {
    number.to_string().into_bytes()
}
