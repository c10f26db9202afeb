//! Random changes of a [`WorldState`] through its draft.

use crate::generated::interop::v1::{Item, ItemDraft, Mood, Shape, WorldStateDraft};

/// splitmix64: the same seed gives the same script everywhere.
///
/// Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators" (2014).
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// A sequence of its own for every seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// 0 to `n - 1`; 0 if `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % (n.max(1) as u64)) as usize
    }

    fn chance(&mut self) -> bool {
        self.below(2) == 0
    }

    fn text(&mut self) -> String {
        const WORDS: [&str; 6] = ["", "a", "ß", "\u{feff}bom", "漢字", "a longer piece of text with \"quotes\""];
        WORDS[self.below(WORDS.len())].to_owned()
    }

    fn item(&mut self) -> Item {
        Item {
            name: self.text(),
            count: self.next() as u32 >> self.below(32),
            tags: (0..self.below(3)).map(|_| self.text()).collect(),
            live: self.chance(),
            note: self.chance().then(|| "a secret note".to_owned()),
        }
    }
}

/// Makes one to four random changes in one commit.
pub fn shake(world: &mut WorldStateDraft<'_>, random: &mut Random) {
    for _ in 0..=random.below(4) {
        change(world, random);
    }
}

fn change(world: &mut WorldStateDraft<'_>, random: &mut Random) {
    match random.below(20) {
        0 => world.set_title(random.text()),
        1 => world.set_counter(world.counter + random.below(3) as u64),
        2 => world.set_mood(Mood::from_number(random.below(4) as u8)),
        3 => world.set_shape(shape(random)),
        4 => world.set_secret(random.chance().then(|| "the secret".to_owned())),
        5 => world.set_ratio([0.0, -0.0, 1.5, f64::INFINITY, f64::MIN_POSITIVE][random.below(5)]),
        6 => world.set_on(random.chance()),
        7 => world.set_first(random.item()),
        8 => change_item(&mut world.first_mut(), random),
        9 => world.set_spare(random.chance().then(|| random.item())),
        10 => {
            if let Some(mut spare) = world.spare_mut() {
                change_item(&mut spare, random);
            }
        }
        11 => change_items(world, random),
        12 => change_order(world, random),
        13 => change_rows(world, random),
        14 => change_grid(world, random),
        15 => change_marks(world, random),
        16 => change_groups(world, random),
        17 => change_arrays(world, random),
        18 => change_pair(world, random),
        _ => change_names(world, random),
    }
}

fn shape(random: &mut Random) -> Option<Shape> {
    match random.below(3) {
        0 => None,
        1 => Some(Shape::Nothing),
        _ => Some(Shape::Circle { radius: random.below(5) as f64 }),
    }
}

fn change_item(item: &mut ItemDraft<'_>, random: &mut Random) {
    match random.below(6) {
        0 => item.set_name(random.text()),
        1 => item.set_count(random.below(1000) as u32),
        2 => item.set_live(random.chance()),
        3 => item.set_note(random.chance().then(|| "another secret note".to_owned())),
        4 => item.tags_mut().push(random.text()),
        _ => item.tags_mut().clear(),
    }
}

fn change_items(world: &mut WorldStateDraft<'_>, random: &mut Random) {
    let key = random.below(8) as u32;
    let mut items = world.items_mut();
    match random.below(5) {
        0 | 1 => _ = items.insert(key, random.item()),
        2 => _ = items.remove(&key),
        3 => {
            if let Some(mut item) = items.get_mut(&key) {
                change_item(&mut item, random);
            }
        }
        _ if random.below(8) == 0 => items.clear(),
        _ => {
            items.remove(&key);
            items.insert(key, random.item());
        }
    }
}

fn change_order(world: &mut WorldStateDraft<'_>, random: &mut Random) {
    let mut order = world.order_mut();
    let length = order.len();
    let value = random.below(200) as i32 - 100;
    match random.below(7) {
        0 => order.push(value),
        1 => order.insert(random.below(length + 1), value),
        2 if length > 0 => _ = order.remove(random.below(length)),
        3 if length > 0 => order.set(random.below(length), value),
        4 => order.truncate(random.below(length + 1)),
        5 => order.extend([value, value + 1, value + 2]),
        _ => _ = order.pop(),
    }
}

fn change_rows(world: &mut WorldStateDraft<'_>, random: &mut Random) {
    let mut rows = world.rows_mut();
    let length = rows.len();
    match random.below(5) {
        0 => rows.push(random.item()),
        1 => rows.insert(random.below(length + 1), random.item()),
        2 if length > 0 => _ = rows.remove(random.below(length)),
        3 if length > 0 => rows.set(random.below(length), random.item()),
        _ => {
            if let Some(mut item) = rows.get_mut(random.below(length)) {
                change_item(&mut item, random);
            }
        }
    }
}

fn change_grid(world: &mut WorldStateDraft<'_>, random: &mut Random) {
    let mut grid = world.grid_mut();
    let length = grid.len();
    if let Some(mut row) = grid.get_mut(random.below(length)) {
        row.push(random.below(256) as u8);
    }
    if length < 4 {
        grid.push([1, 2, 3].into());
    } else if random.chance() {
        grid.remove(0);
    }
}

fn change_marks(world: &mut WorldStateDraft<'_>, random: &mut Random) {
    let mut marks = world.marks_mut();
    for _ in 0..random.below(4) {
        let mark = random.below(12) as u32;
        match random.below(8) {
            0..4 => _ = marks.insert(mark),
            4..7 => _ = marks.remove(&mark),
            _ => marks.clear(),
        }
    }
}

fn change_groups(world: &mut WorldStateDraft<'_>, random: &mut Random) {
    let key = ["a", "b"][random.below(2)].to_owned();
    let mut groups = world.groups_mut();
    match groups.get_mut(&key) {
        None => _ = groups.insert(key, [random.text()].into()),
        Some(mut group) if random.below(4) > 0 => _ = group.insert(random.text()) || group.remove(""),
        Some(_) => _ = groups.remove(&key),
    }
}

fn change_arrays(world: &mut WorldStateDraft<'_>, random: &mut Random) {
    let at = random.below(6);
    match random.below(5) {
        0 => world.set_board([random.below(3) as i16; 6]),
        1 => world.board_mut().fill(-1),
        2 | 3 => world.board_mut().set(at, random.below(300) as i16 - 150),
        _ => {
            let place = random.chance().then(|| random.text());
            world.places_mut().set(at / 2, place);
        }
    }
}

fn change_pair(world: &mut WorldStateDraft<'_>, random: &mut Random) {
    let at = random.below(2);
    let mut pair = world.pair_mut();
    match pair.get_mut(at) {
        Some(mut item) if random.below(4) > 0 => change_item(&mut item, random),
        _ => pair.set(at, random.item()),
    }
}

fn change_names(world: &mut WorldStateDraft<'_>, random: &mut Random) {
    let key = ["a", "b", "ü", "__proto__"][random.below(4)].to_owned();
    let mut names = world.names_mut();
    if random.below(3) == 0 {
        names.remove(&key);
    } else {
        let name = random.chance().then(|| random.text());
        names.insert(key, name);
    }
}
