//! Codecs side by side: the three shapes, encoded into a buffer that is used again and decoded to owned values.
#![allow(missing_docs, reason = "criterion's macros make undocumented items")]

use std::hint::black_box;

use criterion::{BenchmarkGroup, Criterion, criterion_group, criterion_main, measurement::WallTime};
use prost::Message;
use restream::codec::{self, Row, Writer};
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
    P: Message + Default + Serialize + DeserializeOwned + bitcode::Encode + for<'a> bitcode::Decode<'a>,
{
    let restream = codec::encode(&ours);
    let prost = peer.encode_to_vec();
    let json = serde_json::to_vec(&peer).expect("the peer's types are plain data");
    let bitcode = bitcode::encode(&peer);
    let all = [("restream", &restream[..]), ("prost", &prost), ("bitcode", &bitcode), ("serde_json", &json)];
    let sizes =
        |size: fn(&[u8]) -> usize| all.iter().map(|(who, bytes)| ((*who).to_owned(), size(bytes).into())).collect();
    bytes.insert(name.to_owned(), serde_json::Value::Object(sizes(<[u8]>::len)));
    bytes.insert(format!("{name}-zstd"), serde_json::Value::Object(sizes(zstd_len)));

    let mut encode = group(c, name, "encode");
    let (mut writer, mut buffer, mut columns) = (Writer::new(), Vec::new(), bitcode::Buffer::new());
    encode.bench_function("restream", |b| {
        b.iter(|| {
            black_box(codec::encode_into(black_box(&ours), &mut writer));
        })
    });
    encode.bench_function("prost", |b| {
        b.iter(|| {
            buffer.clear();
            black_box(&peer).encode(&mut buffer).expect("a vector has room");
            black_box(&buffer);
        })
    });
    encode.bench_function("bitcode", |b| {
        b.iter(|| {
            black_box(columns.encode(black_box(&peer)));
        })
    });
    encode.bench_function("serde_json", |b| {
        b.iter(|| {
            buffer.clear();
            serde_json::to_writer(&mut buffer, black_box(&peer)).expect("a vector has room");
            black_box(&buffer);
        })
    });
    encode.finish();

    let mut decode = group(c, name, "decode");
    decode.bench_function("restream", |b| b.iter(|| codec::decode::<O>(black_box(&restream))));
    decode.bench_function("prost", |b| b.iter(|| P::decode(black_box(prost.as_slice()))));
    decode.bench_function("bitcode", |b| b.iter(|| bitcode::decode::<P>(black_box(&bitcode))));
    decode.bench_function("serde_json", |b| b.iter(|| serde_json::from_slice::<P>(black_box(&json))));
    decode.finish();
}

/// Level 3 is the usual one.
fn zstd_len(bytes: &[u8]) -> usize {
    zstd::bulk::compress(bytes, 3).map_or(0, |bytes| bytes.len())
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
