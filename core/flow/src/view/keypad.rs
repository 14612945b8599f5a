//! The keys on which a number is typed.

use serde::{Deserialize, Serialize};

/// Keys for the number that stands under the code, and what is said beside them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keypad {
    /// What is typed, as the name of the place where it appears.
    pub label: String,
    /// Rows of keys, one character a key.
    pub rows: Vec<String>,
    /// Characters of a whole number, without its hyphens; of the longest PIN.
    pub length: u32,
    /// Fewest characters that may be ended.
    pub least: u32,
    /// After so many characters stands a hyphen, as under the code.
    pub group: u32,
    /// On the key that takes the last character away.
    pub erase: String,
    /// On the key that ends the number.
    pub enter: String,
}
