//! The guide for those who run a consortium, chapter by chapter.

#[doc = include_str!("consortium.md")]
pub mod consortium {}

#[doc = include_str!("founding.md")]
pub mod founding {}

#[doc = include_str!("keys.md")]
pub mod keys {}
