//! Sealed reports: from a device to a gateway, and from gateways to their party.
//!
//! Blocks as [`crate::net`] says. A letter goes to the first gateway that takes it; sent twice, it is
//! stored once. A party asks every gateway, since any of them may hide letters.

use super::online::Online;
use crate::cancel::Cancel;
use crate::net::{Fault, Gateway, NetError};
use sealight_verify::codec::{self, encode};
use sealight_verify::format::ids::LedgerId;
use sealight_verify::hash::Hash32;
use sealight_verify::report::{Collect, Discard, Letter, MAX_TICKETS, Page, Take};
use std::collections::{BTreeMap, BTreeSet};

/// Most pages that one gateway is asked for: all that its mailbox can hold, and some.
const MAX_PAGES: usize = 32;

/// Letters of a party, by their ids; and which gateways failed.
#[derive(Debug, Default)]
pub struct Collected {
    /// The letters, each once.
    pub letters: BTreeMap<Hash32, Letter>,
    /// What kept gateways from answering.
    pub faults: Vec<Fault>,
    /// How many gateways were asked.
    pub asked: usize,
    /// How many of them answered to the end.
    pub answered: usize,
}

impl Online {
    /// Brings letters to gateways; those that were taken. Where no gateway of a ledger answers, the
    /// rest of its letters is not tried; those of other ledgers are.
    pub fn send_letters(&mut self, letters: &[Letter], cancel: &Cancel) -> Vec<Hash32> {
        let (mut taken, mut silent) = (Vec::new(), BTreeSet::new());
        for letter in letters {
            if cancel.is_cancelled() {
                break;
            }
            if silent.contains(&letter.ledger) {
                continue;
            }
            match self.send_letter(letter, cancel) {
                Ok(()) => taken.push(letter.id()),
                Err(faults) if faults.iter().any(answered) => {}
                Err(_) => {
                    silent.insert(letter.ledger);
                }
            }
        }
        taken
    }

    /// Brings a letter to the first gateway that takes it.
    ///
    /// # Errors
    /// What each gateway said where none took it; nothing where there is no gateway to ask.
    pub fn send_letter(&mut self, letter: &Letter, cancel: &Cancel) -> Result<(), Vec<Fault>> {
        let (bytes, mut faults) = (encode(letter), Vec::new());
        for gateway in self.every(&letter.ledger) {
            match gateway.put_letter(&bytes, cancel) {
                Ok(()) => return Ok(()),
                Err(error) => faults.push(Fault::Net(error)),
            }
        }
        Err(faults)
    }

    /// Collects a party's letters from every gateway. `signed` signs each request for a page: the
    /// page behind a letter, or the first. What a gateway gave before it failed counts.
    ///
    /// # Errors
    /// That of `signed` alone; what gateways fail in stands in [`Collected::faults`].
    pub fn collect<E>(
        &mut self,
        ledger: &LedgerId,
        mut signed: impl FnMut(Option<Hash32>) -> Result<Collect, E>,
        cancel: &Cancel,
    ) -> Result<Collected, E> {
        let mut collected = Collected::default();
        for gateway in self.every(ledger) {
            collected.asked += 1;
            let mut after = None;
            for _ in 0..MAX_PAGES {
                let request = signed(after)?;
                match page(&gateway, &request, cancel) {
                    Ok(Paged { letters, next }) => {
                        collected.letters.extend(letters);
                        after = next;
                    }
                    Err(error) => {
                        collected.faults.push(Fault::Net(error));
                        break;
                    }
                }
                if after.is_none() {
                    collected.answered += 1;
                    break;
                }
            }
        }
        Ok(collected)
    }

    /// Takes letters off at every gateway; how many gateways did.
    ///
    /// # Errors
    /// What each gateway said where none did; nothing where there is no gateway to ask.
    pub fn take_off(
        &mut self,
        ledger: &LedgerId,
        take: &Take,
        cancel: &Cancel,
    ) -> Result<usize, Vec<Fault>> {
        self.at_each(ledger, |gateway| {
            take.tickets.chunks(MAX_TICKETS).try_for_each(|tickets| {
                let part = Take { tickets: tickets.into(), ..take.clone() };
                gateway.take_letters(&encode(&part), cancel)
            })
        })
    }

    /// Throws letters away at every gateway, as these requests say; how many gateways did.
    ///
    /// # Errors
    /// What each gateway said where none did; nothing where there is no gateway to ask.
    pub fn discard(
        &mut self,
        ledger: &LedgerId,
        requests: &[Discard],
        cancel: &Cancel,
    ) -> Result<usize, Vec<Fault>> {
        self.at_each(ledger, |gateway| {
            let each = |request: &Discard| gateway.discard_letters(&encode(request), cancel);
            requests.iter().try_for_each(each)
        })
    }

    fn at_each(
        &mut self,
        ledger: &LedgerId,
        ask: impl Fn(&Gateway) -> Result<(), NetError>,
    ) -> Result<usize, Vec<Fault>> {
        let (mut done, mut faults) = (0, Vec::new());
        for gateway in self.every(ledger) {
            match ask(&gateway) {
                Ok(()) => done += 1,
                Err(error) => faults.push(Fault::Net(error)),
            }
        }
        if done == 0 { Err(faults) } else { Ok(done) }
    }

    fn every(&mut self, ledger: &LedgerId) -> Vec<Gateway> {
        let gateways = self.gateways(ledger).map(|gateways| gateways.all()).unwrap_or_default();
        gateways.into_iter().filter(|gateway| !gateway.is_site()).collect()
    }
}

/// Whether a gateway said something, if only no.
fn answered(fault: &Fault) -> bool {
    matches!(fault, Fault::Net(NetError::Status { .. }))
}

/// The letters of one page, and behind which one the next begins.
struct Paged {
    letters: Vec<(Hash32, Letter)>,
    next: Option<Hash32>,
}

/// One page; letters of others, and of a version that is not known here, are passed over.
fn page(gateway: &Gateway, request: &Collect, cancel: &Cancel) -> Result<Paged, NetError> {
    let malformed = || NetError::Malformed { what: "page of letters" };
    let bytes = gateway.collect_letters(&encode(request), cancel)?;
    let page: Page = codec::decode(&bytes).map_err(|_| malformed())?;
    page.bounds().map_err(|_| malformed())?;
    let mut letters = Vec::new();
    for bytes in &page.letters {
        if let Ok(letter) = Letter::decode(bytes)
            && (letter.ledger, letter.party) == (request.ledger, request.party)
        {
            letters.push((letter.id(), letter));
        }
    }
    // A page that does not lead on would be asked for again and again.
    let last = letters.last().map(|(id, _)| *id).filter(|id| Some(*id) > request.after);
    Ok(Paged { letters, next: last.filter(|_| page.more) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::testserver::{Step, TestServer, reply};
    use crate::net::{GatewayUrl, Gateways, Http, Timeouts};
    use sealight_verify::codec::Blob;
    use sealight_verify::format::ids::PartyId;
    use sealight_verify::time::Timestamp;
    use std::convert::Infallible;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    const SILENT: LedgerId = LedgerId([1; 32]);
    const SPEAKS: LedgerId = LedgerId([2; 32]);

    fn letter(ledger: LedgerId, number: u8) -> Letter {
        Letter {
            version: 1,
            ledger,
            party: PartyId([2; 16]),
            lock: Hash32([3; 32]),
            encapsulated: Blob(vec![number; 32]),
            sealed: Blob(vec![0; 2064]),
        }
    }

    /// A device with these ledgers, each with the gateway at this address.
    fn online(ledgers: &[(LedgerId, String)]) -> Online {
        let http = Arc::new(Http::new(Timeouts::default()));
        let each = ledgers.iter().map(|(ledger, url)| {
            let gateway = Gateway::new(GatewayUrl::listed(url).unwrap(), Arc::clone(&http));
            (*ledger, Gateways::new(vec![gateway]))
        });
        Online::over(each.collect())
    }

    fn taking() -> TestServer {
        TestServer::start(|_| reply("204 No Content", b""))
    }

    #[test]
    fn a_ledger_that_is_silent_holds_up_its_own_letters_only() {
        let hangs_up = TestServer::start(|_| Vec::<Step>::new());
        let takes = taking();
        let urls = [(SILENT, format!("{}/close", hangs_up.url())), (SPEAKS, takes.url())];
        let letters = [(SILENT, 1), (SPEAKS, 2), (SILENT, 3), (SPEAKS, 4)];
        let letters = letters.map(|(ledger, number)| letter(ledger, number));
        let taken = online(&urls).send_letters(&letters, &Cancel::default());
        assert_eq!(taken, [letters[1].id(), letters[3].id()]);
    }

    #[test]
    fn letters_of_a_gateway_that_fails_later_are_kept() {
        let first = letter(SPEAKS, 1);
        let page = Page { version: 1, letters: vec![Blob(encode(&first))], more: true };
        let page = encode(&page);
        let turn = AtomicUsize::new(0);
        let fails = TestServer::start(move |_| match turn.fetch_add(1, Ordering::Relaxed) {
            0 => reply("200 OK", &page),
            _ => reply("500 Internal Server Error", b""),
        });
        let asks = |after| {
            let at = Timestamp::from_unix_secs(0);
            let request = Collect::unsigned(SPEAKS, first.party, 0, at);
            Ok::<_, Infallible>(Collect { after, ..request })
        };
        let mut online = online(&[(SPEAKS, fails.url())]);
        let Ok(collected) = online.collect(&SPEAKS, asks, &Cancel::default());
        assert_eq!((collected.asked, collected.answered, collected.faults.len()), (1, 0, 1));
        assert_eq!(collected.letters.into_values().collect::<Vec<_>>(), [first]);
    }

    #[test]
    fn a_cancelled_round_ends() {
        let takes = taking();
        let cancel = Cancel::default();
        cancel.cancel();
        let sent = [letter(SPEAKS, 1)];
        assert_eq!(online(&[(SPEAKS, takes.url())]).send_letters(&sent, &cancel), []);
    }
}
