//! The design book: what the code rests on, chapter by chapter.

#[doc = include_str!("trust_model.md")]
pub mod trust_model {}

#[doc = include_str!("formats.md")]
pub mod formats {}

#[doc = include_str!("rules.md")]
pub mod rules {}

#[doc = include_str!("threats.md")]
pub mod threats {}
