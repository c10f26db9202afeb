//! Compiles the schemas of this crate, twice: the second tree shows that a crate may have several.

fn main() -> Result<(), restream_build::Error> {
    restream_build::compile("schemas")?;
    restream_build::Config::new().strip("warehouse").out_dir("short").compile(&["schemas"])
}
