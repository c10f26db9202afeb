//! What docs/guide.md shows of the server.

use crate::generated;

use generated::access;
use generated::chat::v1::*;
use restream::{Ctx, Fail, Level, Principal, Refused, Server, Sink};

struct Rooms;

impl RoomHandler for Rooms {
    /// Called when somebody wants a room that is not open. Without it a room begins as `RoomState::default()`.
    async fn open(&self, key: &RoomKey) -> Result<RoomState, Refused> {
        if key.name.is_empty() {
            return Err(Refused::invalid("a room needs a name"));
        }
        Ok(RoomState { topic: format!("all about {}", key.name), ..Default::default() })
    }

    /// What a caller may see and do here. Without it everybody has the lowest level.
    async fn level(&self, ctx: &Ctx, _: &RoomKey) -> Level {
        if ctx.principal().id().is_empty() { access::GUEST } else { access::MEMBER }
    }

    async fn say(&self, ctx: &Ctx, room: &Room, text: String) -> Result<u32, Fail<SayError>> {
        if text.len() > 500 {
            return Err(SayError::TooLong { limit: 500 }.into());
        }
        let author = ctx.principal().id().to_owned();
        room.emit_bell(author.clone());
        for who in text.split_whitespace().filter_map(|word| word.strip_prefix('@')) {
            room.emit_mention(&RoomMentionKey { who: who.to_owned() }, author.clone());
        }
        room.try_update(|r| {
            r.messages_mut().push(Message { author, text });
            Ok(r.messages.len() as u32)
        })
    }

    /// Sends as fast as the caller takes; the end of the method is the end of the stream.
    async fn find(&self, _: &Ctx, room: &Room, word: String, found: Sink<Message>) -> Result<(), Refused> {
        let messages = room.read(|r| r.messages.clone());
        for message in messages.iter().filter(|m| m.text.contains(&word)) {
            found.send(message.clone()).await?;
        }
        Ok(())
    }

    /// A `send` has no answer.
    async fn typing(&self, ctx: &Ctx, room: &Room, on: bool) {
        let name = ctx.principal().id();
        let changed = room.update(|r| match r.people_mut().get_mut(name) {
            Some(mut person) => person.set_typing(on),
            None => _ = r.people_mut().insert(name.to_owned(), Person { typing: on }),
        });
        if let Err(refused) = changed {
            eprintln!("{name}: {refused}");
        }
    }
}

struct Door;

impl AuthHandler for Door {
    async fn log_in(&self, _: &Ctx, name: String, password: String) -> Result<String, Fail<LogInError>> {
        match password.as_str() {
            "open sesame" => Ok(name), // a real server signs its tokens
            _ => Err(LogInError::WrongPassword.into()),
        }
    }
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let server = Server::new()
        .authenticate(|token| async { Ok(token.map(Principal::new).unwrap_or_default()) })
        .serve(&RoomServer::new(Rooms))
        .serve(&AuthServer::new(Door))
        .assets("web/dist")
        .bind("127.0.0.1:8080")
        .await?;
    println!("http://{}", server.local_addr());
    server.run().await
}
