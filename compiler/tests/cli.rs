//! The commands on real folders: what they write, what they leave alone, how they end.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A folder with files.
struct Folder(TempDir);

struct Run {
    code: u8,
    out: String,
    err: String,
}

impl Folder {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = Self(TempDir::new().unwrap());
        files.iter().for_each(|(name, text)| folder.write(name, text));
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    /// Runs `rssc COMMAND.. FOLDER`; words that start with `=` stand for paths in the folder.
    fn run(&self, command: &str) -> Run {
        self.run_at("", command)
    }

    /// The same for a folder below.
    fn run_at(&self, below: &str, command: &str) -> Run {
        let root = self.0.path().to_string_lossy().into_owned();
        let words = command.split(' ').map(|w| w.replace("=@", &format!("={root}/")).into());
        let args = std::iter::once("rssc".into()).chain(words).chain([self.path(below).into()]);
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut terminal = rssc::cli::Terminal { out: &mut out, err: &mut err, colors: false };
        let code = rssc::cli::run(args, &mut terminal);
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().replace(&format!("{root}/"), "");
        Run { code, out: text(out), err: text(err) }
    }

    /// Every file below the folder, with its text.
    fn everything(&self) -> Vec<(String, String)> {
        fn walk(dir: &Path, root: &Path, all: &mut Vec<(String, String)>) {
            for entry in fs::read_dir(dir).unwrap().flatten() {
                let path = entry.path();
                if path.is_dir() {
                    walk(&path, root, all);
                } else {
                    let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
                    all.push((name, fs::read_to_string(&path).unwrap()));
                }
            }
        }
        let mut all = Vec::new();
        walk(self.0.path(), self.0.path(), &mut all);
        all.sort();
        all
    }

    fn names(&self) -> Vec<String> {
        self.everything().into_iter().map(|(name, _)| name).collect()
    }
}

const BOARD: &str =
    "edition 2026\npackage game.board\n\npartials struct State { next 2, 1 turn: u8 }\nstore Board: State {}\n";

fn project(schema: &str) -> Folder {
    Folder::new(&[("rss.toml", "[rust]\n[ts]\n"), ("board.rss", schema)])
}

#[test]
fn warnings_stop_nothing_unless_they_are_denied() {
    let schema = "edition 2026\npackage a.v1\n\nfields struct A { next 2, 1 b_c: u8 }\n";
    let folder = project(schema);
    for command in ["compile --deny name_case", "check -D warnings", "compile -D warnings -A type_case"] {
        let run = folder.run(command);
        assert_eq!(run.code, 1, "{}", run.err);
        assert!(run.err.contains("error[name_case]") && run.err.contains("\n1 error in 1 of 1 file"), "{}", run.err);
    }
    assert!(!folder.path("generated").exists());
    let run = folder.run("compile");
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.err.contains("warning[name_case]") && run.err.contains("\n1 warning in 1 of 1 file\n"), "{}", run.err);
    assert!(folder.path("generated/rust/mod.rs").exists());
    assert_eq!(folder.run("release").code, 0);
    let fix = folder.run("fix");
    assert_eq!((fix.code, fix.err.contains("warning[name_case]")), (0, true), "{}", fix.err);
    let json = folder.run("check --message-format json");
    assert_eq!((json.code, json.out.contains("\"level\":\"warning\"")), (0, true), "{}", json.out);

    folder.write("rss.toml", "[rust]\n[ts]\n[lints]\nwarnings = \"deny\"\n");
    assert_eq!([folder.run("check").code, folder.run("release").code], [1, 1]);
    let allowed = folder.run("check -A name_case");
    assert_eq!((allowed.code, allowed.err.as_str()), (0, "no errors in 1 file\n"));
    folder.write("board.rss", &schema.replace("A {", "A @allow(name_case, \"why not\") {"));
    assert_eq!(folder.run("check -D name_case").code, 0);
    folder.write("rss.toml", "[rust]\n[ts]\n[lints]\nname_csae = \"deny\"\n");
    let run = folder.run("check");
    assert!(run.code == 1 && run.err.contains("did you mean `name_case`?"), "{}", run.err);
    assert_eq!([folder.run("check -D name_csae").code, folder.run("check -D name_case -A name_case").code], [2, 2]);
}

#[test]
fn compile_writes_outputs_and_a_lock_and_then_nothing() {
    let folder = project(BOARD);
    let run = folder.run("compile");
    assert_eq!(run.code, 0, "{}", run.err);
    let names = folder.names();
    for name in ["generated/rust/mod.rs", "generated/rust/game/board.rs", "generated/ts/game/board.ts", "rss.lock"] {
        assert!(names.iter().any(|n| n == name), "{name} is missing in {names:?}");
        assert!(run.err.contains(&format!("wrote {name}\n")), "{}", run.err);
    }
    let modified = |name: &str| fs::metadata(folder.path(name)).unwrap().modified().unwrap();
    let before = modified("generated/rust/game/board.rs");
    let again = folder.run("compile");
    assert_eq!((again.code, again.err.as_str()), (0, "everything is up to date (3 files)\n"));
    assert_eq!(modified("generated/rust/game/board.rs"), before);
    assert_eq!(folder.names(), names);
}

#[test]
fn missing_ids_are_written_and_the_layout_is_kept() {
    let folder = project(
        "edition 2026\npackage game.board\n\n// The state.\npartials struct State { // all of it\n    // Whose turn.\n    1 turn: u8   // 0 or 1\n\n    /// Docs.\n    note: string\n    hp: u16 = 3\n}\n\
         error Oops { Taken { by: u8 }, Late }\nfields struct Empty {}\nfields struct Wide {\n}\nopen enum E: u8 { A, B }\nfields struct Glued{a:u8,/*c*/b:u8}\nstore Board: State {}\n",
    );
    let run = folder.run("compile --rust");
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(
        folder.read("board.rss"),
        "edition 2026\npackage game.board\n\n// The state.\npartials struct State { // all of it\n    next 4\n    // Whose turn.\n    1 turn: u8   // 0 or 1\n\n    /// Docs.\n    2 note: string\n    3 hp: u16 = 3\n}\n\
         error Oops { next 3, 1 Taken { next 2, 1 by: u8 }, 2 Late }\nfields struct Empty { next 1 }\nfields struct Wide {\n    next 1\n}\nopen enum E: u8 { 0 A, 1 B }\nfields struct Glued{ next 3, 1 a:u8,/*c*/2 b:u8}\nstore Board: State {}\n"
    );
    assert!(run.err.contains("board.rss: note -> 2 note, hp -> 3 hp, insert `next 4`\n"), "{}", run.err);
    assert_eq!(folder.run("compile --rust --locked").code, 0);
}

#[test]
fn new_fields_take_the_next_id_in_windows_files_too() {
    let folder = project(
        "edition 2026\r\npackage game.board\r\nfields struct A {\r\n    next 5\r\n    1 a: u8\r\n    retired 2..4 bit\r\n    b: u8\r\n}\r\n",
    );
    assert_eq!(folder.run("ids --write").code, 0);
    let expected = "edition 2026\r\npackage game.board\r\nfields struct A {\r\n    next 6\r\n    1 a: u8\r\n    retired 2..4 bit\r\n    5 b: u8\r\n}\r\n";
    assert_eq!(folder.read("board.rss"), expected);
}

#[test]
fn locked_runs_report_missing_ids_and_write_nothing() {
    let folder = project("edition 2026\npackage game.board\nfields struct A { a: u8 }\n");
    let before = folder.everything();
    for command in ["compile --locked", "compile --check", "check", "ids", "release"] {
        let run = folder.run(command);
        assert_eq!(run.code, 2, "{command}: {}", run.err);
        assert!(run.err.contains("fix (safe): a -> 1 a, insert `next 2`"), "{}", run.err);
    }
    assert_eq!(folder.everything(), before);
}

#[test]
fn ids_are_not_written_beside_other_errors() {
    let folder = project("edition 2026\npackage game.board\nfields struct A { a: u8, b: strng }\n");
    let before = folder.everything();
    let run = folder.run("compile");
    assert_eq!(run.code, 1, "{}", run.err);
    assert!(
        run.err.ends_with("2 errors in 1 of 1 file; nothing was written\n`rssc explain RSS0302` explains a code\n"),
        "{}",
        run.err
    );
    assert_eq!(folder.everything(), before);
}

#[test]
fn errors_leave_old_outputs_as_they_were_in_every_project() {
    let folder = Folder::new(&[
        ("a/rss.toml", "[rust]\n"),
        ("a/a.rss", "edition 2026\npackage a\nfields struct A { next 2, 1 a: u8 }\n"),
        ("b/rss.toml", "[rust]\n"),
        ("b/b.rss", "edition 2026\npackage b\nfields struct B { next 2, 1 b: u8 }\n"),
    ]);
    assert_eq!(folder.run("compile").code, 0);
    folder.write("a/a.rss", "edition 2026\npackage a\nfields struct A { next 2, 1 a: u16 }\n");
    folder.write("b/b.rss", "edition 2026\npackage b\nfields struct B { next 2, 1 b: u99 }\n");
    let before = folder.everything();
    let run = folder.run("compile");
    assert_eq!(run.code, 1);
    assert!(run.err.contains("1 error in 1 of 2 files; nothing was written"), "{}", run.err);
    assert_eq!(folder.everything(), before);
}

#[test]
fn a_failing_output_leaves_the_other_one_unwritten() {
    let folder = Folder::new(&[
        ("rss.toml", "[rust]\n[ts]\nout = \"taken/ts\"\n"),
        ("board.rss", BOARD),
        ("taken", "a file where a folder would have to be\n"),
    ]);
    let before = folder.everything();
    let run = folder.run("compile");
    assert_eq!(run.code, 2);
    assert!(run.err.starts_with("error: cannot write `taken/ts/game/board.ts`"), "{}", run.err);
    assert_eq!(folder.everything(), before);
    assert!(!folder.path("generated").exists());
}

#[test]
fn check_names_what_is_stale() {
    let folder = project(BOARD);
    assert_eq!(folder.run("compile").code, 0);
    assert_eq!(folder.run("compile --check").code, 0);
    folder.write("board.rss", &BOARD.replace("u8", "u16"));
    fs::remove_file(folder.path("generated/rust/mod.rs")).unwrap();
    folder.write("generated/ts/old.ts", "// @generated by rssc 0.0.1 from package old.\n");
    let before = folder.everything();
    let run = folder.run("compile --check");
    assert_eq!(run.code, 2);
    assert_eq!(
        run.err,
        "stale: generated/rust/game/board.rs\nmissing: generated/rust/mod.rs\nstale: generated/ts/game/board.ts\n\
         left over: generated/ts/old.ts\n4 files not up to date; `rssc compile` writes what is missing\n"
    );
    assert_eq!(folder.everything(), before);
}

#[test]
fn outputs_of_removed_packages_go_and_other_files_stay() {
    let folder = project(BOARD);
    folder.write("extra.rss", "edition 2026\npackage game.extra.deep\nfields struct A { next 2, 1 a: u8 }\n");
    assert_eq!(folder.run("compile").code, 0);
    assert!(folder.path("generated/rust/game/extra/deep.rs").exists());
    folder.write("generated/rust/game/extra/mine.rs", "// By hand.\n");
    folder.write("generated/ts/other/package.json", "{}\n");
    folder.write("generated/ts/other/kept.ts", "// @generated by rssc 0.1.0 for somebody else\n");
    fs::remove_file(folder.path("extra.rss")).unwrap();
    let run = folder.run("compile");
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.err.contains("removed generated/rust/game/extra/deep.rs\n"), "{}", run.err);
    assert!(!folder.path("generated/rust/game/extra/deep.rs").exists());
    assert!(!folder.path("generated/ts/game/extra").exists(), "empty folders go too");
    assert!(folder.path("generated/rust/game/extra/mine.rs").exists());
    assert!(folder.path("generated/ts/other/kept.ts").exists());
}

const CHAT: &str = "edition 2026\npackage chat\nfields struct Line { next 2, 1 text: string }\n";

#[test]
fn two_projects_with_one_folder_keep_each_others_files() {
    let config = "[ts]\nout = \"../web\"\n";
    let folder = Folder::new(&[
        ("a/rss.toml", config),
        ("a/board.rss", BOARD),
        ("a/old.rss", "edition 2026\npackage old\nfields struct Old { next 2, 1 a: u8 }\n"),
        ("b/rss.toml", config),
        ("b/chat.rss", CHAT),
    ]);
    assert_eq!(folder.run_at("a", "compile").code, 0);
    assert_eq!(folder.run_at("b", "compile").code, 0);
    let names = || folder.everything().into_iter().map(|(name, _)| name).filter(|n| n.starts_with("web")).collect();
    let both: Vec<String> = names();
    assert_eq!(both.len(), 3, "{both:?}");
    assert!(folder.read("web/chat.ts").contains("(chat.rss), project ../b. Do not edit."));
    assert_eq!((folder.run_at("a", "compile --check").code, folder.run_at("b", "compile --check").code), (0, 0));
    // What a project wrote itself goes.
    fs::remove_file(folder.path("a/old.rss")).unwrap();
    let run = folder.run_at("a", "compile");
    assert_eq!((run.code, run.err.as_str()), (0, "removed web/old.ts\n"));
    let left: Vec<String> = names();
    assert_eq!(left.len(), 2, "{left:?}");
    // So does what a project wrote that is gone.
    fs::remove_dir_all(folder.path("b")).unwrap();
    let run = folder.run_at("a", "compile");
    assert_eq!((run.code, run.err.as_str()), (0, "removed web/chat.ts\n"));
}

#[test]
fn a_file_of_another_project_is_not_overwritten() {
    let config = "[rust]\nout = \"../server\"\n";
    let folder =
        Folder::new(&[("a/rss.toml", config), ("a/board.rss", BOARD), ("b/rss.toml", config), ("b/chat.rss", CHAT)]);
    assert_eq!(folder.run_at("a", "compile").code, 0);
    let before = folder.everything();
    for command in ["compile", "compile --check"] {
        let run = folder.run_at("b", command);
        assert_eq!(run.code, 2);
        assert_eq!(
            run.err,
            "error: `server/mod.rs` was written by another project, `a`; give each a folder of its own by `out` in \
             rss.toml, or delete the file\n"
        );
        assert_eq!(folder.everything(), before);
    }
    fs::remove_file(folder.path("server/mod.rs")).unwrap();
    assert_eq!(folder.run_at("b", "compile").code, 0);
    assert!(folder.path("server/game/board.rs").exists() && folder.path("server/chat.rs").exists());
}

#[cfg(unix)]
#[test]
fn outputs_are_not_written_through_links() {
    let folder = project(BOARD);
    folder.write("elsewhere/keep.txt", "mine\n");
    fs::create_dir_all(folder.path("generated/rust")).unwrap();
    std::os::unix::fs::symlink(folder.path("elsewhere"), folder.path("generated/rust/game")).unwrap();
    let run = folder.run("compile");
    assert_eq!(run.code, 2);
    assert!(run.err.contains("symbolic link"), "{}", run.err);
    assert!(!folder.path("elsewhere/board.rs").exists() && !folder.path("rss.lock").exists());
}

#[cfg(unix)]
#[test]
fn outputs_have_the_permissions_of_ordinary_files() {
    use std::os::unix::fs::PermissionsExt;
    let folder = project(BOARD);
    assert_eq!(folder.run("compile").code, 0);
    let mode = |name: &str| fs::metadata(folder.path(name)).unwrap().permissions().mode();
    assert_eq!(mode("generated/rust/mod.rs"), mode("board.rss"));
}

#[test]
fn folders_come_from_the_command_line_or_the_project() {
    let folder = Folder::new(&[("rss.toml", "[rust]\nout = \"server/gen\"\n"), ("board.rss", BOARD)]);
    assert_eq!(folder.run("compile --rust").code, 0);
    assert!(folder.path("server/gen/game/board.rs").exists());
    assert_eq!(folder.run("compile --rust=@one --ts=@two").code, 0);
    assert!(folder.path("one/game/board.rs").exists() && folder.path("two/game/board.ts").exists());
    let bare = Folder::new(&[("board.rss", BOARD)]);
    let run = bare.run("compile");
    assert_eq!((run.code, run.err.contains("nothing to write: give --rust, --ts or both")), (2, true));
    assert_eq!(bare.run("compile --rust=@one").code, 0);
    assert!(!bare.path("rss.lock").exists(), "without rss.toml there is no lock");
}

#[test]
fn packages_of_other_roots_come_along_if_they_are_imported() {
    let folder = Folder::new(&[
        ("app/rss.toml", "[rust]\n[inputs]\nroots = [\".\", \"../common\"]\n"),
        ("app/app.rss", "edition 2026\npackage app\nimport common.v1.{Id}\nfields struct A { next 2, 1 id: Id }\n"),
        ("common/ids.rss", "edition 2026\npackage common.v1\nfields struct Id { next 2, 1 n: u64 }\n"),
        ("common/unused.rss", "edition 2026\npackage unused.v1\nfields struct Broken { 1 x: nothing }\n"),
    ]);
    let run = folder.run("compile");
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(folder.path("app/generated/rust/common/v1.rs").exists());
    assert!(!folder.path("app/generated/rust/unused").exists());
    folder.write("common/ids.rss", "edition 2026\npackage common.v1\nfields struct Id { next 2, 1 n: u64, m: u8 }\n");
    let run = folder.run("compile");
    assert_eq!(run.code, 1, "ids of another project's files are not written: {}", run.err);
}

#[test]
fn a_folder_without_schemas_is_refused() {
    let folder = Folder::new(&[("notes.txt", "")]);
    let run = folder.run("compile --rust=@out");
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.starts_with("error: there is no .rss file in `"), "{}", run.err);
    assert_eq!(folder.everything().len(), 1);
}

#[test]
fn releases_are_recorded_compared_and_broken() {
    let folder = project(BOARD);
    assert_eq!(folder.run("compile").code, 0);
    assert!(folder.read("rss.lock").ends_with("version = 1\nreleased = []\n"), "{}", folder.read("rss.lock"));
    let run = folder.run("release");
    assert_eq!((run.code, run.err.as_str()), (0, "game.board.Board: first release\n"));
    let first = folder.read("rss.lock");
    assert_eq!(folder.run("release").err, "nothing has changed since the last release\n");
    assert_eq!(folder.read("rss.lock"), first);

    // A compatible change: released digests are ancestors.
    folder.write("board.rss", &BOARD.replace("next 2, 1 turn: u8", "next 3, 1 turn: u16, 2 note: string?"));
    assert_eq!(folder.run("compile").code, 0);
    assert_eq!(folder.read("rss.lock"), first, "compile never changes the lock");
    let digest = first.split("digests = [\"").nth(1).and_then(|t| t.split('"').next()).unwrap();
    let hex = |text: &str| text.bytes().filter(u8::is_ascii_hexdigit).map(char::from).collect::<String>();
    let ts = folder.read("generated/ts/game/board.ts");
    assert!(hex(&ts).contains(digest), "the released digest is not in the generated code");
    assert_eq!(folder.run("release").err, "game.board.Board: new release\n");
    let second = folder.read("rss.lock");
    assert!(second.contains(digest));

    // An incompatible one.
    folder.write("board.rss", &BOARD.replace("u8", "string"));
    for command in ["compile", "check", "release"] {
        let run = folder.run(command);
        assert_eq!(run.code, 1, "{command}");
        assert!(run.err.contains("error[RSS0402]") && run.err.contains("error[RSS0401]"), "{}", run.err);
    }
    assert_eq!(folder.read("rss.lock"), second);
    let run = folder.run("release --break game.bord.Board");
    assert_eq!(run.code, 1, "findings come first: {}", run.err);
    let run = folder.run("release --break game.board.Board");
    assert_eq!((run.code, run.err.as_str()), (0, "game.board.Board: starts over\n"));
    assert!(!folder.read("rss.lock").contains(digest));
    let run = folder.run("release --break game.bord.Board");
    assert!(run.err.contains("did you mean `game.board.Board`?") && run.code == 2, "{}", run.err);

    // The store goes.
    folder.write("board.rss", "edition 2026\npackage game.board\n");
    assert!(folder.run("compile").err.contains("error[RSS0407]: `game.board.Board` was released and is gone"));
    assert_eq!(folder.run("release --break game.board.Board").err, "game.board.Board: no longer released\n");
    assert_eq!(folder.run("compile").code, 0);
}

#[test]
fn digests_ignore_names_of_fields_docs_order_access_and_constraints() {
    let digest = |schema: &str| {
        let mut sources = rssc::source::SourceMap::new();
        sources.add("a.rss", schema);
        rssc::analyze(&sources).schema.unwrap().units[0].digest
    };
    let head = "edition 2026\npackage a\naccess { P = 0, Q = 1 }\n";
    let one = digest(&format!(
        "{head}partials struct S {{ next 3, 1 a: u8, 2 b: string? }}\nstore T: S {{ rpc x(a: u8), rpc y() }}\n"
    ));
    let same = digest(&format!(
        "{head}/// Docs.\nstore T: Z @access(Q) {{ rpc y() @access(Q), rpc x(n: u8 @range(1, _)) }}\npartials struct Z {{ next 3, 2 c: string? @access(Q) @len(_, 9), 1 d: u8 @range(_, 3) }}\n"
    ));
    assert_eq!(one, same);
    for (from, to) in [
        ("u8, 2", "u16, 2"),
        ("rpc y", "send y"),
        ("string?", "string? , retired 3 bit"),
        ("rpc x(a: u8)", "rpc x(a: u8 = 1)"),
    ] {
        let text = format!(
            "{head}partials struct S {{ next 3, 1 a: u8, 2 b: string? }}\nstore T: S {{ rpc x(a: u8), rpc y() }}\n"
        );
        let text = text.replace(from, to).replace("string? , retired 3 bit", "string?, retired 3 bit");
        let text = if text.contains("retired") { text.replace("next 3", "next 4") } else { text };
        assert_ne!(digest(&text), one, "{from} -> {to}");
    }
}

#[test]
fn tools_get_one_object_a_line() {
    let folder = project("edition 2026\npackage game.board\nfields struct A { next 3, 1 a: strng, 2 b: u9 }\n");
    let run = folder.run("check --message-format json");
    assert_eq!((run.code, run.err.as_str()), (1, ""));
    let codes: Vec<String> = run
        .out
        .lines()
        .map(|l| serde_json::from_str::<serde_json::Value>(l).unwrap()["code"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(codes, ["RSS0201", "RSS0201"]);
    let run = folder.run("check --message-format short");
    assert!(
        run.err.starts_with("board.rss:3:32: error[RSS0201]: unknown type `strng` (did you mean `string`?)\n"),
        "{}",
        run.err
    );
}

#[test]
fn wrong_usage_ends_with_two() {
    let folder = project(BOARD);
    for command in ["compil", "compile --rust --wat", "compile nowhere", "explain RSS9999", "release --break"] {
        let run = folder.run(command);
        assert_eq!(run.code, 2, "{command}: {}", run.err);
        assert!(!run.err.is_empty());
    }
    let bare = Folder::new(&[("board.rss", BOARD)]);
    assert_eq!(bare.run("release").code, 2);
}

#[test]
fn codes_are_explained_offline() {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut terminal = rssc::cli::Terminal { out: &mut out, err: &mut err, colors: false };
    let args = ["rssc", "explain", "rss0301"].map(Into::into);
    assert_eq!(rssc::cli::run(args, &mut terminal), 0);
    assert!(String::from_utf8(out).unwrap().starts_with("# RSS0301: "));
}

/// What a view shows may change from release to release: readers skip what is new and take what is gone for absent.
#[test]
fn views_grow_and_shrink() {
    const STATE: &str = "edition 2026\npackage game.board
partials struct Player { next 4, 1 name: string, 2 hp: u16, 3 note: string? }
partials struct BoardState { next 6, 1 turn: u8, 2 players: list<Player>, 3 best: u32, 4 on: bool, 5 id: uuid }
store Board[game: string]: BoardState {}\n";
    let with = |view: &str| format!("{STATE}{view}");
    let folder = project(STATE);
    assert_eq!(folder.run("release").err, "game.board.Board: first release\n");

    // A new view leaves the store as it is.
    folder.write("board.rss", &with("view Lobby of Board { turn, players { name }, id }"));
    assert_eq!(folder.run("release").err, "game.board.Lobby: first release\n");

    let compatible = [
        "view Lobby of Board { id, turn, players { note, hp, name }, best, on }",
        "view Lobby of Board { on, players { note } }",
        "view Lobby of Board { turn }",
        "view Lobby of Board { id, players { name } }",
    ];
    for view in compatible {
        folder.write("board.rss", &with(view));
        assert_eq!(folder.run("check").code, 0, "{view}: {}", folder.run("check").err);
        assert_eq!(folder.run("release").err, "game.board.Lobby: new release\n", "{view}");
    }

    // A part of a field in the place of all of it, and the reverse.
    folder.write("board.rss", &with("view Lobby of Board { id, players }"));
    assert_eq!(folder.run("release").err, "game.board.Lobby: new release\n");
    folder.write("board.rss", &with("view Lobby of Board { id, players { hp } }"));
    assert_eq!(folder.run("release").err, "game.board.Lobby: new release\n");

    // What a view shows keeps its type, like any field, and what it hides its shape.
    let other = with("view Lobby of Board { id, players { hp } }").replace("2 hp: u16", "2 hp: string");
    folder.write("board.rss", &other);
    assert!(folder.run("check").err.contains("error[RSS0402]: id 2 of `LobbyPlayers`"), "{}", folder.run("check").err);
    let other = with("view Lobby of Board { id, players { hp } }").replace("1 turn: u8", "1 turn: string");
    folder.write("board.rss", &other);
    assert!(folder.run("check").err.contains("error[RSS0401]: id 1 of `Lobby`"), "{}", folder.run("check").err);
}
