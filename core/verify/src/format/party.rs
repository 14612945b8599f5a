//! Parties: who may say what, with which keys, from when until when.

use super::bounds::{BoundsError, length, require, text};
use super::lot::Recall;
use super::namespace::Namespace;
use crate::codec::{Blob, Versioned};
use crate::sign::PublicKey;
use alloc::string::String;
use alloc::vec::Vec;
use minicbor::{Decode, Encode};

/// A set of roles, one bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(transparent)]
pub struct Roles(pub u16);

impl Roles {
    /// Anchors lots and appends to them.
    pub const ISSUER: Self = Self(1);
    /// Examines goods.
    pub const LAB: Self = Self(2);
    /// Moves goods.
    pub const CARRIER: Self = Self(4);
    /// Sells goods.
    pub const RETAILER: Self = Self(8);
    /// Packs goods: puts labels on.
    pub const LINE: Self = Self(16);
    /// Runs the ledger and stores lots.
    pub const MEMBER: Self = Self(32);
    /// Supervises: recalls, co-signs.
    pub const AUTHORITY: Self = Self(64);

    const NAMES: [(Self, &'static str); 7] = [
        (Self::ISSUER, "issuer"),
        (Self::LAB, "lab"),
        (Self::CARRIER, "carrier"),
        (Self::RETAILER, "retailer"),
        (Self::LINE, "line"),
        (Self::MEMBER, "member"),
        (Self::AUTHORITY, "authority"),
    ];

    /// Whether at least one role is in both sets.
    pub fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Both sets together.
    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The names of the roles, as in commands and JSON.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Self::NAMES.into_iter().filter(move |(role, _)| self.meets(*role)).map(|(_, name)| name)
    }

    /// The role with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.into_iter().find(|(_, known)| *known == name).map(|(role, _)| role)
    }

    /// Whether no unknown bit is set.
    pub fn known(self) -> bool {
        self.0 < 128
    }
}

impl serde::Serialize for Roles {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.names())
    }
}

/// What a party registers with; its canonical bytes give the party id.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Registration {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    /// Registered legal name: what every screen shows.
    #[n(1)]
    pub legal_name: String,
    /// Roles on this ledger.
    #[n(2)]
    pub roles: Roles,
    /// What the party alone may speak for; at most 64.
    #[n(3)]
    pub namespaces: Vec<Namespace>,
    /// First signing key.
    #[n(4)]
    pub key: PublicKey,
    /// Key that reports to this party are sealed to: X25519, 32 bytes; never a signing key.
    #[n(5)]
    pub report_key: Option<Blob>,
    /// Distinguishes parties that register alike.
    #[n(6)]
    pub nonce: u64,
}

impl Versioned for Registration {
    const NAME: &'static str = "registration";
    const MAX_LEN: usize = 16 * 1024;
}

impl Registration {
    /// Refuses what no registration can hold.
    ///
    /// # Errors
    /// The first field that holds more than it may, or what it may not; see [`BoundsError`].
    pub fn bounds(&self) -> Result<(), BoundsError> {
        text("legal name", &self.legal_name)?;
        require("roles", self.roles.known() && self.roles.0 != 0)?;
        length("namespaces", self.namespaces.len(), 64)?;
        self.namespaces.iter().try_for_each(Namespace::bounds)?;
        require("report key", self.report_key.as_ref().is_none_or(|key| key.len() == 32))
    }
}

/// Why a key was given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode, serde::Serialize)]
#[cbor(index_only)]
#[serde(rename_all = "lowercase")]
pub enum KeyEnd {
    /// No longer used; what it signed before stays.
    #[n(0)]
    Retired,
    /// In other hands from a height on, which may lie in the past; what it signed since is void.
    #[n(1)]
    Compromised,
}

/// One key of a party with its life.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PartyKey {
    /// The key.
    #[n(0)]
    pub key: PublicKey,
    /// First height at which it may sign.
    #[n(1)]
    pub from: u64,
    /// First height at which it may not sign any more.
    #[n(2)]
    pub until: Option<u64>,
    /// Why it ended; present exactly when `until` is.
    #[n(3)]
    pub end: Option<KeyEnd>,
}

/// A party as the state holds it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Party {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    /// Registered legal name.
    #[n(1)]
    pub legal_name: String,
    /// Every key it ever had, in order; at most 64. Entries name a key by its place here.
    #[n(2)]
    pub keys: Vec<PartyKey>,
    /// Roles now.
    #[n(3)]
    pub roles: Roles,
    /// Namespaces now.
    #[n(4)]
    pub namespaces: Vec<Namespace>,
    /// Key that reports are sealed to.
    #[n(5)]
    pub report_key: Option<Blob>,
    /// Sequence number that its next entry must carry.
    #[n(6)]
    pub next_sequence: u64,
    /// Recalls of everything this issuer made, at most one by itself and one by an authority.
    #[n(7)]
    pub recalls: Vec<Recall>,
    /// Height since which it is suspended.
    #[n(8)]
    pub suspended: Option<u64>,
}

impl Versioned for Party {
    const NAME: &'static str = "party";
    const MAX_LEN: usize = 32 * 1024;
}

/// Whether a key may be counted on for something signed at a height.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyStanding {
    /// In force then and now.
    InForce,
    /// In force then, retired since.
    RetiredSince(u64),
    /// Not yet, or no longer, in force at that height.
    NotInForce,
    /// In other hands at that height.
    Compromised {
        /// First height at which it was.
        since: u64,
    },
}

impl Party {
    /// How the key at `place` stands for something signed at `height`; `None` where it has none.
    pub fn key_standing(&self, place: u16, height: u64) -> Option<KeyStanding> {
        let key = self.keys.get(usize::from(place))?;
        Some(match (key.until, key.end) {
            _ if height < key.from => KeyStanding::NotInForce,
            (Some(since), Some(KeyEnd::Compromised)) if height >= since => {
                KeyStanding::Compromised { since }
            }
            (Some(until), _) if height >= until => KeyStanding::NotInForce,
            (Some(until), Some(KeyEnd::Retired)) => KeyStanding::RetiredSince(until),
            _ => KeyStanding::InForce,
        })
    }

    /// Whether every namespace in `declared` lies in one of this party's.
    pub fn covers(&self, declared: &[Namespace]) -> bool {
        declared.iter().all(|inner| self.namespaces.iter().any(|own| own.contains(inner)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sign::Algorithm;

    fn party(until: Option<u64>, end: Option<KeyEnd>) -> Party {
        let key = PublicKey { algorithm: Algorithm::Sm2, bytes: Blob(alloc::vec![2; 33]) };
        Party {
            version: 1,
            legal_name: "Distillery".into(),
            keys: alloc::vec![PartyKey { key, from: 10, until, end }],
            roles: Roles::ISSUER,
            namespaces: Vec::new(),
            report_key: None,
            next_sequence: 0,
            recalls: Vec::new(),
            suspended: None,
        }
    }

    #[test]
    fn a_key_counts_from_its_first_height() {
        let party = party(None, None);
        assert_eq!(party.key_standing(0, 9), Some(KeyStanding::NotInForce));
        assert_eq!(party.key_standing(0, 10), Some(KeyStanding::InForce));
        assert_eq!(party.key_standing(1, 10), None);
    }

    #[test]
    fn a_retired_key_keeps_what_it_signed_before() {
        let party = party(Some(20), Some(KeyEnd::Retired));
        assert_eq!(party.key_standing(0, 19), Some(KeyStanding::RetiredSince(20)));
        assert_eq!(party.key_standing(0, 20), Some(KeyStanding::NotInForce));
    }

    #[test]
    fn a_compromised_key_loses_what_it_signed_since() {
        let party = party(Some(15), Some(KeyEnd::Compromised));
        assert_eq!(party.key_standing(0, 14), Some(KeyStanding::InForce));
        assert_eq!(party.key_standing(0, 15), Some(KeyStanding::Compromised { since: 15 }));
    }

    #[test]
    fn role_names_come_back() {
        let roles = Roles::ISSUER.with(Roles::AUTHORITY);
        assert_eq!(roles.names().collect::<Vec<_>>(), ["issuer", "authority"]);
        assert_eq!(Roles::from_name("lab"), Some(Roles::LAB));
        assert_eq!(Roles::from_name("king"), None);
    }
}
