//! The handlers: random worlds whose every version can be asked for, a calculator, and a single store.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use restream::delta::Project as _;
use restream::{BigInt, Bytes, Ctx, Decimal, Duration, Fail, Level, Refused, Timestamp, Uuid, codec};

use crate::edits::{Random, shake};
use crate::generated::interop::v1::{
    CalculatorHandler, Glance, Item, Single, SingleHandler, Trouble, VaultHandler, World, WorldHandler, WorldKey,
    WorldNotedKey, WorldState,
};

/// What callers without a special token may see, and administrators.
pub const LEVELS: [Level; 2] = [Level(0), Level(100)];

/// Remembers the state at every version of every world.
#[derive(Clone, Debug, Default)]
pub struct Worlds {
    history: Arc<Mutex<BTreeMap<(String, u64), WorldState>>>,
    /// World and topic of keyed events that somebody listens to.
    topics: Arc<Mutex<BTreeSet<(String, String)>>>,
}

impl Worlds {
    fn remember(&self, world: &World) {
        // Versions grow by one per commit and commits of one world come from one task at a time (`shake`, `add`), so the
        // snapshot belongs to the version.
        let mut history = self.history.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        history.insert((world.key().name.clone(), world.version()), world.snapshot());
    }
}

fn level_of(ctx: &Ctx) -> Level {
    if ctx.principal().id() == "admin" { Level(100) } else { Level(0) }
}

/// The bytes of what a reader of this level holds. Read and written once more, because a struct that is not empty above the
/// level travels as an empty row, which a reader that writes it leaves out.
fn seen(state: &WorldState, level: Level) -> Bytes {
    let bytes = codec::encode_at(state, level);
    codec::decode::<WorldState>(&bytes).map_or(bytes, |seen| codec::encode(&seen))
}

impl WorldHandler for Worlds {
    async fn open(&self, key: &WorldKey) -> Result<WorldState, Refused> {
        if key.name == "missing" {
            return Err(Refused::not_found("there is no such world"));
        }
        let state = WorldState::default();
        let mut history = self.history.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        history.insert((key.name.clone(), 0), state.clone());
        Ok(state)
    }

    async fn level(&self, ctx: &Ctx, _: &WorldKey) -> Level {
        level_of(ctx)
    }

    async fn shake(&self, _: &Ctx, world: &World, seed: u64, count: u32) -> Result<u64, Refused> {
        let mut random = Random::new(seed);
        for _ in 0..count {
            world.update(|w| shake(w, &mut random))?;
            self.remember(world);
        }
        Ok(world.version())
    }

    async fn expected(&self, ctx: &Ctx, world: &World, version: u64) -> Result<Bytes, Refused> {
        let history = self.history.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let state = history.get(&(world.key().name.clone(), version));
        Ok(state.map(|state| seen(state, level_of(ctx))).unwrap_or_default())
    }

    async fn expected_glance(&self, ctx: &Ctx, world: &World, version: u64) -> Result<Bytes, Refused> {
        let history = self.history.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let state = history.get(&(world.key().name.clone(), version));
        let glance = state.map(|state| codec::encode_at(&Glance::project(state), level_of(ctx)));
        Ok(glance.unwrap_or_default())
    }

    async fn rename(&self, _: &Ctx, world: &World, title: String) -> Result<(), Refused> {
        world.update(|w| w.set_title(title))?;
        self.remember(world);
        Ok(())
    }

    async fn add(&self, _: &Ctx, world: &World, n: u32) -> Result<u64, Fail<Trouble>> {
        if n > 1000 {
            return Err(Trouble::TooMany { limit: 1000 }.into());
        }
        let counter = world.update(|w| {
            w.set_counter(w.counter + u64::from(n));
            w.counter
        })?;
        self.remember(world);
        Ok(counter)
    }

    async fn hang(&self, _: &Ctx, _: &World) -> Result<(), Refused> {
        std::future::pending().await
    }

    async fn crash(&self, _: &Ctx, _: &World) -> Result<(), Refused> {
        panic!("the handler was asked to panic")
    }

    async fn forbidden(&self, _: &Ctx, _: &World) -> Result<(), Refused> {
        Ok(())
    }

    async fn echo(
        &self,
        _: &Ctx,
        _: &World,
        text: String,
        data: Bytes,
        when: Timestamp,
        lapse: Duration,
        id: Uuid,
        big: BigInt,
        price: Decimal<10, 2>,
        maybe: Option<u64>,
    ) -> Result<String, Refused> {
        let data: Vec<u8> = data.to_vec();
        Ok(format!("{text}|{data:?}|{}|{}|{id}|{big}|{price}|{maybe:?}", when.as_millis(), lapse.as_micros()))
    }

    async fn noted_started(&self, world: &World, key: &WorldNotedKey) {
        let mut topics = self.topics.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        topics.insert((world.key().name.clone(), key.topic.clone()));
    }

    async fn noted_stopped(&self, world: &World, key: &WorldNotedKey) {
        let mut topics = self.topics.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        topics.remove(&(world.key().name.clone(), key.topic.clone()));
    }

    async fn note(&self, _: &Ctx, world: &World, topic: String, text: String, item: Item) -> Result<(), Refused> {
        world.emit_noted(&WorldNotedKey { topic }, text, item);
        Ok(())
    }

    async fn topics(&self, _: &Ctx, world: &World) -> Result<Vec<String>, Refused> {
        let topics = self.topics.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let here = topics.iter().filter(|(name, _)| *name == world.key().name);
        Ok(here.map(|(_, topic)| topic.clone()).collect())
    }

    async fn poke(&self, _: &Ctx, world: &World, n: u32) {
        world.emit_poked(n, world.version());
    }
}

/// The service without state.
///
/// A handler that leaves a method out does not compile:
///
/// ```compile_fail,E0046
/// use interop::generated::interop::v1::CalculatorHandler;
/// use restream::{Ctx, Refused};
///
/// struct Half;
///
/// impl CalculatorHandler for Half {
///     async fn add(&self, _: &Ctx, a: i32, b: i32) -> Result<i32, Refused> {
///         Ok(a + b)
///     }
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Sums;

impl CalculatorHandler for Sums {
    async fn add(&self, _: &Ctx, a: i32, b: i32) -> Result<i32, Refused> {
        a.checked_add(b).ok_or_else(|| Refused::invalid("the sum is too large"))
    }

    async fn fail(&self, _: &Ctx, limit: u32) -> Result<(), Fail<Trouble>> {
        Err(Trouble::TooMany { limit }.into())
    }
}

/// What only administrators may open.
#[derive(Clone, Copy, Debug)]
pub struct Guarded;

impl VaultHandler for Guarded {
    async fn level(&self, ctx: &Ctx) -> Level {
        level_of(ctx)
    }
}

/// The store without a key.
#[derive(Clone, Copy, Debug)]
pub struct One;

impl SingleHandler for One {
    async fn bump(&self, _: &Ctx, single: &Single) -> Result<u64, Refused> {
        single.update(|s| {
            s.set_counter(s.counter + 1);
            s.counter
        })
    }
}
