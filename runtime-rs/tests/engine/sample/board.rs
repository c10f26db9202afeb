//! `partials` structs: rows, patches and drafts.

use super::{Mark, Move, Shape};

::restream::leaf!(Mark, Move, Shape);

/// `partials struct Player { next 4, 1 name: string, 2 hp: u16 = 100, 3 online: bool = true }`
#[derive(Clone, Debug, PartialEq)]
pub struct Player {
    pub name: String,
    pub hp: u16,
    pub online: bool,
}

impl ::core::default::Default for Player {
    fn default() -> Self {
        Self { name: ::core::default::Default::default(), hp: 100, online: true }
    }
}

impl ::restream::codec::Row for Player {
    fn encode_row(&self, w: &mut ::restream::codec::Writer) {
        let row = w.row(3);
        if !::restream::codec::Value::is_default(&self.name) {
            w.present(row, 1);
            ::restream::codec::Value::encode(&self.name, w);
        }
        if self.hp != 100 {
            w.present(row, 2);
            ::restream::codec::Value::encode(&self.hp, w);
        }
        if !self.online {
            w.present(row, 3);
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
            value.hp = ::restream::codec::Value::decode(r)?;
        }
        value.online = !row.has(3);
        r.end_row(&row, 3)?;
        ::core::result::Result::Ok(value)
    }

    fn is_default_row(&self) -> bool {
        ::restream::codec::Value::is_default(&self.name) && self.hp == 100 && self.online
    }
}

::restream::row_value! {
    Player Counted 3 [] {
        1 name: String;
        2 hp: u16 = 100;
        3 online: bool = true;
    }
}

/// What a commit changes in a [`Player`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PlayerPatch {
    pub name: ::restream::Change<String>,
    pub hp: ::restream::Change<u16>,
    pub online: ::restream::Change<bool>,
}

impl PlayerPatch {
    /// Changes nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets `name`.
    #[must_use]
    pub fn name(mut self, value: String) -> Self {
        self.name = ::restream::Change::Set(value);
        self
    }

    /// Sets `hp`.
    #[must_use]
    pub fn hp(mut self, value: u16) -> Self {
        self.hp = ::restream::Change::Set(value);
        self
    }

    /// Sets `online`.
    #[must_use]
    pub fn online(mut self, value: bool) -> Self {
        self.online = ::restream::Change::Set(value);
        self
    }
}

impl ::restream::delta::Delta for Player {
    type Patch = PlayerPatch;

    fn is_empty(patch: &PlayerPatch) -> bool {
        patch.name.is_keep() && patch.hp.is_keep() && patch.online.is_keep()
    }

    fn apply(&mut self, patch: &PlayerPatch) -> ::core::result::Result<(), ::restream::Mismatch> {
        patch.name.apply(&mut self.name)?;
        patch.hp.apply(&mut self.hp)?;
        patch.online.apply(&mut self.online)?;
        ::core::result::Result::Ok(())
    }

    fn diff(&self, new: &Self) -> ::restream::Change<Self> {
        ::restream::Change::from_patch(PlayerPatch {
            name: ::restream::delta::Delta::diff(&self.name, &new.name),
            hp: ::restream::delta::Delta::diff(&self.hp, &new.hp),
            online: ::restream::delta::Delta::diff(&self.online, &new.online),
        })
    }

    fn settle(&self, patch: &mut PlayerPatch) {
        patch.name.settle(&self.name);
        patch.hp.settle(&self.hp);
        patch.online.settle(&self.online);
    }

    fn prune(patch: &mut PlayerPatch, old: &Self, new: &Self) {
        patch.name.prune(&old.name, &new.name);
        patch.hp.prune(&old.hp, &new.hp);
        patch.online.prune(&old.online, &new.online);
    }

    fn encode_patch(patch: &PlayerPatch, w: &mut ::restream::codec::Writer) -> bool {
        let ops = w.ops(3);
        w.change(ops, 1, &patch.name, ::restream::codec::Value::is_default);
        w.change(ops, 2, &patch.hp, |value| *value == 100);
        w.change_bool(ops, 3, &patch.online, true);
        w.end_ops(ops)
    }

    fn decode_patch(
        r: &mut ::restream::codec::Reader<'_>,
    ) -> ::core::result::Result<PlayerPatch, ::restream::codec::DecodeError> {
        let ops = r.ops()?;
        let patch = PlayerPatch {
            name: r.change(&ops, 1, ::core::default::Default::default)?,
            hp: r.change(&ops, 2, || 100)?,
            online: r.change_bool(&ops, 3, true)?,
        };
        r.end_ops(&ops, 3)?;
        ::core::result::Result::Ok(patch)
    }
}

impl ::restream::delta::Partial for Player {
    type Draft<'a> = PlayerDraft<'a>;

    fn draft<'a>(state: &'a mut Self, patch: ::core::option::Option<&'a mut PlayerPatch>) -> PlayerDraft<'a> {
        PlayerDraft { state, patch }
    }
}

/// A [`Player`] being changed: reads through `Deref`, writes through setters.
#[derive(Debug)]
pub struct PlayerDraft<'a> {
    state: &'a mut Player,
    patch: ::core::option::Option<&'a mut PlayerPatch>,
}

impl ::core::ops::Deref for PlayerDraft<'_> {
    type Target = Player;

    fn deref(&self) -> &Player {
        self.state
    }
}

impl PlayerDraft<'_> {
    /// Sets `name`.
    pub fn set_name(&mut self, value: String) {
        if self.state.name != value {
            if let ::core::option::Option::Some(patch) = self.patch.as_deref_mut() {
                patch.name = ::restream::Change::Set(::core::clone::Clone::clone(&value));
            }
            self.state.name = value;
        }
    }

    /// Sets `hp`.
    pub fn set_hp(&mut self, value: u16) {
        if self.state.hp != value {
            if let ::core::option::Option::Some(patch) = self.patch.as_deref_mut() {
                patch.hp = ::restream::Change::Set(::core::clone::Clone::clone(&value));
            }
            self.state.hp = value;
        }
    }

    /// Sets `online`.
    pub fn set_online(&mut self, value: bool) {
        if self.state.online != value {
            if let ::core::option::Option::Some(patch) = self.patch.as_deref_mut() {
                patch.online = ::restream::Change::Set(::core::clone::Clone::clone(&value));
            }
            self.state.online = value;
        }
    }
}

/// The state of the sample's store.
#[derive(Clone, Debug, PartialEq)]
pub struct BoardState {
    pub cells: ::restream::List<Mark>,
    pub turn: Mark,
    pub moves: ::restream::List<Move>,
    pub secret: Option<String>,
    pub players: ::restream::Map<String, Player>,
    pub home: Player,
    pub guest: Option<Player>,
    pub shape: Option<Shape>,
    pub open: bool,
}

impl ::core::default::Default for BoardState {
    fn default() -> Self {
        Self {
            cells: ::core::default::Default::default(),
            turn: Mark::X,
            moves: ::core::default::Default::default(),
            secret: ::core::default::Default::default(),
            players: ::core::default::Default::default(),
            home: ::core::default::Default::default(),
            guest: ::core::default::Default::default(),
            shape: ::core::default::Default::default(),
            open: ::core::default::Default::default(),
        }
    }
}

impl ::restream::codec::Row for BoardState {
    fn encode_row(&self, w: &mut ::restream::codec::Writer) {
        let row = w.row(9);
        if !::restream::codec::Value::is_default(&self.cells) {
            w.present(row, 1);
            ::restream::codec::Value::encode(&self.cells, w);
        }
        if self.turn != Mark::X {
            w.present(row, 2);
            ::restream::codec::Value::encode(&self.turn, w);
        }
        if !::restream::codec::Value::is_default(&self.moves) {
            w.present(row, 3);
            ::restream::codec::Value::encode(&self.moves, w);
        }
        if w.sees(::restream::Level(100))
            && let ::core::option::Option::Some(value) = &self.secret
        {
            w.present(row, 4);
            ::restream::codec::Value::encode(value, w);
        }
        if !::restream::codec::Value::is_default(&self.players) {
            w.present(row, 5);
            ::restream::codec::Value::encode(&self.players, w);
        }
        if !::restream::codec::Value::is_default(&self.home) {
            w.present(row, 6);
            ::restream::codec::Value::encode(&self.home, w);
        }
        if let ::core::option::Option::Some(value) = &self.guest {
            w.present(row, 7);
            ::restream::codec::Value::encode(value, w);
        }
        if let ::core::option::Option::Some(value) = &self.shape {
            w.present(row, 8);
            ::restream::codec::Value::encode(value, w);
        }
        if self.open {
            w.present(row, 9);
        }
    }

    fn decode_row(
        r: &mut ::restream::codec::Reader<'_>,
    ) -> ::core::result::Result<Self, ::restream::codec::DecodeError> {
        let row = r.row()?;
        let mut value = <Self as ::core::default::Default>::default();
        if row.has(1) {
            value.cells = ::restream::codec::Value::decode(r)?;
        }
        if row.has(2) {
            value.turn = ::restream::codec::Value::decode(r)?;
        }
        if row.has(3) {
            value.moves = ::restream::codec::Value::decode(r)?;
        }
        if row.has(4) {
            value.secret = ::core::option::Option::Some(::restream::codec::Value::decode(r)?);
        }
        if row.has(5) {
            value.players = ::restream::codec::Value::decode(r)?;
        }
        if row.has(6) {
            value.home = ::restream::codec::Value::decode(r)?;
        }
        if row.has(7) {
            value.guest = ::core::option::Option::Some(::restream::codec::Value::decode(r)?);
        }
        if row.has(8) {
            value.shape = ::core::option::Option::Some(::restream::codec::Value::decode(r)?);
        }
        value.open = row.has(9);
        r.end_row(&row, 9)?;
        ::core::result::Result::Ok(value)
    }

    fn is_default_row(&self) -> bool {
        ::restream::codec::Value::is_default(&self.cells)
            && self.turn == Mark::X
            && ::restream::codec::Value::is_default(&self.moves)
            && ::restream::codec::Value::is_default(&self.secret)
            && ::restream::codec::Value::is_default(&self.players)
            && ::restream::codec::Value::is_default(&self.home)
            && ::restream::codec::Value::is_default(&self.guest)
            && ::restream::codec::Value::is_default(&self.shape)
            && !self.open
    }
}

::restream::row_value! {
    BoardState Counted 9 [] {
        1 cells: ::restream::List<Mark>;
        2 turn: Mark = Mark::X;
        3 moves: ::restream::List<Move>;
        4 secret: Option<String>, access 100;
        5 players: ::restream::Map<String, Player>;
        6 home: Player;
        7 guest: Option<Player>;
        8 shape: Option<Shape>;
        9 open: bool;
    }
}

/// What a commit changes in a [`BoardState`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BoardStatePatch {
    pub cells: ::restream::Change<::restream::List<Mark>>,
    pub turn: ::restream::Change<Mark>,
    pub moves: ::restream::Change<::restream::List<Move>>,
    pub secret: ::restream::Change<Option<String>>,
    pub players: ::restream::Change<::restream::Map<String, Player>>,
    pub home: ::restream::Change<Player>,
    pub guest: ::restream::Change<Option<Player>>,
    pub shape: ::restream::Change<Option<Shape>>,
    pub open: ::restream::Change<bool>,
}

impl BoardStatePatch {
    /// Changes nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets `cells`.
    #[must_use]
    pub fn cells(mut self, value: ::restream::List<Mark>) -> Self {
        self.cells = ::restream::Change::Set(value);
        self
    }

    /// Changes `cells` in part.
    #[must_use]
    pub fn cells_patch(mut self, patch: <::restream::List<Mark> as ::restream::delta::Delta>::Patch) -> Self {
        self.cells = ::restream::Change::Patch(patch);
        self
    }

    /// Sets `turn`.
    #[must_use]
    pub fn turn(mut self, value: Mark) -> Self {
        self.turn = ::restream::Change::Set(value);
        self
    }

    /// Sets `moves`.
    #[must_use]
    pub fn moves(mut self, value: ::restream::List<Move>) -> Self {
        self.moves = ::restream::Change::Set(value);
        self
    }

    /// Changes `moves` in part.
    #[must_use]
    pub fn moves_patch(mut self, patch: <::restream::List<Move> as ::restream::delta::Delta>::Patch) -> Self {
        self.moves = ::restream::Change::Patch(patch);
        self
    }

    /// Sets `secret`.
    #[must_use]
    pub fn secret(mut self, value: Option<String>) -> Self {
        self.secret = ::restream::Change::Set(value);
        self
    }

    /// Sets `players`.
    #[must_use]
    pub fn players(mut self, value: ::restream::Map<String, Player>) -> Self {
        self.players = ::restream::Change::Set(value);
        self
    }

    /// Changes `players` in part.
    #[must_use]
    pub fn players_patch(
        mut self,
        patch: <::restream::Map<String, Player> as ::restream::delta::Delta>::Patch,
    ) -> Self {
        self.players = ::restream::Change::Patch(patch);
        self
    }

    /// Sets `home`.
    #[must_use]
    pub fn home(mut self, value: Player) -> Self {
        self.home = ::restream::Change::Set(value);
        self
    }

    /// Changes `home` in part.
    #[must_use]
    pub fn home_patch(mut self, patch: <Player as ::restream::delta::Delta>::Patch) -> Self {
        self.home = ::restream::Change::Patch(patch);
        self
    }

    /// Sets `guest`.
    #[must_use]
    pub fn guest(mut self, value: Option<Player>) -> Self {
        self.guest = ::restream::Change::Set(value);
        self
    }

    /// Changes `guest` in part.
    #[must_use]
    pub fn guest_patch(mut self, patch: <Option<Player> as ::restream::delta::Delta>::Patch) -> Self {
        self.guest = ::restream::Change::Patch(patch);
        self
    }

    /// Sets `shape`.
    #[must_use]
    pub fn shape(mut self, value: Option<Shape>) -> Self {
        self.shape = ::restream::Change::Set(value);
        self
    }

    /// Sets `open`.
    #[must_use]
    pub fn open(mut self, value: bool) -> Self {
        self.open = ::restream::Change::Set(value);
        self
    }
}

impl ::restream::delta::Delta for BoardState {
    type Patch = BoardStatePatch;

    fn is_empty(patch: &BoardStatePatch) -> bool {
        patch.cells.is_keep()
            && patch.turn.is_keep()
            && patch.moves.is_keep()
            && patch.secret.is_keep()
            && patch.players.is_keep()
            && patch.home.is_keep()
            && patch.guest.is_keep()
            && patch.shape.is_keep()
            && patch.open.is_keep()
    }

    fn apply(&mut self, patch: &BoardStatePatch) -> ::core::result::Result<(), ::restream::Mismatch> {
        patch.cells.apply(&mut self.cells)?;
        patch.turn.apply(&mut self.turn)?;
        patch.moves.apply(&mut self.moves)?;
        patch.secret.apply(&mut self.secret)?;
        patch.players.apply(&mut self.players)?;
        patch.home.apply(&mut self.home)?;
        patch.guest.apply(&mut self.guest)?;
        patch.shape.apply(&mut self.shape)?;
        patch.open.apply(&mut self.open)?;
        ::core::result::Result::Ok(())
    }

    fn diff(&self, new: &Self) -> ::restream::Change<Self> {
        ::restream::Change::from_patch(BoardStatePatch {
            cells: ::restream::delta::Delta::diff(&self.cells, &new.cells),
            turn: ::restream::delta::Delta::diff(&self.turn, &new.turn),
            moves: ::restream::delta::Delta::diff(&self.moves, &new.moves),
            secret: ::restream::delta::Delta::diff(&self.secret, &new.secret),
            players: ::restream::delta::Delta::diff(&self.players, &new.players),
            home: ::restream::delta::Delta::diff(&self.home, &new.home),
            guest: ::restream::delta::Delta::diff(&self.guest, &new.guest),
            shape: ::restream::delta::Delta::diff(&self.shape, &new.shape),
            open: ::restream::delta::Delta::diff(&self.open, &new.open),
        })
    }

    fn settle(&self, patch: &mut BoardStatePatch) {
        patch.cells.settle(&self.cells);
        patch.turn.settle(&self.turn);
        patch.moves.settle(&self.moves);
        patch.secret.settle(&self.secret);
        patch.players.settle(&self.players);
        patch.home.settle(&self.home);
        patch.guest.settle(&self.guest);
        patch.shape.settle(&self.shape);
        patch.open.settle(&self.open);
    }

    fn prune(patch: &mut BoardStatePatch, old: &Self, new: &Self) {
        patch.cells.prune(&old.cells, &new.cells);
        patch.turn.prune(&old.turn, &new.turn);
        patch.moves.prune(&old.moves, &new.moves);
        patch.secret.prune(&old.secret, &new.secret);
        patch.players.prune(&old.players, &new.players);
        patch.home.prune(&old.home, &new.home);
        patch.guest.prune(&old.guest, &new.guest);
        patch.shape.prune(&old.shape, &new.shape);
        patch.open.prune(&old.open, &new.open);
    }

    fn encode_patch(patch: &BoardStatePatch, w: &mut ::restream::codec::Writer) -> bool {
        let ops = w.ops(9);
        w.change(ops, 1, &patch.cells, ::restream::codec::Value::is_default);
        w.change(ops, 2, &patch.turn, |value| *value == Mark::X);
        w.change(ops, 3, &patch.moves, ::restream::codec::Value::is_default);
        if w.sees(::restream::Level(100)) {
            w.change_opt(ops, 4, &patch.secret);
        }
        w.change(ops, 5, &patch.players, ::restream::codec::Value::is_default);
        w.change(ops, 6, &patch.home, ::restream::codec::Value::is_default);
        w.change_opt(ops, 7, &patch.guest);
        w.change_opt(ops, 8, &patch.shape);
        w.change_bool(ops, 9, &patch.open, false);
        w.end_ops(ops)
    }

    fn decode_patch(
        r: &mut ::restream::codec::Reader<'_>,
    ) -> ::core::result::Result<BoardStatePatch, ::restream::codec::DecodeError> {
        let ops = r.ops()?;
        let patch = BoardStatePatch {
            cells: r.change(&ops, 1, ::core::default::Default::default)?,
            turn: r.change(&ops, 2, || Mark::X)?,
            moves: r.change(&ops, 3, ::core::default::Default::default)?,
            secret: r.change_opt(&ops, 4)?,
            players: r.change(&ops, 5, ::core::default::Default::default)?,
            home: r.change(&ops, 6, ::core::default::Default::default)?,
            guest: r.change_opt(&ops, 7)?,
            shape: r.change_opt(&ops, 8)?,
            open: r.change_bool(&ops, 9, false)?,
        };
        r.end_ops(&ops, 9)?;
        ::core::result::Result::Ok(patch)
    }
}

impl ::restream::delta::Partial for BoardState {
    type Draft<'a> = BoardStateDraft<'a>;

    fn draft<'a>(state: &'a mut Self, patch: ::core::option::Option<&'a mut BoardStatePatch>) -> BoardStateDraft<'a> {
        BoardStateDraft { state, patch }
    }
}

/// A [`BoardState`] being changed: reads through `Deref`, writes through setters.
#[derive(Debug)]
pub struct BoardStateDraft<'a> {
    state: &'a mut BoardState,
    patch: ::core::option::Option<&'a mut BoardStatePatch>,
}

impl ::core::ops::Deref for BoardStateDraft<'_> {
    type Target = BoardState;

    fn deref(&self) -> &BoardState {
        self.state
    }
}

impl BoardStateDraft<'_> {
    /// Sets `cells`.
    pub fn set_cells(&mut self, value: ::restream::List<Mark>) {
        if self.state.cells != value {
            if let ::core::option::Option::Some(patch) = self.patch.as_deref_mut() {
                patch.cells = ::restream::Change::Set(::core::clone::Clone::clone(&value));
            }
            self.state.cells = value;
        }
    }

    /// Changes `cells` in place.
    pub fn cells_mut(&mut self) -> <::restream::List<Mark> as ::restream::delta::Partial>::Draft<'_> {
        let patch = self.patch.as_deref_mut().and_then(|patch| patch.cells.edit());
        ::restream::delta::Partial::draft(&mut self.state.cells, patch)
    }

    /// Sets `turn`.
    pub fn set_turn(&mut self, value: Mark) {
        if self.state.turn != value {
            if let ::core::option::Option::Some(patch) = self.patch.as_deref_mut() {
                patch.turn = ::restream::Change::Set(::core::clone::Clone::clone(&value));
            }
            self.state.turn = value;
        }
    }

    /// Sets `moves`.
    pub fn set_moves(&mut self, value: ::restream::List<Move>) {
        if self.state.moves != value {
            if let ::core::option::Option::Some(patch) = self.patch.as_deref_mut() {
                patch.moves = ::restream::Change::Set(::core::clone::Clone::clone(&value));
            }
            self.state.moves = value;
        }
    }

    /// Changes `moves` in place.
    pub fn moves_mut(&mut self) -> <::restream::List<Move> as ::restream::delta::Partial>::Draft<'_> {
        let patch = self.patch.as_deref_mut().and_then(|patch| patch.moves.edit());
        ::restream::delta::Partial::draft(&mut self.state.moves, patch)
    }

    /// Sets `secret`.
    pub fn set_secret(&mut self, value: Option<String>) {
        if self.state.secret != value {
            if let ::core::option::Option::Some(patch) = self.patch.as_deref_mut() {
                patch.secret = ::restream::Change::Set(::core::clone::Clone::clone(&value));
            }
            self.state.secret = value;
        }
    }

    /// Sets `players`.
    pub fn set_players(&mut self, value: ::restream::Map<String, Player>) {
        if self.state.players != value {
            if let ::core::option::Option::Some(patch) = self.patch.as_deref_mut() {
                patch.players = ::restream::Change::Set(::core::clone::Clone::clone(&value));
            }
            self.state.players = value;
        }
    }

    /// Changes `players` in place.
    pub fn players_mut(&mut self) -> <::restream::Map<String, Player> as ::restream::delta::Partial>::Draft<'_> {
        let patch = self.patch.as_deref_mut().and_then(|patch| patch.players.edit());
        ::restream::delta::Partial::draft(&mut self.state.players, patch)
    }

    /// Sets `home`.
    pub fn set_home(&mut self, value: Player) {
        if self.state.home != value {
            if let ::core::option::Option::Some(patch) = self.patch.as_deref_mut() {
                patch.home = ::restream::Change::Set(::core::clone::Clone::clone(&value));
            }
            self.state.home = value;
        }
    }

    /// Changes `home` in place.
    pub fn home_mut(&mut self) -> <Player as ::restream::delta::Partial>::Draft<'_> {
        let patch = self.patch.as_deref_mut().and_then(|patch| patch.home.edit());
        ::restream::delta::Partial::draft(&mut self.state.home, patch)
    }

    /// Sets `guest`.
    pub fn set_guest(&mut self, value: Option<Player>) {
        if self.state.guest != value {
            if let ::core::option::Option::Some(patch) = self.patch.as_deref_mut() {
                patch.guest = ::restream::Change::Set(::core::clone::Clone::clone(&value));
            }
            self.state.guest = value;
        }
    }

    /// Changes `guest` in place.
    pub fn guest_mut(&mut self) -> <Option<Player> as ::restream::delta::Partial>::Draft<'_> {
        let patch = self.patch.as_deref_mut().and_then(|patch| patch.guest.edit());
        ::restream::delta::Partial::draft(&mut self.state.guest, patch)
    }

    /// Sets `shape`.
    pub fn set_shape(&mut self, value: Option<Shape>) {
        if self.state.shape != value {
            if let ::core::option::Option::Some(patch) = self.patch.as_deref_mut() {
                patch.shape = ::restream::Change::Set(::core::clone::Clone::clone(&value));
            }
            self.state.shape = value;
        }
    }

    /// Sets `open`.
    pub fn set_open(&mut self, value: bool) {
        if self.state.open != value {
            if let ::core::option::Option::Some(patch) = self.patch.as_deref_mut() {
                patch.open = ::restream::Change::Set(::core::clone::Clone::clone(&value));
            }
            self.state.open = value;
        }
    }
}
