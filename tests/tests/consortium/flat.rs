//! What a first synchronisation costs on a real chain as it grows: the same at every height.

use crate::consortium_support::Consortium;
use sealight_edge::cancel::Cancel;
use sealight_edge::client::Progress;
use sealight_edge::clock;
use sealight_ledger::node::NetworkOptions;
use std::path::Path;
use std::time::{Duration, Instant};

/// Heights at which it is measured.
const HEIGHTS: [u64; 4] = [30, 300, 1_000, 3_000];
/// Devices that begin from nothing at each.
const DEVICES: usize = 9;

#[test]
#[ignore = "the claim consortium-sync-flat: 3,000 real blocks"]
fn a_first_synchronisation_costs_the_same_at_every_height() {
    let options =
        NetworkOptions { interval: Duration::from_millis(1), ..NetworkOptions::default() };
    let program = Consortium::program();
    let Some(net) = Consortium::start_with(&options, program, fast) else { return };
    let mut costs = Vec::new();
    for height in HEIGHTS {
        // Two blocks a second are far below what the slowest machine makes.
        let patience = Duration::from_secs(60 + height / 2);
        net.until_in(patience, "height", |net| net.height(1) >= height);
        costs.push(cost(&net));
    }
    for (height, (progress, time)) in HEIGHTS.iter().zip(&costs) {
        println!("figure: requests at {height} blocks: {}", progress.answers);
        println!("figure: bytes at {height} blocks: {} B", progress.bytes);
        println!("figure: time at {height} blocks: {:.1} ms", time.as_secs_f64() * 1e3);
    }
    let (first, _) = costs[0];
    for (progress, _) in &costs {
        assert_eq!(progress.answers, first.answers);
        // A commit holds three or four signatures, whoever was in time.
        assert!(progress.bytes.abs_diff(first.bytes) <= 1_000, "{progress:?} {first:?}");
    }
}

/// The dearest of some devices, and the time in the middle.
fn cost(net: &Consortium) -> (Progress, Duration) {
    let (mut most, mut times) = (Progress::default(), Vec::new());
    for _ in 0..DEVICES {
        let mut device = net.device(&[1]);
        let began = Instant::now();
        let report =
            device.sync_headers(&net.ledger, clock::system(), &mut |_| {}, &Cancel::default());
        times.push(began.elapsed());
        report.outcome.unwrap();
        most.answers = most.answers.max(report.progress.answers);
        most.bytes = most.bytes.max(report.progress.bytes);
    }
    times.sort();
    (most, times[DEVICES / 2])
}

/// Blocks as fast as votes travel.
fn fast(node: &Path) {
    let path = node.join("comet/config/config.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let slow = "timeout_commit = \"100ms\"";
    assert!(text.contains(slow));
    let fast = "timeout_commit = \"0s\"\nskip_timeout_commit = true";
    std::fs::write(path, text.replace(slow, fast)).unwrap();
}
