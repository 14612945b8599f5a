//! Each refusal in English.

use super::Refused;
use sealight_verify::format::party::Roles;
use std::fmt;

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Codec(error) => write!(f, "{error}"),
            Self::Bounds(error) => write!(f, "{error}"),
            Self::WrongLedger { expected, got } => {
                write!(f, "the entry was made for ledger {got}, this is {expected}")
            }
            Self::UnknownParty { party } => write!(f, "party {party} is not registered"),
            Self::Suspended { party, since } => {
                write!(f, "party {party} is suspended since height {since}")
            }
            Self::Sequence { expected, got } => {
                write!(f, "the party's next sequence number is {expected}, not {got}")
            }
            Self::NotSignedByItsParty => f.write_str("the first signature is not the party's own"),
            Self::SignedTwice { party } => write!(f, "party {party} signed twice"),
            Self::UnknownKey { party, key } => write!(f, "party {party} has no key number {key}"),
            Self::KeyNotInForce { party, key, height } => {
                write!(f, "key {key} of party {party} is not in force at height {height}")
            }
            Self::KeyCompromised { party, key, since } => {
                write!(f, "key {key} of party {party} is compromised since height {since}")
            }
            Self::Signature { party, error } => write!(f, "signature of party {party}: {error}"),
            Self::SuperfluousSignature { party } => {
                write!(f, "the entry does not need the signature of party {party}")
            }
            Self::Role { party, needed } => {
                write!(f, "party {party} is none of: {}", names(*needed))
            }
            Self::NotAMember { party } => write!(f, "party {party} is not among the members"),
            Self::NoQuorum { have, need } => write!(f, "{have} members signed, {need} must"),
            Self::NoAuthority => f.write_str("no authority signed where one must"),
            Self::PartyTaken { party } => write!(f, "party {party} is registered already"),
            Self::NamespaceTaken { namespace, overlaps, by } => {
                write!(f, "namespace {namespace} overlaps {overlaps} of party {by}")
            }
            Self::BadKey(error) => write!(f, "{error}"),
            Self::StateTooLong { what, got, max } => {
                write!(f, "the {what}'s state would have {got} bytes, at most {max} are allowed")
            }
            Self::RotatedByOtherKey { expected, got } => {
                write!(f, "the rotation replaces key {expected} and is signed by key {got}")
            }
            Self::KeyHadBefore { key } => write!(f, "the party has this key as number {key}"),
            Self::TooManyKeys { max } => write!(f, "a party has at most {max} keys"),
            Self::KeyEnded { since } => write!(f, "the key has ended at height {since}"),
            Self::RetiredInThePast { first, got } => {
                write!(f, "a key retires from height {first} on at the earliest, not {got}")
            }
            Self::CompromisedInTheFuture { last, got } => {
                write!(f, "a key is compromised from height {last} on at the latest, not {got}")
            }
            Self::NothingChanges => f.write_str("the entry would change nothing"),
            Self::LotTaken { lot } => write!(f, "lot id {lot} is taken"),
            Self::ForeignNamespace { namespace } => {
                write!(f, "{namespace} is not the issuer's to speak for")
            }
            Self::UnknownRoles { got } => write!(f, "unknown roles in {got:#x}"),
            Self::TooFewReceipts { have, need } => {
                write!(f, "{have} members store the lot's files, {need} must")
            }
            Self::ReceiptTwice { member } => write!(f, "two receipts of member {member}"),
            Self::Receipt { member, error } => write!(f, "receipt of member {member}: {error}"),
            Self::UnknownLot { lot } => write!(f, "lot {lot} is not anchored"),
            Self::ForeignLot { lot, issuer } => write!(f, "lot {lot} is of party {issuer}"),
            Self::IndexOverlaps { namespace, overlaps } => {
                write!(f, "{namespace}: there is an index of {overlaps}, which overlaps")
            }
            Self::PastTheLot { last, size } => {
                write!(f, "item {last} lies outside a lot of {size} items")
            }
            Self::EventsFull { what, max } => write!(f, "the lot has its {max} {what} already"),
            Self::LifeBackward { item, from, to } => {
                write!(f, "item {item} cannot go from {from:?} to {to:?}")
            }
            Self::RestoredAlone { issuer } => {
                write!(f, "only issuer {issuer} and an authority together restore items")
            }
            Self::RecalledByOther { party } => {
                write!(f, "party {party} is neither the issuer nor an authority")
            }
            Self::RecalledAlready { by } => write!(f, "recalled by party {by} already"),
            Self::NotRecalled => f.write_str("there is no recall to lift"),
            Self::NotTheRecaller { by } => write!(f, "only party {by} may lift its recall"),
        }
    }
}

fn names(roles: Roles) -> String {
    roles.names().collect::<Vec<_>>().join(", ")
}
