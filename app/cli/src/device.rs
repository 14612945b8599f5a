//! This device: its folder, and the light client in it.
//!
//! Nothing is sent until something is asked for, and what needs no device opens none.

use crate::args::Common;
use crate::console::Console;
use crate::fail::Failure;
use crate::files;
use crate::sign::Entered;
use sealight_edge::cancel::Cancel;
use sealight_edge::client::{Client, Light, Online, SubmitError};
use sealight_edge::clock::{self, Budget};
use sealight_edge::home::{Home, HomeError};
use sealight_edge::net::{Fault, GatewayUrl, Timeouts};
use sealight_edge::store::{SqliteStore, StoreError};
use sealight_tag::deadline::Deadline;
use sealight_verify::codec;
use sealight_verify::format::entry::Entry;
use sealight_verify::format::ids::{LedgerId, LotId, PartyId};
use sealight_verify::format::lot::StorageReceipt;
use sealight_verify::format::party::Party;
use sealight_verify::hash::Hash32;
use sealight_verify::judge::SealClaim;
use sealight_verify::time::Timestamp;
use sealight_verify::trust::TrustFile;
use std::path::PathBuf;
use std::time::Duration;

/// How long the header that proves an entry is waited for; some blocks of members far apart.
const PROOF_WAIT: Duration = Duration::from_secs(10);
const PROOF_LOOK: Duration = Duration::from_millis(100);

/// The folder that was named, else the one that this system keeps programs' data in.
pub(crate) fn home(common: &Common) -> Result<Home, Failure> {
    let path = common.home.clone().or_else(Home::usual);
    let path = path.ok_or_else(|| Failure::usage("no-home", &[]))?;
    Home::open(&path).map_err(|error| home_failed(&error))
}

/// The device's folder does not do what it should.
pub(crate) fn home_failed(error: &HomeError) -> Failure {
    Failure::new("home", &[("why", error)])
}

/// Adds a gateway to those that are asked first on this device.
pub(crate) fn add_gateway(home: &Home, trust: &TrustFile, url: &GatewayUrl) -> Result<(), Failure> {
    let mut config = home.config(trust).map_err(|error| home_failed(&error))?;
    if !config.gateways.contains(url) {
        config.gateways.push(url.clone());
        home.put_config(&config).map_err(|error| home_failed(&error))?;
    }
    Ok(())
}

/// When this program was built.
pub(crate) fn built() -> Timestamp {
    Timestamp::from_unix_secs(env!("SEALIGHT_BUILT").parse().unwrap_or(0))
}

/// Reads the address of a gateway that a person typed.
pub(crate) fn gateway_url(text: &str) -> Result<GatewayUrl, Failure> {
    GatewayUrl::configured(text)
        .map_err(|error| Failure::usage("bad-gateway", &[("url", &text), ("why", &error)]))
}

/// This device's light client.
pub(crate) struct Device {
    pub(crate) client: Client,
    pub(crate) home: Home,
    pub(crate) cancel: Cancel,
}

impl Device {
    /// Opens the device's folder; no network.
    pub(crate) fn open(console: &Console, common: &Common) -> Result<Self, Failure> {
        Self::at(console, home(common)?)
    }

    /// Opens the device in a folder; no network.
    pub(crate) fn at(console: &Console, home: Home) -> Result<Self, Failure> {
        let Some(anchor) = home.trust().map_err(|error| home_failed(&error))? else {
            return Err(Failure::new("no-trust", &[("home", &home.path().display())]));
        };
        let opened = SqliteStore::open(&home.store()).map_err(|error| {
            Failure::new("store", &[("path", &home.store().display()), ("why", &error)])
        })?;
        if let Some(warning) = opened.warning {
            console.aside(&console.say("cli.note", &[("text", &warning.to_string())]));
        }
        let light = Light::open(Box::new(opened.store), &anchor, built(), clock::system())
            .and_then(|light| light.with_home(home.clone()))
            .map_err(|error| Failure::new("trust-refused", &[("why", &error)]))?;
        for (_, doubt) in light.fork_doubts() {
            console.aside(&console.say("cli.note", &[("text", &doubt.to_string())]));
        }
        let config = home.config(light.trust()).map_err(|error| home_failed(&error))?;
        let config = config.in_force(clock::system());
        let light = light.with_ledgers(&config.ledgers);
        let online = Online::new(light.trust(), &config.gateways, Timeouts::default());
        let online = online.with_packs(home.pack_urls());
        Ok(Self { client: Client { light, online }, home, cancel: Cancel::default() })
    }

    /// Asks these gateways alone, if any are named.
    pub(crate) fn ask_only<'a>(
        &mut self,
        urls: impl IntoIterator<Item = &'a str>,
    ) -> Result<(), Failure> {
        let urls: Vec<GatewayUrl> = urls.into_iter().map(gateway_url).collect::<Result<_, _>>()?;
        if urls.is_empty() {
            return Ok(());
        }
        let mut bare = self.client.light.trust().clone();
        let operators = bare.ledgers.iter_mut().flat_map(|ledger| &mut ledger.operators);
        operators.for_each(|operator| operator.gateways.clear());
        self.client.online = Online::new(&bare, &urls, Timeouts::default());
        Ok(())
    }

    /// Asks these packs, or folders with a site's files, and no gateway, if any are named.
    pub(crate) fn ask_packs_only(&mut self, packs: &[PathBuf]) -> Result<(), Failure> {
        if packs.is_empty() {
            return Ok(());
        }
        let mut urls = Vec::with_capacity(packs.len());
        for path in packs {
            if let Err(error) = std::fs::metadata(path) {
                return Err(files::unreadable(path, &error));
            }
            let whole =
                std::path::absolute(path).map_err(|error| files::unreadable(path, &error))?;
            let url = GatewayUrl::of_file(&whole);
            urls.push(url.map_err(|error| {
                Failure::usage("bad-gateway", &[("url", &path.display()), ("why", &error)])
            })?);
        }
        let mut bare = self.client.light.trust().clone();
        let operators = bare.ledgers.iter_mut().flat_map(|ledger| &mut ledger.operators);
        operators.for_each(|operator| operator.gateways.clear());
        self.client.online = Online::new(&bare, &[], Timeouts::default()).with_packs(urls);
        Ok(())
    }

    /// The ledger that entries are for: the first of the trust file.
    pub(crate) fn ledger(&self) -> Result<LedgerId, Failure> {
        let first = self.client.light.ledgers().next().copied();
        first.ok_or_else(|| Failure::new("no-ledger", &[]))
    }

    /// Brings headers to a gateway's head, so that what follows is asked of it.
    pub(crate) fn sync_headers(&mut self) -> Result<(), Failure> {
        let (ledger, cancel) = (self.ledger()?, self.cancel.clone());
        let report = self.client.sync_headers(&ledger, clock::system(), &mut |_| {}, &cancel);
        report.outcome.map_err(|faults| self.no_gateway(&faults))
    }

    /// The height of the next block, as far as this device knows.
    pub(crate) fn next_height(&self) -> Result<u64, Failure> {
        let chain = self.client.light.chain(&self.ledger()?);
        Ok(chain.and_then(|chain| chain.head()).map_or(1, |head| head.height() + 1))
    }

    /// A party as it stands now, proven.
    pub(crate) fn party(&mut self, id: &PartyId) -> Result<Party, Failure> {
        self.sync_headers()?;
        let (ledger, cancel) = (self.ledger()?, self.cancel.clone());
        let Some(chain) = self.client.light.chain(&ledger) else {
            return Err(Failure::new("no-ledger", &[]));
        };
        match self.client.online.party(chain, id, &cancel) {
            Ok(Some(party)) => Ok(party),
            Ok(None) => Err(Failure::new("party-not-registered", &[("party", id)])),
            Err(faults) => Err(self.no_gateway(&faults)),
        }
    }

    /// The number of the party's next entry.
    pub(crate) fn next_sequence(&mut self, id: &PartyId) -> Result<u64, Failure> {
        Ok(self.party(id)?.next_sequence)
    }

    /// Sends an entry, waits for its block, and for the header that proves it: what comes next
    /// builds on it.
    pub(crate) fn submit(&mut self, entry: &Entry) -> Result<Entered, Failure> {
        let ledger = self.ledger()?;
        let sent = self.client.online.submit(&ledger, &codec::encode(entry), &self.cancel);
        match sent {
            Ok(submitted) => {
                self.wait_for_proof(submitted.height);
                Ok(Entered { id: entry.id(), height: submitted.height })
            }
            Err(SubmitError::Refused { code, text }) => {
                Err(Failure::new("refused", &[("why", &text), ("code", &code)]))
            }
            Err(SubmitError::Unknown(error)) => {
                Err(Failure::new("sent-unknown", &[("why", &error), ("id", &entry.id())]))
            }
            Err(SubmitError::NoGateway(faults)) => Err(self.no_gateway(&faults)),
        }
    }

    /// Syncs until a header above this height is trusted; a ledger that is slower is not waited for.
    fn wait_for_proof(&mut self, height: u64) {
        let waited = Budget::of(PROOF_WAIT);
        while self.next_height().is_ok_and(|next| next <= height + 1)
            && !waited.expired()
            && !self.cancel.is_cancelled()
        {
            if self.sync_headers().is_err() {
                return;
            }
            if self.next_height().is_ok_and(|next| next <= height + 1) {
                std::thread::sleep(PROOF_LOOK);
            }
        }
    }

    /// Uploads one bucket file of a lot to every gateway that takes it.
    pub(crate) fn upload(
        &mut self,
        root: &Hash32,
        bucket: u32,
        bytes: &[u8],
    ) -> Result<(), Failure> {
        let ledger = self.ledger()?;
        let sent = self.client.online.upload_bucket(&ledger, root, bucket, bytes, &self.cancel);
        sent.map(|_| ()).map_err(|faults| self.no_gateway(&faults))
    }

    /// Uploads the codes of one prefix of an index to every gateway that takes them.
    pub(crate) fn upload_codes(
        &mut self,
        place: (&Hash32, u8, u32),
        bytes: &[u8],
    ) -> Result<(), Failure> {
        let ledger = self.ledger()?;
        let sent = self.client.online.upload_codes(&ledger, place, bytes, &self.cancel);
        sent.map(|_| ()).map_err(|faults| self.no_gateway(&faults))
    }

    /// Uploads the file of a picture to every gateway that takes it.
    pub(crate) fn upload_picture(&mut self, hash: &Hash32, bytes: &[u8]) -> Result<(), Failure> {
        let ledger = self.ledger()?;
        let sent = self.client.online.upload_picture(&ledger, hash, bytes, &self.cancel);
        sent.map(|_| ()).map_err(|faults| self.no_gateway(&faults))
    }

    /// Gathers the receipts of members that have all files of a lot.
    pub(crate) fn receipts(
        &mut self,
        lot: &LotId,
        root: &Hash32,
        size: u32,
    ) -> Result<Vec<StorageReceipt>, Failure> {
        self.sync_headers()?;
        let (ledger, cancel) = (self.ledger()?, self.cancel.clone());
        let Some(chain) = self.client.light.chain(&ledger) else {
            return Err(Failure::new("no-ledger", &[]));
        };
        let signed = self.client.online.receipts(chain, (lot, root, size), &cancel);
        signed.map_err(|faults| self.no_gateway(&faults))
    }

    /// The ledger that a claim is about, where it can be one only.
    pub(crate) fn only_ledger(&self, claim: &SealClaim) -> Option<LedgerId> {
        match self.client.light.ledgers_of(claim).ok()?[..] {
            [only] => Some(only),
            _ => None,
        }
    }

    /// Time of the newest trusted header of a ledger, or of the first.
    pub(crate) fn register_as_of(&self, ledger: Option<&LedgerId>) -> Option<Timestamp> {
        let light = &self.client.light;
        let ledger = ledger.or_else(|| light.ledgers().next())?;
        light.chain(ledger)?.head().map(|head| head.time())
    }

    /// The store does not do what it should.
    pub(crate) fn store_failed(&self, error: &StoreError) -> Failure {
        Failure::new("store", &[("path", &self.home.store().display()), ("why", error)])
    }

    /// Why no gateway gave an answer.
    pub(crate) fn no_gateway(&self, faults: &[Fault]) -> Failure {
        if self.cancel.is_cancelled() {
            return Failure::stopped();
        }
        match faults.first() {
            Some(first) => Failure::new("no-answer", &[("why", first)]),
            None => Failure::new("no-gateway", &[]),
        }
    }
}
