use super::*;
use std::fs;
use std::time::SystemTime;
use tempfile::TempDir;

const BOARD: &str = "edition 2026\npackage game.board.v1\nfields struct Move { next 2, 1 cell: u8 }\n";

/// A crate with schemas, and an `OUT_DIR`.
struct Crate {
    dir: TempDir,
}

/// What a run of its build script gave.
struct Ran {
    result: Result<(), Error>,
    out: String,
    err: String,
}

impl Crate {
    fn new(files: &[(&str, &str)]) -> Self {
        let made = Self { dir: tempfile::tempdir().unwrap() };
        files.iter().for_each(|(name, text)| made.write(name, text));
        fs::create_dir_all(made.path("target/out")).unwrap();
        made
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), text).unwrap();
    }

    fn run(&self, config: &Config, path: &str) -> Ran {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let result = config.run(vec![self.path(path)], &self.path("target/out"), &mut out, &mut err);
        Ran { result, out: String::from_utf8(out).unwrap(), err: String::from_utf8(err).unwrap() }
    }

    fn watched(&self, out: &str) -> Vec<String> {
        let prefix = format!("cargo:rerun-if-changed={}/", self.dir.path().display());
        out.lines().map(|line| line.strip_prefix(&prefix).expect(line).to_owned()).collect()
    }
}

fn modified(path: &Path) -> SystemTime {
    fs::metadata(path).unwrap().modified().unwrap()
}

#[test]
fn everything_that_was_read_is_watched_and_nothing_that_was_written() {
    let made = Crate::new(&[
        (
            "schemas/rss.toml",
            "[inputs]\nroots = [\".\", \"../common\"]\n[rust]\nout = \"../elsewhere\"\nstrip = \"game\"\n",
        ),
        ("schemas/rss.lock", &rssc::lock::Lock::default().text()),
        ("schemas/board.rss", BOARD),
        ("common/sub/ids.rss", "edition 2026\npackage ids\n"),
        ("src/main.rs", ""),
    ]);
    let ran = made.run(&Config::new(), "schemas");
    ran.result.unwrap();
    assert_eq!(ran.err, "");
    let wanted =
        ["common", "common/sub/ids.rss", "schemas", "schemas/board.rss", "schemas/rss.lock", "schemas/rss.toml"];
    assert_eq!(made.watched(&ran.out), wanted);
    // Cargo runs a script again and again if something that it names does not exist.
    assert!(made.watched(&ran.out).iter().all(|path| made.path(path).exists()));
    assert!(made.path("target/out/restream/board/v1.rs").is_file(), "as rss.toml strips");
    assert!(!made.path("elsewhere").exists(), "the build script writes to OUT_DIR only");
}

#[test]
fn a_second_run_writes_nothing_and_a_change_what_it_changes() {
    let units = "edition 2026\npackage game.units\nfields struct Place { next 2, 1 x: u8 }\n";
    let made = Crate::new(&[("schemas/board.rss", BOARD), ("schemas/units.rss", units)]);
    made.run(&Config::new(), "schemas").result.unwrap();
    let [board, units, root] =
        ["game/board/v1.rs", "game/units.rs", "mod.rs"].map(|f| made.path("target/out/restream").join(f));
    let old = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000);
    for file in [&board, &units, &root] {
        fs::File::options().write(true).open(file).unwrap().set_modified(old).unwrap();
    }
    made.run(&Config::new(), "schemas").result.unwrap();
    assert_eq!([&board, &units, &root].map(|file| modified(file)), [old; 3]);
    made.write("schemas/board.rss", &BOARD.replace("cell", "field"));
    made.run(&Config::new(), "schemas").result.unwrap();
    assert!(modified(&board) > old);
    assert_eq!([&units, &root].map(|file| modified(file)), [old; 2]);
    fs::remove_file(made.path("schemas/units.rss")).unwrap();
    made.run(&Config::new(), "schemas").result.unwrap();
    assert!(!units.exists(), "what no schema gives any more goes");
}

#[test]
fn a_folder_that_would_always_seem_changed_is_not_watched_as_a_whole() {
    let made = Crate::new(&[("board.rss", BOARD), ("Cargo.toml", "")]);
    let ran = made.run(&Config::new(), "");
    ran.result.unwrap();
    assert_eq!(made.watched(&ran.out), ["board.rss"]);
    fs::remove_file(made.path("Cargo.toml")).unwrap();
    let ran = made.run(&Config::new(), "");
    assert_eq!(made.watched(&ran.out), ["board.rss"], "it holds OUT_DIR");
}

#[test]
fn missing_ids_are_an_error_that_names_the_fix_and_nothing_is_touched() {
    let text = BOARD.replace("next 2, 1 cell", "next 1, cell");
    let made = Crate::new(&[("schemas/rss.toml", ""), ("schemas/board.rss", &text)]);
    let ran = made.run(&Config::new(), "schemas");
    let error = ran.result.unwrap_err();
    let path = made.path("schemas");
    let wanted = format!("the schemas in `{}` have 1 error, shown above; nothing was generated", path.display());
    assert_eq!((error.to_string(), format!("{error:?}")), (wanted.clone(), wanted));
    assert!(ran.err.contains("error[RSS0302]") && ran.err.contains("`rssc ids --write`"), "{}", ran.err);
    assert_eq!(made.watched(&ran.out).len(), 3, "it is run again when that is repaired");
    assert_eq!(fs::read_to_string(made.path("schemas/board.rss")).unwrap(), text);
    assert!(!made.path("schemas/rss.lock").exists() && !made.path("target/out/restream").exists());
}

#[test]
fn settings_override_the_project() {
    let toml = "[rust]\nstrip = \"game\"\nruntime = \"::other\"\n";
    let made = Crate::new(&[("schemas/rss.toml", toml), ("schemas/board.rss", BOARD)]);
    let config = Config::new().runtime("::engine").strip("game.board").out_dir("mine");
    made.run(&config, "schemas").result.unwrap();
    let text = fs::read_to_string(made.path("target/out/mine/v1.rs")).unwrap();
    assert!(text.contains("::engine::") && !text.contains("::other"));
    let inside = Config::new().out_dir(made.path("target/out/absolute"));
    made.run(&inside, "schemas").result.unwrap();
    assert!(made.path("target/out/absolute/board/v1.rs").is_file());
}

#[test]
fn what_cannot_be_compiled_says_why() {
    let made = Crate::new(&[
        ("schemas/a/rss.toml", ""),
        ("schemas/a/a.rss", "edition 2026\npackage a\n"),
        ("schemas/b/rss.toml", ""),
        ("schemas/b/b.rss", "edition 2026\npackage b\n"),
    ]);
    let said = |config: Config, path: &str| made.run(&config, path).result.unwrap_err().to_string();
    assert!(said(Config::new(), "schemas").contains("one project makes one module tree, but these are 2: "));
    assert!(said(Config::new(), "missing").contains("there is no file or folder"));
    for outside in ["../x", "/x", "a/../../x"] {
        assert!(said(Config::new().out_dir(outside), "schemas/a").contains("is not inside of OUT_DIR"), "{outside}");
    }
}
