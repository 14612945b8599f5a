//! What distinguishes shopper, kiosk and inspector: data, no code.

use sealight_verify::format::record::Carrier;
use sealight_verify::judge::Policy;
use serde::{Deserialize, Serialize};

/// Which face of the product this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Face {
    /// A shopper's phone, and the command line.
    Shopper,
    /// A supermarket's kiosk.
    Kiosk,
    /// A customs inspector's handheld.
    Inspector,
}

/// Everything in which faces differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Profile {
    /// Which face.
    pub face: Face,
    /// Limits that turn a proof into a verdict.
    pub policy: Policy,
    /// Seconds without a touch after which a screen is cleared; none where nothing clears itself.
    pub idle: Option<Idle>,
    /// Whether screens may say block and digest.
    pub jargon: bool,
    /// Whether scans are kept.
    pub history: bool,
    /// Whether scans belong to a consignment: "set aside" and "next" instead of "its story".
    pub docket: bool,
    /// What is there to be used.
    pub has: Equipment,
}

/// Seconds after which screens are cleared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Idle {
    /// A verdict.
    pub verdict: u32,
    /// A story, and the history.
    pub story: u32,
    /// Trouble.
    pub trouble: u32,
    /// Aiming, back to the start.
    pub aiming: u32,
}

/// What the host can offer beside a camera; a screen names only what is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Equipment {
    /// What its reader for chips reads.
    pub chip_reader: Chips,
    /// A hand scanner.
    pub hand_scanner: bool,
    /// Staff can be called.
    pub staff: bool,
    /// A report can be sent to the brand.
    pub report: bool,
    /// A voice reads aloud.
    pub voice: bool,
}

/// Kinds of chips that a reader reads: not every reader speaks with every chip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Chips(u8);

impl Chips {
    /// None: there is no reader.
    pub const NONE: Self = Self(0);
    /// Every kind, as a phone does.
    pub const ALL: Self = Self::of(&[Carrier::Nfc, Carrier::NfcTap, Carrier::NfcChallenge]);

    /// These.
    pub const fn of(carriers: &[Carrier]) -> Self {
        let (mut kinds, mut at) = (0_u8, 0);
        while at < carriers.len() {
            kinds |= 1 << carriers[at] as u8;
            at += 1;
        }
        Self(kinds)
    }

    /// Whether this kind is one of them.
    pub const fn reads(self, carrier: Carrier) -> bool {
        self.0 & (1 << carrier as u8) != 0
    }

    /// Whether there is a reader at all.
    pub const fn any(self) -> bool {
        self.0 != 0
    }
}

impl Profile {
    /// A shopper's phone, with its chip reader.
    pub const SHOPPER: Self = Self {
        face: Face::Shopper,
        policy: Policy::SHOPPER,
        idle: None,
        jargon: false,
        history: true,
        docket: false,
        has: Equipment {
            chip_reader: Chips::ALL,
            hand_scanner: false,
            staff: false,
            report: false,
            voice: false,
        },
    };

    /// A kiosk that clears itself and keeps nothing about anybody.
    pub const KIOSK: Self = Self {
        face: Face::Kiosk,
        policy: Policy::SHOPPER,
        idle: Some(Idle { verdict: 45, story: 90, trouble: 30, aiming: 20 }),
        jargon: false,
        history: false,
        docket: false,
        has: Equipment {
            chip_reader: Chips::ALL,
            hand_scanner: true,
            staff: true,
            report: true,
            voice: true,
        },
    };

    /// A handheld with blocks, digests and dockets.
    pub const INSPECTOR: Self = Self {
        face: Face::Inspector,
        policy: Policy::INSPECTOR,
        idle: None,
        jargon: true,
        history: true,
        docket: true,
        has: Equipment {
            chip_reader: Chips::ALL,
            hand_scanner: false,
            staff: false,
            report: false,
            voice: false,
        },
    };

    /// The same profile on a host with this equipment.
    pub const fn with(self, has: Equipment) -> Self {
        Self { has, ..self }
    }

    /// The same profile with screens that stay for so many percent of their time: people who need
    /// longer get longer.
    pub fn patient(self, percent: u32) -> Self {
        let part = |seconds: u32| (seconds.saturating_mul(percent) / 100).max(1);
        let idle = self.idle.map(|idle| Idle {
            verdict: part(idle.verdict),
            story: part(idle.story),
            trouble: part(idle.trouble),
            aiming: part(idle.aiming),
        });
        Self { idle, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patience_lengthens_what_clears_itself_and_nothing_else() {
        let twice = Profile::KIOSK.patient(200);
        assert_eq!(twice.idle, Some(Idle { verdict: 90, story: 180, trouble: 60, aiming: 40 }));
        assert_eq!(Profile { idle: Profile::KIOSK.idle, ..twice }, Profile::KIOSK);
        assert_eq!(Profile::INSPECTOR.patient(200), Profile::INSPECTOR);
    }

    #[test]
    fn a_reader_reads_the_kinds_that_it_was_made_for_and_no_others() {
        let plain = Chips::of(&[Carrier::Nfc]);
        assert!(plain.any() && plain.reads(Carrier::Nfc));
        for carrier in [Carrier::Qr, Carrier::Uhf, Carrier::NfcTap, Carrier::NfcChallenge] {
            assert!(!plain.reads(carrier), "{carrier:?}");
        }
        let chips = [Carrier::Nfc, Carrier::NfcTap, Carrier::NfcChallenge];
        assert!(chips.iter().all(|chip| Chips::ALL.reads(*chip) && !Chips::NONE.reads(*chip)));
        assert!(!Chips::NONE.any() && !Chips::ALL.reads(Carrier::Qr));
    }
}
