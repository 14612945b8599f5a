//! Which of the product's sentences an answer calls for: exactly one case, the worst first.

use crate::answer::{Answer, Record, Subject};
use crate::profile::Chips;
use crate::view::{Shape, Tone};
use crate::words::is_chip;
use sealight_verify::chain::Assurance;
use sealight_verify::format::life::LifeState;
use sealight_verify::format::record::Carrier;
use sealight_verify::judge::{Contradiction, Freshness, Life, NotOnLedger, Original, SealState};
use serde::{Deserialize, Serialize};

/// The cases that screens tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Case {
    /// The record is genuine, the object cannot be told.
    E1,
    /// The same, and the chip is of the maker's type.
    E2,
    /// The seal gave two committed codes.
    E3,
    /// The seal answered a challenge.
    E4,
    /// One right code; a second tap is asked for.
    SecondTap,
    /// The record lists a stronger carrier, which is asked for.
    StrongerCarrier,
    /// A person says that the chip of the record is not there.
    ChipMissing,
    /// All committed codes were read.
    UsedUp,
    /// Recalled.
    Recalled,
    /// Past its date.
    Expired,
    /// The seal says itself that it was opened.
    Opened,
    /// The register says that it was opened.
    ReportedOpened,
    /// The label was withdrawn.
    Void,
    /// The label was not yet put on a product.
    NotApplied,
    /// A key that changed its life was in other hands.
    LifeUnknown,
    /// Too few operators stand behind it.
    Told,
    /// Proven as of a time that is too long ago for now.
    Stale,
    /// The same, because the clock may be wrong.
    ClockDoubtful,
    /// So long ago that it only says what was.
    TooOld,
    /// The label says something else than the record.
    Altered,
    /// The record uses a name that is not its signer's.
    Foreign,
    /// Two carriers name two items.
    TwoItems,
    /// Proven not to be registered.
    Absent,
    /// Nobody registered codes of this kind: says nothing of the goods.
    NoIndex,
    /// Proven not to be registered at a time that is too long ago for now.
    AbsentThen,
    /// Cannot be said.
    Unproven,
}

/// What a person has told of the object in the hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Told {
    /// Nothing.
    #[default]
    Nothing,
    /// That half the proof is enough.
    HalfIsEnough,
    /// That there is no chip.
    NoChip,
}

/// How a chip failed that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slip {
    /// It did not give what it holds.
    Unread,
    /// It holds no seal.
    NoSeal,
}

impl Case {
    /// The case of an answer on a device that reads these chips.
    pub(crate) fn of(answer: &Answer, told: Told, chip_reader: Chips) -> Self {
        match &answer.record {
            Record::Unproven(_) => Self::Unproven,
            Record::Contradicted(Contradiction::TwoItems) => Self::TwoItems,
            Record::Contradicted(_) | Record::NotOnLedger(_)
                if answer.assurance == Assurance::Told =>
            {
                Self::Told
            }
            Record::Contradicted(reason) => Self::of_contradiction(reason),
            Record::NotOnLedger(NotOnLedger::NoIndex) => Self::NoIndex,
            Record::NotOnLedger(_) if answer.freshness == Freshness::Fresh => Self::Absent,
            Record::NotOnLedger(_) => Self::AbsentThen,
            Record::Proven(subject) => {
                let original = || Self::of_original(answer, subject, told, chip_reader);
                Self::of_life(answer).or_else(|| Self::of_age(answer)).unwrap_or_else(original)
            }
        }
    }

    fn of_contradiction(reason: &Contradiction) -> Self {
        match reason {
            Contradiction::LabelDiffers { .. } => Self::Altered,
            Contradiction::ForeignNamespace { .. } | Contradiction::NotAnIssuer { .. } => {
                Self::Foreign
            }
            Contradiction::TwoItems => Self::TwoItems,
        }
    }

    /// What life and seal say against a proven item, the worst first.
    fn of_life(answer: &Answer) -> Option<Self> {
        Some(match (&answer.life, answer.seal) {
            (Life::Recalled(_), _) => Self::Recalled,
            (Life::At(LifeState::Void), _) => Self::Void,
            (_, SealState::Opened | SealState::Reclosed) => Self::Opened,
            (Life::At(LifeState::Opened), _) => Self::ReportedOpened,
            (Life::Expired { .. }, _) => Self::Expired,
            (Life::At(LifeState::NotApplied), _) => Self::NotApplied,
            (Life::Unknown | Life::KeyWithdrawn, _) => Self::LifeUnknown,
            (Life::At(LifeState::InTrade | LifeState::Sold), _) => return None,
        })
    }

    fn of_age(answer: &Answer) -> Option<Self> {
        match answer.freshness {
            Freshness::TooOld | Freshness::Unknown => Some(Self::TooOld),
            _ if answer.assurance == Assurance::Told => Some(Self::Told),
            Freshness::ClockDoubtful => Some(Self::ClockDoubtful),
            Freshness::Stale => Some(Self::Stale),
            Freshness::Fresh => None,
        }
    }

    /// What cannot be read here is not asked for: nobody could say that it is not there.
    fn of_original(answer: &Answer, subject: &Subject, told: Told, chip_reader: Chips) -> Self {
        let mut chips = chips_beside(answer, subject);
        match answer.original {
            Original::Challenge => Self::E4,
            Original::TapCodes => Self::E3,
            Original::CodesUsedUp => Self::UsedUp,
            Original::OneTap if chip_reader.reads(Carrier::NfcTap) && told == Told::Nothing => {
                Self::SecondTap
            }
            Original::ChipMaker => Self::E2,
            Original::OneTap => Self::E1,
            Original::RecordOnly { .. } | Original::Unknown => match told {
                Told::NoChip if chips.next().is_some() => Self::ChipMissing,
                Told::Nothing if chips.any(|chip| chip_reader.reads(chip)) => Self::StrongerCarrier,
                Told::Nothing | Told::HalfIsEnough | Told::NoChip => Self::E1,
            },
        }
    }

    /// Whether it says of the goods that a record of them was proven, and nothing against them.
    pub(crate) fn claims_proof(self) -> bool {
        let proves_nothing = matches!(self, Self::Unproven | Self::NoIndex | Self::AbsentThen);
        self.tone() != Tone::Alarm && !proves_nothing
    }

    /// Its colour.
    pub fn tone(self) -> Tone {
        match self {
            Self::E3 | Self::E4 => Tone::Proven,
            Self::E1 | Self::E2 | Self::SecondTap | Self::StrongerCarrier => Tone::Half,
            Self::UsedUp
            | Self::NotApplied
            | Self::LifeUnknown
            | Self::Told
            | Self::Stale
            | Self::ClockDoubtful
            | Self::TooOld
            | Self::NoIndex
            | Self::AbsentThen
            | Self::Unproven => Tone::Unproven,
            Self::ChipMissing
            | Self::Recalled
            | Self::Expired
            | Self::Opened
            | Self::ReportedOpened
            | Self::Void
            | Self::Altered
            | Self::Foreign
            | Self::TwoItems
            | Self::Absent => Tone::Alarm,
        }
    }

    /// Its shape.
    pub fn shape(self) -> Shape {
        match self {
            Self::E3 => Shape::Proven,
            Self::E4 => Shape::ProvenRing,
            Self::E1 | Self::E2 | Self::SecondTap | Self::StrongerCarrier => Shape::Half,
            Self::UsedUp => Shape::UsedUp,
            Self::Stale | Self::ClockDoubtful | Self::TooOld | Self::AbsentThen => Shape::Stale,
            Self::NotApplied | Self::LifeUnknown | Self::Told | Self::NoIndex | Self::Unproven => {
                Shape::NotSeen
            }
            Self::Recalled | Self::Expired => Shape::Recalled,
            Self::Opened | Self::ReportedOpened => Shape::Opened,
            Self::ChipMissing
            | Self::Void
            | Self::Altered
            | Self::Foreign
            | Self::TwoItems
            | Self::Absent => Shape::Contradicted,
        }
    }

    /// Its name in documents and in keys of texts.
    pub fn name(self) -> &'static str {
        match self {
            Self::E1 => "e1",
            Self::E2 => "e2",
            Self::E3 => "e3",
            Self::E4 => "e4",
            Self::SecondTap => "second-tap",
            Self::StrongerCarrier => "stronger-carrier",
            Self::ChipMissing => "chip-missing",
            Self::UsedUp => "used-up",
            Self::Recalled => "recalled",
            Self::Expired => "expired",
            Self::Opened => "opened",
            Self::ReportedOpened => "reported-opened",
            Self::Void => "void",
            Self::NotApplied => "not-applied",
            Self::LifeUnknown => "life-unknown",
            Self::Told => "told",
            Self::Stale => "stale",
            Self::ClockDoubtful => "clock-doubtful",
            Self::TooOld => "too-old",
            Self::Altered => "altered",
            Self::Foreign => "foreign",
            Self::TwoItems => "two-items",
            Self::Absent => "absent",
            Self::NoIndex => "no-index",
            Self::AbsentThen => "absent-then",
            Self::Unproven => "unproven",
        }
    }
}

/// The chips that the record lists, where something weaker was read.
fn chips_beside(answer: &Answer, subject: &Subject) -> impl Iterator<Item = Carrier> {
    let read_one = is_chip(answer.carrier);
    subject.carriers.iter().copied().filter(move |carrier| is_chip(*carrier) && !read_one)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::*;

    const PLAIN: Chips = Chips::of(&[Carrier::Nfc]);

    /// The printed code of a bottle whose record lists these as well.
    fn printed(carriers: &[Carrier]) -> Answer {
        let carriers = [&[Carrier::Qr][..], carriers].concat();
        let record = Record::Proven(Box::new(Subject { carriers, ..subject(7) }));
        Answer { record, ..e1(7) }
    }

    fn asked(carriers: &[Carrier], chip_reader: Chips) -> Case {
        Case::of(&printed(carriers), Told::Nothing, chip_reader)
    }

    #[test]
    fn a_chip_is_asked_for_only_where_it_can_be_read() {
        use Carrier::{Nfc, NfcChallenge, NfcTap, Uhf};
        for chip in [NfcTap, NfcChallenge] {
            assert_eq!(asked(&[chip], Chips::ALL), Case::StrongerCarrier, "{chip:?}");
            assert_eq!(asked(&[chip], PLAIN), Case::E1, "{chip:?}");
        }
        assert_eq!(asked(&[Nfc], PLAIN), Case::StrongerCarrier);
        assert_eq!(asked(&[Nfc, NfcTap], PLAIN), Case::StrongerCarrier, "one of two");
        assert_eq!(asked(&[Nfc, NfcTap], Chips::NONE), Case::E1);
        assert_eq!(asked(&[Uhf], Chips::ALL), Case::E1, "no chip to be held anywhere");
    }

    #[test]
    fn a_second_tap_is_asked_for_only_where_it_can_be_read() {
        let one = tapped(7, Original::OneTap, SealState::Unknown);
        assert_eq!(Case::of(&one, Told::Nothing, Chips::ALL), Case::SecondTap);
        assert_eq!(Case::of(&one, Told::Nothing, PLAIN), Case::E1);
    }

    #[test]
    fn no_chip_is_missing_where_the_record_lists_none() {
        assert_eq!(Case::of(&e1(7), Told::NoChip, Chips::ALL), Case::E1);
        let listed = printed(&[Carrier::NfcTap]);
        assert_eq!(Case::of(&listed, Told::NoChip, Chips::ALL), Case::ChipMissing);
    }
}
