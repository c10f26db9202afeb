//! All golden Rust in one program: it compiles without a warning, passes clippy, and does what it says.

#[path = "golden/access/rust/mod.rs"]
mod access;
#[path = "golden/aliases/rust/mod.rs"]
mod aliases;
#[path = "golden/annotations/rust/mod.rs"]
mod annotations;
#[path = "golden/arrays/rust/mod.rs"]
mod arrays;
#[path = "golden/clashes/rust/mod.rs"]
mod clashes;
#[path = "golden/comments/rust/mod.rs"]
mod comments;
#[path = "golden/constants/rust/mod.rs"]
mod constants;
#[path = "golden/constraints/rust/mod.rs"]
mod constraints;
#[path = "golden/containers/rust/mod.rs"]
mod containers;
#[path = "golden/defaults/rust/mod.rs"]
mod defaults;
#[path = "golden/deprecated/rust/mod.rs"]
mod deprecated;
#[path = "golden/empty/rust/mod.rs"]
mod empty;
#[path = "golden/enums/rust/mod.rs"]
mod enums;
#[path = "golden/generics/rust/mod.rs"]
mod generics;
#[path = "golden/injection/rust/mod.rs"]
mod injection;
#[path = "golden/internal/rust/mod.rs"]
mod internal;
#[path = "golden/keywords/rust/mod.rs"]
mod keywords;
#[path = "golden/nested/rust/mod.rs"]
mod nested;
#[path = "golden/newtypes/rust/mod.rs"]
mod newtypes;
#[path = "golden/numbers/rust/mod.rs"]
mod numbers;
#[path = "golden/packages/rust/mod.rs"]
mod packages;
#[path = "golden/retired/rust/mod.rs"]
mod retired;
#[path = "golden/scalars/rust/mod.rs"]
mod scalars;
#[path = "golden/serializers/rust/mod.rs"]
mod serializers;
#[path = "golden/unions/rust/mod.rs"]
mod unions;
#[path = "golden/units/rust/mod.rs"]
mod units;
#[path = "golden/views/rust/mod.rs"]
mod views;

use restream::codec::{decode, decode_case, encode, encode_at, encode_case};
use restream::delta::{self, Partial, decode_patch, encode_patch};
use restream::store::{Seen, Store};
use restream::{Bytes, Change, Fault, Level, RefusalCode, Refused, check};

use access::golden::access::v1::{Hidden, Row, State};
use defaults::golden::defaults::v1::{Changing, Defaults, Mark};
use enums::golden::enums::v1::{Exact, Wide};
use generics::golden::generics::v1::{Post, Slot, Versioned, Wall};
use nested::golden::nested::v1::{Car, Engine, Garage};
use newtypes::golden::ids::v1::PlayerId;
use newtypes::golden::newtypes::v1::{A8, E16, Flat, Half, Meters, Name, Plain, State as Game};
use retired::golden::retired::v1 as retired_v1;
use serializers::golden::serializers::v1::Frame;
use unions::golden::unions::v1::{Answer, Gone, Point, Shape};

#[test]
fn declared_defaults_do_not_travel() {
    let value = Defaults::default();
    assert_eq!((value.on, value.count, value.mark, value.half), (true, 200, Mark::X, 0.1));
    assert!(value.minus_zero.is_sign_negative());
    assert_eq!(encode(&value).len(), 4, "a slot count and three bytes of bitmap");
    assert_eq!(decode::<Defaults>(&encode(&value)).unwrap(), value);
    let zero = Defaults { minus_zero: 0.0, on: false, ..Defaults::default() };
    let back: Defaults = decode(&encode(&zero)).unwrap();
    assert!(!back.on && back.minus_zero.is_sign_positive());
}

#[test]
fn a_draft_records_what_it_sets_and_nothing_else() {
    let mut state = Changing::default();
    let mut patch = Default::default();
    let mut draft = Changing::draft(&mut state, Some(&mut patch));
    draft.set_on(true);
    draft.set_minus_zero(0.0);
    draft.set_text("changed".into());
    assert_eq!(draft.text, "changed");
    assert_eq!((&patch.on, &patch.minus_zero), (&Change::Keep, &Change::Set(0.0)));
    let bytes = encode_patch::<Changing>(&patch, Level::MAX).unwrap();
    assert_eq!(decode_patch::<Changing>(&bytes).unwrap(), patch);
}

#[test]
fn nested_drafts_reach_their_parents_patch() {
    let mut garage = Garage { back: Some(Car::default()), ..Garage::default() };
    let before = garage.clone();
    let mut patch = Default::default();
    let mut draft = Garage::draft(&mut garage, Some(&mut patch));
    draft.front_mut().engine_mut().set_rpm(9);
    draft.back_mut().unwrap().set_spare(Some(Engine::default()));
    draft.by_mut().insert("a".into(), Car::default());
    let mut other = before.clone();
    restream::delta::Delta::apply(&mut other, &patch).unwrap();
    assert_eq!(other, garage);
    let Change::Patch(difference) = restream::delta::Delta::diff(&before, &garage) else { panic!("nothing differs") };
    let bytes = encode_patch::<Garage>(&difference, Level::MAX).unwrap();
    let mut third = before;
    restream::delta::Delta::apply(&mut third, &decode_patch::<Garage>(&bytes).unwrap()).unwrap();
    assert_eq!(third, garage);
}

#[test]
fn what_a_level_may_not_see_is_in_no_byte() {
    let row = Row { name: "n".into(), secret: Some("hidden".into()), notes: vec!["seen".into()], ..Row::default() };
    let contains = |bytes: &Bytes, text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    let (player, master) = (encode_at(&row, Level(10)), encode_at(&row, Level(100)));
    assert!(contains(&player, "seen") && !contains(&player, "hidden") && contains(&master, "hidden"));
    assert!(!contains(&encode_at(&row, Level(0)), "seen"));
    let patch = access::golden::access::v1::StatePatch::new().secret(Some("hidden".into())).row(Some(row.clone()));
    assert_eq!(encode_patch::<State>(&patch, Level(0)), None);
    assert!(!contains(&encode_patch::<State>(&patch, Level(10)).unwrap(), "hidden"));
    assert!(contains(&encode_patch::<State>(&patch, Level(100)).unwrap(), "hidden"));
    let fail = |level| Fault::declared(Hidden::Because { row: row.clone() }.into(), level);
    let Fault::Declared(told) = fail(Level(10)) else { panic!("not declared") };
    assert!(contains(&told, "seen") && !contains(&told, "hidden"));
}

#[test]
fn unions_read_cases_of_other_generations() {
    let shape = Shape::Circle { radius: 1.0, center: Point::default(), label: None, filled: true };
    assert_eq!(decode_case::<Shape>(&encode_case(&shape)).unwrap(), shape);
    let unknown = decode_case::<Shape>(&[0x13, 1, 2]).unwrap();
    assert!(matches!(&unknown, Shape::Unrecognized(case) if case.id == 9));
    assert_eq!(&encode_case(&unknown)[..], [0x13, 1, 2], "it is written back as it came");
    assert!(decode_case::<Answer>(&[0x13]).is_err(), "a closed union refuses it");
    let no = Answer::No { why: String::new(), again: None };
    assert_eq!(decode_case::<Answer>(&[0x05]).unwrap(), no, "a payload that an old writer did not have");
    assert_eq!(decode_case::<Gone>(&[0x03, 9, 9]).unwrap(), Gone::Empty, "what stands where nothing is expected");
}

#[test]
fn enums_keep_or_refuse_numbers_they_do_not_know() {
    assert_eq!(Wide::from_number(u64::MAX), Wide::Most);
    assert_eq!(Wide::from_number(7).number(), 7);
    assert_eq!(Exact::from_number(1), None);
    assert_eq!(Exact::from_number(9_007_199_254_740_993), Some(Exact::BeyondDoubles));
}

#[test]
fn serializers_have_neither_ids_nor_presence() {
    let frame = Frame { label: "x".into(), secret: Some("hidden".into()), ..Frame::default() };
    assert_eq!(decode::<Frame>(&encode(&frame)).unwrap(), frame);
    assert_eq!(decode::<Frame>(&encode_at(&frame, Level(0))).unwrap().secret, None);
    assert_ne!(Frame::DIGEST, [0; 16]);
}

#[test]
fn newtypes_travel_as_their_bases() {
    let flat = Flat { id: PlayerId(7), e: E16(-1), at: None, names: vec![Name("a".into())] };
    // Prefix varints: 7, -1 as zigzag, no `at`, a list of one string.
    assert_eq!(&encode(&flat)[..2], [7 << 1 | 1, 1 << 1 | 1]);
    assert_eq!(decode::<Flat>(&encode(&flat)).unwrap(), flat);
    let plain = Plain::default();
    assert_eq!((plain.a, plain.first, plain.name.0.as_str()), (A8(200), PlayerId(7), "nobody"));
    assert_eq!(encode(&plain).len(), 1 + 21_usize.div_ceil(8), "defaults do not travel");
    assert_eq!(decode::<Plain>(&encode(&plain)).unwrap(), plain);
    assert_eq!((u32::from(PlayerId::from(7)), PlayerId(7).to_string()), (7, "7".to_owned()));
}

#[test]
fn a_newtype_of_a_float_tells_the_zeros_apart() {
    let mut state = Game::default();
    let mut patch = Default::default();
    let mut draft = Game::draft(&mut state, Some(&mut patch));
    draft.set_turn(PlayerId(1));
    draft.set_half(Half(-0.0));
    draft.set_quarter(Some(Half(0.0)));
    draft.scores_mut().insert(PlayerId(3), Meters(2.5));
    assert_eq!((&patch.turn, &patch.half), (&Change::Keep, &Change::Set(Half(-0.0))));
    let Change::Patch(difference) = restream::delta::Delta::diff(&Game::default(), &state) else { panic!("no change") };
    let bytes = encode_patch::<Game>(&difference, Level::MAX).unwrap();
    assert_eq!(decode_patch::<Game>(&bytes).unwrap(), difference);
    assert_eq!(encode_patch::<Game>(&patch, Level::MAX).unwrap(), bytes);
}

#[test]
fn retired_fields_are_skipped() {
    // Slots 1 to 11; bits of the ids 2 (varint), 3 (kept), 7 (len) and 8 (late).
    let row = [0x17, 0b1100_0110, 0, 0x0f, 0x0b, 0x07, 1, 2, 3, 0x03, b'z'];
    let value: retired_v1::Row = decode(&row).unwrap();
    assert_eq!((value.kept, value.late.as_str()), (5, "z"));
}

#[test]
fn drafts_and_patches_go_through_arguments() {
    let mut wall = Wall::default();
    let before = wall.clone();
    let mut patch = Default::default();
    let mut draft = Wall::draft(&mut wall, Some(&mut patch));
    draft.posts_mut().value_mut().set_likes(3);
    draft.posts_mut().log_mut().push(Post { text: "first".into(), likes: 0 });
    draft.flag_mut().set_value(true);
    draft.flag_mut().set_spare(Some(false));
    draft.deep_mut().set_value(Versioned { before: Some(Post::default()), ..Default::default() });
    draft.index_mut().by_mut().insert(7, Post::default());
    let bytes = encode_patch::<Wall>(&patch, Level(0)).unwrap();
    let mut read = before;
    restream::delta::Delta::apply(&mut read, &decode_patch::<Wall>(&bytes).unwrap()).unwrap();
    assert_eq!(read, wall);
    assert_eq!(decode::<Wall>(&encode(&wall)).unwrap(), wall);
    // A flag is its bit, in a delta too: a slot count, operations, nothing behind them.
    let flags = |value| Slot::<bool> { value, ..Slot::default() };
    let restream::Change::Patch(patch) = restream::delta::Delta::diff(&flags(false), &flags(true)) else {
        panic!("the flag has changed");
    };
    assert_eq!(encode_patch::<Slot<bool>>(&patch, Level(0)).unwrap().len(), 3);
}

#[test]
#[expect(deprecated, reason = "the schema says that `note` is")]
fn uses_of_declared_annotations_are_constants() {
    use annotations::golden::annotations::v1 as used;
    use annotations::golden::units::v1::{System, Unit};
    assert_eq!(used::SPEED_UNIT, Unit { name: "m/s", scale: 0.5, system: System::Metric });
    assert_eq!(used::GARAGE_DRIVE_DISTANCE_UNIT.name, "km");
    assert_eq!((used::COLOR_NOTE.loud, used::COLOR_BLUE_NOTE.loud), (Some(true), None));
}

#[test]
fn paths_name_places_and_read_them() {
    let car = Car { trailers: [Engine { rpm: 7, ..Engine::default() }].into(), ..Car::default() };
    let mut garage = Garage { by: [("a".to_owned(), car)].into(), ..Garage::default() };
    let rpm = Garage::path().by().key("a").trailers().at(0).rpm();
    assert_eq!((rpm.to_string(), rpm.get(&garage)), ("by[\"a\"].trailers[0].rpm".to_owned(), Some(&7)));
    assert_eq!(Garage::path().by().key("b").trailers().at(0).rpm().get(&garage), None, "no such key");
    assert_eq!(Garage::path().by().key("a").trailers().at(1).rpm().get(&garage), None, "no such element");
    let spare = Garage::path().back().some().engine();
    assert_eq!((spare.to_string(), spare.get(&garage)), ("back.engine".to_owned(), None), "no value on the way");
    garage.back = Some(Car::default());
    assert_eq!(spare.get(&garage), Some(&Engine::default()));
    assert_eq!(format!("{} {:?}", Garage::path(), Garage::path().front()), " Path(front)");
    let likes = Wall::path().deep().value().value().likes();
    assert_eq!((likes.to_string(), likes.get(&Wall::default())), ("deep.value.value.likes".to_owned(), Some(&0)));
}

#[tokio::test]
async fn a_watch_sees_one_place() {
    let store = Store::new(Garage::default()).unwrap();
    let mut watch = store.watch(&Garage::path().back().some().engine());
    assert_eq!(watch.look(), None);
    store.update(|garage| garage.front_mut().engine_mut().set_rpm(1)).unwrap();
    assert_eq!(watch.look(), None, "another place has changed");
    let waiting = tokio::spawn(async move { (watch.changed().await, watch) });
    store.update(|garage| garage.set_back(Some(Car::default()))).unwrap();
    let (seen, mut watch) = waiting.await.unwrap();
    assert_eq!(seen, Seen { old: None, new: Some(Engine::default()) });
    for rpm in [2, 3] {
        store.update(|garage| garage.back_mut().unwrap().engine_mut().set_rpm(rpm)).unwrap();
    }
    let Some(Seen { old: Some(old), new: Some(new) }) = watch.look() else { panic!("both are there") };
    assert_eq!((old.rpm, new.rpm), (0, 3), "commits in between show as one change");
    store.update(|garage| garage.set_back(None)).unwrap();
    assert_eq!(watch.changed().await.new, None);
    assert_eq!(watch.path().to_string(), "back.engine");
}

#[test]
fn constraints_are_checked_where_a_value_enters_and_not_where_it_is_read() {
    use constraints::golden::constraints::v1::{Item, Player, Point, Slug, State};
    let sound = State { players: [("a".to_owned(), Player::default())].into_iter().collect(), ..State::default() };
    assert_eq!(check::whole(&sound), Ok(()), "defaults keep their constraints");

    let bad = Item { name: Some(Slug("two words".to_owned())), ..Item::default() };
    assert_eq!(decode::<Item>(&encode(&bad)).as_ref(), Ok(&bad));
    let player = Player { items: vec![Item::default(), bad].into(), ..Player::default() };
    let broken = State { players: [("\"".to_owned(), player)].into_iter().collect(), ..State::default() };
    let text = r#"players["\""].items[1].name: does not match [a-z0-9]+(?:-[a-z0-9]+)* (pattern)"#;
    assert_eq!(check::whole(&broken).unwrap_err().to_string(), text);

    let hidden = Player { secret: Some("short".to_owned()), ..Player::default() };
    assert_eq!(check::whole(&hidden).unwrap_err().to_string(), "secret: is not allowed (len)");
    let in_argument = constraints::golden::constraints::v1::Slot { value: vec![Slug(String::new())], spare: None };
    assert_eq!(check::whole(&in_argument).unwrap_err().path, "value[0]");
    let far = Point { x: 6, y: None };
    assert_eq!(check::whole(&far).unwrap_err().to_string(), "x: is 6; allowed are -5 to 5 (range)");
}

#[test]
fn a_commit_that_breaks_a_constraint_changes_nothing_and_looks_at_what_it_changed_only() {
    use constraints::golden::constraints::v1::{Item, Player, Slug, State};
    let store = Store::new(State::default()).unwrap();
    store.update(|s| s.players_mut().insert("a".to_owned(), Player::default())).unwrap();
    let refused = store.update(|s| {
        s.players_mut().get_mut("a").unwrap().set_hp(50);
        s.players_mut().get_mut("a").unwrap().set_hp(0);
    });
    let refused = refused.unwrap_err();
    let violation = refused.violation.as_deref().unwrap();
    assert_eq!((refused.code, violation.rule.as_str()), (RefusalCode::Constraint, "range"));
    assert_eq!(refused.message, r#"players["a"].hp: is 0; allowed are 1 to 100 (range)"#);
    assert_eq!((store.version(), store.read(|s| s.players["a"].hp)), (1, 100));

    let path = |refused: Refused| refused.violation.unwrap().path;
    let slug = |text: &str| Slug(text.to_owned());
    let items = |s: &mut <State as delta::Partial>::Draft<'_>, names: &[&str]| {
        for name in names {
            let item = Item { name: Some(slug(name)), ..Item::default() };
            s.players_mut().get_mut("a").unwrap().items_mut().insert(0, item);
        }
    };
    // The index is the one in the new state, wherever later steps have moved the element.
    assert_eq!(path(store.update(|s| items(s, &["-", "a", "b"])).unwrap_err()), r#"players["a"].items[2].name"#);
    assert_eq!(path(store.update(|s| items(s, &["a"; 11])).unwrap_err()), r#"players["a"].items"#);
    let keyed = |s: &mut <State as delta::Partial>::Draft<'_>| {
        s.players_mut().get_mut("a").unwrap().by_name_mut().insert(slug("A"), Item::default());
    };
    assert_eq!(path(store.update(keyed).unwrap_err()), r#"players["a"].by_name["A"]"#);
    let many = |s: &mut <State as delta::Partial>::Draft<'_>| {
        for n in 0..5 {
            s.players_mut().insert(n.to_string(), Player::default());
        }
    };
    assert_eq!(path(store.update(many).unwrap_err()), "players");
    assert_eq!(store.version(), 1);
    let opened = Store::new(State { grid: vec![vec![slug("ok"), slug("")].into()].into(), ..State::default() });
    assert_eq!(path(opened.unwrap_err()), "grid[0][1]");
}
