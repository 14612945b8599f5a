//! This device: its folder, and the light client in it.
//!
//! The folder holds `trust.sealight` (the first trust file, which a person added), `store.db` and
//! `settings.json` (gateways that a person named). Nothing is sent until something is asked for.

use crate::args::Common;
use crate::console::Console;
use crate::fail::Failure;
use crate::files;
use crate::sign::Entered;
use sealight_edge::cancel::Cancel;
use sealight_edge::client::{Client, Light, Online, SubmitError};
use sealight_edge::clock;
use sealight_edge::net::{Fault, GatewayUrl, Timeouts};
use sealight_edge::store::{SqliteStore, StoreError};
use sealight_verify::codec::{self, Versioned};
use sealight_verify::format::entry::Entry;
use sealight_verify::format::ids::{LedgerId, LotId, PartyId};
use sealight_verify::format::lot::StorageReceipt;
use sealight_verify::format::party::Party;
use sealight_verify::hash::Hash32;
use sealight_verify::time::Timestamp;
use sealight_verify::trust::SignedTrustFile;
use serde_json::{Value, json};
use std::path::PathBuf;

/// Most bytes of the settings.
const MAX_SETTINGS: usize = 64 * 1024;

/// The folder of a device.
#[derive(Debug, Clone)]
pub(crate) struct Home(PathBuf);

impl Home {
    /// The folder that was named, else the one that this system keeps programs' data in.
    pub(crate) fn of(common: &Common) -> Result<Self, Failure> {
        let data = || std::env::var_os("XDG_DATA_HOME").filter(|dir| !dir.is_empty());
        let own = |name: &str| std::env::var_os(name).filter(|dir| !dir.is_empty());
        let user = || own("HOME").map(|home| PathBuf::from(home).join(".local/share"));
        let windows = || own("LOCALAPPDATA").map(PathBuf::from);
        let usual = || data().map(PathBuf::from).or_else(user).or_else(windows);
        let home = common.home.clone().or_else(|| usual().map(|data| data.join("sealight")));
        home.map(Self).ok_or_else(|| Failure::usage("no-home", &[]))
    }

    /// A folder of a device.
    pub(crate) fn at(path: PathBuf) -> Self {
        Self(path)
    }

    /// Begins to trust: this is the device's first trust file.
    pub(crate) fn adopt(&self, trust: &[u8]) -> Result<(), Failure> {
        files::folder(&self.0)?;
        files::write(&self.anchor(), trust)
    }

    /// The folder as it is.
    pub(crate) fn path(&self) -> &std::path::Path {
        &self.0
    }

    /// The first trust file.
    pub(crate) fn anchor(&self) -> PathBuf {
        self.0.join("trust.sealight")
    }

    /// The store.
    pub(crate) fn store(&self) -> PathBuf {
        self.0.join("store.db")
    }

    fn settings(&self) -> PathBuf {
        self.0.join("settings.json")
    }

    /// Gateways that a person named on this device.
    pub(crate) fn gateways(&self) -> Result<Vec<GatewayUrl>, Failure> {
        let path = self.settings();
        if !path.exists() {
            return Ok(Vec::new());
        }
        let bad = || Failure::new("bad-settings", &[("path", &path.display())]);
        let settings: Value =
            serde_json::from_slice(&files::read(&path, MAX_SETTINGS)?).map_err(|_| bad())?;
        let listed = settings.get("gateways").and_then(Value::as_array).ok_or_else(bad)?;
        let url = |value: &Value| GatewayUrl::configured(value.as_str()?).ok();
        listed.iter().map(|value| url(value).ok_or_else(bad)).collect()
    }

    /// Adds a gateway to those that are named on this device.
    pub(crate) fn add_gateway(&self, url: &GatewayUrl) -> Result<(), Failure> {
        let mut urls: Vec<String> =
            self.gateways()?.iter().map(|known| known.as_str().to_owned()).collect();
        if !urls.iter().any(|known| known == url.as_str()) {
            urls.push(url.as_str().to_owned());
        }
        let text = format!("{:#}\n", json!({ "version": 1, "gateways": urls }));
        files::write(&self.settings(), text.as_bytes())
    }
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
        Self::at(console, Home::of(common)?)
    }

    /// Opens the device in a folder; no network.
    pub(crate) fn at(console: &Console, home: Home) -> Result<Self, Failure> {
        let anchor = home.anchor();
        if !anchor.exists() {
            return Err(Failure::new("no-trust", &[("home", &home.0.display())]));
        }
        let anchor = files::read(&anchor, SignedTrustFile::MAX_LEN)?;
        let opened = SqliteStore::open(&home.store()).map_err(|error| {
            Failure::new("store", &[("path", &home.store().display()), ("why", &error)])
        })?;
        if let Some(warning) = opened.warning {
            console.aside(&console.say("cli.note", &[("text", &warning.to_string())]));
        }
        let light = Light::open(Box::new(opened.store), &anchor, built(), clock::system())
            .map_err(|error| Failure::new("trust-refused", &[("why", &error)]))?;
        let online = Online::new(light.trust(), &home.gateways()?, Timeouts::default());
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

    /// Sends an entry and waits for its block.
    pub(crate) fn submit(&mut self, entry: &Entry) -> Result<Entered, Failure> {
        let ledger = self.ledger()?;
        let sent = self.client.online.submit(&ledger, &codec::encode(entry), &self.cancel);
        match sent {
            Ok(submitted) => Ok(Entered { id: entry.id(), height: submitted.height }),
            Err(SubmitError::Refused { code, text }) => {
                Err(Failure::new("refused", &[("why", &text), ("code", &code)]))
            }
            Err(SubmitError::Unknown(error)) => {
                Err(Failure::new("sent-unknown", &[("why", &error), ("id", &entry.id())]))
            }
            Err(SubmitError::NoGateway(faults)) => Err(self.no_gateway(&faults)),
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

    /// Gathers the receipts of members that have all files of a lot.
    pub(crate) fn receipts(
        &mut self,
        lot: &LotId,
        root: &Hash32,
        size: u32,
    ) -> Result<Vec<StorageReceipt>, Failure> {
        let ledger = self.ledger()?;
        let signed = self.client.online.receipts(&ledger, lot, root, size, &self.cancel);
        signed.map_err(|faults| self.no_gateway(&faults))
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
