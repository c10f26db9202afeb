//! The laws of projections: a view ends with the projection of what its store holds, whatever happens to that store.

use interop::edits::{Random, shake};
use interop::generated::interop::v1::{Glance, Item, WorldState, WorldStatePatch};
use restream::Level;
use restream::codec::{decode, encode_at};
use restream::delta::{Delta, Partial, Project, decode_patch, encode_patch};
use restream::store::{Step, Store, View};

const PUBLIC: Level = Level(0);
const ADMIN: Level = Level(100);

/// A seed of the run: fixed where the suite's property tests are, else a new one each time.
fn seed() -> u64 {
    let fixed = std::env::var("PROPTEST_RNG_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = fixed.unwrap_or_else(|| std::process::id().into());
    println!("PROPTEST_RNG_SEED={seed}");
    seed
}

/// The value as readers of a level hold it.
fn seen(glance: &Glance, level: Level) -> Glance {
    decode(&encode_at(glance, level)).expect("what is encoded decodes")
}

/// project(apply(a, d)) = apply(project(a), project(d)), also for what travels, at every level.
#[test]
fn projecting_and_applying_commute() {
    let mut random = Random::new(seed());
    let mut state = WorldState::default();
    for _ in 0..4_000 {
        let mut new = state.clone();
        let mut patch = Default::default();
        shake(&mut WorldState::draft(&mut new, Some(&mut patch)), &mut random);
        new.settle(&mut patch);
        WorldState::prune(&mut patch, &state, &new);
        let projected = Glance::project_patch(&patch);
        for level in [PUBLIC, ADMIN] {
            let mut glance = seen(&Glance::project(&state), level);
            if let Some(bytes) = encode_patch::<Glance>(&projected, level) {
                let patch = decode_patch::<Glance>(&bytes).expect("what is encoded decodes");
                glance.apply(&patch).expect("it fits what the reader holds");
            }
            assert_eq!(glance, seen(&Glance::project(&new), level), "{patch:?}");
        }
        state = new;
    }
}

/// A struct that holds nothing but what a reader may not see looks to it like one that holds nothing, in rows and deltas.
#[test]
fn what_is_hidden_in_a_struct_does_not_show_that_it_is_there() {
    let hidden = || Item { note: Some("only for administrators".into()), ..Item::default() };
    let (nothing, secret) = (WorldState::default(), WorldState { first: hidden(), ..WorldState::default() });
    assert_eq!(encode_at(&secret, PUBLIC), encode_at(&nothing, PUBLIC));
    assert_ne!(encode_at(&secret, ADMIN), encode_at(&nothing, ADMIN));
    let set = |first: Item| encode_patch::<WorldState>(&WorldStatePatch::new().first(first), PUBLIC);
    assert_eq!(set(hidden()), set(Item::default()));
    let named = Item { name: "seen".into(), ..hidden() };
    assert_ne!(set(named), set(Item::default()));
}

/// A reader of a view: what it holds, and at which version.
struct Reader {
    view: std::sync::Arc<dyn View>,
    version: u64,
    value: Glance,
}

impl Reader {
    fn join(store: &Store<WorldState>, level: Level) -> Self {
        let view = store.projection::<Glance>(level, &|| Box::new(7_u32));
        let (version, bytes) = view.snapshot();
        Self { view, version, value: decode(&bytes).expect("a snapshot decodes") }
    }

    /// Takes all steps there are.
    fn follow(&mut self) {
        loop {
            match self.view.next(self.version) {
                Step::UpToDate => return,
                Step::Advance { to } => self.version = to,
                Step::Delta { to, frame } => {
                    let patch = decode_patch::<Glance>(&frame.delta()).expect("a delta decodes");
                    self.value.apply(&patch).expect("it fits what the reader holds");
                    self.version = to;
                }
                Step::Reset(_) => {
                    let (version, bytes) = self.view.snapshot();
                    (self.version, self.value) = (version, decode(&bytes).expect("a snapshot decodes"));
                }
            }
        }
    }
}

/// snapshot(v) + deltas = project(state), for readers who look after each commit, now and then, and who come later.
#[test]
fn readers_end_with_the_projection() {
    let mut random = Random::new(seed() ^ 1);
    let store = Store::new(WorldState::default()).expect("an empty state is small");
    let mut readers = vec![Reader::join(&store, PUBLIC), Reader::join(&store, ADMIN)];
    for round in 0..1_500 {
        store.update(|world| shake(world, &mut random)).expect("the state stays small");
        if round % 100 == 99 {
            readers.push(Reader::join(&store, [PUBLIC, ADMIN][round / 100 % 2]));
        }
        let n_readers = readers.len();
        for reader in &mut readers {
            if random.below(n_readers) > 1 {
                continue;
            }
            reader.follow();
            assert_eq!(reader.version, store.version());
            assert_eq!(reader.value, seen(&store.read(Glance::project), reader.view.level()));
        }
    }
}

/// A commit beside what is shown is a step without bytes; a view and its store do not share frames.
#[test]
fn what_a_view_does_not_show_is_silent() {
    let store = Store::new(WorldState::default()).expect("an empty state is small");
    let glance = store.projection::<Glance>(PUBLIC, &|| Box::new(1_u32));
    let world = store.view(PUBLIC, &|| Box::new(2_u32));
    let same = store.projection::<Glance>(PUBLIC, &|| Box::new(3_u32));
    assert_eq!((glance.number(), world.number(), same.number()), (1, 2, 1));
    store.update(|world| world.set_title("unseen".into())).expect("small");
    store.update(|world| world.rows_mut().push(Default::default())).expect("small");
    store.update(|world| world.rows_mut().get_mut(0).expect("just pushed").set_name("unseen".into())).expect("small");
    store.update(|world| world.set_secret(Some("unseen".into()))).expect("small");
    assert_eq!(glance.next(0), Step::Advance { to: 1 });
    assert!(matches!(world.next(0), Step::Delta { to: 1, .. }));
    assert!(matches!(glance.next(1), Step::Delta { to: 2, .. }));
    // A field of an element that is not shown, and one that this level may not see.
    assert_eq!(glance.next(2), Step::Advance { to: 4 });
    assert!(matches!(world.next(2), Step::Delta { to: 3, .. }));
}
