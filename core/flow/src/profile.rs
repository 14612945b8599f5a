//! What distinguishes shopper, kiosk and inspector: data, no code.

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
    /// A reader for chips.
    pub chip_reader: bool,
    /// A hand scanner.
    pub hand_scanner: bool,
    /// Staff can be called.
    pub staff: bool,
    /// A report can be sent to the brand.
    pub report: bool,
    /// A voice reads aloud.
    pub voice: bool,
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
            chip_reader: true,
            hand_scanner: false,
            staff: false,
            report: false,
            voice: false,
        },
    };

    /// A kiosk that clears itself and keeps nothing.
    pub const KIOSK: Self = Self {
        face: Face::Kiosk,
        policy: Policy::SHOPPER,
        idle: Some(Idle { verdict: 45, story: 90, trouble: 30, aiming: 20 }),
        jargon: false,
        history: false,
        docket: false,
        has: Equipment {
            chip_reader: true,
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
            chip_reader: true,
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
}
