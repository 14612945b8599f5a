//! The network's thread: one job after the other, each with a snapshot of the chain it rests on.
//!
//! Blocks as [`crate::net`] says; each job has a [`Cancel`] of its own.

use super::run::Message;
use crate::cancel::Cancel;
use crate::client::{
    Brought, FeedPlaces, GatewayFeed, LookedUp, Online, Outgoing, Progress, Rotations, Synced,
};
use sealight_flow::ScanId;
use sealight_verify::chain::HeaderChain;
use sealight_verify::format::ids::LedgerId;
use sealight_verify::judge::SealClaim;
use sealight_verify::time::Now;
use sealight_verify::trust::{TrustFile, Trusted};
use std::sync::mpsc::{Receiver, Sender, channel};

/// Something to be asked of gateways.
pub(super) enum Job {
    /// On each ledger that the claim may be about.
    LookUp {
        scan: ScanId,
        chains: Vec<(HeaderChain, Now)>,
        claim: Box<SealClaim>,
        cancel: Cancel,
    },
    Sync {
        chain: Box<HeaderChain>,
        now: Now,
        feed_from: Option<FeedPlaces>,
        cancel: Cancel,
    },
    /// Trust files that follow this one; gateways of these ledgers are asked.
    Renew {
        ledgers: Vec<LedgerId>,
        trust: Box<Trusted<TrustFile>>,
        cancel: Cancel,
    },
    /// Sealed reports.
    Letters {
        letters: Vec<Outgoing>,
        trust: Box<TrustFile>,
        cancel: Cancel,
    },
    /// The gateways of this trust file are asked from now on.
    Follow(Box<TrustFile>),
}

/// What came of it.
pub(super) enum Answer {
    Progress { scan: Option<ScanId>, progress: Progress },
    LookedUp { scan: ScanId, claim: Box<SealClaim>, looked_up: Vec<(LedgerId, LookedUp)> },
    Synced { ledger: LedgerId, synced: Synced, feeds: Vec<GatewayFeed> },
    Renewed { rotations: Rotations },
    Letters { brought: Vec<Brought> },
}

/// Starts the thread; it ends when the sender of jobs is dropped.
pub(super) fn start(mut online: Online, inbox: Sender<Message>) -> std::io::Result<Sender<Job>> {
    let (jobs, waiting): (Sender<Job>, Receiver<Job>) = channel();
    std::thread::Builder::new().name("sealight-net".into()).spawn(move || {
        for job in waiting {
            let Some(answer) = run(&mut online, job, &inbox) else { continue };
            if inbox.send(Message::Net(Box::new(answer))).is_err() {
                return;
            }
        }
    })?;
    Ok(jobs)
}

fn run(online: &mut Online, job: Job, inbox: &Sender<Message>) -> Option<Answer> {
    let told = |scan: Option<ScanId>| {
        let inbox = inbox.clone();
        move |progress| {
            let _ = inbox.send(Message::Net(Box::new(Answer::Progress { scan, progress })));
        }
    };
    Some(match job {
        Job::LookUp { scan, chains, claim, cancel } => {
            let told = &mut told(Some(scan));
            let each = |(chain, now): &(HeaderChain, Now)| {
                (*chain.ledger(), online.look_up(chain, &claim, now, &mut *told, &cancel))
            };
            let looked_up = chains.iter().map(each).collect();
            Answer::LookedUp { scan, claim, looked_up }
        }
        Job::Sync { chain, now, feed_from, cancel } => {
            let synced = online.sync(&chain, &now, &mut told(None), &cancel);
            let from = feed_from.filter(|_| synced.outcome.is_ok());
            let feeds = from.map(|from| online.recalls(chain.ledger(), &from, &cancel));
            let feeds = feeds.unwrap_or_default();
            Answer::Synced { ledger: *chain.ledger(), synced, feeds }
        }
        Job::Renew { ledgers, trust, cancel } => {
            let following = |ledger| online.rotations(ledger, &trust, &cancel);
            let mut rotations = Rotations::default();
            for one in ledgers.iter().map(following) {
                rotations.answered |= one.answered;
                if !one.files.is_empty() {
                    rotations.files = one.files;
                    break;
                }
            }
            Answer::Renewed { rotations }
        }
        Job::Letters { letters, trust, cancel } => {
            Answer::Letters { brought: online.send_letters(&letters, &trust, &cancel) }
        }
        Job::Follow(trust) => {
            online.follow_trust(&trust);
            return None;
        }
    })
}
