//! A time budget as a port: this crate has no clock, whoever calls does.

/// Asked between library calls whether to go on.
pub trait Deadline {
    /// True once the time is used up; stays true from then on.
    fn expired(&self) -> bool;
}

/// No time limit: for tests and for work that is bounded otherwise.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unbounded;

impl Deadline for Unbounded {
    fn expired(&self) -> bool {
        false
    }
}
