//! The shapes as the peers' users write them: one set of types for prost (protobuf), bitcode and serde_json.
#![allow(missing_docs, reason = "the fields are those of schemas/benches/shapes.rss")]

use std::collections::HashMap;

use bitcode::{Decode, Encode};
use prost::Message;
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Message, Serialize, Deserialize, Encode, Decode)]
pub struct Telemetry {
    #[prost(uint32, tag = "1")]
    pub vessel_id: u32,
    #[prost(uint64, tag = "2")]
    pub time: u64,
    #[prost(string, tag = "3")]
    pub name: String,
    #[prost(double, tag = "4")]
    pub lat: f64,
    #[prost(double, tag = "5")]
    pub lon: f64,
    #[prost(float, tag = "6")]
    pub speed: f32,
    #[prost(uint32, tag = "7")]
    pub heading: u32,
    #[prost(sint32, tag = "8")]
    pub rpm: i32,
    #[prost(float, tag = "9")]
    pub fuel: f32,
    #[prost(bool, tag = "10")]
    pub anchored: bool,
}

#[derive(Clone, PartialEq, Message, Serialize, Deserialize, Encode, Decode)]
pub struct Item {
    #[prost(uint32, tag = "1")]
    pub id: u32,
    #[prost(uint32, tag = "2")]
    pub count: u32,
    #[prost(float, tag = "3")]
    pub durability: f32,
}

#[derive(Clone, PartialEq, Message, Serialize, Deserialize, Encode, Decode)]
pub struct Player {
    #[prost(string, tag = "1")]
    pub name: String,
    #[prost(float, tag = "2")]
    pub x: f32,
    #[prost(float, tag = "3")]
    pub y: f32,
    #[prost(float, tag = "4")]
    pub z: f32,
    #[prost(uint32, tag = "5")]
    pub hp: u32,
    #[prost(message, repeated, tag = "6")]
    pub inventory: Vec<Item>,
    #[prost(uint32, tag = "7")]
    pub flags: u32,
    #[prost(bool, tag = "8")]
    pub alive: bool,
}

#[derive(Clone, PartialEq, Message, Serialize, Deserialize, Encode, Decode)]
pub struct GameState {
    #[prost(uint32, tag = "1")]
    pub tick: u32,
    #[prost(map = "string, message", tag = "2")]
    pub players: HashMap<String, Player>,
}

#[derive(Clone, PartialEq, Message, Serialize, Deserialize, Encode, Decode)]
pub struct LogRecord {
    #[prost(uint64, tag = "1")]
    pub time: u64,
    #[prost(uint32, tag = "2")]
    pub level: u32,
    #[prost(string, tag = "3")]
    pub host: String,
    #[prost(string, tag = "4")]
    pub message: String,
    #[prost(uint32, tag = "5")]
    pub status: u32,
    #[prost(uint32, tag = "6")]
    pub bytes: u32,
    #[prost(float, tag = "7")]
    pub latency: f32,
    #[prost(string, optional, tag = "8")]
    pub user: Option<String>,
    #[prost(uint64, optional, tag = "9")]
    pub trace_id: Option<u64>,
    #[prost(double, optional, tag = "10")]
    pub temp: Option<f64>,
}

#[derive(Clone, PartialEq, Message, Serialize, Deserialize, Encode, Decode)]
pub struct LogBatch {
    #[prost(message, repeated, tag = "1")]
    pub records: Vec<LogRecord>,
}
