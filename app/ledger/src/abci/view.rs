//! What queries see: versions of the state, behind a lock that nobody holds for long.

use super::AppOptions;
use crate::state::State;
use std::collections::VecDeque;

/// States by the height of the header that binds each: header `H` binds the state after `H - 1`.
#[derive(Debug)]
pub(super) struct View {
    /// Ascending, without a gap.
    versions: VecDeque<State>,
    /// Height of the header that binds the newest version.
    newest: u64,
    keep: usize,
}

/// Why there is no state to answer with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NoVersion {
    pub(super) got: u64,
    pub(super) oldest: u64,
    pub(super) newest: u64,
}

impl View {
    /// Before the first block: header 1 binds the state of the genesis.
    pub(super) fn new(state: State, bound_by: u64, options: &AppOptions) -> Self {
        let keep = options.versions.max(2);
        Self { versions: VecDeque::from([state]), newest: bound_by, keep }
    }

    /// The state after the next block.
    pub(super) fn push(&mut self, state: State) {
        self.versions.push_back(state);
        self.newest += 1;
        if self.versions.len() > self.keep {
            self.versions.pop_front();
        }
    }

    /// The newest state of all.
    pub(super) fn state(&self) -> &State {
        // There is always one: it is made with one, and keeps two at least.
        &self.versions[self.versions.len() - 1]
    }

    /// Height of the newest block whose state is known.
    pub(super) fn height(&self) -> u64 {
        self.newest - 1
    }

    /// The state that the header at `height` binds; of the newest header there is for 0.
    ///
    /// The engine stores a block before it hands it over, so the header after the newest block
    /// here may be known to whoever asks.
    pub(super) fn version(&self, height: u64) -> Result<(u64, State), NoVersion> {
        let oldest = self.newest + 1 - self.versions.len() as u64;
        let asked = if height == 0 { self.height().max(oldest) } else { height };
        let place = asked.checked_sub(oldest).and_then(|place| usize::try_from(place).ok());
        match place.and_then(|place| self.versions.get(place)) {
            Some(state) => Ok((asked, state.clone())),
            None => Err(NoVersion { got: asked, oldest, newest: self.newest }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::World;

    #[test]
    fn a_header_binds_the_state_of_the_block_before_it() {
        let mut world = World::new();
        let options = AppOptions { versions: 3, ..AppOptions::default() };
        let mut view = View::new(world.state.clone(), 1, &options);
        let mut hashes = vec![world.state.app_hash()];
        assert_eq!(view.version(0).unwrap().1.app_hash(), hashes[0]);
        for number in 1..=5 {
            world.lot(number);
            view.push(world.state.clone());
            hashes.push(world.state.app_hash());
        }
        assert_eq!(view.height(), 5);
        for header in 4..=6 {
            let (height, state) = view.version(header).unwrap();
            assert_eq!((height, state.app_hash()), (header, hashes[header as usize - 1]));
        }
        // The newest header that surely exists is that of the newest block.
        assert_eq!(view.version(0).unwrap().0, 5);
        let none = |got| NoVersion { got, oldest: 4, newest: 6 };
        assert_eq!(view.version(3).unwrap_err(), none(3));
        assert_eq!(view.version(7).unwrap_err(), none(7));
    }
}
