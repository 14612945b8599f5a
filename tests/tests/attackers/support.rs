//! What the attacks begin from.

use sealight_tests::kit::{Lot, Minting, PartyKeys, World};
use sealight_verify::chain::{AcceptError, HeaderChain};
use sealight_verify::codec::encode;
use sealight_verify::format::bundle::Bundle;
use sealight_verify::format::namespace::Namespace;
use sealight_verify::format::party::Roles;
use sealight_verify::judge::{Finding, Policy, SealClaim, Unproven, Verdict, verify};

/// Registers the distillery of Blue Reverie.
pub(crate) fn distillery(world: &mut World) -> PartyKeys {
    let namespaces = Minting::bottles(0, 0).namespaces;
    world.register("Blue Reverie Distillery Co., Ltd.", Roles::ISSUER, &namespaces)
}

/// Registers an issuer with bad intentions and a brand of its own.
pub(crate) fn thief(world: &mut World) -> PartyKeys {
    world.register("Thief Ltd.", Roles::ISSUER, &[Namespace::Brand("Thief".into())])
}

/// Mints a lot of 10 bottles in a world.
pub(crate) fn bottled_in(mut world: World) -> (World, PartyKeys, Lot) {
    let issuer = distillery(&mut world);
    let lot = Lot::mint(&mut world, &issuer, &Minting::bottles(1, 10)).unwrap();
    (world, issuer, lot)
}

/// A ledger with a lot of 10 bottles.
pub(crate) fn bottled() -> (World, PartyKeys, Lot) {
    bottled_in(World::new())
}

/// The verdict of a shopper whose device trusts the first header.
pub(crate) fn judged(world: &World, claim: &SealClaim, bundle: &Bundle) -> Verdict {
    judged_from(&world.chain(), world, claim, bundle)
}

/// The same with a chain of the test's own.
pub(crate) fn judged_from(
    chain: &HeaderChain,
    world: &World,
    claim: &SealClaim,
    bundle: &Bundle,
) -> Verdict {
    verify(claim, &encode(bundle), chain, &Policy::SHOPPER, &world.now()).verdict
}

/// Why nothing can be said.
pub(crate) fn unproven(verdict: &Verdict) -> &Unproven {
    match &verdict.record {
        Finding::Unproven(reason) => reason,
        other => panic!("not unproven: {other:?}"),
    }
}

/// Why the header was not accepted.
pub(crate) fn header_error(verdict: &Verdict) -> &AcceptError {
    match unproven(verdict) {
        Unproven::Header(error) => error,
        other => panic!("not the header: {other:?}"),
    }
}
