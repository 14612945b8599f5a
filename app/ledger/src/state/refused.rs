//! Why an entry is refused: one variant a rule, with the facts.

mod text;

use sealight_verify::codec::CodecError;
use sealight_verify::format::bounds::BoundsError;
use sealight_verify::format::ids::{LedgerId, LotId, PartyId};
use sealight_verify::format::life::LifeState;
use sealight_verify::format::namespace::Namespace;
use sealight_verify::format::party::Roles;
use sealight_verify::sign::SignatureError;

/// Why an entry is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// The bytes are no entry.
    Codec(CodecError),
    /// A field holds what it may not.
    Bounds(BoundsError),
    /// Made for another ledger.
    WrongLedger {
        /// This ledger.
        expected: LedgerId,
        /// The ledger that the entry names.
        got: LedgerId,
    },
    /// A party that is not registered.
    UnknownParty {
        /// The party named.
        party: PartyId,
    },
    /// A signer is suspended.
    Suspended {
        /// The signer.
        party: PartyId,
        /// Height since which it is.
        since: u64,
    },
    /// Not the party's next sequence number.
    Sequence {
        /// The next one.
        expected: u64,
        /// The one in the entry.
        got: u64,
    },
    /// The first signature is not the party's own.
    NotSignedByItsParty,
    /// One party signed twice.
    SignedTwice {
        /// The party.
        party: PartyId,
    },
    /// A key that its party never had.
    UnknownKey {
        /// Whose.
        party: PartyId,
        /// Place of the key.
        key: u16,
    },
    /// A key not yet, or no longer, in force.
    KeyNotInForce {
        /// Whose.
        party: PartyId,
        /// Place of the key.
        key: u16,
        /// Height at which it signed.
        height: u64,
    },
    /// A key that was withdrawn as compromised.
    KeyCompromised {
        /// Whose.
        party: PartyId,
        /// Place of the key.
        key: u16,
        /// First height it covers.
        since: u64,
    },
    /// A signature that does not hold.
    Signature {
        /// Whose.
        party: PartyId,
        /// What is wrong.
        error: SignatureError,
    },
    /// A signature that the entry does not need.
    SuperfluousSignature {
        /// Whose.
        party: PartyId,
    },
    /// The signer has none of the roles that this takes.
    Role {
        /// The signer.
        party: PartyId,
        /// The roles of which it needs one.
        needed: Roles,
    },
    /// The signer is not among the members.
    NotAMember {
        /// The signer.
        party: PartyId,
    },
    /// Too few members signed.
    NoQuorum {
        /// Members that signed.
        have: usize,
        /// Members that must sign.
        need: usize,
    },
    /// No authority signed where one must.
    NoAuthority,
    /// The party is registered already.
    PartyTaken {
        /// Its id.
        party: PartyId,
    },
    /// A namespace overlaps with one of another party.
    NamespaceTaken {
        /// The namespace asked for.
        namespace: Namespace,
        /// The one that it overlaps.
        overlaps: Namespace,
        /// Whose that is.
        by: PartyId,
    },
    /// A key that is no point of its curve.
    BadKey(SignatureError),
    /// A state value grows longer than clients read.
    StateTooLong {
        /// Which value.
        what: &'static str,
        /// Bytes it would have.
        got: usize,
        /// Most bytes allowed.
        max: usize,
    },
    /// The rotation is not signed by the key that it replaces.
    RotatedByOtherKey {
        /// The key replaced.
        expected: u16,
        /// The key that signed.
        got: u16,
    },
    /// The party has had this key already.
    KeyHadBefore {
        /// Its place.
        key: u16,
    },
    /// The party has had as many keys as it may.
    TooManyKeys {
        /// Most keys.
        max: usize,
    },
    /// The key has ended already, and no earlier or worse end is given.
    KeyEnded {
        /// First height at which it had ended.
        since: u64,
    },
    /// A retirement from a height already made, which would void what stays proven.
    RetiredInThePast {
        /// First height that may be given.
        first: u64,
        /// Height given.
        got: u64,
    },
    /// A compromise from a height not yet made.
    CompromisedInTheFuture {
        /// Last height that may be given.
        last: u64,
        /// Height given.
        got: u64,
    },
    /// The entry would change nothing.
    NothingChanges,
    /// The lot id is taken; the issuer takes its next number.
    LotTaken {
        /// The id.
        lot: LotId,
    },
    /// A namespace that is not the issuer's.
    ForeignNamespace {
        /// The namespace.
        namespace: Namespace,
    },
    /// Roles that this ledger does not know.
    UnknownRoles {
        /// The bits.
        got: u16,
    },
    /// Too few members store the lot's files.
    TooFewReceipts {
        /// Receipts in the anchor.
        have: usize,
        /// Receipts needed.
        need: usize,
    },
    /// One member gave two receipts.
    ReceiptTwice {
        /// The member.
        member: PartyId,
    },
    /// A member's receipt that does not hold.
    Receipt {
        /// The member.
        member: PartyId,
        /// What is wrong.
        error: SignatureError,
    },
    /// A lot that is not anchored.
    UnknownLot {
        /// The lot named.
        lot: LotId,
    },
    /// A lot of somebody else.
    ForeignLot {
        /// The lot named.
        lot: LotId,
        /// Its issuer.
        issuer: PartyId,
    },
    /// A code index beside another one in which the same code could lie.
    IndexOverlaps {
        /// The namespace to be indexed.
        namespace: Namespace,
        /// The one that has an index already.
        overlaps: Namespace,
    },
    /// Items past the lot's end.
    PastTheLot {
        /// Last item named.
        last: u32,
        /// Items in the lot.
        size: u32,
    },
    /// The lot has as many events as can be served in one answer.
    EventsFull {
        /// Which limit: `events`, `bytes`, `signers` or `events of one party`.
        what: &'static str,
        /// The limit.
        max: usize,
    },
    /// A step back in an item's life.
    LifeBackward {
        /// The first such item.
        item: u32,
        /// Where it stands.
        from: LifeState,
        /// Where it was to go.
        to: LifeState,
    },
    /// A restoring that is not signed by issuer and authority together.
    RestoredAlone {
        /// The lot's issuer.
        issuer: PartyId,
    },
    /// A recall by somebody who is neither the issuer nor an authority.
    RecalledByOther {
        /// The signer.
        party: PartyId,
    },
    /// A recall is in force already.
    RecalledAlready {
        /// Who set it.
        by: PartyId,
    },
    /// There is no recall to lift.
    NotRecalled,
    /// A recall that somebody else set.
    NotTheRecaller {
        /// Who set it.
        by: PartyId,
    },
}

impl Refused {
    /// A stable number from 1 up and a stable name, for machines.
    pub fn code(&self) -> (u32, &'static str) {
        match self {
            Self::Codec(_) => (1, "codec"),
            Self::Bounds(_) => (2, "bounds"),
            Self::WrongLedger { .. } => (3, "wrong-ledger"),
            Self::UnknownParty { .. } => (4, "unknown-party"),
            Self::Suspended { .. } => (5, "suspended"),
            Self::Sequence { .. } => (6, "sequence"),
            Self::NotSignedByItsParty => (7, "not-signed-by-its-party"),
            Self::SignedTwice { .. } => (8, "signed-twice"),
            Self::UnknownKey { .. } => (9, "unknown-key"),
            Self::KeyNotInForce { .. } => (10, "key-not-in-force"),
            Self::KeyCompromised { .. } => (11, "key-compromised"),
            Self::Signature { .. } => (12, "signature"),
            Self::SuperfluousSignature { .. } => (13, "superfluous-signature"),
            Self::Role { .. } => (14, "role"),
            Self::NotAMember { .. } => (15, "not-a-member"),
            Self::NoQuorum { .. } => (16, "no-quorum"),
            Self::NoAuthority => (17, "no-authority"),
            Self::PartyTaken { .. } => (18, "party-taken"),
            Self::NamespaceTaken { .. } => (19, "namespace-taken"),
            Self::BadKey(_) => (20, "bad-key"),
            Self::StateTooLong { .. } => (21, "state-too-long"),
            Self::RotatedByOtherKey { .. } => (22, "rotated-by-other-key"),
            Self::KeyHadBefore { .. } => (23, "key-had-before"),
            Self::TooManyKeys { .. } => (24, "too-many-keys"),
            Self::KeyEnded { .. } => (25, "key-ended"),
            Self::RetiredInThePast { .. } => (26, "retired-in-the-past"),
            Self::CompromisedInTheFuture { .. } => (27, "compromised-in-the-future"),
            Self::NothingChanges => (28, "nothing-changes"),
            Self::LotTaken { .. } => (29, "lot-taken"),
            Self::ForeignNamespace { .. } => (30, "foreign-namespace"),
            Self::UnknownRoles { .. } => (31, "unknown-roles"),
            Self::TooFewReceipts { .. } => (32, "too-few-receipts"),
            Self::ReceiptTwice { .. } => (33, "receipt-twice"),
            Self::Receipt { .. } => (34, "receipt"),
            Self::UnknownLot { .. } => (35, "unknown-lot"),
            Self::ForeignLot { .. } => (36, "foreign-lot"),
            Self::PastTheLot { .. } => (37, "past-the-lot"),
            Self::EventsFull { .. } => (38, "events-full"),
            Self::LifeBackward { .. } => (39, "life-backward"),
            Self::RestoredAlone { .. } => (40, "restored-alone"),
            Self::RecalledByOther { .. } => (41, "recalled-by-other"),
            Self::RecalledAlready { .. } => (42, "recalled-already"),
            Self::NotRecalled => (43, "not-recalled"),
            Self::NotTheRecaller { .. } => (44, "not-the-recaller"),
            Self::IndexOverlaps { .. } => (45, "index-overlaps"),
        }
    }
}

impl std::error::Error for Refused {}

impl From<CodecError> for Refused {
    fn from(error: CodecError) -> Self {
        Self::Codec(error)
    }
}

impl From<BoundsError> for Refused {
    fn from(error: BoundsError) -> Self {
        Self::Bounds(error)
    }
}
