//! Random commits, readers that come and go, and plain vectors that say what is right.

use std::sync::Arc;
use std::time::Instant;

use proptest::prelude::*;
use restream::codec::{decode, encode_at};
use restream::delta::Delta;
use restream::store::{Resume, Step, Store, StoreLimits, View};

use super::{ADMIN, PUBLIC, Replica, view};
use crate::edits::{CANARY, Edit, Plain, edit, folder, record, scripts};
use crate::sample::Folder;

/// How a script becomes a commit.
#[derive(Clone, Copy, Debug)]
enum Way {
    Draft,
    Patch,
    Replace,
    Fail,
}

fn way() -> impl Strategy<Value = Way> {
    prop_oneof![4 => Just(Way::Draft), 3 => Just(Way::Patch), 3 => Just(Way::Replace), 1 => Just(Way::Fail)]
}

fn commit(store: &Store<Folder>, script: &[Edit], way: Way) {
    let run = |fail: bool| {
        store.try_update(|draft| {
            script.iter().for_each(|change| edit(draft, change));
            if fail { Err(restream::Refused::denied("")) } else { Ok(()) }
        })
    };
    let old = store.snapshot();
    match way {
        Way::Draft => assert_eq!(run(false), Ok(())),
        Way::Fail => assert!(run(true).is_err()),
        Way::Patch => {
            let (new, mut patch) = record(&old, script);
            Folder::prune(&mut patch, &old, &new);
            assert_eq!(store.patch(patch), Ok(()));
        }
        Way::Replace => {
            let (new, _) = record(&old, script);
            assert_eq!(store.replace(Plain::from(&new).to_folder()), Ok(()));
        }
    }
}

/// What a reader of the level should hold.
fn seen(view: &dyn View, plain: &Plain) -> Plain {
    if view.level() < ADMIN { plain.clone().without_secrets() } else { plain.clone() }
}

fn hides_secrets(bytes: &[u8]) -> bool {
    !bytes.windows(CANARY.len()).any(|window| window == CANARY.as_bytes())
}

proptest! {
    #![proptest_config(crate::cases(96))]

    /// The state is what the edits say, a commit that changed nothing is none, and every reader, whenever it came and
    /// however far it fell behind, ends with what its level may see.
    #[test]
    fn readers_end_with_the_state(
        start in folder(),
        commits in scripts(12),
        ways in proptest::collection::vec(way(), 12),
        steps in proptest::collection::vec(0..4_usize, 12),
        log_versions in prop_oneof![Just(3_usize), Just(4_096)],
    ) {
        let limits = StoreLimits { log_versions, ..StoreLimits::default() };
        let store = Store::with_limits(start.clone(), limits, Instant::now).unwrap();
        let mut plain = Plain::from(&start);
        let mut readers: Vec<Replica<Folder>> = Vec::new();
        for ((script, way), steps) in commits.iter().zip(ways).zip(steps) {
            readers.extend([PUBLIC, ADMIN].map(|level| Replica::join(view(&store, level))));
            let before = (store.version(), plain.clone());
            if !matches!(way, Way::Fail) {
                script.iter().for_each(|change| plain.edit(change));
            }
            commit(&store, script, way);
            prop_assert_eq!(&Plain::from(&store.snapshot()), &plain);
            prop_assert_eq!(store.version(), before.0 + u64::from(before.1 != plain));
            for reader in &mut readers {
                for _ in 0..steps {
                    reader.step();
                }
            }
        }
        for mut reader in readers {
            reader.follow();
            prop_assert_eq!(reader.version, store.version());
            prop_assert_eq!(Plain::from(&reader.state), seen(&*reader.view, &plain));
        }
    }

    /// Any version that a reader ever held can be resumed from, without a mixture or a secret.
    #[test]
    fn any_version_can_be_resumed(start in folder(), commits in scripts(10)) {
        let store = Store::new(start).unwrap();
        let public = view(&store, PUBLIC);
        let mut held: Vec<(u64, Folder)> = Vec::new();
        for script in &commits {
            held.push((store.version(), decode(&encode_at(&store.snapshot(), PUBLIC)).unwrap()));
            commit(&store, script, Way::Draft);
        }
        let wanted = Plain::from(&store.snapshot()).without_secrets();
        prop_assert!(hides_secrets(&public.snapshot().1));
        for (version, state) in held {
            let may = public.resume(store.epoch(), version);
            let mut reader = Replica { view: Arc::clone(&public), version, state };
            if let Step::Delta { frame, .. } = public.next(version) {
                prop_assert!(hides_secrets(frame.bytes()));
            }
            prop_assert_eq!(may == Resume::Resumed, !matches!(public.next(version), Step::Reset(_)));
            reader.follow();
            prop_assert_eq!(Plain::from(&reader.state), wanted.clone());
        }
    }
}
