//! Files of lots that other members took in: copied, recomputed, and served here too.
//!
//! One thread, which blocks on the network and the disk; it ends with the process.

use super::ledger::NodeLedger;
use sealight_verify::format::ids::LotId;
use sealight_verify::hash::Hash32;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How often new lots are looked for.
const LOOK: Duration = Duration::from_secs(1);
/// How long a lot whose files nobody had is left alone.
const PAUSE: Duration = Duration::from_secs(30);

/// Copies the files of every lot on the ledger, for ever.
pub(super) fn run(ledger: &Arc<NodeLedger>) {
    // When to try a lot again; never for one whose files are here.
    let mut lots: HashMap<LotId, Option<Instant>> = HashMap::new();
    let mut seen = None;
    let mut again = Instant::now();
    loop {
        let (_, state) = ledger.app.newest();
        let roots = state.roots().lots;
        if seen != Some(roots) || Instant::now() >= again {
            seen = Some(roots);
            again = Instant::now() + PAUSE;
            for row in state.lots() {
                let due = lots
                    .get(&row.id)
                    .is_none_or(|when| when.is_some_and(|when| Instant::now() >= when));
                if due {
                    let here = fetch(ledger, &row.lot.root, row.lot.size);
                    lots.insert(row.id, (!here).then(|| Instant::now() + PAUSE));
                }
            }
        }
        std::thread::sleep(LOOK);
    }
}

/// Whether all files of a lot are here, sealed.
fn fetch(ledger: &NodeLedger, root: &Hash32, size: u32) -> bool {
    let sealed = || matches!(ledger.files.bucket(root, 0), Ok(Some(_)));
    let copied = || ledger.copy(root, size).is_ok() && ledger.files.seal(root, size).is_ok();
    let here = sealed() || copied();
    if here {
        ledger.copy_pictures(root);
    }
    here
}
