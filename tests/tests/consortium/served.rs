//! Scans a second that one real node serves, beside the empty answer of its own engine.

use crate::consortium_support::{Consortium, brand, gtin};
use sealight_ledger::node::NetworkOptions;
use sealight_tests::kit::wrk::{MISSING, Wrk};
use sealight_verify::format::party::Roles;

#[test]
#[ignore = "the claim consortium-served"]
fn a_node_serves_scans_as_fast_as_its_engine_says_nothing() {
    let Some(wrk) = Wrk::find("consortium") else { return println!("skipped: {MISSING}") };
    let options = NetworkOptions { validators: 1, ..NetworkOptions::default() };
    let Some(mut net) = Consortium::start(&options) else { return };
    net.register(0, "distillery", Roles::ISSUER, vec![brand(), gtin()]);
    let lot = net.lot(0, "distillery", 1, 130);
    let (id, root, buckets) = (lot.lot.id(), lot.lot.root(), lot.buckets.len());
    net.until_stored(&lot, &[0]);
    let node = &net.urls(&[0])[0];
    let load = |url: &str, paths: Vec<String>| {
        let load = wrk.load(url, &paths).unwrap();
        load.told.iter().for_each(|line| println!("{line}"));
        load.rate
    };
    let engine = load(&format!("http://{}", net.rpc(0)), vec!["/health".into()]);
    let files = load(node, (0..buckets).map(|number| format!("/lot/{root}/{number}")).collect());
    let query = |number| format!("/abci_query?path=%22/lot%22&height=0&data=0x{id}{number:08x}");
    let proofs = load(node, (0..buckets).map(query).collect());
    println!("figure: the engine, an empty answer: {engine:.0} /s");
    println!("figure: a bucket of 64 items: {files:.0} /s");
    println!("figure: a live lot proof: {proofs:.0} /s");
    let share = files.min(proofs) / engine;
    println!("figure: of the engine's empty answers: {share:.2} x");
    assert!(share >= 0.5, "{files:.0} buckets and {proofs:.0} proofs beside {engine:.0}");
}
