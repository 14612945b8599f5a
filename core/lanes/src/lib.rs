//! Kernels that want wide registers.
//!
//! Each kernel is plain Rust, written so that the compiler makes wide code of it, and is compiled
//! several times: for the processor that every machine of its kind has (on 64-bit ARM that has
//! NEON), for AVX2 and for AVX-512. Which one runs is asked of the processor once. What is computed
//! is the same byte by byte, whichever runs.
//!
//! `unsafe` stands in one place, `widest`: a function compiled for AVX2 may only be called where
//! there is AVX2. No memory is touched but through slices.

#![no_std]

#[macro_use]
mod widest;

pub mod bits;
pub mod pixels;
pub mod runs;
