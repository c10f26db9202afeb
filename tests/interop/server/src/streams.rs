//! The handlers of rpcs with streams.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use restream::{Bytes, Ctx, Fail, Refused, Sink, Source};

use crate::generated::interop::v1::{Line, StreamsHandler, Trouble};

/// Counts the calls that have not ended.
#[derive(Clone, Debug, Default)]
pub struct Flows {
    n_running: Arc<AtomicU32>,
}

/// Gone when its handler is.
struct Running(Arc<AtomicU32>);

impl Flows {
    fn run(&self) -> Running {
        self.n_running.fetch_add(1, Ordering::Relaxed);
        Running(self.n_running.clone())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl StreamsHandler for Flows {
    async fn count(&self, _: &Ctx, to: u32, fail: bool, out: Sink<u64>) -> Result<(), Fail<Trouble>> {
        for n in 0..u64::from(to) {
            out.send(n).await?;
        }
        if fail { Err(Trouble::TooMany { limit: to }.into()) } else { Ok(()) }
    }

    async fn lines(&self, _: &Ctx, n: u32, out: Sink<Line>) -> Result<(), Refused> {
        for n in 0..n {
            out.send(Line { text: format!("line {n}"), n }).await?;
        }
        Ok(())
    }

    async fn total(&self, _: &Ctx, factor: u32, mut number: Source<u32>) -> Result<u64, Fail<Trouble>> {
        let _running = self.run();
        let mut sum = 0;
        while let Some(n) = number.next().await? {
            sum += u64::from(n);
            if sum > 1_000_000 {
                return Err(Trouble::TooMany { limit: 1_000_000 }.into());
            }
        }
        Ok(sum * u64::from(factor))
    }

    async fn join(&self, _: &Ctx, mut line: Source<Line>) -> Result<String, Refused> {
        let mut texts = Vec::new();
        while let Some(line) = line.next().await? {
            texts.push(line.text);
        }
        Ok(texts.join("|"))
    }

    async fn echo(&self, _: &Ctx, mut text: Source<String>, out: Sink<Line>) -> Result<(), Refused> {
        let mut n = 0;
        while let Some(text) = text.next().await? {
            out.send(Line { text, n }).await?;
            n += 1;
        }
        Ok(())
    }

    async fn endless(&self, _: &Ctx, out: Sink<Bytes>) -> Result<(), Refused> {
        let _running = self.run();
        out.send(Bytes::from_static(b"one")).await?;
        std::future::pending().await
    }

    async fn running(&self, _: &Ctx) -> Result<u32, Refused> {
        Ok(self.n_running.load(Ordering::Relaxed))
    }
}
