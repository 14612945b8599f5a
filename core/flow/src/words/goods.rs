//! What a category of goods is called and what is done with it.

use super::Words;

/// Kinds of goods that the sentences tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Spirits and wine: drunk from a bottle, made by a distillery.
    Liquor,
    /// Other bottles, such as oil.
    Bottle,
    /// Cans, such as milk powder.
    Can,
    /// Packs, such as meat.
    Pack,
    /// Medicine.
    Medicine,
    /// Everything else.
    Item,
}

const SECONDS_A_DAY: u64 = 24 * 60 * 60;

impl Kind {
    /// The kind of a record's category; unknown categories are items.
    pub fn of_category(category: &str) -> Self {
        match category {
            "baijiu" | "wine" | "spirits" => Self::Liquor,
            "oil" | "vinegar" | "honey" => Self::Bottle,
            "milk-powder" | "infant-formula" | "canned-food" => Self::Can,
            "beef" | "meat" | "poultry" | "seafood" | "rice" | "tea" | "fruit" => Self::Pack,
            "medicine" | "pharma" => Self::Medicine,
            _ => Self::Item,
        }
    }

    /// One of its words: `noun`, `verb`, `maker`, `said`, `inside`, `this`, `goods`, `other`,
    /// `contents` or `chip`.
    pub fn word(self, words: &Words, which: &str) -> String {
        words.text(&format!("kind.{}.{which}", self.name()))
    }

    /// Longest time in seconds that goods of this kind are expected to pass without an entry.
    pub(crate) fn longest_gap(self) -> u64 {
        match self {
            Self::Pack => 30 * SECONDS_A_DAY,
            Self::Liquor | Self::Bottle | Self::Can | Self::Medicine | Self::Item => {
                180 * SECONDS_A_DAY
            }
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Liquor => "liquor",
            Self::Bottle => "bottle",
            Self::Can => "can",
            Self::Pack => "pack",
            Self::Medicine => "medicine",
            Self::Item => "item",
        }
    }
}
