//! The ledger: parties, entries, blocks, and what a device trusts of it.

use sealight_issue::comet::{Draft, Signers, ValidatorKey, header};
use sealight_issue::entry::{Signer, endorse, party_id, sign_entry};
use sealight_issue::key::SigningKey;
use sealight_issue::trust::{self, sign_checkpoint, sign_trust_file};
use sealight_ledger::state::{Applied, Genesis, Refused, State};
use sealight_verify::chain::HeaderChain;
use sealight_verify::codec::{Blob, encode};
use sealight_verify::comet::{LightBlock, Stock, ValidatorSet};
use sealight_verify::format::entry::{Body, Entry};
use sealight_verify::format::governance::{ValidatorSeat, Validators};
use sealight_verify::format::ids::{LedgerId, PartyId};
use sealight_verify::format::namespace::Namespace;
use sealight_verify::format::party::{Registration, Roles};
use sealight_verify::sign::Algorithm;
use sealight_verify::time::{Now, Seconds, Timestamp};
use sealight_verify::trust::{
    KeySet, LedgerKind, LedgerTrust, Operator, Periods, SignedCheckpoint, SignedTrustFile,
    TrustFile, Trusted, open,
};
use std::collections::BTreeMap;

/// Genesis of every world: 2026-01-01T00:00:00Z.
const GENESIS: i64 = 1_767_225_600;

/// A moment so many seconds after genesis.
pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix_secs(GENESIS + seconds)
}

/// Address of the gateway of an operator, counted from 0.
pub fn gateway(operator: usize) -> String {
    format!("https://operator-{}.example", operator + 1)
}

/// How many validators each operator runs.
#[derive(Debug, Clone)]
pub struct Layout {
    /// Validators by operator, each of power 10.
    pub operators: Vec<u8>,
    /// Fewest operators below which the assurance is told.
    pub least_operators: u32,
    /// Distinguishes ledgers.
    pub name: &'static str,
}

impl Default for Layout {
    fn default() -> Self {
        Self { operators: vec![1, 1, 1, 1], least_operators: 1, name: "sealight-test" }
    }
}

/// A party with its keys.
#[derive(Debug, Clone)]
pub struct PartyKeys {
    /// Its id.
    pub id: PartyId,
    /// Its keys in their places.
    pub keys: Vec<SigningKey>,
    /// Place of the key that signs now.
    pub place: u16,
}

impl PartyKeys {
    /// The party with the key that signs now.
    pub fn signer(&self) -> Signer<'_> {
        Signer { party: self.id, place: self.place, key: &self.keys[usize::from(self.place)] }
    }
}

/// A ledger in memory.
pub struct World {
    /// Its id.
    pub ledger: LedgerId,
    /// The member and authority that governs it.
    pub authority: PartyKeys,
    /// The trust file of its devices.
    pub trust: Trusted<TrustFile>,
    /// Every block, by height.
    pub blocks: BTreeMap<u64, LightBlock>,
    /// State after each block.
    pub states: BTreeMap<u64, State>,
    /// Every entry, in the order of the log.
    pub entries: Vec<Vec<u8>>,
    /// The validators.
    pub signers: Signers,
    /// The key of the roots, which signs trust files.
    pub roots: SigningKey,
    /// The key of the role that signs checkpoints.
    pub role: SigningKey,
    layout: Layout,
    next_seed: u8,
}

impl World {
    /// A ledger with its first block and four operators.
    pub fn new() -> Self {
        Self::with(Layout::default())
    }

    /// A ledger with its first block.
    pub fn with(layout: Layout) -> Self {
        let seats: Vec<ValidatorKey> = (1..=layout.operators.iter().sum::<u8>())
            .map(|seed| ValidatorKey::from_seed(&[seed; 32]).unwrap())
            .collect();
        let key = signing_key(200);
        let registration = registration(&key, "Consortium", Roles::MEMBER.with(Roles::AUTHORITY));
        let genesis = genesis(&layout, &seats, registration);
        let ledger = genesis.ledger();
        let id = genesis.party_ids()[0];
        let roots = signing_key(201);
        let role = signing_key(202);
        let file = trust_file(&layout, &seats, ledger, &roots, &role, 1);
        let mut signed = SignedTrustFile::unsigned(&file);
        sign_trust_file(&mut signed, &roots);
        let signers = Signers::new(seats.into_iter().map(|seat| (seat, 10)).collect()).unwrap();
        let mut world = Self {
            ledger,
            authority: PartyKeys { id, keys: vec![key], place: 0 },
            trust: open(&trust::finish_first(&signed).unwrap()).unwrap(),
            blocks: BTreeMap::new(),
            states: BTreeMap::from([(0, State::genesis(&genesis).unwrap())]),
            entries: Vec::new(),
            signers,
            layout,
            roots,
            role,
            next_seed: 1,
        };
        world.block(at(1), &[]).unwrap();
        world
    }

    /// Height of the newest block.
    pub fn height(&self) -> u64 {
        self.blocks.keys().next_back().copied().unwrap_or(0)
    }

    /// Time of the newest block.
    pub fn time(&self) -> Timestamp {
        self.blocks.values().next_back().map_or(at(0), |block| block.header.time)
    }

    /// State after the newest block.
    pub fn state(&self) -> &State {
        self.states.values().next_back().unwrap()
    }

    /// Makes a block of these entries at a moment; a refused one leaves everything as it was.
    ///
    /// # Errors
    /// The rule that the first refused entry breaks; see [`Refused`].
    pub fn block(&mut self, time: Timestamp, entries: &[Vec<u8>]) -> Result<Vec<Applied>, Refused> {
        let next = self.signers.set().clone();
        self.block_before(&next, time, entries)
    }

    /// Makes an empty block after which other validators sign.
    pub fn hand_over(&mut self, next: Signers) {
        let time = self.time().saturating_add(Seconds(1));
        self.block_before(next.set(), time, &[]).unwrap();
        self.signers = next;
    }

    fn block_before(
        &mut self,
        next: &ValidatorSet,
        time: Timestamp,
        entries: &[Vec<u8>],
    ) -> Result<Vec<Applied>, Refused> {
        let height = self.height() + 1;
        let mut state = self.state().clone();
        let draft = self.signed(height, time, entries, next);
        let applied = entries.iter().map(|entry| state.apply(entry, height, time));
        let applied = applied.collect::<Result<Vec<_>, _>>()?;
        self.blocks.insert(height, draft);
        self.states.insert(height, state);
        self.entries.extend_from_slice(entries);
        Ok(applied)
    }

    fn signed(
        &self,
        height: u64,
        time: Timestamp,
        entries: &[Vec<u8>],
        next: &ValidatorSet,
    ) -> LightBlock {
        let transactions: Vec<&[u8]> = entries.iter().map(Vec::as_slice).collect();
        let header = header(&Draft {
            chain_id: self.layout.name,
            height,
            time,
            app_hash: &self.state().app_hash().0,
            transactions: &transactions,
            validators: self.signers.set(),
            next_validators: next,
            last: self.blocks.get(&(height - 1)),
        });
        self.signers.sign(header, 0, time)
    }

    /// An empty block so many seconds after the newest one.
    pub fn wait(&mut self, seconds: u64) {
        let time = self.time().saturating_add(Seconds(seconds));
        self.block(time, &[]).unwrap();
    }

    /// An entry signed by a party and those who must agree, with the sequence that is due.
    pub fn entry(&self, body: Body, party: &PartyKeys, agree: &[&PartyKeys]) -> Entry {
        let sequence = self.state().party(&party.id).unwrap().party.next_sequence;
        let mut entry = sign_entry(&self.ledger, sequence, body, party.signer());
        for other in agree {
            endorse(&mut entry, other.signer());
        }
        entry
    }

    /// Enters a body in a block of its own, and one more block that proves it.
    ///
    /// # Errors
    /// The rule that the entry breaks; see [`Refused`].
    pub fn submit(
        &mut self,
        body: Body,
        party: &PartyKeys,
        agree: &[&PartyKeys],
    ) -> Result<Applied, Refused> {
        let entry = encode(&self.entry(body, party, agree));
        let time = self.time().saturating_add(Seconds(1));
        let applied = self.block(time, &[entry])?.remove(0);
        self.wait(1);
        Ok(applied)
    }

    /// Registers a party with a new key.
    pub fn register(&mut self, name: &str, roles: Roles, namespaces: &[Namespace]) -> PartyKeys {
        self.try_register(name, roles, namespaces).unwrap()
    }

    /// The same, where the ledger may refuse.
    ///
    /// # Errors
    /// The rule by which the ledger refuses the registration; see [`Refused`].
    pub fn try_register(
        &mut self,
        name: &str,
        roles: Roles,
        namespaces: &[Namespace],
    ) -> Result<PartyKeys, Refused> {
        let key = self.fresh_key();
        let namespaces = namespaces.to_vec();
        self.enrol(Registration { namespaces, ..registration(&key, name, roles) }, key)
    }

    /// Registers a party that takes reports, sealed to this key.
    pub fn register_reachable(
        &mut self,
        name: &str,
        roles: Roles,
        namespaces: &[Namespace],
        report_key: [u8; 32],
    ) -> PartyKeys {
        let key = self.fresh_key();
        let registration = Registration {
            namespaces: namespaces.to_vec(),
            report_key: Some(Blob(report_key.to_vec())),
            ..registration(&key, name, roles)
        };
        self.enrol(registration, key).unwrap()
    }

    fn enrol(&mut self, registration: Registration, key: SigningKey) -> Result<PartyKeys, Refused> {
        let id = party_id(&self.ledger, &registration);
        let authority = self.authority.clone();
        self.submit(Body::Register(registration), &authority, &[])?;
        Ok(PartyKeys { id, keys: vec![key], place: 0 })
    }

    /// A key that no party has yet.
    pub fn fresh_key(&mut self) -> SigningKey {
        self.next_seed += 1;
        signing_key(self.next_seed)
    }

    /// A signed checkpoint of a height, made so many seconds after its header.
    pub fn checkpoint(&self, height: u64, made_after: u64) -> SignedCheckpoint {
        let header = &self.blocks[&height].header;
        let made = header.time.saturating_add(Seconds(made_after));
        let mut checkpoint = trust::checkpoint::<Stock>(self.ledger, header, made).unwrap();
        sign_checkpoint(&mut checkpoint, &self.role);
        checkpoint
    }

    /// A device's header chain that trusts a checkpoint of this height.
    pub fn chain_from(&self, height: u64) -> HeaderChain {
        let mut chain = HeaderChain::new(&self.trust, &self.ledger).unwrap();
        let change = chain.checkpoint(&self.checkpoint(height, 0)).unwrap();
        chain.apply(&change);
        let set = chain.offer_validators(self.blocks[&height].validators.clone()).unwrap();
        chain.apply(&set);
        chain
    }

    /// A device's header chain that trusts a checkpoint of the first height.
    pub fn chain(&self) -> HeaderChain {
        self.chain_from(1)
    }

    /// The present, one second after the newest block, by a clock that is right.
    pub fn now(&self) -> Now {
        Now::new(self.time().saturating_add(Seconds(1)), false)
    }

    /// The next trust file, signed by the roots, with a change.
    pub fn next_trust_file(&self, change: impl FnOnce(&mut TrustFile)) -> SignedTrustFile {
        let mut file = (*self.trust).clone();
        file.serial += 1;
        change(&mut file);
        let mut signed = SignedTrustFile::unsigned(&file);
        sign_trust_file(&mut signed, &self.roots);
        signed
    }
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

fn signing_key(seed: u8) -> SigningKey {
    SigningKey::from_seed(Algorithm::Sm2, &[seed; 32]).unwrap()
}

fn registration(key: &SigningKey, name: &str, roles: Roles) -> Registration {
    Registration {
        version: 1,
        legal_name: name.into(),
        roles,
        namespaces: Vec::new(),
        key: key.public(),
        report_key: None,
        nonce: 0,
    }
}

fn genesis(layout: &Layout, seats: &[ValidatorKey], member: Registration) -> Genesis {
    let seat = |key: &ValidatorKey| ValidatorSeat {
        key: Blob(key.public().0.to_vec()),
        power: 10,
        operator: "Consortium".into(),
    };
    let mut seats: Vec<ValidatorSeat> = seats.iter().map(seat).collect();
    seats.sort_by(|one, other| one.key.cmp(&other.key));
    Genesis {
        version: 1,
        chain_id: layout.name.into(),
        time: at(0),
        parties: vec![member],
        threshold: 1,
        validators: Validators { version: 1, seats },
    }
}

fn trust_file(
    layout: &Layout,
    seats: &[ValidatorKey],
    ledger: LedgerId,
    roots: &SigningKey,
    role: &SigningKey,
    serial: u64,
) -> TrustFile {
    let mut seats = seats.iter().map(ValidatorKey::public);
    let operators = layout.operators.iter().enumerate().map(|(at, count)| Operator {
        name: format!("Operator {}", at + 1),
        validators: seats.by_ref().take(usize::from(*count)).collect(),
        gateways: vec![gateway(at)],
    });
    let one = |key: &SigningKey| KeySet { threshold: 1, keys: vec![key.public()] };
    TrustFile {
        version: 1,
        serial,
        expires: at(365 * 24 * 3600),
        roots: one(roots),
        checkpoints: one(role),
        ledgers: vec![LedgerTrust {
            id: ledger,
            name: "Test ledger".into(),
            chain_id: layout.name.into(),
            kind: LedgerKind::Comet,
            genesis: at(0),
            operators: operators.collect(),
            periods: Periods::DEFAULT,
            least_operators: layout.least_operators,
        }],
        demo: false,
    }
}
