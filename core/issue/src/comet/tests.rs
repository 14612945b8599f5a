use super::*;
use sealight_verify::codec;
use sealight_verify::comet::json::{
    commit_answer as decode_commit, validators_answer as decode_set,
};
use sealight_verify::comet::verify_known;

fn signers(count: u8) -> Signers {
    let seats = (1..=count)
        .map(|seed| (ValidatorKey::from_seed(&[seed; 32]).unwrap(), u64::from(seed)))
        .collect();
    Signers::new(seats).unwrap()
}

fn time(secs: i64) -> Timestamp {
    Timestamp::from_unix_secs(secs)
}

fn block(signers: &Signers, height: u64, last: Option<&LightBlock>) -> LightBlock {
    let set = signers.set();
    let draft = Draft {
        chain_id: "synthetic-1",
        height,
        time: time(1000 + height as i64),
        app_hash: &[7; 32],
        transactions: &[b"one", b"two", b"three"],
        validators: set,
        next_validators: set,
        last,
    };
    signers.sign_with(header(&draft), 3, |place| match place {
        0 => Vote::Commit(Timestamp::from_unix(1500, 123_456_789).unwrap()),
        3 => Vote::Nil(time(1501)),
        4 => Vote::Absent,
        _ => Vote::Commit(time(1502)),
    })
}

#[test]
fn a_signed_block_verifies() {
    let block = block(&signers(5), 1, None);
    assert_eq!(verify_known::<Stock>(&block), Ok(block.header.hash::<Stock>()));
}

#[test]
fn answers_come_back_the_same() {
    let signers = signers(5);
    let first = block(&signers, 1, None);
    for block in [&first, &self::block(&signers, 2, Some(&first))] {
        let signed = decode_commit::<Stock>(commit_answer(block).as_bytes()).unwrap();
        let body = validators_answer(block.height(), &block.validators, 1, 100);
        let set = decode_set::<Stock>(body.as_bytes()).unwrap();
        assert_eq!(set.height, block.height());
        assert_eq!(signed.with_validators::<Stock>(set.into_set().unwrap()).as_ref(), Ok(block));
    }
}

#[test]
fn validators_come_in_pages() {
    let signers = signers(5);
    let mut all = Vec::new();
    for page in 1..=3 {
        let body = validators_answer(9, signers.set(), page, 2);
        let page = decode_set::<Stock>(body.as_bytes()).unwrap();
        assert_eq!(page.total, 5);
        all.extend(page.validators);
    }
    assert_eq!(all, signers.set().validators());
}

#[test]
fn a_status_answer_names_the_head() {
    let block = block(&signers(4), 1, None);
    let status = Status {
        chain_id: "synthetic-1",
        height: 1,
        hash: block.header.hash::<Stock>(),
        app_hash: &block.header.app_hash,
        time: block.header.time,
    };
    let answer: serde_json::Value = serde_json::from_str(&status_answer(&status)).unwrap();
    let info = &answer["result"]["sync_info"];
    assert_eq!(info["latest_block_height"], "1");
    assert_eq!(info["latest_block_time"], "1970-01-01T00:16:41Z");
    assert_eq!(
        info["latest_block_hash"].as_str().unwrap().to_lowercase(),
        block.header.hash::<Stock>().to_string()
    );
}

#[test]
fn a_light_block_comes_back_the_same_from_its_bytes() {
    let block = block(&signers(5), 1, None);
    let bytes = codec::encode(&block);
    assert_eq!(codec::decode::<LightBlock>(&bytes), Ok(block));
}

#[test]
fn an_absent_vote_is_one_byte() {
    let signers = signers(4);
    let draft = block(&signers, 1, None).header;
    let with = |absent: usize| {
        let block = signers.sign_with(draft.clone(), 0, |place| {
            if place < absent { Vote::Absent } else { Vote::Commit(time(1)) }
        });
        codec::encode(&block).len()
    };
    // A vote is an array (1 byte) of a time (3 bytes) and a signature (66 bytes).
    assert_eq!(with(0) - with(1), 70 - 1);
    assert_eq!(with(1) - with(2), 69);
}
