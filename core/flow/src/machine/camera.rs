//! The camera: that it does not answer, and that it does again.

use super::state::State;
use super::{Call, Effect, Flow};
use crate::profile::Face;
use crate::render::Trouble;

/// Whether the camera answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Camera {
    /// It does, for all that is known.
    Answers,
    /// It does not; whether it has had the screen for that.
    Out { told: bool },
}

impl Flow {
    /// The camera does not answer: that has the screen and its sound once. A kiosk that goes on by
    /// hand scanner teaches that on its first screen from then on.
    pub(super) fn camera_failed(&mut self, effects: &mut Vec<Effect>) {
        if self.camera == Camera::Answers {
            self.camera = Camera::Out { told: false };
            // The screen for it says that the shop was told.
            if self.profile.has.staff {
                effects.push(Effect::CallStaff(Call::Camera));
            }
        }
        let waits = matches!(self.state, State::Idle | State::Aiming { .. });
        if waits && self.camera == (Camera::Out { told: false }) {
            self.camera = Camera::Out { told: true };
            self.unreadable(Trouble::NoCamera, effects);
        }
    }

    /// The camera answers again.
    pub(super) fn camera_is_back(&mut self) {
        self.camera = Camera::Answers;
        if self.state == State::Trouble(Trouble::NoCamera) {
            self.enter(self.start());
        }
    }

    pub(super) fn camera_is_out(&self) -> bool {
        self.camera != Camera::Answers
    }

    /// Where a face starts, and where it goes back to.
    pub(super) fn start(&self) -> State {
        match self.profile.face {
            Face::Kiosk => State::Idle,
            Face::Shopper | Face::Inspector => self.aims(false),
        }
    }

    /// Looking for a code, or why that is for nothing.
    pub(super) fn aims(&self, anew: bool) -> State {
        match self.camera {
            Camera::Answers => State::Aiming { anew, by_hand: false },
            Camera::Out { .. } => State::Trouble(Trouble::NoCamera),
        }
    }
}
