//! What an engine asks a validator's signer, as CometBFT v0.38 `privval/types.proto` writes it.

pub(super) fn seeds() -> Vec<(&'static str, Vec<u8>)> {
    let (vote, proposal, chain) = (3, 5, field(2, b"sealight-network-01020304"));
    let asked =
        |kind, body: Vec<u8>| framed(&field(kind, &[field(1, &body), chain.clone()].concat()));
    let hash = [7; 32];
    let parts = [number(1, 1), field(2, &hash)].concat();
    let block = [field(1, &hash), field(2, &parts)].concat();
    let time = number(1, 100);
    let votes = |kind, byte| {
        let head = [number(1, kind), number(2, 7), number(3, 0)].concat();
        let other = [field(1, &[byte; 32]), field(2, &parts)].concat();
        asked(vote, [head, field(4, &other), field(5, &time)].concat())
    };
    let proposed = [number(1, 32), number(2, 7), field(5, &block), field(6, &time)].concat();
    let round = [asked(proposal, proposed), votes(1, 7), votes(2, 7)].concat();
    let pings = [framed(&field(7, b"")), framed(&field(1, &field(1, b"c")))].concat();
    let twice = [votes(2, 7), votes(2, 8)].concat();
    [round, pings, twice].map(|bytes| ("signer_messages", bytes)).into()
}

/// A message with its length in front.
fn framed(message: &[u8]) -> Vec<u8> {
    [&varint(message.len()), message].concat()
}

fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
    [&[number << 3 | 2][..], &varint(bytes.len()), bytes].concat()
}

fn number(number: u8, value: u8) -> Vec<u8> {
    vec![number << 3, value]
}

/// Of at most two bytes.
fn varint(length: usize) -> Vec<u8> {
    let (low, high) = ((length & 0x7f) as u8, (length >> 7) as u8);
    if high == 0 { vec![low] } else { vec![low | 0x80, high] }
}
