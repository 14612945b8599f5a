//! The staff's page: opened by a PIN or a key that the shell looks at, left by itself.
//!
//! The flow never sees a PIN: what the pad gave goes to whoever keeps its hash, and only what came
//! of it comes here.

use super::state::State;
use super::{DESK, Effect, Flow};
use crate::profile::Face;
use crate::staff::{Desk, PinTold};

impl Flow {
    /// Whether the staff's PIN is asked for or its page is open: nothing that is held up counts.
    pub(super) fn at_desk(&self) -> bool {
        matches!(self.state, State::Pin(_) | State::Staff(_))
    }

    pub(super) fn ask_pin(&mut self, effects: &mut Vec<Effect>) {
        if self.profile.face == Face::Kiosk && !matches!(self.state, State::Staff(_)) {
            self.cancel(effects);
            effects.push(Effect::Forget);
            self.enter(State::Pin(PinTold::Asked));
        }
    }

    pub(super) fn pin_told(&mut self, told: PinTold) {
        if matches!(self.state, State::Pin(_)) {
            self.turn += 1;
            self.enter(State::Pin(told));
        }
    }

    pub(super) fn desk(&mut self, desk: Box<Desk>, enters: bool, effects: &mut Vec<Effect>) {
        if let State::Staff(shown) = &mut self.state {
            *shown = desk;
        } else if enters && self.profile.face == Face::Kiosk {
            self.cancel(effects);
            effects.push(Effect::Forget);
            self.desk_ends = self.now.ms.saturating_add(DESK);
            self.enter(State::Staff(desk));
        }
    }

    pub(super) fn exit(&mut self, effects: &mut Vec<Effect>) {
        if matches!(self.state, State::Staff(_)) {
            effects.push(Effect::Exit);
        }
    }
}
