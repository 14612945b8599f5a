//! As much of the protobuf wire format as hashes and sign bytes need; written, never read.

use crate::time::Timestamp;
use alloc::vec::Vec;

/// A message being written field by field. Zero numbers and empty bytes are left out, as proto3
/// does, except by the functions that say otherwise.
#[derive(Debug, Default)]
pub(super) struct Message(Vec<u8>);

impl Message {
    pub(super) fn new() -> Self {
        Self(Vec::with_capacity(128))
    }

    pub(super) fn varint(mut self, field: u32, value: u64) -> Self {
        if value != 0 {
            self.key(field, 0);
            push_varint(&mut self.0, value);
        }
        self
    }

    pub(super) fn sfixed64(mut self, field: u32, value: u64) -> Self {
        if value != 0 {
            self.key(field, 1);
            self.0.extend_from_slice(&value.to_le_bytes());
        }
        self
    }

    pub(super) fn bytes(self, field: u32, value: &[u8]) -> Self {
        if value.is_empty() { self } else { self.message(field, value) }
    }

    /// A sub-message, written even where it is empty.
    pub(super) fn message(mut self, field: u32, value: &[u8]) -> Self {
        self.key(field, 2);
        push_varint(&mut self.0, value.len() as u64);
        self.0.extend_from_slice(value);
        self
    }

    pub(super) fn finish(self) -> Vec<u8> {
        self.0
    }

    /// The message with its length in front.
    pub(super) fn finish_delimited(self) -> Vec<u8> {
        let mut all = Vec::with_capacity(self.0.len() + 2);
        push_varint(&mut all, self.0.len() as u64);
        all.extend_from_slice(&self.0);
        all
    }

    fn key(&mut self, field: u32, wire: u64) {
        push_varint(&mut self.0, u64::from(field) << 3 | wire);
    }
}

/// `google.protobuf.Timestamp`.
pub(super) fn timestamp(time: Timestamp) -> Vec<u8> {
    // Negative seconds are ten bytes of two's complement.
    Message::new().varint(1, time.secs() as u64).varint(2, u64::from(time.nanos())).finish()
}

fn push_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}
