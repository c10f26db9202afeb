//! A store family and a service as generated code would have them, with a handler that tests can look into.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use restream::codec::{DecodeError, Reader, Row, Union, Value, Writer, decode, encode};
use restream::{
    BoxFuture, Bytes, Ctx, Dispatch, EventInfo, Fail, Family, Fault, Instance, Level, MethodInfo, MethodKind, Refused,
    Sink, Source, Unit, UnitInfo,
};
use tokio::sync::Semaphore;

use crate::sample::{BoardState, Mark, Move};

/// Declares a struct with one field, as parameters and keys are.
macro_rules! one_field_row {
    ($name:ident, $field:ident, $ty:ty) => {
        #[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
        pub(crate) struct $name {
            pub(crate) $field: $ty,
        }

        impl Row for $name {
            fn encode_row(&self, w: &mut Writer) {
                let row = w.row(1);
                if !self.$field.is_default() {
                    w.present(row, 1);
                    self.$field.encode(w);
                }
            }

            fn decode_row(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
                let row = r.row()?;
                let mut value = Self::default();
                if row.has(1) {
                    value.$field = Value::decode(r)?;
                }
                r.end_row(&row, 1)?;
                Ok(value)
            }

            fn is_default_row(&self) -> bool {
                self.$field.is_default()
            }
        }
    };
}

one_field_row!(BoardKey, game, String);
one_field_row!(Cell, cell, u8);
one_field_row!(Size, bytes, u32);
one_field_row!(Text, value, String);
one_field_row!(Blob, value, Bytes);

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum MoveError {
    CellTaken { by: Mark },
}

impl Union for MoveError {
    fn encode_case(&self, w: &mut Writer) {
        let Self::CellTaken { by } = self;
        w.varint(1);
        let row = w.row(1);
        w.present(row, 1);
        by.encode(w);
    }

    fn decode_case(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.varint()?;
        let row = r.row()?;
        let by = if row.has(1) { Value::decode(r)? } else { Mark::Empty };
        r.end_row(&row, 1)?;
        Ok(Self::CellTaken { by })
    }
}

impl From<MoveError> for Fail<MoveError> {
    fn from(error: MoveError) -> Self {
        Self::Error(error)
    }
}

pub(crate) const PLACE_TOKEN: u32 = 1;
pub(crate) const PANIC: u32 = 2;
pub(crate) const WAIT: u32 = 3;
pub(crate) const ANSWER_BYTES: u32 = 4;
pub(crate) const HOVER: u32 = 5;
pub(crate) const FILL: u32 = 6;
pub(crate) const NOTE: u32 = 7;
pub(crate) const SPAWN: u32 = 8;
pub(crate) const COUNT: u32 = 9;
pub(crate) const SUM: u32 = 10;
pub(crate) const ECHO: u32 = 11;
pub(crate) const SERVER_TIME: u32 = 1;
pub(crate) const SECRETS: u32 = 2;
pub(crate) const AUDIO: u32 = 3;
pub(crate) const PLAYERS: u32 = 4;
pub(crate) const PLAYER: Level = Level(10);
pub(crate) const ADMIN: Level = Level(100);

const fn rpc(id: u32, name: &'static str, access: Level) -> MethodInfo {
    MethodInfo { id, name, kind: MethodKind::Rpc, access }
}

const fn stream(id: u32, name: &'static str, access: Level) -> MethodInfo {
    MethodInfo { id, name, kind: MethodKind::Stream, access }
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct BoardUnit;

impl Unit for BoardUnit {
    type Key = BoardKey;
    type State = BoardState;
    const INFO: &'static UnitInfo = &UnitInfo {
        name: "game.board.v1.Board",
        digest: [1; 16],
        ancestors: &[[2; 16]],
        access: Level(0),
        methods: &[
            rpc(PLACE_TOKEN, "placeToken", PLAYER),
            rpc(PANIC, "panic", Level(0)),
            rpc(WAIT, "wait", Level(0)),
            rpc(ANSWER_BYTES, "answerBytes", Level(0)),
            MethodInfo { id: HOVER, name: "hover", kind: MethodKind::Send, access: Level(0) },
            rpc(FILL, "fill", Level(0)),
            rpc(NOTE, "note", Level(0)),
            rpc(SPAWN, "spawn", Level(0)),
            stream(COUNT, "count", Level(0)),
            stream(SUM, "sum", Level(0)),
            stream(ECHO, "echo", PLAYER),
        ],
        events: &[
            EventInfo { id: SERVER_TIME, name: "serverTime", access: Level(0) },
            EventInfo { id: SECRETS, name: "secrets", access: ADMIN },
            EventInfo { id: AUDIO, name: "audio", access: Level(0) },
            EventInfo { id: PLAYERS, name: "players", access: Level(0) },
        ],
    };
}

/// What the handler has seen.
#[derive(Debug)]
pub(crate) struct Probe {
    pub(crate) n_opened: AtomicU32,
    pub(crate) closed: Mutex<Vec<String>>,
    /// Arguments of `note` and `hover` in the order the handlers started.
    pub(crate) notes: Mutex<Vec<String>>,
    /// `wait` takes one, and gives it back when its future is dropped.
    pub(crate) waiting: Arc<Semaphore>,
    /// Items that handlers of `count` have sent.
    pub(crate) n_counted: AtomicU32,
    /// Opening the board "slow" takes one.
    pub(crate) slow_open: Semaphore,
}

pub(crate) const N_WAITING: usize = 1_000;

impl Default for Probe {
    fn default() -> Self {
        Self {
            n_opened: AtomicU32::new(0),
            closed: Mutex::default(),
            notes: Mutex::default(),
            waiting: Arc::new(Semaphore::new(N_WAITING)),
            n_counted: AtomicU32::new(0),
            slow_open: Semaphore::new(0),
        }
    }
}

pub(crate) struct Boards(pub(crate) Arc<Probe>);

pub(crate) fn boards(probe: &Arc<Probe>) -> Family<BoardUnit> {
    Family::new(Boards(probe.clone()))
}

impl Boards {
    async fn place_token(&self, board: &Instance<BoardUnit>, cell: u8) -> Result<Move, Fail<MoveError>> {
        board.try_update(|b| {
            let by = b.turn;
            match b.cells.get(usize::from(cell)) {
                None => return Err(Refused::invalid("off the board").into()),
                Some(Mark::Empty) => b.cells_mut().set(usize::from(cell), by),
                Some(&by) => return Err(MoveError::CellTaken { by }.into()),
            }
            b.set_turn(if by == Mark::X { Mark::O } else { Mark::X });
            Ok(Move { cell, by })
        })
    }
}

/// What the handlers of streams do, as generated traits would have it.
impl Boards {
    /// Counts up to `to`; then panics at 13, sends too much at 14, waits for ever at 15.
    async fn count(&self, to: u32, out: Sink<u32>) -> Result<(), Fail<MoveError>> {
        let _one = self.0.waiting.acquire().await.map_err(|_| Refused::internal("closed"))?;
        for n in 0..to {
            out.send(n).await?;
            self.0.n_counted.fetch_add(1, Ordering::Relaxed);
        }
        match to {
            12 => Err(MoveError::CellTaken { by: Mark::O }.into()),
            13 => panic!("a bug in a handler that streams"),
            14 => {
                out.send(u32::MAX).await?;
                Ok(())
            }
            15 => std::future::pending().await,
            _ => Ok(()),
        }
    }

    /// Adds; at 1,000,000 it has enough.
    async fn sum(&self, mut numbers: Source<u32>) -> Result<u32, Refused> {
        let mut sum = 0;
        while let Some(n) = numbers.next().await? {
            sum += n;
            if sum == 1_000_000 {
                return Ok(sum);
            }
        }
        Ok(sum)
    }

    async fn echo(&self, mut numbers: Source<u32>, out: Sink<u32>) -> Result<(), Refused> {
        while let Some(n) = numbers.next().await? {
            out.send(n).await?;
        }
        Ok(())
    }
}

impl From<u32> for Size {
    fn from(bytes: u32) -> Self {
        Self { bytes }
    }
}

impl From<Size> for u32 {
    fn from(size: Size) -> Self {
        size.bytes
    }
}

/// An item of `count`: the last number there is stands for one that is too large.
#[derive(Default)]
pub(crate) struct Counted(Blob);

impl From<u32> for Counted {
    fn from(n: u32) -> Self {
        Self(Blob { value: if n == u32::MAX { vec![0; 70 << 10].into() } else { encode(&Size { bytes: n }) } })
    }
}

impl Row for Counted {
    fn encode_row(&self, w: &mut Writer) {
        w.raw(&self.0.value);
    }

    fn decode_row(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self(Blob::decode_row(r)?))
    }

    fn is_default_row(&self) -> bool {
        false
    }
}

impl Dispatch for Boards {
    type Unit = BoardUnit;

    fn open<'a>(&'a self, key: &'a BoardKey) -> BoxFuture<'a, Result<BoardState, Refused>> {
        Box::pin(async move {
            self.0.n_opened.fetch_add(1, Ordering::Relaxed);
            match key.game.as_str() {
                "nowhere" => Err(Refused::not_found("no such game")),
                "panic" => panic!("a bug in `open`"),
                "slow" => {
                    self.0.slow_open.acquire().await.unwrap().forget();
                    Ok(BoardState::default())
                }
                _ => {
                    let cells = vec![Mark::Empty; 9].into();
                    Ok(BoardState { cells, secret: Some("the secret".to_owned()), ..BoardState::default() })
                }
            }
        })
    }

    fn level<'a>(&'a self, ctx: &'a Ctx, _: &'a BoardKey) -> BoxFuture<'a, Level> {
        Box::pin(async move {
            match ctx.principal().id() {
                "ann" => PLAYER,
                "admin" => ADMIN,
                "level panics" => panic!("a bug in `level`"),
                _ => Level(0),
            }
        })
    }

    fn is_event_key(&self, event: u32, key: &[u8]) -> bool {
        if event == AUDIO { restream::codec::is_canonical::<Text>(key) } else { key.is_empty() }
    }

    fn listened<'a>(
        &'a self,
        board: Instance<BoardUnit>,
        event: u32,
        key: &'a [u8],
        is_first: bool,
    ) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            assert_eq!(event, AUDIO);
            let key: Text = decode(key).unwrap();
            // A handler that takes its time must not be overtaken.
            tokio::task::yield_now().await;
            let told = format!("{} {} {is_first}", board.key().game, key.value);
            self.0.notes.lock().unwrap().push(told);
        })
    }

    fn close(&self, board: Instance<BoardUnit>) -> BoxFuture<'_, ()> {
        Box::pin(async move { self.0.closed.lock().unwrap().push(board.key().game.clone()) })
    }

    fn call<'a>(
        &'a self,
        ctx: &'a Ctx,
        board: Instance<BoardUnit>,
        method: u32,
        args: &'a [u8],
    ) -> BoxFuture<'a, Result<Bytes, Fault>> {
        Box::pin(async move {
            match method {
                PLACE_TOKEN => {
                    let args: Cell = decode(args).map_err(Fault::bad_arguments)?;
                    let placed = self.place_token(&board, args.cell).await;
                    Ok(encode(&placed.map_err(|fail| Fault::declared(fail, ctx.level()))?))
                }
                PANIC => panic!("a bug in a handler: s3cret"),
                WAIT => {
                    let _one = self.0.waiting.acquire().await.unwrap();
                    std::future::pending().await
                }
                ANSWER_BYTES => {
                    let args: Size = decode(args).map_err(Fault::bad_arguments)?;
                    Ok(encode(&Blob { value: vec![0; args.bytes as usize].into() }))
                }
                FILL => {
                    let args: Size = decode(args).map_err(Fault::bad_arguments)?;
                    let text = "x".repeat(args.bytes as usize);
                    board.update(|b| b.set_secret(Some(text.clone())))?;
                    let player = crate::sample::Player { name: text, ..Default::default() };
                    board.update(|b| b.set_home(player))?;
                    Ok(Bytes::new())
                }
                COUNT => {
                    let args: Size = decode(args).map_err(Fault::bad_arguments)?;
                    let counted = self.count(args.bytes, Sink::of::<Counted>(ctx)).await;
                    counted.map_err(|fail| Fault::declared(fail, ctx.level()))?;
                    Ok(Bytes::new())
                }
                SUM => {
                    let sum = self.sum(Source::of::<Size>(ctx)).await?;
                    Ok(encode(&Size { bytes: sum }))
                }
                ECHO => {
                    self.echo(Source::of::<Size>(ctx), Sink::of::<Size>(ctx)).await?;
                    Ok(Bytes::new())
                }
                SPAWN => {
                    let (ctx, probe) = (ctx.clone(), self.0.clone());
                    tokio::spawn(async move {
                        ctx.cancelled().await;
                        probe.notes.lock().unwrap().push(format!("{} is over", ctx.principal().id()));
                    });
                    std::future::pending().await
                }
                NOTE | HOVER => {
                    let args: Text = decode(args).map_err(Fault::bad_arguments)?;
                    self.0.notes.lock().unwrap().push(args.value);
                    // Handlers that yield must not lose their place in the order.
                    tokio::task::yield_now().await;
                    Ok(Bytes::new())
                }
                _ => Err(Fault::unimplemented()),
            }
        })
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct AuthUnit;

impl Unit for AuthUnit {
    type Key = ();
    type State = ();
    const INFO: &'static UnitInfo = &UnitInfo {
        name: "game.board.v1.Auth",
        digest: [5; 16],
        ancestors: &[],
        access: PLAYER,
        methods: &[rpc(1, "whoAmI", Level(0))],
        events: &[],
    };
}

pub(crate) struct Auth;

impl Dispatch for Auth {
    type Unit = AuthUnit;

    fn open<'a>(&'a self, (): &'a ()) -> BoxFuture<'a, Result<(), Refused>> {
        Box::pin(async { Ok(()) })
    }

    fn level<'a>(&'a self, ctx: &'a Ctx, (): &'a ()) -> BoxFuture<'a, Level> {
        Box::pin(async move { if ctx.principal().id().is_empty() { Level(0) } else { PLAYER } })
    }

    fn close(&self, _: Instance<AuthUnit>) -> BoxFuture<'_, ()> {
        Box::pin(async {})
    }

    fn call<'a>(
        &'a self,
        ctx: &'a Ctx,
        _: Instance<AuthUnit>,
        _: u32,
        _: &'a [u8],
    ) -> BoxFuture<'a, Result<Bytes, Fault>> {
        Box::pin(async move { Ok(encode(&Text { value: ctx.principal().id().to_owned() })) })
    }
}
