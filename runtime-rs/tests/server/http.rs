//! The page and the upgrade.

use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use restream::Limits;

use crate::harness::{TestServer, http};

/// A folder with a page, files beside it that nobody may see, and a link that leads out.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let root = std::env::temp_dir().join(format!("restream-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        let dist = root.join("dist");
        fs::create_dir_all(dist.join("assets")).unwrap();
        fs::write(dist.join("index.html"), "<p>page</p>").unwrap();
        fs::write(dist.join("assets/app.js"), "let x").unwrap();
        fs::write(root.join("secret.txt"), "the secret").unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink(root.join("secret.txt"), dist.join("link.txt")).unwrap();
        Self(root)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn get(server: &TestServer, path: &str, headers: &str) -> String {
    http(server.address(), &format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{headers}\r\n"))
}

fn status(reply: &str) -> &str {
    reply.split(' ').nth(1).unwrap_or("none")
}

#[test]
fn the_page_and_its_files_are_served_and_nothing_else() {
    let folder = Folder::new("assets");
    let server = TestServer::with(Limits::default(), |server| server.assets(folder.0.join("dist")));
    let page = get(&server, "/", "");
    assert!(page.starts_with("HTTP/1.1 200 ") && page.ends_with("<p>page</p>"), "{page}");
    assert!(page.contains("content-type: text/html; charset=utf-8\r\n") && page.contains("nosniff"));
    let script = get(&server, "/assets/app.js?v=1", "");
    assert!(script.contains("content-type: text/javascript") && script.ends_with("let x"), "{script}");
    let etag = script.lines().find_map(|line| line.strip_prefix("etag: ")).unwrap();
    let again = get(&server, "/assets/app.js", &format!("if-none-match: {etag}\r\n"));
    assert!(again.starts_with("HTTP/1.1 304 ") && !again.contains("let x"), "{again}");
    for path in [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/assets/..%2f..%2fsecret.txt",
        "/link.txt",
        "/none",
        "/assets",
        "//secret.txt",
    ] {
        let reply = get(&server, path, "");
        assert!(["404", "400"].contains(&status(&reply)) && !reply.contains("the secret"), "{path}: {reply}");
    }
    let post = http(server.address(), "POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
    assert_eq!(status(&post), "405");
}

#[test]
fn a_folder_that_is_not_there_is_told_at_once() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let bound = runtime.block_on(restream::Server::new().assets("/no/such/folder").bind("127.0.0.1:0"));
    assert!(bound.unwrap_err().to_string().contains("/no/such/folder"));
}

#[test]
fn large_heads_are_refused() {
    let server = TestServer::start();
    let many: String = (0..65).map(|n| format!("x-{n}: 1\r\n")).collect();
    assert_eq!(status(&get(&server, "/", &many)), "431");
    let long = format!("x: {}\r\n", "y".repeat(9_000));
    assert_eq!(status(&get(&server, "/", &long)), "431");
}

const UPGRADE: &str =
    "upgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

fn upgrade(server: &TestServer, headers: &str) -> String {
    let address = server.address();
    // The goodbye after the hello timeout closes the socket; what matters is the head of the answer.
    let request = format!("GET /socket HTTP/1.1\r\nhost: {address}\r\nconnection: Upgrade\r\n{headers}\r\n\x01");
    http(address, &request)
}

#[test]
fn an_upgrade_needs_a_websocket_its_version_and_the_subprotocol() {
    let limits = Limits { handshake_timeout: std::time::Duration::from_millis(200), ..Limits::default() };
    let server = TestServer::limited(limits);
    let protocol = "sec-websocket-protocol: chat, restream.v1\r\n";
    let good = upgrade(&server, &format!("{UPGRADE}{protocol}"));
    assert!(good.starts_with("HTTP/1.1 101 "), "{good}");
    assert!(good.contains("sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"));
    assert!(good.contains("sec-websocket-protocol: restream.v1\r\n"));
    assert_eq!(status(&upgrade(&server, UPGRADE)), "400");
    assert_eq!(status(&upgrade(&server, &format!("{UPGRADE}sec-websocket-protocol: restream.v2\r\n"))), "400");
    assert_eq!(status(&upgrade(&server, protocol)), "400");
    let old = format!("{}{protocol}", UPGRADE.replace("13", "8"));
    assert_eq!(status(&upgrade(&server, &old)), "426");
    let short_key = format!("{}{protocol}", UPGRADE.replace("dGhlIHNhbXBsZSBub25jZQ==", "x"));
    assert_eq!(status(&upgrade(&server, &short_key)), "400");
    let own = format!("http://{}", server.address());
    for twice in ["host: evil.example\r\n".to_owned(), format!("origin: {own}\r\norigin: http://evil.example\r\n")] {
        assert_eq!(status(&upgrade(&server, &format!("{UPGRADE}{protocol}{twice}"))), "400", "{twice}");
    }
}

#[test]
fn only_pages_of_allowed_origins_may_open_the_socket() {
    let limits = || Limits { handshake_timeout: std::time::Duration::from_millis(200), ..Limits::default() };
    let own = TestServer::limited(limits());
    let try_from = |server: &TestServer, origin: &str| {
        let headers = format!("{UPGRADE}sec-websocket-protocol: restream.v1\r\norigin: {origin}\r\n");
        status(&upgrade(server, &headers)).to_owned()
    };
    assert_eq!(try_from(&own, &format!("http://{}", own.address())), "101");
    assert_eq!(try_from(&own, "http://evil.example"), "403");
    assert_eq!(try_from(&own, "null"), "403");
    let listed = TestServer::with(limits(), |server| server.origins(["https://good.example"]));
    assert_eq!(try_from(&listed, "https://good.example"), "101");
    assert_eq!(try_from(&listed, &format!("http://{}", listed.address())), "403");
}

/// Keeps the text of every log line.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

impl tracing::Subscriber for Log {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        metadata.target().starts_with("restream")
    }

    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }

    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}

    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}

    fn event(&self, event: &tracing::Event<'_>) {
        struct Text<'a>(&'a mut String);
        impl tracing::field::Visit for Text<'_> {
            fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
                self.0.push_str(&format!("{field}={value:?} "));
            }
        }
        event.record(&mut Text(&mut self.0.lock().unwrap()));
    }

    fn enter(&self, _: &tracing::span::Id) {}

    fn exit(&self, _: &tracing::span::Id) {}
}

#[test]
fn the_log_has_the_line_that_allows_an_origin_and_never_a_token() {
    let log = Log::default();
    let dispatch = tracing::Dispatch::new(log.clone());
    tracing::dispatcher::set_global_default(dispatch).unwrap();
    let server = TestServer::with(Limits::default(), |server| server.origins(["https://good.example"]));
    upgrade(&server, &format!("{UPGRADE}sec-websocket-protocol: restream.v1\r\norigin: http://other\r\n"));
    let line = r#".origins(["https://good.example", "http://other"])"#;
    assert!(log.0.lock().unwrap().contains(line), "{:?}", log.0.lock().unwrap());

    let mut client = server.client(Some("t0ken-of-ann"));
    let board = client.board("one");
    client.ready(board);
    let mut refused = server.raw();
    refused.send(&[crate::harness::hello(Some("bad"))]);
    refused.goodbye();
    client.cut();
    let log = log.0.lock().unwrap();
    assert!(log.contains("hello") && !log.contains("t0ken-of-ann"));
}
