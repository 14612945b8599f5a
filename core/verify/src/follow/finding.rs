//! What a follower is told of an entry.

use super::Follower;
use super::history::Volume;
use super::likeness::alike;
use super::names::Party;
use super::watch::Watch;
use crate::chain::TrustedHeader;
use crate::codec;
use crate::format::entry::{Body, Entry, RecallScope, log_leaf};
use crate::format::governance::GovernanceChange;
use crate::format::ids::{LotId, PartyId};
use crate::format::namespace::Namespace;
use crate::format::party::{KeyEnd, Registration};
use crate::hash::Hash32;
use crate::time::Timestamp;
use alloc::string::String;
use alloc::vec::Vec;

/// How much it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Worth knowing.
    Notice,
    /// Somebody should look.
    Alarm,
}

/// One thing told of one entry of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Place of the entry in the log.
    pub log_index: u64,
    /// Its leaf in the log.
    pub leaf: Hash32,
    /// Who said it; none of an entry that this build does not read.
    pub party: Option<PartyId>,
    /// That party's registered name; none for those of the genesis, which the log does not name.
    pub name: Option<String>,
    /// Height of the header under which it was proven: its block is older.
    pub height: u64,
    /// That header's time.
    pub time: Timestamp,
    /// What is told.
    pub what: What,
}

/// What is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A lot was anchored by a party, or in a namespace, that is looked after.
    Lot {
        /// Its id.
        lot: LotId,
        /// Its items.
        items: u32,
        /// What it is called.
        title: String,
        /// Whether somebody else anchored it.
        by_another: bool,
    },
    /// A lot whose title names somebody else's brand.
    Title {
        /// Its id.
        lot: LotId,
        /// What it is called.
        title: String,
        /// The name that the title has, or one like it.
        own: String,
    },
    /// A code index was anchored for a namespace that is looked after.
    Index {
        /// The namespace.
        namespace: Namespace,
        /// Its codes.
        codes: u64,
        /// Whether somebody else anchored it.
        by_another: bool,
    },
    /// A volume that is odd for the party.
    Volume {
        /// The lot.
        lot: LotId,
        /// Its items.
        items: u32,
        /// What is odd.
        odd: Volume,
    },
    /// A key of a party that is looked after was replaced.
    KeyRotated {
        /// Place of the key that retires.
        old: u16,
    },
    /// A key of a party that is looked after was withdrawn.
    KeyRevoked {
        /// Whose.
        of: PartyId,
        /// Its place.
        key: u16,
        /// Why.
        reason: KeyEnd,
        /// First height that it covers.
        from: u64,
    },
    /// A party that is looked after was suspended or let in again.
    Suspended {
        /// The party.
        of: PartyId,
        /// Suspended, or let in again.
        suspended: bool,
    },
    /// Everything of a party that is looked after was recalled, or that was lifted.
    Recalled {
        /// The party.
        of: PartyId,
        /// Set, or lifted.
        recalled: bool,
    },
    /// A party was registered under a name, or for a namespace, like one that is looked after.
    Resembles {
        /// The party.
        of: PartyId,
        /// Its name.
        name: String,
        /// What of it resembles.
        theirs: String,
        /// What it resembles.
        own: String,
    },
    /// A party was registered.
    Registered {
        /// The party.
        of: PartyId,
        /// Its name.
        name: String,
    },
    /// Members or validators changed.
    Governance {
        /// Members, not validators.
        members: bool,
    },
    /// An entry that this build does not read: it is too old.
    Unread,
}

impl What {
    /// How much it matters.
    pub fn weight(&self) -> Weight {
        match self {
            Self::Lot { by_another: false, .. }
            | Self::Index { by_another: false, .. }
            | Self::Registered { .. }
            | Self::Governance { .. } => Weight::Notice,
            _ => Weight::Alarm,
        }
    }
}

impl Follower {
    /// Reads one entry that is proven to stand in the log.
    pub(super) fn read(
        &mut self,
        log_index: u64,
        bytes: &[u8],
        header: &TrustedHeader,
        watch: &Watch,
        findings: &mut Vec<Finding>,
    ) {
        let (leaf, height, time) = (log_leaf(bytes), header.height(), header.time());
        let Ok(entry) = codec::decode::<Entry>(bytes) else {
            let (party, name, what) = (None, None, What::Unread);
            findings.push(Finding { log_index, leaf, party, name, height, time, what });
            return;
        };
        let told = self.told(&entry, watch);
        let name = self.names.party(&entry.party).map(|party| party.name.clone());
        let party = Some(entry.party);
        let finding =
            |what| Finding { log_index, leaf, party, name: name.clone(), height, time, what };
        findings.extend(told.into_iter().map(finding));
    }

    fn told(&mut self, entry: &Entry, watch: &Watch) -> Vec<What> {
        let by = entry.party;
        let one = |tell: bool, what: What| tell.then_some(what).into_iter().collect();
        match &entry.body {
            Body::Register(registration) => self.registered(registration, watch),
            Body::RotateKey(rotation) => {
                one(watch.party(&by), What::KeyRotated { old: rotation.old })
            }
            Body::RevokeKey(revocation) => {
                let (of, key) = (revocation.party, revocation.key);
                let (reason, from) = (revocation.reason, revocation.from);
                one(watch.party(&of), What::KeyRevoked { of, key, reason, from })
            }
            Body::Suspend(suspension) => {
                let (of, suspended) = (suspension.party, suspension.suspended);
                one(watch.party(&of), What::Suspended { of, suspended })
            }
            Body::AnchorLot(anchor) => {
                let lot = LotId::of_number(&by, anchor.number);
                self.lot(by, lot, anchor, watch)
            }
            Body::AnchorIndex(anchor) => {
                let met = watch.meets(&self.names, &anchor.namespace).is_some();
                let by_another = met && !watch.own(&by);
                let (namespace, codes) = (anchor.namespace.clone(), anchor.size);
                let what = What::Index { namespace, codes, by_another };
                one(met || watch.party(&by), what)
            }
            Body::Recall(change) => match change.scope {
                RecallScope::Issuer(of) => {
                    let recalled = change.recalled;
                    one(watch.party(&of), What::Recalled { of, recalled })
                }
                RecallScope::Items(..) | RecallScope::Lot(_) => Vec::new(),
            },
            Body::Govern(change) => {
                let members = matches!(change, GovernanceChange::Members(_));
                one(true, What::Governance { members })
            }
            Body::AppendEvent(_) | Body::ChangeLife(_) => Vec::new(),
        }
    }

    fn registered(&mut self, registration: &Registration, watch: &Watch) -> Vec<What> {
        let of = PartyId::of_registration(&self.ledger, &codec::encode(registration));
        let name = registration.legal_name.clone();
        let party = Party { id: of, name, namespaces: registration.namespaces.clone() };
        let mut told: Vec<What> = Vec::new();
        let known = self.names.iter().filter(|known| known.id != of);
        if watch.own(&of) {
            // Who came before with a name like it.
            told.extend(known.filter_map(|theirs| resembling(theirs, &party)));
        } else {
            let own = known.filter(|known| watch.party(&known.id));
            told.extend(own.filter_map(|own| resembling(&party, own)));
            let named = watch.names.iter().map(|own| (own.clone(), Vec::new()));
            let spaces = watch.namespaces.iter().map(|own| (String::new(), [own.clone()].to_vec()));
            told.extend(named.chain(spaces).filter_map(|(name, namespaces)| {
                resembling(&party, &Party { id: of, name, namespaces })
            }));
        }
        if watch.party(&of) {
            told.insert(0, What::Registered { of, name: party.name.clone() });
        }
        self.names.add(party);
        told
    }

    fn lot(
        &mut self,
        by: PartyId,
        lot: LotId,
        anchor: &crate::format::lot::LotAnchor,
        watch: &Watch,
    ) -> Vec<What> {
        let (items, title) = (anchor.size, anchor.title.clone());
        let odd = self.history.lot(by, items, watch.factor);
        let met = anchor.namespaces.iter().any(|one| watch.meets(&self.names, one).is_some());
        let by_another = met && !watch.own(&by);
        let looked_after = met || watch.party(&by);
        let mut told = Vec::new();
        if looked_after {
            told.push(What::Lot { lot, items, title: title.clone(), by_another });
            told.extend(odd.into_iter().map(|odd| What::Volume { lot, items, odd }));
        }
        if !watch.own(&by)
            && let Some(own) = self.named_in(&title, watch)
        {
            told.push(What::Title { lot, title, own });
        }
        told
    }

    /// The own brand that stands in a title, or one like it.
    fn named_in(&self, title: &str, watch: &Watch) -> Option<String> {
        let own = watch.parties.iter().filter_map(|id| self.names.party(id));
        let spaces = own.flat_map(|party| &party.namespaces).chain(&watch.namespaces);
        let brands = spaces.filter_map(|space| match space {
            Namespace::Brand(name) => Some(name),
            _ => None,
        });
        brands.chain(&watch.names).find(|own| alike(title, own)).cloned()
    }
}

/// What of a party resembles another's names and namespaces.
fn resembling(theirs: &Party, own: &Party) -> Option<What> {
    let names = |party: &Party| -> Vec<String> {
        let brands = party.namespaces.iter().filter_map(|space| match space {
            Namespace::Brand(name) => Some(name.clone()),
            _ => None,
        });
        let legal = Some(party.name.clone()).filter(|name| !name.is_empty());
        legal.into_iter().chain(brands).collect()
    };
    let (of, name) = (theirs.id, theirs.name.clone());
    for one in names(theirs) {
        if let Some(own) = names(own).into_iter().find(|own| alike(&one, own)) {
            return Some(What::Resembles { of, name, theirs: one, own });
        }
    }
    let pairs =
        theirs.namespaces.iter().flat_map(|one| own.namespaces.iter().map(move |own| (one, own)));
    let close = |one: &Namespace, own: &Namespace| match (one, own) {
        (Namespace::Host(one), Namespace::Host(own)) => alike(host(one), host(own)),
        _ => one.overlaps(own),
    };
    let (one, own) = pairs.into_iter().find(|(one, own)| close(one, own))?;
    use alloc::string::ToString;
    Some(What::Resembles { of, name, theirs: one.to_string(), own: own.to_string() })
}

/// The host of a host namespace, without its path.
fn host(namespace: &str) -> &str {
    namespace.split('/').next().unwrap_or(namespace)
}
