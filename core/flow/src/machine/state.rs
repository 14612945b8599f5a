//! The exclusive states of one face.

use super::event::{BundleBytes, Kept, ScanId, Source};
use super::report::Step;
use crate::answer::{Answer, NamedAs};
use crate::case::{Slip, Told};
use crate::render::{Checked, Trouble};
use crate::staff::{Desk, PinTold};
use crate::view::View;
use sealight_verify::format::seal::TypedNumber;
use sealight_verify::judge::{Named, SealClaim};

/// What the face is doing.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum State {
    /// Invites to scan.
    Idle,
    /// Looks for a code.
    Aiming {
        /// Whether a code that was in view before counts as held up: not where its answer was
        /// just left.
        anew: bool,
        /// Whether a person asked for the hand scanner.
        by_hand: bool,
    },
    /// A number is typed.
    Typing,
    /// An answer is being made.
    Checking(Box<Checking>),
    /// An answer is shown, whole or half.
    Verdict(Box<Session>),
    /// The story of an answer is shown.
    Story { session: Box<Session>, all: bool },
    /// A person tells the brand of an answer.
    Report { session: Box<Session>, step: Step },
    /// Earlier scans are shown.
    History(Vec<Kept>),
    /// Trouble is shown.
    Trouble(Trouble),
    /// The staff's PIN is asked for.
    Pin(PinTold),
    /// The staff's page is shown.
    Staff(Box<Desk>),
}

/// A scan whose answer is being made.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Checking {
    pub(super) scan: ScanId,
    /// The live claim.
    pub(super) claim: SealClaim,
    /// Since when, on the timer clock.
    pub(super) since: u64,
    pub(super) checked: Checked,
    pub(super) others: Vec<SealClaim>,
    /// The bundle that is being verified.
    pub(super) judging: Option<(BundleBytes, Source)>,
    /// The best answer so far, with its bundle.
    pub(super) fallback: Option<(Answer, Option<BundleBytes>)>,
    /// The item that a first carrier named, where this one is the second.
    pub(super) expected: Option<TypedNumber>,
    /// The entry that was opened, where a person looks at an earlier scan.
    pub(super) opened: Option<Kept>,
    /// The screen from which it began, which a short check leaves as it is; none once a person
    /// changed it.
    pub(super) before: Option<Box<View>>,
}

/// An answer that is shown.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Session {
    pub(super) scan: ScanId,
    pub(super) claim: SealClaim,
    pub(super) answer: Answer,
    pub(super) bundle: Option<BundleBytes>,
    pub(super) told: Told,
    /// How the chip that was asked for failed.
    pub(super) slip: Option<Slip>,
    pub(super) others: Vec<SealClaim>,
    pub(super) asking: Asking,
    pub(super) opened: Option<Kept>,
    /// What became of what the brand was told of it: it is told once.
    pub(super) reported: Option<Step>,
}

/// Whether a better answer is being asked for.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Asking {
    /// It is not.
    No,
    /// It will be, at this time of the timer clock.
    At(u64),
    /// It is, since.
    Now,
    /// It is, behind a kept answer that stands by itself.
    Behind,
    /// A bundle is being verified.
    Judging(BundleBytes),
}

impl Asking {
    /// Whether a gateway was asked and has not answered.
    pub(super) fn is_open(&self) -> bool {
        matches!(self, Self::Now | Self::Behind)
    }
}

impl State {
    /// The session whose answer or story is shown.
    pub(super) fn session(&self) -> Option<&Session> {
        match self {
            Self::Verdict(session) | Self::Story { session, .. } | Self::Report { session, .. } => {
                Some(session)
            }
            _ => None,
        }
    }

    pub(super) fn session_mut(&mut self) -> Option<&mut Session> {
        match self {
            Self::Verdict(session) | Self::Story { session, .. } | Self::Report { session, .. } => {
                Some(session)
            }
            _ => None,
        }
    }
}

/// Whether two claims name the same thing in the same words.
pub(super) fn same_name(a: &SealClaim, b: &SealClaim) -> bool {
    let bare = |claim: &SealClaim| match &claim.names {
        Named::Item(name) => (Some((name.lot, name.index)), None),
        Named::Code(code) => (None, Some(code.clone())),
    };
    bare(a) == bare(b)
}

/// Whether a claim certainly names another item than the one that is proven.
pub(super) fn names_another(claim: &SealClaim, proven: TypedNumber) -> bool {
    match &claim.names {
        Named::Item(name) => (name.lot, name.index) != (proven.lot, proven.index),
        Named::Code(_) => false,
    }
}

/// How another code in view is listed.
pub(super) fn listed(claim: &SealClaim) -> String {
    match NamedAs::of(&claim.names) {
        NamedAs::Number { number, .. } => number.text(),
        NamedAs::Code(code) => crate::words::outside(&code),
    }
}

/// The claim without its secret and its tap codes: what may leave the flow.
pub(super) fn recorded(claim: &SealClaim) -> Box<SealClaim> {
    Box::new(SealClaim { taps: Vec::new(), ..claim.recorded() })
}
