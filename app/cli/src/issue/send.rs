//! A built lot to the members: files, receipts, anchor.

use super::build::Folder;
use crate::console::Console;
use crate::device::Device;
use crate::fail::Failure;
use crate::files;
use crate::sign::{Entered, Signers};
use sealight_verify::codec::Versioned;
use sealight_verify::format::answer::Bucket;
use sealight_verify::format::entry::Body;
use sealight_verify::format::ids::LotId;
use sealight_verify::format::lot::{BUCKET_ITEMS, LotAnchor};
use sealight_verify::format::picture;

/// Uploads a lot's files, asks for receipts, and anchors it.
pub(crate) fn send(
    console: &Console,
    device: &mut Device,
    signers: &Signers,
    folder: &Folder,
    anchor: &LotAnchor,
) -> Result<Entered, Failure> {
    let lot = LotId::of_number(&signers.own.party, anchor.number);
    let buckets = anchor.size.div_ceil(BUCKET_ITEMS);
    let all = buckets.to_string();
    for bucket in 0..buckets {
        let bytes = files::read(&folder.bucket(bucket), Bucket::MAX_LEN)?;
        device.upload(&anchor.root, bucket, &bytes)?;
        console
            .progress("cli.issue.uploading", &[("done", &(bucket + 1).to_string()), ("all", &all)]);
    }
    if folder.picture().exists() {
        let bytes = files::read(&folder.picture(), picture::MAX_LEN)?;
        device.upload_picture(&picture::hash(&bytes), &bytes)?;
    }
    let receipts = device.receipts(&lot, &anchor.root, anchor.size)?;
    let body = Body::AnchorLot(LotAnchor { receipts, ..anchor.clone() });
    let sequence = device.next_sequence(&signers.own.party)?;
    console.progress("cli.sign.waiting", &[]);
    device.submit(&signers.sign(sequence, body)?)
}
