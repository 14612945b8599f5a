//! Reports: what a person tells a brand, sealed so that it alone can read it.
//!
//! A [`Report`] holds no device id, no place and no time finer than the hour. [`seal`] closes it to
//! a party's registered report key (X25519; never a signing key) into a [`Letter`] of one length
//! for all, so that whoever carries it learns for whom it is and from which network address, never
//! what it says. A letter waits in a
//! gateway's mailbox until the party [collects](Collect) it and [takes](Take) it off with the
//! ticket that lies inside. What is no letter to open has no ticket: the party signs that it
//! [throws it away](Discard). Randomness is an argument.

mod content;
mod letter;
mod mail;

pub use content::{About, Label, MAX_LABEL, Phrase, Report, ReportKind};
pub use letter::{Drawn, Letter, LetterError, Opened, Recipient, ReportKey, Ticket, seal};
pub use mail::{Collect, Discard, MAX_DISCARDED, MAX_LETTERS, MAX_TICKETS, Page, Take};
