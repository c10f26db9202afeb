//! The data: made by a fixed pseudo-random sequence, so that every run and every peer measures the same values.

use crate::{generated::benches::v1 as ours, peer};

/// xorshift64*. Source: Vigna, "An experimental exploration of Marsaglia's xorshift generators, scrambled" (2016).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// 0 to `n - 1`.
    fn below(&mut self, n: u32) -> u32 {
        ((self.next() >> 11) % u64::from(n)) as u32
    }

    /// 0.0 to 1.0.
    fn fraction(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1u64 << 24) as f32
    }
}

/// Shape (a): one flat sample.
pub fn telemetry() -> (ours::Telemetry, peer::Telemetry) {
    let peer = peer::Telemetry {
        vessel_id: 244_660_123,
        time: 1_763_799_000_123,
        name: "MV AURORA-07".into(),
        lat: 51.924_420_1,
        lon: 4.477_732_5,
        speed: 12.7,
        heading: 273,
        rpm: -1420,
        fuel: 68.25,
        anchored: true,
    };
    let ours = ours::Telemetry {
        vessel_id: peer.vessel_id,
        time: peer.time,
        name: peer.name.clone(),
        lat: peer.lat,
        lon: peer.lon,
        speed: peer.speed,
        heading: peer.heading as u16,
        rpm: peer.rpm,
        fuel: peer.fuel,
        anchored: peer.anchored,
    };
    (ours, peer)
}

/// Shape (b): a game with 200 players of 5 items each.
pub fn game() -> (ours::GameState, peer::GameState) {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut ours = ours::GameState { tick: 123_456, ..Default::default() };
    let mut peer = peer::GameState { tick: 123_456, ..Default::default() };
    for n in 0..200 {
        let key = format!("{:09x}", random.next() >> 28);
        let player = player(&mut random, n);
        ours.players.insert(key.clone(), our_player(&player));
        peer.players.insert(key, player);
    }
    (ours, peer)
}

fn player(random: &mut Random, n: u32) -> peer::Player {
    const NAMES: [&str; 8] = ["Nightjar", "Boris", "ironclad", "Zoë", "xX_sniper_Xx", "Kestrel", "Mr.Potato", "Ada"];
    peer::Player {
        name: format!("{}{n}", NAMES[random.below(8) as usize]),
        x: random.fraction() * 1000.0 - 500.0,
        y: random.fraction() * 1000.0 - 500.0,
        z: random.fraction() * 100.0,
        hp: 1 + random.below(1000),
        inventory: (0..5)
            .map(|_| peer::Item {
                id: 1 + random.below(5000),
                count: 1 + random.below(64),
                durability: random.fraction(),
            })
            .collect(),
        flags: 1 + random.below(4095),
        alive: random.below(10) != 0,
    }
}

fn our_player(player: &peer::Player) -> ours::Player {
    let item = |item: &peer::Item| ours::Item { id: item.id, count: item.count as u16, durability: item.durability };
    ours::Player {
        name: player.name.clone(),
        x: player.x,
        y: player.y,
        z: player.z,
        hp: player.hp as u16,
        inventory: player.inventory.iter().map(item).collect(),
        flags: player.flags,
        alive: player.alive,
    }
}

/// Shape (c): 10,000 records of a web server's log.
pub fn log() -> (ours::LogBatch, peer::LogBatch) {
    let mut random = Random(0xd1b5_4a32_d192_ed03);
    let mut time = 1_763_799_000_000;
    let records: Vec<_> = (0..10_000).map(|_| record(&mut random, &mut time)).collect();
    (ours::LogBatch { records: records.iter().map(our_record).collect() }, peer::LogBatch { records })
}

fn record(random: &mut Random, time: &mut u64) -> peer::LogRecord {
    const PATHS: [&str; 6] =
        ["api/v1/vessels", "api/v1/ports", "api/v2/tracks", "static/app", "metrics/engine", "ws/telemetry"];
    *time += u64::from(random.below(74));
    let message = if random.below(50) == 0 {
        format!(
            "Überfahrt nach Göteborg: Maschine {} meldet Störung, Öldruck {} kPa",
            random.below(8),
            random.below(600)
        )
    } else {
        let path = PATHS[random.below(6) as usize];
        format!(
            "GET /{path}/{}?from={}&limit={} finished",
            random.below(100_000),
            random.below(1_000_000),
            random.below(500)
        )
    };
    peer::LogRecord {
        time: *time,
        level: 1 + random.below(4),
        host: format!("edge-{:02}.eu-west.example.net", random.below(20)),
        message,
        status: [200, 200, 200, 201, 204, 304, 404, 500][random.below(8) as usize],
        bytes: 100 + random.below(200_000),
        latency: -(1.0 - random.fraction()).ln() * 40.0,
        user: (random.below(10) < 6).then(|| format!("user{}", random.below(5000))),
        trace_id: (random.below(2) == 0).then(|| random.next() >> 11),
        temp: (random.below(10) < 3).then(|| f64::from(random.below(6000)) / 100.0),
    }
}

fn our_record(record: &peer::LogRecord) -> ours::LogRecord {
    ours::LogRecord {
        time: record.time,
        level: record.level as u8,
        host: record.host.clone(),
        message: record.message.clone(),
        status: record.status as u16,
        bytes: record.bytes,
        latency: record.latency,
        user: record.user.clone(),
        trace_id: record.trace_id,
        temp: record.temp,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_models_hold_the_same_values() {
        let (ours, peer) = log();
        assert_eq!(ours.records.len(), peer.records.len());
        assert_eq!(ours.records.last().map(|r| &r.message), peer.records.last().map(|r| &r.message));
        let (ours, peer) = game();
        assert_eq!(ours.players.len(), peer.players.len());
        assert_eq!(ours.players.len(), 200);
    }
}
