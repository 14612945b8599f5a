//! Reports, letters, and what mailboxes are asked.

use sealight_verify::codec::{Blob, encode};
use sealight_verify::format::ids::{LedgerId, LotId, PartyId};
use sealight_verify::hash::Hash32;
use sealight_verify::report::{
    About, Collect, Discard, Label, Letter, Page, Phrase, Report, ReportKind, Take, Ticket,
};
use sealight_verify::time::Timestamp;

pub(crate) fn seeds() -> Vec<(&'static str, Vec<u8>)> {
    let (ledger, party) = (LedgerId([1; 32]), PartyId([2; 16]));
    let report = Report {
        version: 1,
        kind: ReportKind::SuspectedFake,
        about: About::Item(LotId([7; 8]), 41),
        inner: Some(Hash32([9; 32])),
        label: Label { serial: Some("BR-41".into()), ..Label::default() },
        case: "altered".into(),
        phrases: vec![Phrase::PrintWrong, Phrase::PriceTooLow],
        words: Some("It smells of nothing.".into()),
        hour: 490_000,
    };
    let code = Report { about: About::Code("WY123456".into()), inner: None, ..report.clone() };
    let letter = Letter {
        version: 1,
        ledger,
        party,
        lock: Ticket([3; 32]).lock(),
        encapsulated: Blob(vec![4; 32]),
        sealed: Blob(vec![5; 2064]),
    };
    let asks = Collect::unsigned(ledger, party, 0, Timestamp::from_unix_secs(1_800_000_000));
    let (at, ids) = (Timestamp::from_unix_secs(1_800_000_000), vec![Hash32([6; 32])]);
    let discards = Discard::unsigned(ledger, party, 0, at, ids);
    let page = Page { version: 1, letters: vec![Blob(encode(&letter))], more: false };
    vec![
        ("report", encode(&report)),
        ("report", encode(&code)),
        ("sealed_report", encode(&letter)),
        ("sealed_report", encode(&Collect { after: Some(Hash32([6; 32])), ..asks })),
        ("sealed_report", encode(&page)),
        ("sealed_report", encode(&discards)),
        ("sealed_report", encode(&Take { version: 1, party, tickets: vec![Ticket([3; 32])] })),
    ]
}
