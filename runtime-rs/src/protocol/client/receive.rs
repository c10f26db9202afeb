//! What each frame from the server does.

use std::time::Duration;

use super::super::envelope::{Frame, Malformed, split};
use super::super::frames::ServerFrame;
use super::super::generated::session::v1::{
    Goodbye, GoodbyeCode, Listening, OpenCode, OpenRefused, Opened, Pong, Seen, Subscribed,
};
use super::super::seen::decode_seen;
use super::calls::{CallResult, CallState, Need};
use super::channel::{Phase, Progress, Subscription};
use super::update::{CallError, Handle, Link, Update};
use super::{CallCode, ClientCore};

impl ClientCore {
    /// Takes a message from the server. A message that is against the protocol loses the link.
    pub fn receive(&mut self, now: Duration, message: &[u8]) {
        self.last_heard = now;
        self.probed_at = None;
        if self.receive_frames(now, message).is_err() {
            let message = "the server sent what the protocol does not allow".to_owned();
            tracing::warn!("{message}");
            self.lose_link(now, None);
        }
    }

    fn receive_frames(&mut self, now: Duration, message: &[u8]) -> Result<(), Malformed> {
        for frame in split(message)? {
            match (frame, &self.link) {
                (Frame::Control { kind, body }, Link::Live) => {
                    self.receive_control(now, ServerFrame::decode(kind, body)?)?
                }
                (Frame::Delta { view, steps, check, body }, Link::Live) => {
                    self.with_view(view, |channel| channel.delta(steps, check, body));
                }
                (Frame::Control { kind, body }, Link::Greeting) => match ServerFrame::decode(kind, body)? {
                    ServerFrame::Welcome(welcome) => self.welcomed(now, &welcome),
                    ServerFrame::Goodbye(goodbye) => self.receive_goodbye(now, goodbye),
                    _ => return Err(Malformed("no welcome first")),
                },
                (Frame::Delta { .. }, Link::Greeting) => return Err(Malformed("no welcome first")),
                (_, Link::Idle | Link::Connecting | Link::Waiting | Link::Stopped { .. }) => return Ok(()),
            }
        }
        Ok(())
    }

    fn receive_control(&mut self, now: Duration, frame: ServerFrame) -> Result<(), Malformed> {
        match frame {
            ServerFrame::Welcome(_) => return Err(Malformed("a second welcome")),
            ServerFrame::Opened(opened) => self.receive_opened(opened),
            ServerFrame::Refused(refused) => self.receive_refused(refused),
            ServerFrame::Subscribed(subscribed) => self.receive_subscribed(&subscribed),
            ServerFrame::Snapshot(chunk) => self.with_view(chunk.view, |channel| channel.snapshot(&chunk)),
            ServerFrame::Advance(advance) => self.with_view(advance.view, |channel| channel.advance(advance.steps)),
            ServerFrame::Unsubscribed(answer) => {
                if let Some(channel) = self.by_ch.get(&answer.ch).and_then(|handle| self.channels.get_mut(handle)) {
                    channel.n_unsubscribing = channel.n_unsubscribing.saturating_sub(1);
                }
            }
            ServerFrame::Result(result) => self.receive_answer(result.id, Ok(result.body), &decode_seen(&result.seen)?),
            ServerFrame::Failure(failure) => {
                let error = match failure.code {
                    CallCode::Declared => CallError::Declared(failure.body),
                    code => CallError::Failed { code, message: failure.message },
                };
                self.receive_answer(failure.id, Err(error), &decode_seen(&failure.seen)?);
            }
            ServerFrame::Listening(listening) => self.receive_listening(listening),
            ServerFrame::Event(event) => {
                if let Some((handle, listened)) = self.by_stream.get(&event.stream).cloned() {
                    if let Some(channel) = self.channels.get_mut(&handle) {
                        channel.hold_event(listened, event.version, event.body);
                    }
                    self.hand_out_events(handle);
                }
            }
            ServerFrame::Item(item) => self.receive_item(item)?,
            ServerFrame::Credit(credit) => self.receive_credit(&credit)?,
            ServerFrame::Ping(ping) => self.send_frame(Pong { n: ping.n }),
            ServerFrame::Pong(_) => {}
            ServerFrame::Goodbye(goodbye) => self.receive_goodbye(now, goodbye),
        }
        Ok(())
    }

    fn receive_opened(&mut self, opened: Opened) {
        let Some(handle) = self.by_ch.get(&opened.ch).copied() else { return };
        let Some(channel) = self.channels.get_mut(&handle) else { return };
        channel.phase = Phase::Open { ch: opened.ch };
        // A value that did not decode is worth another try once the server's program is another.
        if matches!(&channel.subscription, Subscription::Failed { digest, .. } if *digest != opened.digest) {
            let request = channel.subscribe_anew(opened.ch);
            self.send_frame(request);
        }
        if let Some(channel) = self.channels.get_mut(&handle) {
            channel.server_digest = opened.digest;
        }
        self.refresh(handle);
    }

    fn receive_refused(&mut self, refused: OpenRefused) {
        let Some(handle) = self.by_ch.remove(&refused.ch) else { return };
        let Some(channel) = self.channels.get_mut(&handle) else { return };
        channel.lose_link();
        if refused.code == OpenCode::Diverged
            && let Some(digest) = refused.digest.as_deref().and_then(|digest| <[u8; 8]>::try_from(digest).ok())
            && channel.digest != digest
            && channel.unit.speaks(&digest)
        {
            channel.digest = digest;
            return self.open_channel(handle);
        }
        let code = open_code_name(refused.code).to_owned();
        channel.phase = Phase::Refused { code, message: refused.message };
        self.refresh(handle);
        self.settle_calls();
    }

    fn receive_subscribed(&mut self, answer: &Subscribed) {
        let Some(handle) = self.by_ch.get(&answer.ch).copied() else { return };
        let Some(channel) = self.channels.get_mut(&handle) else { return };
        // What comes before the answer to an unsubscribe belongs to the subscription that was given up.
        if channel.n_unsubscribing > 0
            || matches!(channel.subscription, Subscription::None | Subscription::Failed { .. })
        {
            return;
        }
        if let Some(view) = channel.view() {
            self.by_view.remove(&view);
        }
        let progress = channel.subscribed(answer);
        self.by_view.insert(answer.view, handle);
        self.proceed(handle, progress);
    }

    fn with_view(&mut self, view: u32, f: impl FnOnce(&mut super::channel::Channel) -> Progress) {
        let Some(handle) = self.by_view.get(&view).copied() else { return };
        let Some(channel) = self.channels.get_mut(&handle) else { return };
        let progress = f(channel);
        self.proceed(handle, progress);
    }

    fn proceed(&mut self, handle: Handle, progress: Progress) {
        match progress {
            Progress::Nothing => {}
            Progress::Moved => {
                if let Some((epoch, version)) = self.version(handle) {
                    self.updates.push_back(Update::State { handle, epoch, version });
                }
            }
            Progress::Resync => {
                tracing::warn!(handle = handle.0, "a value could not be kept up and is fetched anew");
                self.drop_subscription(handle);
                if let Some(channel) = self.channels.get_mut(&handle)
                    && let Some(ch) = channel.ch()
                {
                    let request = channel.subscribe(ch);
                    self.send_frame(request);
                }
            }
            Progress::Failed(error) => {
                self.drop_subscription(handle);
                if let Some(channel) = self.channels.get_mut(&handle) {
                    let digest = channel.server_digest.clone();
                    channel.subscription = Subscription::Failed { digest, error };
                }
            }
        }
        self.refresh(handle);
        self.hand_out_events(handle);
        self.settle_calls();
    }

    fn hand_out_events(&mut self, handle: Handle) {
        let Some(channel) = self.channels.get_mut(&handle) else { return };
        for (listened, body) in channel.take_events() {
            if channel.listens.contains_key(&listened) {
                let (event, key) = listened;
                self.updates.push_back(Update::Event { handle, event, key, body });
            }
        }
    }

    fn receive_answer(&mut self, id: u32, result: CallResult, seen: &[Seen]) {
        let need = |seen: &Seen| {
            let handle = *self.by_view.get(&seen.view)?;
            Some(Need { handle, view: seen.view, version: seen.version })
        };
        let needs: Vec<Need> = seen.iter().filter_map(need).collect();
        if let Some(call) = self.calls.pending.get_mut(&id)
            && matches!(call.state, CallState::Sent)
        {
            call.state = CallState::Answered { result, needs };
            self.settle_calls();
        }
    }

    fn receive_listening(&mut self, answer: Listening) {
        let Some(handle) = self.by_ch.get(&answer.ch).copied() else { return };
        let Some(channel) = self.channels.get_mut(&handle) else { return };
        let listened = (answer.event, answer.key);
        let Some(stream) = channel.listens.get_mut(&listened) else { return };
        if answer.denied {
            tracing::warn!(unit = channel.unit.name, event = answer.event, "may not listen");
            return;
        }
        *stream = Some(answer.stream);
        self.by_stream.insert(answer.stream, (handle, listened));
    }

    fn receive_goodbye(&mut self, now: Duration, goodbye: Goodbye) {
        let Goodbye { code, message, retry_after_ms } = goodbye;
        // A greeting that is too large (a token, that is) will not be smaller the next time.
        let hopeless = code == GoodbyeCode::TooLarge && self.link == Link::Greeting;
        if hopeless || matches!(code, GoodbyeCode::Unauthenticated | GoodbyeCode::Version) {
            self.forget_connection();
            self.retry_at = None;
            self.set_link(Link::Stopped { code, message });
            for handle in self.channels.keys().copied().collect::<Vec<_>>() {
                self.refresh(handle);
            }
        } else {
            self.lose_link(now, retry_after_ms.map(|ms| Duration::from_millis(u64::from(ms))));
        }
    }
}

/// The code as docs/protocol.md writes it.
fn open_code_name(code: OpenCode) -> &'static str {
    crate::error::OpenCode::ALL.get(usize::from(code.number())).map_or("unrecognized", |code| code.as_str())
}
