//! A reader that gives no row more bytes than it may have.

use std::cell::Cell;
use std::io::{Error, Read, Result};
use std::rc::Rc;

/// Reads until the bytes of one row are used up, then refuses until a new row is allowed.
pub(super) struct Metered<R> {
    inner: R,
    meter: Meter,
}

/// The bytes that are left for this row.
#[derive(Clone)]
pub(super) struct Meter(Rc<Cell<usize>>);

impl Meter {
    /// Allows the next row.
    pub(super) fn next_row(&self) {
        self.0.set(super::MAX_ROW);
    }

    /// Whether this row's bytes are used up.
    pub(super) fn used_up(&self) -> bool {
        self.0.get() == 0
    }
}

pub(super) fn metered<R: Read>(inner: R) -> (Metered<R>, Meter) {
    let meter = Meter(Rc::new(Cell::new(super::MAX_ROW)));
    (Metered { inner, meter: meter.clone() }, meter)
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let left = self.meter.0.get();
        if left == 0 {
            return Err(Error::other("row too long"));
        }
        let most = buffer.len().min(left);
        let got = self.inner.read(&mut buffer[..most])?;
        self.meter.0.set(left - got.min(left));
        Ok(got)
    }
}
