//! A schema built by hand that has every kind of declaration.

use crate::ir::*;

pub(super) fn options(runtime: &str) -> super::Options {
    super::Options {
        runtime: runtime.to_owned(),
        strip: String::new(),
        version: "0.1.0".to_owned(),
        ..super::Options::default()
    }
}

pub(super) fn field(id: u32, name: &str, ty: Type) -> Field {
    Field { id, name: name.to_owned(), docs: Docs::default(), ty, default: None, access: None, constraints: Vec::new() }
}

pub(super) fn body<const N: usize>(fields: [Field; N]) -> Body {
    let slots = fields.iter().map(|field| field.id).max().unwrap_or(0);
    Body { fields: fields.into(), retired: Vec::new(), slots }
}

fn list(ty: Type) -> Type {
    Type::List(Box::new(ty))
}

fn optional(ty: Type) -> Type {
    Type::Optional(Box::new(ty))
}

fn docs(text: &str) -> Docs {
    vec![text.to_owned()].into()
}

const MARK: Type = Type::Enum(EnumId(0));
const MOVE: Type = Type::Struct(StructId(0), Vec::new());
const PLAYER: Type = Type::Struct(StructId(2), Vec::new());

fn structs() -> Vec<Struct> {
    let strukt = |name: &str, level, body| Struct {
        package: PackageId(0),
        name: name.to_owned(),
        docs: Docs::default(),
        level,
        params: Vec::new(),
        body,
        projects: None,
        digest: [7; 16],
        constrained: false,
    };
    let by = Field { default: Some(Literal::Member(1)), ..field(2, "by", MARK) };
    let mut movement = body([field(1, "cell", Type::U8), by]);
    movement.retired.push(Retired { id: 3, shape: Shape::Len });
    movement.slots = 3;
    let point = body([field(1, "x", Type::F32), field(2, "label", optional(Type::String)), field(3, "on", Type::Bool)]);
    let player = body([
        field(1, "name", Type::String),
        Field { default: Some(Literal::Int(100)), ..field(2, "hp", Type::U16) },
        Field { default: Some(Literal::Bool(true)), ..field(3, "online", Type::Bool) },
    ]);
    let state = body([
        field(1, "cells", list(MARK)),
        Field { docs: docs("Whose turn it is."), default: Some(Literal::Member(1)), ..field(2, "turn", MARK) },
        field(3, "moves", list(MOVE)),
        Field { access: Some(100), ..field(4, "secret", optional(Type::String)) },
        field(5, "players", Type::Map(Box::new(Type::String), Box::new(PLAYER))),
        field(6, "home", PLAYER),
        field(7, "guest", optional(PLAYER)),
        field(8, "shape", optional(Type::Union(UnionId(0), Vec::new()))),
        field(9, "open", Type::Bool),
        field(10, "flag", optional(Type::Bool)),
        field(11, "at", Type::F64),
    ]);
    vec![
        strukt("Move", StructLevel::Fields, movement),
        strukt("Point", StructLevel::Serializers, point),
        strukt("Player", StructLevel::Partials, player),
        strukt("BoardState", StructLevel::Partials, state),
    ]
}

fn unions() -> Vec<Union> {
    let case = |id, name: &str, body| Case { id, name: name.to_owned(), docs: Docs::default(), body };
    let union = |name: &str, is_error, cases| Union {
        package: PackageId(0),
        name: name.to_owned(),
        docs: docs("A union."),
        is_error,
        open: true,
        params: Vec::new(),
        cases,
        constrained: false,
    };
    vec![
        union(
            "Shape",
            false,
            vec![case(1, "Circle", body([field(1, "radius", Type::F64)])), case(2, "Nothing", body([]))],
        ),
        union(
            "MoveError",
            true,
            vec![case(1, "CellTaken", body([field(1, "by", MARK)])), case(2, "NotYourTurn", body([]))],
        ),
    ]
}

fn units() -> Vec<Unit> {
    let method = |name: &str, id, params, kind| Method {
        name: name.to_owned(),
        docs: Docs::default(),
        id,
        access: 0,
        params,
        kind,
        streams: Streams::default(),
    };
    let error = Some(UnionId(1));
    let board = Unit {
        package: PackageId(0),
        name: "Board".to_owned(),
        docs: docs("A board."),
        kind: UnitKind::Store {
            state: Type::Struct(StructId(3), Vec::new()),
            key: Some(body([field(1, "game", Type::String)])),
        },
        access: 0,
        methods: vec![
            method(
                "placeToken",
                0x1234_abcd,
                body([field(1, "cell", Type::U8)]),
                MethodKind::Rpc { result: Some(MOVE), error },
            ),
            method("count", 2, body([]), MethodKind::Rpc { result: Some(Type::U32), error: None }),
            method("restart", 3, body([]), MethodKind::Rpc { result: None, error: None }),
            method("hover", 4, body([field(1, "x", Type::U8), field(2, "y", Type::U8)]), MethodKind::Send),
        ],
        events: vec![Event {
            name: "serverTime".to_owned(),
            docs: Docs::default(),
            id: 5,
            access: 0,
            key: None,
            params: body([field(1, "currentTime", Type::Timestamp)]),
        }],
        digest: [1; 16],
        ancestors: vec![[2; 16]],
        of: None,
    };
    let name = body([field(1, "name", Type::String)]);
    let auth = Unit {
        name: "Auth".to_owned(),
        kind: UnitKind::Service,
        methods: vec![method("logIn", 6, name, MethodKind::Rpc { result: Some(Type::String), error })],
        events: Vec::new(),
        ..board.clone()
    };
    vec![board, auth]
}

/// The schema.
pub(super) fn board() -> Schema {
    let member = |number, name: &str| Member { name: name.to_owned(), number, docs: Docs::default() };
    let mark = Enum {
        package: PackageId(0),
        name: "Mark".to_owned(),
        docs: docs("What stands on a cell."),
        open: true,
        repr: Type::U8,
        members: vec![member(0, "Empty"), member(1, "X"), member(2, "O")],
    };
    let items = [Item::Enum(EnumId(0))]
        .into_iter()
        .chain((0..4).map(|n| Item::Struct(StructId(n))))
        .chain((0..2).map(|n| Item::Union(UnionId(n))))
        .chain((0..2).map(|n| Item::Unit(UnitId(n))));
    Schema {
        packages: vec![Package {
            name: "game.board.v1".to_owned(),
            docs: docs("Boards."),
            files: vec!["board.rss".to_owned()],
            items: items.collect(),
        }],
        structs: structs(),
        enums: vec![mark],
        unions: unions(),
        units: units(),
        recursive: std::collections::BTreeSet::new(),
        hiding: std::collections::BTreeSet::new(),
        levels: vec![
            Level { name: "Public".to_owned(), number: 0, docs: Docs::default() },
            Level { name: "Admin".to_owned(), number: 100, docs: Docs::default() },
        ],
        access_package: Some(PackageId(0)),
        ..Schema::default()
    }
}

#[test]
fn both_targets_write_a_file_per_package() {
    let paths = |files: super::Files| files.into_keys().collect::<Vec<_>>();
    assert_eq!(paths(super::rust::emit(&board(), &options("::restream"))), ["game/board/v1.rs", "mod.rs"]);
    assert_eq!(paths(super::ts::emit(&board(), &options("@restream/runtime/wire"))), ["game/board/v1.ts"]);
}
