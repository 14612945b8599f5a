//! Signed checkpoints that travel by hand: as a file, or as a code on a screen or on paper.

use crate::console::Console;
use crate::device::Device;
use crate::fail::Failure;
use crate::{files, read};
use sealight_edge::client::{checkpoint_of_text, checkpoint_text};
use sealight_edge::clock;
use sealight_issue::label::QrSymbol;
use sealight_tag::picture;
use sealight_verify::codec::{self, Versioned};
use sealight_verify::trust::SignedCheckpoint;
use serde_json::{Value, json};
use std::path::Path;

/// Pixels of one module of a code.
const MODULE: u32 = 6;

/// Takes a checkpoint from a file: its bytes, its text, or a picture of its code.
pub(crate) fn take(console: &Console, device: &mut Device, path: &Path) -> Result<Value, Failure> {
    let refused = |why: &dyn ToString| {
        Failure::new("checkpoint-refused", &[("path", &path.display()), ("why", why)])
    };
    let bytes = bytes(path)?;
    let signed: SignedCheckpoint = codec::decode(&bytes).map_err(|error| refused(&error))?;
    let taken = device.client.light.take_checkpoint(&bytes, clock::system());
    taken.map_err(|error| refused(&error))?;
    let (height, made) = (signed.body.height.to_string(), signed.body.made.to_string());
    let words = [("path", &*path.display().to_string()), ("height", &*height), ("made", &*made)];
    console.tell(0, "cli.sync.checkpoint", &words);
    Ok(json!({
        "ledger": signed.body.ledger,
        "height": signed.body.height,
        "made": signed.body.made,
    }))
}

fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let file = files::read(path, picture::MAX_FILE)?;
    if file.len() <= SignedCheckpoint::MAX_LEN {
        let text = std::str::from_utf8(&file).ok();
        if let Some(bytes) = text.and_then(|text| checkpoint_of_text(text.trim())) {
            return Ok(bytes);
        }
    }
    let codes = read::codes_in(&file).unwrap_or_default();
    let texts = codes.iter().filter_map(|code| code.text.as_deref());
    Ok(texts.into_iter().find_map(checkpoint_of_text).unwrap_or(file))
}

/// Writes the newest signed checkpoint of the first ledger.
pub(crate) fn save(console: &Console, device: &mut Device, path: &Path) -> Result<Value, Failure> {
    let ledger = device.ledger()?;
    let newest = device.client.light.newest_checkpoint(&ledger);
    let newest = newest.map_err(|error| device.store_failed(&error))?;
    let (height, bytes) = newest.ok_or_else(|| Failure::new("no-checkpoint", &[]))?;
    let drawn = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("png"));
    let file = match drawn {
        true => {
            let too_long =
                |why: &dyn ToString| Failure::new("checkpoint-too-long", &[("why", why)]);
            let symbol = QrSymbol::encode(&checkpoint_text(&bytes)).map_err(|e| too_long(&e))?;
            symbol.png(MODULE).map_err(|error| too_long(&error))?
        }
        false => bytes,
    };
    files::write(path, &file)?;
    let words = [("height", &*height.to_string()), ("path", &*path.display().to_string())];
    console.tell(0, "cli.sync.saved", &words);
    Ok(json!({ "ledger": ledger, "height": height, "path": path.display().to_string() }))
}
