//! Pictures of codes as cameras see them, made by code and so with their truth: labels on flat and
//! round things, seen aslant, out of focus, in bad light; one by one or as a stream of frames.
//!
//! Everything follows from a seed, so a picture comes out the same in every run.

mod ground;
mod holdout;
mod jpeg;
mod lens;
mod photograph;
mod pose;
mod random;
mod shot;
mod stream;
mod symbol;

pub use holdout::{CLASSES, Drawn, draw};
pub use photograph::{CHANGES, Change};
pub use stream::{FILMS, Film};
