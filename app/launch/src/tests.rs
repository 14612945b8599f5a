//! Every rule of an update, by name; what comes up, and what is gone back from.

mod make;
mod recipe;
mod refusals;
#[cfg(unix)]
mod start;

use make::{Made, Place, Update};
