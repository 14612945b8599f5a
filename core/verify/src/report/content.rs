//! What a report says.

use crate::codec::Versioned;
use crate::format::bounds::{BoundsError, length, optional_text, require, text};
use crate::format::ids::LotId;
use crate::hash::Hash32;
use crate::time::Timestamp;
use alloc::string::String;
use alloc::vec::Vec;
use minicbor::{Decode, Encode};

/// Seconds of an hour.
const HOUR: i64 = 3600;
/// Most bytes of one part of a label in a report.
pub const MAX_LABEL: usize = 128;
/// Most bytes of a case's name.
const MAX_CASE: usize = 32;
/// Most sentences of one report.
const MAX_PHRASES: usize = 8;

/// What a person tells a brand about one item.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Report {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    /// Feedback, or a suspicion.
    #[n(1)]
    pub kind: ReportKind,
    /// The item.
    #[n(2)]
    pub about: About,
    /// Inner hash of the seal's secret, where the seal was seen: it shows that the code was read
    /// and can never be turned back into a label.
    #[n(3)]
    pub inner: Option<Hash32>,
    /// What the label said beside the code.
    #[n(4)]
    pub label: Label,
    /// The answer that was shown, by the name of its case, such as `e1` or `recalled`.
    #[n(5)]
    pub case: String,
    /// Sentences that the person chose: at most 8, each once, in the order of their numbers.
    #[n(6)]
    pub phrases: Vec<Phrase>,
    /// The person's own words.
    #[n(7)]
    pub words: Option<String>,
    /// When: whole hours since 1970, UTC.
    #[n(8)]
    pub hour: u32,
}

/// What a report is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode, serde::Serialize)]
#[cbor(index_only)]
#[serde(rename_all = "kebab-case")]
pub enum ReportKind {
    /// Praise or complaint.
    #[n(0)]
    Feedback,
    /// The object may not be what its label says.
    #[n(1)]
    SuspectedFake,
}

/// What a report is about: public names only.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum About {
    /// The item with this index of a lot.
    #[n(0)]
    Item(#[n(0)] LotId, #[n(1)] u32),
    /// A code of the brand's own.
    #[n(1)]
    Code(#[n(0)] String),
}

/// What the label said beside the code.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Label {
    /// GTIN.
    #[n(0)]
    pub gtin: Option<String>,
    /// Serial number.
    #[n(1)]
    pub serial: Option<String>,
    /// Batch.
    #[n(2)]
    pub batch: Option<String>,
}

/// A sentence that can be chosen without a keyboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, serde::Serialize)]
#[cbor(index_only)]
#[serde(rename_all = "kebab-case")]
pub enum Phrase {
    /// The print or the colours look wrong.
    #[n(0)]
    PrintWrong,
    /// The seal is broken, or was glued again.
    #[n(1)]
    SealBroken,
    /// The package was filled or closed again.
    #[n(2)]
    Refilled,
    /// Smell, taste or look is not as usual.
    #[n(3)]
    NotAsUsual,
    /// The price was strangely low.
    #[n(4)]
    PriceTooLow,
    /// Another one has the same number.
    #[n(5)]
    SameNumber,
    /// It pleases.
    #[n(6)]
    Pleased,
    /// The package came damaged.
    #[n(7)]
    Damaged,
    /// The code is hard to read.
    #[n(8)]
    HardToRead,
    /// The story leaves questions.
    #[n(9)]
    Questions,
}

impl Versioned for Report {
    const NAME: &'static str = "report";
    const MAX_LEN: usize = super::letter::ROOM;
}

impl Report {
    /// The hour in which a time lies; the first and the last that can be said are as near as it
    /// gets.
    pub fn hour_of(time: Timestamp) -> u32 {
        u32::try_from(time.secs().max(0) / HOUR).unwrap_or(u32::MAX)
    }

    /// The beginning of the report's hour.
    pub fn since(&self) -> Timestamp {
        Timestamp::from_unix_secs(i64::from(self.hour) * HOUR)
    }

    /// Refuses what no report can hold.
    ///
    /// # Errors
    /// [`BoundsError`] of the first field that is too long, empty or out of order.
    pub fn bounds(&self) -> Result<(), BoundsError> {
        if let About::Code(code) = &self.about {
            text("code", code)?;
        }
        for (field, value) in [
            ("gtin", &self.label.gtin),
            ("serial", &self.label.serial),
            ("batch", &self.label.batch),
        ] {
            optional_text(field, value)?;
            length(field, value.as_ref().map_or(0, String::len), MAX_LABEL)?;
        }
        text("case", &self.case)?;
        length("case", self.case.len(), MAX_CASE)?;
        length("phrases", self.phrases.len(), MAX_PHRASES)?;
        require("phrases", self.phrases.windows(2).all(|pair| pair[0] < pair[1]))?;
        optional_text("words", &self.words)
    }
}

impl ReportKind {
    /// The sentences that are offered for it.
    pub fn phrases(self) -> &'static [Phrase] {
        match self {
            Self::Feedback => &[
                Phrase::NotAsUsual,
                Phrase::Pleased,
                Phrase::Damaged,
                Phrase::HardToRead,
                Phrase::Questions,
            ],
            Self::SuspectedFake => &[
                Phrase::PrintWrong,
                Phrase::SealBroken,
                Phrase::Refilled,
                Phrase::NotAsUsual,
                Phrase::PriceTooLow,
                Phrase::SameNumber,
            ],
        }
    }

    /// Its name in documents and in keys of texts.
    pub fn name(self) -> &'static str {
        match self {
            Self::Feedback => "feedback",
            Self::SuspectedFake => "suspected-fake",
        }
    }
}

impl Phrase {
    /// Its name in documents and in keys of texts.
    pub fn name(self) -> &'static str {
        match self {
            Self::PrintWrong => "print-wrong",
            Self::SealBroken => "seal-broken",
            Self::Refilled => "refilled",
            Self::NotAsUsual => "not-as-usual",
            Self::PriceTooLow => "price-too-low",
            Self::SameNumber => "same-number",
            Self::Pleased => "pleased",
            Self::Damaged => "damaged",
            Self::HardToRead => "hard-to-read",
            Self::Questions => "questions",
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::codec::{self, CodecError};

    pub(in crate::report) fn report() -> Report {
        Report {
            version: 1,
            kind: ReportKind::SuspectedFake,
            about: About::Item(LotId([7; 8]), 41),
            inner: Some(Hash32([9; 32])),
            label: Label { serial: Some("BR-41".into()), ..Label::default() },
            case: "altered".into(),
            phrases: alloc::vec![Phrase::PrintWrong, Phrase::PriceTooLow],
            words: None,
            hour: 490_000,
        }
    }

    /// The longest report that the bounds let through.
    fn longest() -> Report {
        let long = |len| Some("x".repeat(len));
        Report {
            about: About::Code("c".repeat(512)),
            label: Label { gtin: long(128), serial: long(128), batch: long(128) },
            case: "c".repeat(32),
            phrases: alloc::vec![
                Phrase::PrintWrong,
                Phrase::SealBroken,
                Phrase::Refilled,
                Phrase::NotAsUsual,
                Phrase::PriceTooLow,
                Phrase::SameNumber,
                Phrase::Pleased,
                Phrase::Damaged,
            ],
            words: long(512),
            hour: u32::MAX,
            ..report()
        }
    }

    #[test]
    fn the_longest_report_fits_a_letter() {
        assert_eq!(longest().bounds(), Ok(()));
        let bytes = codec::encode(&longest());
        assert!(bytes.len() <= Report::MAX_LEN, "{} bytes", bytes.len());
        assert_eq!(codec::decode(&bytes), Ok(longest()));
    }

    #[test]
    fn another_version_is_said_so() {
        let bytes = codec::encode(&Report { version: 2, ..report() });
        let error = CodecError::UnknownVersion { what: "report", got: 2 };
        assert_eq!(codec::decode::<Report>(&bytes), Err(error));
    }

    #[test]
    fn sentences_stand_once_and_in_order() {
        for phrases in [[Phrase::Refilled; 2], [Phrase::Refilled, Phrase::PrintWrong]] {
            let twisted = Report { phrases: phrases.into(), ..report() };
            assert_eq!(twisted.bounds(), Err(BoundsError::Unfit { field: "phrases" }));
        }
        for kind in [ReportKind::Feedback, ReportKind::SuspectedFake] {
            let all = Report { phrases: kind.phrases().into(), ..report() };
            assert_eq!(all.bounds(), Ok(()), "{kind:?}");
        }
    }

    #[test]
    fn no_minute_leaves() {
        let at = |secs| Report::hour_of(Timestamp::from_unix_secs(secs));
        assert_eq!((at(7_199), at(7_200), at(-1)), (1, 2, 0));
        let shown = Report { hour: 2, ..report() }.since();
        assert_eq!(shown, Timestamp::from_unix_secs(7_200));
    }
}
