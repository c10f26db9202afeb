//! Enums, plain structs and unions.

/// An open enum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    #[default]
    Empty,
    X,
    O,
    Unrecognized(u8),
}

impl Mark {
    pub const fn from_number(number: u8) -> Self {
        match number {
            0 => Self::Empty,
            1 => Self::X,
            2 => Self::O,
            other => Self::Unrecognized(other),
        }
    }

    pub const fn number(self) -> u8 {
        match self {
            Self::Empty => 0,
            Self::X => 1,
            Self::O => 2,
            Self::Unrecognized(other) => other,
        }
    }
}

::restream::enum_value!(Mark, u8, open);

/// A closed enum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    #[default]
    Left,
    Right,
}

impl Side {
    pub const fn from_number(number: u16) -> ::core::option::Option<Self> {
        match number {
            0 => ::core::option::Option::Some(Self::Left),
            4 => ::core::option::Option::Some(Self::Right),
            _ => ::core::option::Option::None,
        }
    }

    pub const fn number(self) -> u16 {
        match self {
            Self::Left => 0,
            Self::Right => 4,
        }
    }
}

::restream::enum_value!(Side, u16, closed);

/// `fields struct Move { next 4, 1 cell: u8, 2 by: Mark = X, retired 3 bit }`
#[derive(Clone, Debug, PartialEq)]
pub struct Move {
    pub cell: u8,
    pub by: Mark,
}

impl ::core::default::Default for Move {
    fn default() -> Self {
        Self { cell: 0, by: Mark::X }
    }
}

impl ::restream::codec::Row for Move {
    fn encode_row(&self, w: &mut ::restream::codec::Writer) {
        let row = w.row(3);
        if self.cell != 0 {
            w.present(row, 1);
            ::restream::codec::Value::encode(&self.cell, w);
        }
        if self.by != Mark::X {
            w.present(row, 2);
            ::restream::codec::Value::encode(&self.by, w);
        }
    }

    fn decode_row(
        r: &mut ::restream::codec::Reader<'_>,
    ) -> ::core::result::Result<Self, ::restream::codec::DecodeError> {
        let row = r.row()?;
        let mut value = <Self as ::core::default::Default>::default();
        if row.has(1) {
            value.cell = ::restream::codec::Value::decode(r)?;
        }
        if row.has(2) {
            value.by = ::restream::codec::Value::decode(r)?;
        }
        r.end_row(&row, 3)?;
        ::core::result::Result::Ok(value)
    }

    fn is_default_row(&self) -> bool {
        self.cell == 0 && self.by == Mark::X
    }
}

::restream::row_value! {
    Move Counted 3 [3 Bit] {
        1 cell: u8;
        2 by: Mark = Mark::X;
    }
}

/// `serializers struct Point { x: f32, y: f32, label: string?, on: bool }`
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Point {
    pub x: f32,
    pub y: f32,
    pub label: Option<String>,
    pub on: bool,
}

impl ::restream::codec::Row for Point {
    fn encode_row(&self, w: &mut ::restream::codec::Writer) {
        ::restream::codec::Value::encode(&self.x, w);
        ::restream::codec::Value::encode(&self.y, w);
        ::restream::codec::Value::encode(&self.label, w);
        ::restream::codec::Value::encode(&self.on, w);
    }

    fn decode_row(
        r: &mut ::restream::codec::Reader<'_>,
    ) -> ::core::result::Result<Self, ::restream::codec::DecodeError> {
        ::core::result::Result::Ok(Self {
            x: ::restream::codec::Value::decode(r)?,
            y: ::restream::codec::Value::decode(r)?,
            label: ::restream::codec::Value::decode(r)?,
            on: ::restream::codec::Value::decode(r)?,
        })
    }

    fn is_default_row(&self) -> bool {
        self.x.to_bits() == 0 && self.y.to_bits() == 0 && self.label.is_none() && !self.on
    }
}

::restream::row_value! {
    Point Plain 4 [] {
        1 x: f32;
        2 y: f32;
        3 label: Option<String>;
        4 on: bool;
    }
}

/// `open union Shape { next 3, 1 Circle { next 2, 1 radius: f64 }, 2 Nothing }`
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    Circle { radius: f64 },
    Nothing,
    Unrecognized(::restream::UnknownCase),
}

impl ::restream::codec::Union for Shape {
    fn encode_case(&self, w: &mut ::restream::codec::Writer) {
        match self {
            Self::Circle { radius } => {
                w.varint(1);
                let row = w.row(1);
                if radius.to_bits() != 0 {
                    w.present(row, 1);
                    ::restream::codec::Value::encode(radius, w);
                }
            }
            Self::Nothing => w.varint(2),
            Self::Unrecognized(case) => case.encode(w),
        }
    }

    fn decode_case(
        r: &mut ::restream::codec::Reader<'_>,
    ) -> ::core::result::Result<Self, ::restream::codec::DecodeError> {
        match r.u32()? {
            1 => {
                let mut radius: f64 = 0.0;
                if !r.at_end() {
                    let row = r.row()?;
                    if row.has(1) {
                        radius = ::restream::codec::Value::decode(r)?;
                    }
                    r.end_row(&row, 1)?;
                }
                ::core::result::Result::Ok(Self::Circle { radius })
            }
            2 => {
                r.rest();
                ::core::result::Result::Ok(Self::Nothing)
            }
            other => ::restream::UnknownCase::decode(r, other).map(Self::Unrecognized),
        }
    }
}

::restream::union_value!(Shape);

/// `fields struct Tree { next 5, 1 name: string = "leaf", 2 down: Tree?, 3 children: list<Tree>, 4 open: bool = true }`
#[derive(Clone, Debug, PartialEq)]
pub struct Tree {
    pub name: String,
    pub down: Option<Box<Tree>>,
    pub children: Vec<Tree>,
    pub open: bool,
}

impl ::core::default::Default for Tree {
    fn default() -> Self {
        Self {
            name: ::std::string::String::from("leaf"),
            down: ::core::option::Option::None,
            children: ::core::default::Default::default(),
            open: true,
        }
    }
}

impl ::restream::codec::Row for Tree {
    fn encode_row(&self, w: &mut ::restream::codec::Writer) {
        let row = w.row(4);
        if self.name != "leaf" {
            w.present(row, 1);
            ::restream::codec::Value::encode(&self.name, w);
        }
        if let ::core::option::Option::Some(value) = &self.down {
            w.present(row, 2);
            ::restream::codec::Value::encode(value, w);
        }
        if !::restream::codec::Value::is_default(&self.children) {
            w.present(row, 3);
            ::restream::codec::Value::encode(&self.children, w);
        }
        if !self.open {
            w.present(row, 4);
        }
    }

    fn decode_row(
        r: &mut ::restream::codec::Reader<'_>,
    ) -> ::core::result::Result<Self, ::restream::codec::DecodeError> {
        let row = r.row()?;
        let mut value = <Self as ::core::default::Default>::default();
        if row.has(1) {
            value.name = ::restream::codec::Value::decode(r)?;
        }
        if row.has(2) {
            value.down = ::core::option::Option::Some(::restream::codec::Value::decode(r)?);
        }
        if row.has(3) {
            value.children = ::restream::codec::Value::decode(r)?;
        }
        value.open = !row.has(4);
        r.end_row(&row, 4)?;
        ::core::result::Result::Ok(value)
    }

    fn is_default_row(&self) -> bool {
        self.name == "leaf" && self.down.is_none() && ::restream::codec::Value::is_default(&self.children) && self.open
    }
}

::restream::row_value! {
    Tree Counted 4 [] {
        1 name: String = "leaf".to_owned();
        2 down: Option<Box<Tree>> => rows;
        3 children: Vec<Tree> => rows;
        4 open: bool = true;
    }
}
