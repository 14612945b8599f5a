//! Hashes in a CometBFT 0.38 header that only a node looks into: results, parameters, parts.
//!
//! Sources: CometBFT v0.38 `types/results.go`, `types/params.go` (`HashedParams`),
//! `types/part_set.go`; trees as RFC 6962 has them.

use sealight_verify::comet::PartSetHeader;
use sealight_verify::hash::{Hash32, HashSuite, Sha256};
use sealight_verify::tree::{build, log};

/// Bytes of one part of a block; `types/params.go`, `BlockPartSizeBytes`.
const PART: usize = 65_536;

/// `HashedParams` in protobuf: fields 1 and 2, 22,020,096 bytes to a block at most and -1, no limit
/// on gas; the defaults of `types/params.go`.
const PARAMETERS: [u8; 16] =
    [0x08, 0x80, 0x80, 0xc0, 0x0a, 0x10, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1];

/// Hash of the consensus parameters that headers name.
pub(super) fn parameters() -> Hash32 {
    Sha256::hash(&[&PARAMETERS])
}

/// Root over the results of a block's entries. All were taken in, so each result is of code 0
/// without data, an empty message.
pub(super) fn results(entries: usize) -> Hash32 {
    root(std::iter::repeat_n(&[][..], entries))
}

/// How a block's bytes are cut into parts.
pub(super) fn parts(block: &[u8]) -> PartSetHeader {
    let total = block.len().div_ceil(PART) as u32;
    PartSetHeader { total, hash: root(block.chunks(PART)) }
}

fn root<'a>(leaves: impl Iterator<Item = &'a [u8]>) -> Hash32 {
    let leaves: Vec<Hash32> = leaves.map(|leaf| log::leaf_hash::<Sha256>(&[leaf])).collect();
    build::root::<Sha256>(&leaves)
}

#[cfg(test)]
mod tests {
    use super::*;

    use sealight_issue::comet::{Draft, header};
    use sealight_verify::comet::{Commit, LightBlock, Slot, Stock, Validator, ValidatorSet};
    use sealight_verify::sign::Signature;
    use sealight_verify::time::Timestamp;

    // Expected values without a source were computed by an independent program that also gave the
    // `last_commit_hash` of all 320 adjacent header pairs in the test cases of
    // tendermint-light-client 0.41.

    #[test]
    fn no_results_have_the_hash_of_nothing() {
        let nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(results(0).to_string(), nothing);
    }

    #[test]
    fn default_parameters_have_the_hash_that_headers_in_the_wild_show() {
        // As in most headers of the test cases of tendermint-light-client 0.41.
        let known = "048091bc7ddc283f77bfbf91d73c44da58c3df8a9cbc867405d8b7f3daada22f";
        assert_eq!(parameters().to_string(), known);
    }

    #[test]
    fn headers_bind_entries_results_and_the_last_commit() {
        let validator = |byte| Validator { key: vec![byte; 32].into(), power: 1 };
        let set = ValidatorSet::sorted::<Stock>(vec![validator(1), validator(2)]).unwrap();
        let time = Timestamp::from_unix(1_700_000_000, 500_000_000).unwrap();
        let vote = Slot::Commit { timestamp: time, signature: Signature([7; 64]) };
        let parts = PartSetHeader { total: 1, hash: Hash32([0; 32]) };
        let draft = |height, last| Draft {
            chain_id: "test",
            height,
            time,
            app_hash: &[],
            transactions: &[b"one", b"two", b"three"],
            validators: &set,
            next_validators: &set,
            last,
        };
        let commit = Commit { round: 0, parts, slots: vec![Slot::Absent, vote] };
        let first = LightBlock::new(header(&draft(1, None)), commit, set.clone());
        let second = header(&draft(2, Some(&first)));
        let data = "20f4ee52d1e1a101805861876569a852e8f5dfeed221da87aea446788a12f4c8";
        assert_eq!(second.data_hash.unwrap().to_string(), data);
        let commit = "15f5a36a1429c3f06f4090674e3a44a7c008e78ba2afc78dbcc137514d9cbd67";
        assert_eq!(second.last_commit_hash.unwrap().to_string(), commit);
        let three = "4837665dfe640a370e7496c691987562d02462142c5f34f59e185911a12370ea";
        assert_eq!(results(3).to_string(), three);
    }

    #[test]
    fn a_block_is_cut_into_parts_of_64_kib() {
        let block: Vec<u8> = (0..70_000u32).map(|i| (i % 251) as u8).collect();
        let parts = parts(&block);
        assert_eq!(parts.total, 2);
        let expected = "12fce343a9a9a60a18df9cc588fdeb2baaf3d120eb222f0068ab2982a53ae0ca";
        assert_eq!(parts.hash.to_string(), expected);
    }
}
