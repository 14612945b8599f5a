//! The gateways' side: asks, drops what does not verify, gives back changes and bundles.

use super::feed::{FeedPlaces, GatewayFeed};
use super::source::{Progress, Source};
use crate::cancel::Cancel;
use crate::home::{Config, Home};
use crate::net::{Gateway, GatewayUrl, Gateways, Http, NetError, Timeouts};
use sealight_verify::format::ids::LedgerId;
use sealight_verify::trust::{TrustFile, Trusted, rotate};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

/// Most pages of the recall feed that are read in one go.
const MAX_PAGES: usize = 16;
/// Most rotations of the trust file in one go.
const MAX_ROTATIONS: usize = 16;

/// How long one of several gateways may keep a visitor from the next one: so long that a distant one
/// answers in time, and so short that a second one answers before the visitor is told that nobody
/// does.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    /// For its head, and what leads there.
    pub(super) head: Duration,
    /// For a bundle.
    pub(super) bundle: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { head: Duration::from_secs(4), bundle: Duration::from_secs(8) }
    }
}

/// The gateways of a device.
#[derive(Debug)]
pub struct Online {
    pub(super) ledgers: Vec<(LedgerId, Gateways)>,
    /// Packs and folders with a site's files, asked where no gateway helps.
    pub(super) packs: Vec<Gateway>,
    /// Those that a person configured, files aside.
    configured: Vec<GatewayUrl>,
    http: Arc<Http>,
    roster: Roster,
    pub(super) patience: Patience,
}

/// All gateways of all ledgers, each once, and then the files, as they are now: clones follow a
/// rotation of the trust file. For what proves itself.
#[derive(Debug, Clone, Default)]
pub struct Roster(Arc<RwLock<Vec<Gateway>>>);

impl Roster {
    /// Those of now.
    pub fn now(&self) -> Vec<Gateway> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, gateways: Vec<Gateway>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = gateways;
    }
}

/// Trust files that follow the one in use.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rotations {
    /// The files, the next one first.
    pub files: Vec<Vec<u8>>,
    /// Whether any gateway answered: else that there are none says nothing.
    pub answered: bool,
}

impl Online {
    /// The gateways that a person configured, then those of the trust file; nothing is sent yet.
    ///
    /// An address of the trust file that is none is passed over: the file is signed, not checked.
    /// Configured files are packs: see [`Online::with_packs`].
    pub fn new(trust: &TrustFile, configured: &[GatewayUrl], timeouts: Timeouts) -> Self {
        let http = Arc::new(Http::new(timeouts));
        let (named, files): (Vec<_>, Vec<_>) =
            configured.iter().cloned().partition(|url| url.file().is_none());
        let packs = files.into_iter().map(|url| Gateway::new(url, Arc::clone(&http))).collect();
        let (ledgers, roster, patience) = Default::default();
        let mut online = Self { ledgers, packs, configured: named, http, roster, patience };
        online.follow_trust(trust);
        online
    }

    /// Those of a device: of its trust file, of its configuration, and the packs that were imported to
    /// its home.
    pub fn of_device(home: &Home, trust: &TrustFile, config: &Config) -> Self {
        Self::new(trust, &config.gateways, Timeouts::default()).with_packs(home.pack_urls())
    }

    /// These gateways and no others, whatever a trust file says.
    #[cfg(test)]
    pub(super) fn over(ledgers: Vec<(LedgerId, Gateways)>) -> Self {
        let http = Arc::new(Http::new(Timeouts::default()));
        let (packs, configured, roster, patience) = Default::default();
        let online = Self { ledgers, packs, configured, http, roster, patience };
        online.roster.set(online.every_gateway());
        online
    }

    /// From now on the gateways of this trust file's ledgers, beside those that a person configured:
    /// a newer one may move gateways, and add or drop ledgers.
    pub fn follow_trust(&mut self, trust: &TrustFile) {
        let gateway = |url: GatewayUrl| Gateway::new(url, Arc::clone(&self.http));
        let ledgers = trust.ledgers.iter().map(|ledger| {
            let listed = ledger.gateways().filter_map(|(_, text)| GatewayUrl::listed(text).ok());
            let mut urls: Vec<GatewayUrl> = Vec::new();
            for url in self.configured.iter().cloned().chain(listed) {
                match urls.iter_mut().find(|known| known.as_str() == url.as_str()) {
                    // As the trust file writes it: so its operator is known.
                    Some(known) => *known = url,
                    None => urls.push(url),
                }
            }
            (ledger.id, Gateways::new(urls.into_iter().map(gateway).collect()))
        });
        self.ledgers = ledgers.collect();
        self.roster.set(self.every_gateway());
    }

    /// The same with these files too: packs, or folders with a site's files.
    ///
    /// They are asked where no gateway gives anything, in this order, and may be old: what they
    /// prove is as of their own header.
    #[must_use]
    pub fn with_packs(mut self, urls: impl IntoIterator<Item = GatewayUrl>) -> Self {
        let http = Arc::new(Http::new(Timeouts::default()));
        let files = urls.into_iter().filter(|url| url.file().is_some());
        self.packs.extend(files.map(|url| Gateway::new(url, Arc::clone(&http))));
        self.roster.set(self.every_gateway());
        self
    }

    /// The gateways of a ledger.
    pub fn gateways(&mut self, ledger: &LedgerId) -> Option<&mut Gateways> {
        self.ledgers.iter_mut().find(|(of, _)| of == ledger).map(|(_, gateways)| gateways)
    }

    /// All gateways as they are whenever they are asked for.
    pub fn roster(&self) -> Roster {
        self.roster.clone()
    }

    /// All gateways, of all ledgers, each once, and then the files; for what proves itself.
    fn every_gateway(&self) -> Vec<Gateway> {
        let of_ledgers = self.ledgers.iter().flat_map(|(_, gateways)| gateways.all());
        let mut all: Vec<Gateway> = Vec::new();
        for gateway in of_ledgers.chain(self.packs.iter().cloned()) {
            if !all.iter().any(|known| known.url() == gateway.url()) {
                all.push(gateway);
            }
        }
        all
    }

    /// The feeds of recalls of all gateways that answer, each since its own place.
    ///
    /// A hint for everybody alike. A feed that ends before the place asked for shows that its
    /// gateway lied about the place: it is read again from the start.
    pub fn recalls(
        &mut self,
        ledger: &LedgerId,
        places: &FeedPlaces,
        cancel: &Cancel,
    ) -> Vec<GatewayFeed> {
        let Some(gateways) = self.gateways(ledger) else { return Vec::new() };
        gateways.ask_each(cancel, |gateway| {
            let (mut progress, mut untold) = (Progress::default(), |_| {});
            let mut source = Source::new(gateway, cancel, &mut progress, &mut untold);
            let mut hints = Vec::new();
            let mut from = places.of(gateway.url());
            for _ in 0..MAX_PAGES {
                let feed = source.recalls(from)?;
                if feed.log_size < from {
                    from = 0;
                    hints.clear();
                    continue;
                }
                let end = feed.recalls.is_empty() || feed.log_size == from;
                hints.extend(feed.recalls);
                from = feed.log_size;
                if end {
                    break;
                }
            }
            Ok(GatewayFeed { gateway: gateway.url().clone(), hints, to: from })
        })
    }

    /// Gathers the trust files that follow this one, each signed by the one before: one serial after the
    /// other, and where a gateway lacks the next one, its newest, if that follows all the same.
    pub fn rotations(
        &mut self,
        ledger: &LedgerId,
        trust: &Trusted<TrustFile>,
        cancel: &Cancel,
    ) -> Rotations {
        let mut found = Rotations::default();
        let Some(gateways) = self.gateways(ledger) else { return found };
        let mut trust = trust.clone();
        for gateway in gateways.all() {
            while found.files.len() < MAX_ROTATIONS {
                let next = gateway.trust_file(trust.serial.saturating_add(1), cancel);
                let bytes = match next {
                    Err(NetError::Status { .. }) => gateway.newest_trust_file(cancel),
                    answered => answered,
                };
                found.answered |= matches!(bytes, Ok(_) | Err(NetError::Status { .. }));
                let Ok(bytes) = bytes else { break };
                let Ok(newer) = rotate(&trust, &bytes) else { break };
                trust = newer;
                found.files.push(bytes);
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_roster_follows_a_rotation_of_the_trust_file() {
        let trust = crate::home::tests::trust();
        let url = GatewayUrl::configured("http://gateway.example/x").unwrap();
        let mut online = Online::new(&trust, &[url], Timeouts::default());
        let roster = online.roster();
        assert_eq!(roster.now().len(), 1);
        online.follow_trust(&TrustFile { ledgers: Vec::new(), ..trust });
        assert_eq!(roster.now().len(), 0);
    }
}
