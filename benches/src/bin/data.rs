//! Writes the values of the shapes as JSON to a folder, for the benchmark in TypeScript: `data DIR`.

use std::path::Path;

use restream_benches::data;

fn main() -> std::io::Result<()> {
    let dir = std::env::args().nth(1).unwrap_or_else(|| "target/bench-data".into());
    std::fs::create_dir_all(&dir)?;
    write(Path::new(&dir).join("a.json").as_path(), &data::telemetry().1)?;
    write(Path::new(&dir).join("b.json").as_path(), &data::game().1)?;
    write(Path::new(&dir).join("c.json").as_path(), &data::log().1)
}

/// The peer's types hold the field names of protobuf; TypeScript's are in camel case.
fn write(path: &Path, value: &impl serde::Serialize) -> std::io::Result<()> {
    // Through text, so that an f32 keeps its short form.
    let value = serde_json::from_str(&serde_json::to_string(value)?)?;
    std::fs::write(path, camel(value).to_string())
}

fn camel(value: serde_json::Value) -> serde_json::Value {
    use serde_json::Value;
    match value {
        Value::Array(items) => items.into_iter().map(camel).collect(),
        Value::Object(entries) => entries.into_iter().map(|(name, value)| (renamed(&name), camel(value))).collect(),
        other => other,
    }
}

/// Keys of the players are hexadecimal digits, so they stay as they are.
fn renamed(name: &str) -> String {
    match name {
        "vessel_id" => "vesselId".into(),
        "trace_id" => "traceId".into(),
        other => other.into(),
    }
}
