//! Views without the state machine, for a host that has its answer in hand.

use crate::answer::Answer;
use crate::case::Told;
use crate::history::Entry;
use crate::profile::Profile;
use crate::render::{self, Posed, Register, Scene, Trouble};
use crate::staff::Finding;
use crate::view::View;
use crate::words::{Language, Present, Zone};
use sealight_verify::time::Timestamp;

/// On what, in which language and when something is shown.
#[derive(Debug, Clone)]
pub struct Showing {
    /// The face.
    pub profile: Profile,
    /// The language.
    pub language: Language,
    /// Now, for "today" and "one minute ago".
    pub now: Timestamp,
    /// Offset of local time.
    pub zone: Zone,
    /// Time of the newest accepted header on this device.
    pub register_as_of: Option<Timestamp>,
    /// Since when no gateway answers.
    pub offline_since: Option<Timestamp>,
}

impl Showing {
    /// The view of an answer.
    pub fn answer(&self, answer: &Answer) -> View {
        self.with(|scene| render::verdict(scene, &posed(answer)))
    }

    /// The story of an answer's item, with all its events; empty where nothing is proven.
    pub fn story(&self, answer: &Answer) -> View {
        self.with(|scene| render::story(scene, &posed(answer), true))
    }

    /// The view of earlier scans.
    pub fn history(&self, entries: &[Entry]) -> View {
        self.with(|scene| render::history(scene, entries))
    }

    /// The view of trouble.
    pub fn trouble(&self, trouble: &Trouble) -> View {
        self.with(|scene| render::trouble(scene, trouble))
    }

    /// The view of a device that cannot start, for its staff.
    pub fn lacking(&self, finding: &Finding) -> View {
        self.with(|scene| render::lacking(scene, finding))
    }

    fn with(&self, draw: impl FnOnce(&Scene<'_>) -> View) -> View {
        let register = Register {
            as_of: self.register_as_of,
            offline_since: self.offline_since,
            getting: None,
        };
        draw(&Scene {
            profile: &self.profile,
            language: self.language,
            next_language: self.language.next(),
            present: Present { now: self.now, zone: self.zone },
            register: &register,
            camera_out: false,
            turn: 0,
            clears: None,
        })
    }
}

fn posed(answer: &Answer) -> Posed<'_> {
    Posed { answer, told: Told::HalfIsEnough, slip: None, retries: None, others: &[] }
}
