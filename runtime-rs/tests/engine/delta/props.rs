//! Random edits against plain vectors.

use proptest::prelude::*;
use restream::Level;
use restream::codec::{decode, encode_at};
use restream::delta::{Delta, decode_patch, encode_patch};

use super::replays;
use crate::edits::{CANARY, Plain, folder, record, scripts};
use crate::sample::Folder;

const PUBLIC: Level = Level(0);

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

/// What a reader of a lower level holds.
fn public(folder: &Folder) -> Folder {
    let bytes = encode_at(folder, PUBLIC);
    assert!(!contains(&bytes, CANARY));
    decode(&bytes).unwrap()
}

proptest! {
    #![proptest_config(crate::cases(192))]

    /// A draft changes the state as the edits say, and what it records says the same.
    #[test]
    fn drafts_do_and_record_the_same(start in folder(), commits in scripts(4)) {
        let mut state = start;
        for script in commits {
            let mut plain = Plain::from(&state);
            script.iter().for_each(|edit| plain.edit(edit));
            let (new, mut patch) = record(&state, &script);
            prop_assert_eq!(Plain::from(&new), plain);
            Folder::prune(&mut patch, &state, &new);
            replays(&state, &patch, &new);
            if state == new {
                prop_assert!(Folder::is_empty(&patch), "{:?}", patch);
            }
            state = new;
        }
    }

    /// A diff leads to the new state, and there is none between equal states.
    #[test]
    fn diffs_lead_from_one_to_the_other(one in folder(), other in folder(), commits in scripts(1)) {
        let (edited, _) = record(&one, &commits[0]);
        for new in [other, Plain::from(&edited).to_folder()] {
            let mut replica = one.clone();
            let diff = one.diff(&new);
            prop_assert_eq!(diff.is_keep(), one == new);
            prop_assert_eq!(diff.apply(&mut replica), Ok(()));
            prop_assert_eq!(replica, new);
        }
    }

    /// A reader of a lower level ends with the state it may see, and no byte of the rest travels.
    #[test]
    fn lower_levels_follow_what_they_see(start in folder(), commits in scripts(3)) {
        let mut replica = public(&start);
        let mut state = start;
        for script in commits {
            let (new, mut patch) = record(&state, &script);
            Folder::prune(&mut patch, &state, &new);
            if let Some(bytes) = encode_patch::<Folder>(&patch, PUBLIC) {
                prop_assert!(!contains(&bytes, CANARY));
                prop_assert_eq!(replica.apply(&decode_patch::<Folder>(&bytes).unwrap()), Ok(()));
            }
            prop_assert_eq!(Plain::from(&replica), Plain::from(&new).without_secrets());
            state = new;
        }
    }

    /// Foreign patches never panic, and a state that refuses one is only ever changed in a copy.
    #[test]
    fn foreign_patches_never_panic(start in folder(), other in folder(), commits in scripts(1), at: usize, byte: u8) {
        let (_, patch) = record(&other, &commits[0]);
        let _ = start.clone().apply(&patch);
        if let Some(bytes) = encode_patch::<Folder>(&patch, Level::MAX) {
            let mut bytes = bytes.to_vec();
            let at = at % bytes.len();
            bytes[at] = byte;
            if let Ok(patch) = decode_patch::<Folder>(&bytes) {
                let _ = start.clone().apply(&patch);
            }
            for end in 0..bytes.len() {
                let _ = decode_patch::<Folder>(&bytes[..end]);
            }
        }
    }
}
