//! Nobody can print an acceptable seal from what is public: every file that is exported, every
//! byte of the ledger, every history, tried as a secret at every offset.

use sealight_flow::RecordedClaim;
use sealight_issue::entry::sign_receipt;
use sealight_issue::lot::{LotBuilder, LotPlan, WholeLot};
use sealight_ledger::answer::answer;
use sealight_tests::kit::codes::{Codes, old_code, old_codes};
use sealight_tests::kit::shapes::{code_claim, event, renamed};
use sealight_tests::kit::{Lot, Minting, PartyKeys, World, rows, slice};
use sealight_verify::codec::{Blob, decode, encode};
use sealight_verify::format::answer::{
    CHANGES_PATH, CODE_PATH, CodeQuery, INDEXES_PATH, LOT_PATH, PARTY_PATH, RECALLS_PATH,
};
use sealight_verify::format::entry::Body;
use sealight_verify::format::index::code_key;
use sealight_verify::format::lot::LifeRoles;
use sealight_verify::format::party::Roles;
use sealight_verify::format::record::{Carrier, Field, ItemRecord, TapCodes};
use sealight_verify::format::seal::{SealCode, Secret, commitment};
use sealight_verify::hash::{HashSuite, Sm3};
use sealight_verify::judge::{
    Finding, Named, NotOnLedger, Original, Outcome, Policy, SealClaim, Shown, Tap, Verdict,
    tap_leaf, verify,
};
use std::collections::{BTreeMap, HashSet};

const ITEMS: u32 = 6;
const TAPS: u32 = 4;
const UID: [u8; 7] = [4, 1, 2, 3, 4, 5, 6];

/// A ledger with one lot whose seals look as random as real ones, with private fields and tap
/// codes, an event, and an index of old codes.
struct Public {
    world: World,
    issuer: PartyKeys,
    lot: Lot,
    codes: Codes,
}

/// 16 bytes that look random and are the same in every run.
fn drawn(what: &str, number: u32) -> [u8; 16] {
    let hash = Sm3::hash(&[what.as_bytes(), &number.to_be_bytes()]);
    core::array::from_fn(|at| hash.0[at])
}

fn tap(index: u32, counter: u32) -> Tap {
    let [code @ .., _, _, _, _, _, _, _, _] = drawn("tap code", index * 100 + counter);
    Tap { uid: UID, counter, tamper: *b"CC", code }
}

fn tap_codes(index: u32) -> TapCodes {
    let salt = drawn("salt", index);
    let codes = (1..=TAPS).flat_map(|counter| tap_leaf(&salt, &tap(index, counter))).collect();
    TapCodes { uid: Blob(UID.to_vec()), salt: Blob(salt.to_vec()), codes: Blob(codes) }
}

impl Public {
    fn new() -> Self {
        let mut world = World::new();
        let mut namespaces = Minting::bottles(0, 0).namespaces;
        namespaces.push(old_codes());
        let issuer =
            world.register("Blue Reverie Distillery Co., Ltd.", Roles::ISSUER, &namespaces);
        let lot = sealed(&world, &issuer);
        world.submit(Body::AnchorLot(lot.anchor.clone()), &issuer, &[]).unwrap();
        world.submit(event(&lot, "bottling", None), &issuer, &[]).unwrap();
        let codes = Codes::anchor(&mut world, &issuer, &lot, ITEMS);
        Self { world, issuer, lot, codes }
    }

    /// Everything that leaves issuer, ledger and devices, by name.
    fn files(&self) -> BTreeMap<&'static str, Vec<u8>> {
        let Self { world, lot, codes, .. } = self;
        let bundles = (0..ITEMS).map(|index| encode(&lot.bundle(world, index)));
        let by_code = encode(&codes.bundle(world, &old_code(1), lot, 1));
        let blocks = world.blocks.values().map(encode);
        BTreeMap::from([
            ("bucket files", lot.whole.buckets.concat()),
            ("bundles", bundles.chain([by_code]).collect::<Vec<_>>().concat()),
            ("slice", encode(&slice(world, lot, 0, 1))),
            ("code files", codes.built.files().flat_map(|file| encode(&file)).collect()),
            ("entries", world.entries.concat()),
            ("blocks", blocks.collect::<Vec<_>>().concat()),
            ("state", self.state()),
            ("answers", self.answers()),
            ("trust file", encode(&world.next_trust_file(|_| {}))),
            ("checkpoint", encode(&world.checkpoint(world.height(), 0))),
            ("history", self.histories()),
        ])
    }

    /// Every value in the state.
    fn state(&self) -> Vec<u8> {
        let state = self.world.state();
        let parties = state.parties().map(|row| encode(&row.party));
        let lots = state.lots().map(|row| encode(&row.lot));
        let indexes = state.indexes().map(|row| encode(&row.index));
        let governance = [encode(state.members()), encode(&**state.validators())];
        parties.chain(lots).chain(indexes).chain(governance).collect::<Vec<_>>().concat()
    }

    /// What gateways answer, by every path.
    fn answers(&self) -> Vec<u8> {
        let [a, b, c, ..] = code_key(&old_code(1)).0;
        let prefix = u32::from_be_bytes([0, a, b, c]);
        let query = CodeQuery { version: 1, namespace: old_codes(), prefix };
        let asked = [
            (LOT_PATH, [&self.lot.id.0[..], &[0; 4]].concat()),
            (PARTY_PATH, self.issuer.id.0.to_vec()),
            (CODE_PATH, encode(&query)),
            (INDEXES_PATH, Vec::new()),
            (CHANGES_PATH, vec![0; 8]),
            (RECALLS_PATH, vec![0; 8]),
        ];
        let (height, state) = (self.world.height(), self.world.state());
        let said = asked.map(|(path, data)| answer(state, height, &self.codes, path, &data));
        said.map(Result::unwrap).concat()
    }

    /// What devices keep of live scans: as history, and as claims with their inner hash in bytes.
    fn histories(&self) -> Vec<u8> {
        let mut all = Vec::new();
        for index in 0..ITEMS {
            let mut live = self.lot.claim(index);
            live.taps = vec![tap(index, 1), tap(index, 2)];
            all.extend(serde_json::to_vec(&RecordedClaim::of(&live)).unwrap());
            all.extend(inner(&live.recorded()));
            all.extend(format!("{:?}", live.names).bytes());
        }
        all
    }

    fn records(&self) -> Vec<ItemRecord> {
        let record = |index| self.lot.bundle(&self.world, index).lot.unwrap().item.unwrap().record;
        (0..ITEMS).map(|index| decode(&record(index)).unwrap()).collect()
    }

    fn judge(&self, claim: &SealClaim, index: u32) -> Verdict {
        let (bundle, world) = (encode(&self.lot.bundle(&self.world, index)), &self.world);
        verify(claim, &bundle, &world.chain(), &Policy::SHOPPER, &world.now()).verdict
    }

    /// Whether the record of an item of the lot commits to this secret.
    fn fits(&self, records: &[ItemRecord], secret: &Secret) -> bool {
        let inner = secret.inner();
        let (ledger, lot) = (&self.world.ledger, &self.lot.id);
        (0..ITEMS)
            .zip(records)
            .any(|(index, record)| commitment(ledger, lot, index, &inner) == record.commitment)
    }
}

fn sealed(world: &World, issuer: &PartyKeys) -> Lot {
    let minting = Minting::bottles(1, ITEMS);
    let plan = LotPlan {
        ledger: world.ledger,
        issuer: issuer.id,
        number: minting.number,
        title: "Blue Reverie, spring batch".into(),
        namespaces: minting.namespaces,
        life_roles: LifeRoles::USUAL,
        initial: minting.initial,
    };
    let mut builder = LotBuilder::new(plan).unwrap();
    let (mut seals, mut drafts) = (Vec::new(), Vec::new());
    for (index, mut row) in (0..).zip(rows(ITEMS)) {
        row.carriers = vec![Carrier::Qr, Carrier::NfcTap];
        row.private = vec![Field { key: "consignee".into(), value: "A. Li".into() }];
        let secret = Secret(drawn("secret", index));
        let added = builder.add(&row, secret, Some(tap_codes(index))).unwrap();
        seals.push(added.seal);
        drafts.extend(added.draft);
    }
    let (lot, last) = builder.finish().unwrap();
    drafts.extend(last);
    let buckets = drafts.iter().map(|draft| lot.complete(draft).unwrap()).collect();
    let (id, root, size) = (lot.id(), lot.root(), lot.size());
    let receipt = sign_receipt(&world.ledger, &id, &root, size, world.authority.signer());
    let anchor = lot.anchor(vec![receipt]);
    Lot { id, whole: WholeLot { lot, buckets, seals }, anchor }
}

fn inner(claim: &SealClaim) -> [u8; 32] {
    let Named::Item(name) = &claim.names else { unreachable!() };
    let Shown::Recorded(inner) = name.shown else { panic!("{:?}", name.shown) };
    inner.0.0
}

fn windows(bytes: &[u8]) -> impl Iterator<Item = [u8; 16]> + '_ {
    bytes.windows(16).map(|window| core::array::from_fn(|at| window[at]))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// A label printed for an item with some secret, read again and judged.
fn printed(public: &Public, index: u32, secret: [u8; 16]) -> Verdict {
    let seal = &public.lot.whole.seals[index as usize];
    let label = SealCode { secret: Secret(secret), ..seal.clone() }.fragment();
    let read = SealCode::decode_fragment(&label).unwrap();
    public.judge(&SealClaim::of_seal(&read, Carrier::Qr), index)
}

#[test]
fn a_label_with_its_secret_is_proven() {
    let public = Public::new();
    for index in 0..ITEMS {
        let verdict = printed(&public, index, drawn("secret", index));
        assert_eq!(verdict.outcome(), Outcome::Proven);
        assert_eq!(verdict.item().unwrap().private_fields().len(), 1);
    }
}

#[test]
fn no_file_holds_a_secret_in_bytes_text_or_hex() {
    let public = Public::new();
    for (name, file) in public.files() {
        for seal in &public.lot.whole.seals {
            assert!(!holds(&file, &seal.secret.0), "{name}");
            assert!(!holds(&file, seal.fragment().as_bytes()), "{name}");
            // The part of the fragment that the secret alone decides.
            assert!(!holds(&file, &seal.fragment().as_bytes()[28..49]), "{name}");
            let text = hex(&seal.secret.0);
            assert!(!holds(&file, text.as_bytes()), "{name}");
            assert!(!holds(&file, text.to_uppercase().as_bytes()), "{name}");
        }
    }
}

#[test]
fn no_16_bytes_of_any_file_are_a_seals_secret() {
    let public = Public::new();
    let (records, files) = (public.records(), public.files());
    let mut seen = HashSet::new();
    for (name, file) in &files {
        for window in windows(file).filter(|window| seen.insert(*window)) {
            assert!(!public.fits(&records, &Secret(window)), "{name}");
        }
    }
    let bytes: usize = files.values().map(Vec::len).sum();
    println!("figure: public bytes tried as secrets at every offset: {bytes} B");
    println!("figure: different secrets tried on each of {ITEMS} items: {}", seen.len());
    // The same search finds a secret that stands somewhere.
    let leaked = [&files["bundles"][..100], &drawn("secret", 3), &files["bundles"][100..]].concat();
    assert!(windows(&leaked).any(|window| public.fits(&records, &Secret(window))));
}

#[test]
fn no_label_printed_from_a_bundle_or_history_is_proven() {
    let public = Public::new();
    let bundle = encode(&public.lot.bundle(&public.world, 3));
    let not = NotOnLedger::SecretNotCommitted { lot: public.lot.id, index: 3 };
    let mut labels = 0;
    for window in windows(&bundle).chain(windows(&public.histories())) {
        let verdict = printed(&public, 3, window);
        assert_eq!(verdict.record, Finding::NotOnLedger(not.clone()));
        labels += 1;
    }
    println!("figure: labels printed from a bundle and histories, and refused: {labels}");
}

#[test]
fn an_inner_hash_proves_the_scan_and_never_becomes_a_label() {
    let public = Public::new();
    for index in 0..ITEMS {
        let recorded = public.lot.claim(index).recorded();
        let verdict = public.judge(&recorded, index);
        assert_eq!(verdict.outcome(), Outcome::Proven);
        assert!(verdict.item().unwrap().private_fields().is_empty());
        let (inner, text) = (inner(&recorded), hex(&inner(&recorded)));
        for window in windows(&inner).chain(windows(text.as_bytes())) {
            assert_eq!(printed(&public, index, window).outcome(), Outcome::NotOnLedger);
        }
        let next = (index + 1) % ITEMS;
        let of_another = public.judge(&renamed(&recorded, public.lot.id, next), next);
        assert_eq!(of_another.outcome(), Outcome::NotOnLedger);
    }
}

#[test]
fn a_history_claims_again_what_it_was_and_no_more() {
    let public = Public::new();
    let mut live = public.lot.claim(2);
    live.taps = vec![tap(2, 1), tap(2, 2)];
    assert_eq!(public.judge(&live, 2).original, Original::TapCodes);
    let kept = serde_json::to_string(&RecordedClaim::of(&live)).unwrap();
    let again = serde_json::from_str::<RecordedClaim>(&kept).unwrap().to_claim().unwrap();
    let verdict = public.judge(&again, 2);
    assert_eq!(verdict.outcome(), Outcome::Proven);
    assert_eq!(verdict.original, Original::RecordOnly { guessable: false });
}

/// The files hold salted hashes of tap codes; none of their bytes is such a code.
#[test]
fn no_8_bytes_of_any_file_are_a_tap_code() {
    let public = Public::new();
    let records = public.records();
    let committed = |code: [u8; 8]| {
        records.iter().zip(0..).any(|(record, index)| {
            let codes = record.taps.as_ref().unwrap();
            codes.codes.chunks_exact(8).zip(1..).any(|(leaf, counter)| {
                tap_leaf(&codes.salt, &Tap { code, ..tap(index, counter) }) == *leaf
            })
        })
    };
    assert!(committed(tap(2, 3).code));
    let mut seen = HashSet::new();
    for (name, file) in public.files() {
        for window in file.windows(8) {
            let code = core::array::from_fn(|at| window[at]);
            assert!(!seen.insert(code) || !committed(code), "{name}");
        }
    }
    println!("figure: different tap codes tried: {}", seen.len());
}

#[test]
fn an_old_code_says_that_it_can_be_guessed() {
    let Public { world, lot, codes, .. } = Public::new();
    let bundle = encode(&codes.bundle(&world, &old_code(1), &lot, 1));
    let claim = code_claim(&old_code(1));
    let verdict = verify(&claim, &bundle, &world.chain(), &Policy::SHOPPER, &world.now()).verdict;
    assert_eq!(verdict.original, Original::RecordOnly { guessable: true });
    assert!(verdict.item().unwrap().private_fields().is_empty());
}
