//! Every rule of an update, by name; what comes up, and what is gone back from.

#[cfg(unix)]
mod alive;
mod bring;
#[cfg(unix)]
mod damaged;
mod make;
mod recipe;
mod refusals;
#[cfg(unix)]
mod start;

use make::{Made, Place, Update, held};
