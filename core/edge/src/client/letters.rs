//! Sealed reports: from a device to a gateway, and from gateways to their party.
//!
//! Blocks as [`crate::net`] says. Any gateway may take a letter and throw it away, and none copies it
//! to another: so a letter goes to gateways of two operators, or to all where no two are known. Sent
//! twice, it is stored once. A party asks every gateway, since any of them may hide letters.

use super::online::Online;
use crate::cancel::Cancel;
use crate::net::{Fault, Gateway, NetError};
use sealight_verify::codec::{self, encode};
use sealight_verify::format::ids::LedgerId;
use sealight_verify::hash::Hash32;
use sealight_verify::report::{Collect, Discard, Letter, MAX_TICKETS, Page, Take};
use sealight_verify::trust::{LedgerTrust, TrustFile};
use std::collections::{BTreeMap, BTreeSet};

/// Most pages that one gateway is asked for: all that its mailbox can hold, and some.
const MAX_PAGES: usize = 32;

/// Operators who are to have a letter.
const ENOUGH: usize = 2;

/// A letter on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// The letter.
    pub letter: Letter,
    /// The gateways that took it before, by their addresses as they were given.
    pub taken_by: Vec<String>,
}

/// What came of a letter in one round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brought {
    /// Its id.
    pub id: Hash32,
    /// Its ledger.
    pub ledger: LedgerId,
    /// The gateways that took it in this round, by their addresses as they were given.
    pub by: Vec<String>,
    /// Whether all have it now that are to have it.
    pub done: bool,
}

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
    /// Brings letters to gateways of two operators each, or to all where the trust file and the hosts
    /// show no two; what came of each letter. A gateway that does not answer as a mailbox does is
    /// asked once in a round.
    pub fn send_letters(
        &mut self,
        letters: &[Outgoing],
        trust: &TrustFile,
        cancel: &Cancel,
    ) -> Vec<Brought> {
        let mut silent = BTreeSet::new();
        let each = letters.iter().map(|outgoing| {
            let ledger = &outgoing.letter.ledger;
            let boxes = Mailboxes { gateways: self.every(ledger), trust: trust.ledger(ledger) };
            boxes.bring(outgoing, &mut silent, cancel)
        });
        each.collect()
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

/// The gateways of one ledger, and what is known of who runs them.
struct Mailboxes<'a> {
    gateways: Vec<Gateway>,
    trust: Option<&'a LedgerTrust>,
}

/// Who may throw letters away at several gateways.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Keeper {
    /// An operator of the trust file.
    Operator(String),
    /// The host of a gateway that the trust file does not list.
    Host(String),
}

impl Mailboxes<'_> {
    /// Brings a letter to those that are still to have it; `silent` are passed over.
    fn bring(
        &self,
        outgoing: &Outgoing,
        silent: &mut BTreeSet<String>,
        cancel: &Cancel,
    ) -> Brought {
        let (bytes, mut took) = (encode(&outgoing.letter), outgoing.taken_by.clone());
        for gateway in &self.gateways {
            let address = gateway.url().given();
            if cancel.is_cancelled() {
                break;
            }
            if silent.contains(address) || !self.is_next(address, &took) {
                continue;
            }
            match gateway.put_letter(&bytes, cancel) {
                Ok(()) => took.push(address.to_owned()),
                // It said something, if only no.
                Err(NetError::Status { .. }) => {}
                Err(_) => {
                    silent.insert(address.to_owned());
                }
            }
        }
        let done = self.is_enough(&took);
        let by = took.split_off(outgoing.taken_by.len());
        Brought { id: outgoing.letter.id(), ledger: outgoing.letter.ledger, by, done }
    }

    /// Whether a gateway is to have a letter that these took already.
    fn is_next(&self, address: &str, took: &[String]) -> bool {
        if self.is_enough(took) {
            return false;
        }
        match self.has_enough() {
            true => !self.keepers(took).contains(&self.keeper(address)),
            false => !took.iter().any(|taker| taker == address),
        }
    }

    /// Whether these are all that are to have a letter.
    fn is_enough(&self, took: &[String]) -> bool {
        let has = |gateway: &Gateway| took.iter().any(|taker| taker == gateway.url().given());
        match self.has_enough() {
            true => self.keepers(took).len() >= ENOUGH,
            false => !self.gateways.is_empty() && self.gateways.iter().all(has),
        }
    }

    /// Whether so many run these gateways as are to have a letter.
    fn has_enough(&self) -> bool {
        let addresses = self.gateways.iter().map(|gateway| gateway.url().given());
        addresses.map(|address| self.keeper(address)).collect::<BTreeSet<_>>().len() >= ENOUGH
    }

    fn keepers(&self, took: &[String]) -> BTreeSet<Keeper> {
        took.iter().map(|address| self.keeper(address)).collect()
    }

    fn keeper(&self, address: &str) -> Keeper {
        let mut listed = self.trust.into_iter().flat_map(LedgerTrust::gateways);
        match listed.find(|(_, gateway)| *gateway == address) {
            Some((operator, _)) => Keeper::Operator(operator.name.clone()),
            None => Keeper::Host(host(address)),
        }
    }
}

/// The host of an address; the whole of it where there is none.
fn host(address: &str) -> String {
    let url = reqwest::Url::parse(address).ok();
    url.as_ref().and_then(|url| url.host_str()).unwrap_or(address).to_owned()
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
    use sealight_verify::trust::Operator;
    use std::convert::Infallible;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

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

    fn outgoing(ledger: LedgerId, number: u8) -> Outgoing {
        Outgoing { letter: letter(ledger, number), taken_by: Vec::new() }
    }

    fn gateways(urls: &[String]) -> Vec<Gateway> {
        let http = Arc::new(Http::new(Timeouts::default()));
        let gateway =
            |url: &String| Gateway::new(GatewayUrl::listed(url).unwrap(), Arc::clone(&http));
        urls.iter().map(gateway).collect()
    }

    /// A device with these ledgers, each with the gateways at these addresses.
    fn online(ledgers: &[(LedgerId, &[String])]) -> Online {
        let each = ledgers.iter().map(|(ledger, urls)| (*ledger, Gateways::new(gateways(urls))));
        Online::over(each.collect())
    }

    /// A trust file by which each of some operators runs these gateways of [`SPEAKS`].
    fn trust(operators: &[&[String]]) -> TrustFile {
        let operator = |(number, gateways): (usize, &&[String])| Operator {
            name: format!("operator {number}"),
            validators: Vec::new(),
            gateways: gateways.to_vec(),
        };
        let mut trust = crate::home::tests::trust();
        trust.ledgers[0].id = SPEAKS;
        trust.ledgers[0].operators = operators.iter().enumerate().map(operator).collect();
        trust
    }

    /// A gateway that says this to each letter, and how many came.
    fn saying(status: &'static str) -> (TestServer, Arc<AtomicUsize>) {
        let count = Arc::new(AtomicUsize::new(0));
        let counts = Arc::clone(&count);
        let server = TestServer::start(move |_| {
            counts.fetch_add(1, Ordering::Relaxed);
            reply(status, b"")
        });
        (server, count)
    }

    fn taking() -> (TestServer, Arc<AtomicUsize>) {
        saying("204 No Content")
    }

    #[test]
    fn a_letter_goes_to_gateways_of_two_operators() {
        // The first two are one operator's, who may throw away what both took.
        let servers = [taking(), taking(), taking(), taking()];
        let urls = servers.each_ref().map(|(server, _)| server.url());
        let trust = trust(&[&urls[..2], &urls[2..3], &urls[3..]]);
        let sent = [outgoing(SPEAKS, 1)];
        let brought = online(&[(SPEAKS, &urls)]).send_letters(&sent, &trust, &Cancel::default());
        let (id, by) = (sent[0].letter.id(), vec![urls[0].clone(), urls[2].clone()]);
        assert_eq!(brought, [Brought { id, ledger: SPEAKS, by, done: true }]);
        let counts = servers.each_ref().map(|(_, count)| count.load(Ordering::Relaxed));
        assert_eq!(counts, [1, 0, 1, 0]);
    }

    #[test]
    fn a_letter_that_one_operator_took_goes_to_another_one_later() {
        let (first, count) = taking();
        let up = Arc::new(AtomicBool::new(false));
        let is_up = Arc::clone(&up);
        let second = TestServer::start(move |_| match is_up.load(Ordering::Relaxed) {
            true => reply("204 No Content", b""),
            false => reply("503 Service Unavailable", b""),
        });
        let urls = [first.url(), second.url()];
        let trust = trust(&[&urls[..1], &urls[1..]]);
        let mut online = online(&[(SPEAKS, &urls)]);
        let mut round = |taken_by: &[String]| {
            let sent = Outgoing { taken_by: taken_by.into(), ..outgoing(SPEAKS, 1) };
            let brought = online.send_letters(&[sent], &trust, &Cancel::default()).remove(0);
            (brought.by, brought.done)
        };
        assert_eq!(round(&[]), (vec![urls[0].clone()], false));
        assert_eq!(round(&urls[..1]), (vec![], false));
        up.store(true, Ordering::Relaxed);
        assert_eq!(round(&urls[..1]), (vec![urls[1].clone()], true));
        assert_eq!(count.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn where_no_two_operators_are_known_every_gateway_is_to_have_it() {
        let servers = [taking(), taking(), saying("507 Insufficient Storage")];
        let urls = servers.each_ref().map(|(server, _)| server.url());
        let round = |urls: &[String]| {
            let (sent, trust) = ([outgoing(SPEAKS, 1)], trust(&[]));
            let mut online = online(&[(SPEAKS, urls)]);
            let brought = online.send_letters(&sent, &trust, &Cancel::default()).remove(0);
            (brought.by.len(), brought.done)
        };
        assert_eq!(round(&urls[..1]), (1, true));
        assert_eq!(round(&urls[..2]), (2, true));
        assert_eq!(round(&urls), (2, false), "one of one host's three is full");
        assert_eq!(round(&[]), (0, false));
    }

    #[test]
    fn a_gateway_that_no_trust_file_lists_counts_by_its_host() {
        let urls = ["https://a.example/1", "https://a.example/2", "https://b.example:444"];
        let urls = urls.map(str::to_owned);
        let boxes = Mailboxes { gateways: gateways(&urls), trust: None };
        let next = |took: &[String]| urls.each_ref().map(|url| boxes.is_next(url, took));
        assert_eq!(next(&[]), [true, true, true]);
        assert_eq!(next(&urls[1..2]), [false, false, true]);
        assert!(!boxes.is_enough(&urls[..2]) && boxes.is_enough(&urls[1..]));
        let trust = trust(&[&urls[..1], &urls[1..2]]);
        let boxes = Mailboxes { gateways: gateways(&urls), trust: trust.ledger(&SPEAKS) };
        assert!(boxes.is_enough(&urls[..2]), "two operators of one host");
    }

    #[test]
    fn a_gateway_that_is_no_mailbox_is_asked_once_a_round() {
        let ((between, asked), (takes, _)) = (saying("200 OK"), taking());
        let urls = [between.url(), takes.url()];
        let trust = trust(&[&urls[..1], &urls[1..]]);
        let sent = [1, 2, 3].map(|number| outgoing(SPEAKS, number));
        let brought = online(&[(SPEAKS, &urls)]).send_letters(&sent, &trust, &Cancel::default());
        assert!(brought.iter().all(|one| one.by == urls[1..] && !one.done), "{brought:?}");
        assert_eq!(asked.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn a_ledger_that_is_silent_holds_up_its_own_letters_only() {
        let hangs_up = TestServer::start(|_| Vec::<Step>::new());
        let (takes, _) = taking();
        let (silent, speaks) = ([format!("{}/close", hangs_up.url())], [takes.url()]);
        let mut online = online(&[(SILENT, &silent), (SPEAKS, &speaks)]);
        let letters = [(SILENT, 1), (SPEAKS, 2), (SILENT, 3), (SPEAKS, 4)];
        let letters = letters.map(|(ledger, number)| outgoing(ledger, number));
        let brought = online.send_letters(&letters, &trust(&[]), &Cancel::default());
        let done: Vec<bool> = brought.iter().map(|one| one.done).collect();
        assert_eq!(done, [false, true, false, true]);
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
        let mut online = online(&[(SPEAKS, &[fails.url()])]);
        let Ok(collected) = online.collect(&SPEAKS, asks, &Cancel::default());
        assert_eq!((collected.asked, collected.answered, collected.faults.len()), (1, 0, 1));
        assert_eq!(collected.letters.into_values().collect::<Vec<_>>(), [first]);
    }

    #[test]
    fn a_cancelled_round_ends() {
        let (takes, asked) = taking();
        let cancel = Cancel::default();
        cancel.cancel();
        let mut online = online(&[(SPEAKS, &[takes.url()])]);
        let brought = online.send_letters(&[outgoing(SPEAKS, 1)], &trust(&[]), &cancel);
        assert!(brought[0].by.is_empty() && !brought[0].done);
        assert_eq!(asked.load(Ordering::Relaxed), 0);
    }
}
