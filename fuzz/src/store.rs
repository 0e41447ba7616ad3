//! What data stores, brokers and industrial servers answer to a stranger.

use std::fmt::Debug;

use auscult_wire::amqp;
use auscult_wire::industrial::{modbus, opcua};
use auscult_wire::store::{Error, memcached, mongodb, mysql, postgresql, redis};

/// Numbers that our requests to MongoDB carry.
const REQUESTS: [u32; 2] = [0x6175_0001, 7];

/// The first answer of a store of any protocol.
///
/// What is read from a beginning is read from the whole, and nothing is read of what is not there.
pub fn store(bytes: &[u8]) {
    steady(bytes, |b| redis::reply(b));
    steady(bytes, |b| memcached::reply(b));
    steady(bytes, |b| memcached::reply_binary(b));
    steady(bytes, |b| postgresql::message(b));
    steady(bytes, |b| mysql::packet(b));
    for request in REQUESTS {
        steady(bytes, |b| mongodb::reply(b, request));
    }
    if let Ok(Some(redis::Reply::Bytes(text))) = redis::reply(bytes) {
        assert!(text.len() < bytes.len());
        assert!(redis::databases(&text).is_none_or(|n| n <= text.len() as u64));
    }
    if let Ok(Some((_, took))) = postgresql::message(bytes) {
        assert!(took > 4 && took <= bytes.len());
    }
    if let Ok(Some(packet)) = mysql::packet(bytes) {
        assert_eq!(packet.took, packet.body.len() + 4);
        assert_eq!(mysql::framed(packet.number, &packet.body), bytes[..packet.took]);
        let _ = (mysql::greeting(&packet.body), mysql::reply(&packet.body));
    }
    let _ = (mysql::greeting(bytes), mysql::reply(bytes), redis::databases(bytes));
}

/// An answer that was whole stays what it is when more follows.
fn steady<T: Debug + PartialEq>(bytes: &[u8], read: impl Fn(&[u8]) -> Result<Option<T>, Error>) {
    let whole = read(bytes);
    let half = read(&bytes[..bytes.len() / 2]);
    if let Ok(Some(answer)) = half {
        assert_eq!(whole, Ok(Some(answer)));
    } else if half.is_err() {
        assert!(whole.is_err());
    }
}

/// The first answers of brokers of AMQP, and of servers of Modbus and OPC UA.
pub fn stranger(bytes: &[u8]) {
    steady(bytes, amqp::method);
    steady(bytes, opcua::chunk);
    for question in [modbus::Question::Identification, modbus::Question::Register] {
        steady(bytes, |b| modbus::reply(b, 1, question));
        if let Ok(Some((_, took))) = modbus::reply(bytes, 1, question) {
            assert!((9..=260).contains(&took) && took <= bytes.len());
        }
    }
    if let Ok(Some((method, took))) = amqp::method(bytes) {
        assert!(took >= 8 && took <= bytes.len());
        let named = if let amqp::Method::Start(names) = method { names.len() } else { 0 };
        assert!(named < took);
    }
    let mut body = bytes.to_vec();
    if let Ok(Some((chunk, took))) = opcua::chunk(bytes) {
        assert!(took >= 8 && took <= bytes.len());
        body = match chunk {
            opcua::Chunk::Open(body) | opcua::Chunk::Message(body, _) => body,
            opcua::Chunk::Acknowledge | opcua::Chunk::Error(_) => body,
        };
    }
    let _ = opcua::opened(&body);
    if let Ok(seen) = opcua::offered(&body) {
        assert_eq!(seen.all, seen.none + seen.sign + seen.encrypt);
        assert!(seen.anonymous <= seen.all && seen.all as usize <= body.len());
    }
}
