//! Codecs side by side: the three shapes, encoded into a fresh buffer and decoded to owned values.
#![allow(missing_docs, reason = "criterion's macros make undocumented items")]

use std::hint::black_box;

use criterion::{BenchmarkGroup, Criterion, criterion_group, criterion_main, measurement::WallTime};
use prost::Message;
use restream::codec::{self, Row};
use restream_benches::data;
use serde::{Serialize, de::DeserializeOwned};

/// Measures one shape; the sizes go to `target/bench-bytes.json`, from where the report takes them.
fn shape<O, P>(
    c: &mut Criterion,
    name: &str,
    (ours, peer): (O, P),
    bytes: &mut serde_json::Map<String, serde_json::Value>,
) where
    O: Row,
    P: Message + Default + Serialize + DeserializeOwned,
{
    let restream = codec::encode(&ours);
    let prost = peer.encode_to_vec();
    let json = serde_json::to_vec(&peer).expect("the peer's types are plain data");
    let sizes = serde_json::json!({ "restream": restream.len(), "prost": prost.len(), "serde_json": json.len() });
    bytes.insert(name.to_owned(), sizes);

    let mut encode = group(c, name, "encode");
    encode.bench_function("restream", |b| b.iter(|| codec::encode(black_box(&ours))));
    encode.bench_function("prost", |b| b.iter(|| black_box(&peer).encode_to_vec()));
    encode.bench_function("serde_json", |b| b.iter(|| serde_json::to_vec(black_box(&peer))));
    encode.finish();

    let mut decode = group(c, name, "decode");
    decode.bench_function("restream", |b| b.iter(|| codec::decode::<O>(black_box(&restream))));
    decode.bench_function("prost", |b| b.iter(|| P::decode(black_box(prost.as_slice()))));
    decode.bench_function("serde_json", |b| b.iter(|| serde_json::from_slice::<P>(black_box(&json))));
    decode.finish();
}

fn group<'a>(c: &'a mut Criterion, shape: &str, direction: &str) -> BenchmarkGroup<'a, WallTime> {
    c.benchmark_group(format!("codec-{shape}-{direction}"))
}

fn codecs(c: &mut Criterion) {
    let mut bytes = serde_json::Map::new();
    shape(c, "a", data::telemetry(), &mut bytes);
    shape(c, "b", data::game(), &mut bytes);
    shape(c, "c", data::log(), &mut bytes);
    let target = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/bench-bytes.json");
    let text = serde_json::to_string_pretty(&bytes).expect("a map of numbers");
    std::fs::write(target, text).unwrap_or_else(|error| panic!("cannot write {target}: {error}"));
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(20)
        .warm_up_time(std::time::Duration::from_millis(300))
        .measurement_time(std::time::Duration::from_secs(1))
        .without_plots();
    targets = codecs
}
criterion_main!(benches);
