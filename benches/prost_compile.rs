//! What a build script with prost-build does: `prost_compile FILE.proto OUT_DIR`. Without arguments: the path of protoc.

use std::path::PathBuf;

fn main() -> std::io::Result<()> {
    let protoc = protoc_bin_vendored::protoc_bin_path().map_err(std::io::Error::other)?;
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [file, out] = &arguments[..] else {
        println!("{}", protoc.display());
        return Ok(());
    };
    let folder = file.parent().unwrap_or(file);
    prost_build::Config::new().protoc_executable(protoc).out_dir(out).compile_protos(&[file], &[folder])
}
