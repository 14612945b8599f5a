//! Entries: signed by a party's key and those who agree, sent, and told.

use crate::args::{Common, Signing};
use crate::console::Console;
use crate::device::Device;
use crate::fail::Failure;
use crate::files;
use crate::key::{self, Key, Note};
use crate::token;
use sealight_issue::entry::{self, Signer};
use sealight_issue::key::Sign;
use sealight_verify::codec::{self, Versioned};
use sealight_verify::format::entry::{Body, Entry};
use sealight_verify::format::ids::{LedgerId, LotId, PartyId};
use sealight_verify::hash::Hash32;
use serde_json::json;
use std::path::Path;

/// A party with the key that it signs with.
#[derive(Debug)]
pub(crate) struct Holder {
    pub(crate) party: PartyId,
    pub(crate) place: u16,
    pub(crate) key: Key,
}

impl Holder {
    /// Reads a key and for whom it signs on this ledger: its note, or `named`.
    pub(crate) fn read(
        console: &Console,
        common: &Common,
        path: &Path,
        named: Option<&str>,
        ledger: &LedgerId,
    ) -> Result<Self, Failure> {
        let key = key::read(console, path)?;
        let note = key::note(&key::note_place(common, path, &key.public())?)?;
        Self::of(path, key, note, named, ledger)
    }

    /// Reads a key file and for whom it signs: the note beside it.
    pub(crate) fn of_file(path: &Path, ledger: &LedgerId) -> Result<Self, Failure> {
        let key = Key::File(key::read_file(path)?);
        Self::of(path, key, key::note(&key::note_path(path))?, None, ledger)
    }

    fn of(
        path: &Path,
        key: Key,
        note: Option<Note>,
        named: Option<&str>,
        ledger: &LedgerId,
    ) -> Result<Self, Failure> {
        let note = note.filter(|note| note.ledger == *ledger);
        let named = named.map(party_id).transpose()?;
        let (party, place) = match (named, note) {
            (Some(party), Some(note)) if note.party == party => (party, note.place),
            (Some(party), _) => (party, 0),
            (None, Some(note)) => (note.party, note.place),
            (None, None) => {
                return Err(Failure::new("party-unknown", &[("path", &path.display())]));
            }
        };
        Ok(Self { party, place, key })
    }

    /// As it signs.
    pub(crate) fn signer(&self) -> Signer<'_, Key> {
        Signer { party: self.party, place: self.place, key: &self.key }
    }
}

/// Who signs an entry, and who agrees.
#[derive(Debug)]
pub(crate) struct Signers {
    /// The ledger that is signed for.
    pub(crate) ledger: LedgerId,
    /// The height of the next block, as far as is known.
    pub(crate) next_height: u64,
    pub(crate) own: Holder,
    pub(crate) agree: Vec<Holder>,
}

impl Signers {
    /// Reads all keys that a command names.
    pub(crate) fn read(
        console: &Console,
        common: &Common,
        signing: &Signing,
        ledger: LedgerId,
        next_height: u64,
    ) -> Result<Self, Failure> {
        let read =
            |path: &Path, named: Option<&str>| Holder::read(console, common, path, named, &ledger);
        let own = read(&signing.key, signing.party.as_deref())?;
        let agree = signing.endorse.iter().map(|path| read(path, None));
        Ok(Self { ledger, next_height, own, agree: agree.collect::<Result<_, _>>()? })
    }

    /// A party alone.
    pub(crate) fn alone(ledger: LedgerId, own: Holder) -> Self {
        Self { ledger, next_height: 0, own, agree: Vec::new() }
    }

    /// Several parties, the first of which speaks.
    pub(crate) fn of(ledger: LedgerId, mut all: Vec<Holder>) -> Result<Self, Failure> {
        if all.is_empty() {
            return Err(Failure::new("no-quorum-keys", &[]));
        }
        let own = all.remove(0);
        Ok(Self { ledger, next_height: 0, own, agree: all })
    }

    /// Signs an entry as the party's next.
    pub(crate) fn sign(&self, sequence: u64, body: Body) -> Result<Entry, Failure> {
        let signed = entry::try_sign_entry(&self.ledger, sequence, body, self.own.signer());
        let mut signed = signed.map_err(|error| token::refused(&error))?;
        for holder in &self.agree {
            let agreed = entry::try_endorse(&mut signed, holder.signer());
            agreed.map_err(|error| token::refused(&error))?;
        }
        Ok(signed)
    }
}

/// An entry that stands on the ledger.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entered {
    /// The entry's id.
    pub(crate) id: Hash32,
    /// Height of its block.
    pub(crate) height: u64,
}

/// Signs an entry as the command says and sends it; none where it was only drafted, for others to
/// sign.
pub(crate) fn submit(
    console: &Console,
    common: &Common,
    signing: &Signing,
    body: impl FnOnce(&Signers) -> Result<Body, Failure>,
) -> Result<Option<Entered>, Failure> {
    let mut device = Device::open(console, common)?;
    device.ask_only(signing.gateway.as_deref())?;
    let ledger = device.ledger()?;
    device.sync_headers()?;
    let signers = Signers::read(console, common, signing, ledger, device.next_height()?)?;
    let body = body(&signers)?;
    let sequence = device.next_sequence(&signers.own.party)?;
    let entry = signers.sign(sequence, body)?;
    if let Some(path) = &signing.draft {
        drafted(console, path, &entry)?;
        return Ok(None);
    }
    console.progress("cli.sign.waiting", &[]);
    device.submit(&entry).map(Some)
}

/// Writes an entry that more must sign before it is sent.
pub(crate) fn drafted(console: &Console, path: &Path, entry: &Entry) -> Result<(), Failure> {
    files::write(path, &codec::encode(entry))?;
    let (text, signatures) = (path.display().to_string(), entry.signatures.len().to_string());
    console.tell(0, "cli.sign.drafted", &[("path", &text), ("signatures", &signatures)]);
    console.document(json!({
        "draft": text,
        "entry": entry.id(),
        "party": entry.party,
        "sequence": entry.sequence,
        "signatures": entry.signatures.len(),
    }));
    Ok(())
}

/// Reads an entry that was drafted.
pub(crate) fn draft(path: &Path) -> Result<Entry, Failure> {
    let bytes = files::read(path, Entry::MAX_LEN)?;
    codec::decode(&bytes)
        .map_err(|error| Failure::new("not-a-draft", &[("path", &path.display()), ("why", &error)]))
}

/// Reads a party id.
pub(crate) fn party_id(text: &str) -> Result<PartyId, Failure> {
    PartyId::from_hex(text).ok_or_else(|| Failure::usage("not-a-party-id", &[("got", &text)]))
}

/// Reads a lot id.
pub(crate) fn lot_id(text: &str) -> Result<LotId, Failure> {
    LotId::from_hex(text).ok_or_else(|| Failure::usage("not-a-lot-id", &[("got", &text)]))
}
