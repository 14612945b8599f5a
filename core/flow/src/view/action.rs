//! What a person can do.

use serde::{Deserialize, Serialize};

/// A button.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    /// What it does.
    pub action: Action,
    /// What stands on it.
    pub label: String,
    /// How it looks.
    pub rank: Rank,
}

/// How a button looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rank {
    /// The one filled button.
    Filled,
    /// Outlined.
    Outlined,
    /// Small, under the others.
    Quiet,
}

/// What a person does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Start aiming, or aim again for another item.
    Scan,
    /// Touched the screen: it stays for the full time again.
    Touch,
    /// Stop what is going on and start again.
    Stop,
    /// Ask again now.
    Retry,
    /// Show the product's story.
    ShowStory,
    /// Show all events of the story.
    ShowAll,
    /// Back to the screen before.
    Back,
    /// Show earlier scans.
    ShowHistory,
    /// Open an earlier scan, by its place.
    OpenEntry(u32),
    /// Forget all earlier scans.
    EraseHistory,
    /// Write earlier scans to a file.
    Export,
    /// Type the number.
    Type,
    /// Use the hand scanner.
    HandScanner,
    /// Look at another code that is in view, by its place.
    Choose(u32),
    /// There is no chip where the record has one.
    NoChip,
    /// Half the proof is enough.
    StopHalfway,
    /// Switch to the next language.
    SwitchLanguage,
    /// Speak the answer.
    ReadAloud,
    /// Call the staff.
    CallStaff,
    /// Begin to tell the brand.
    TellBrand,
    /// Tell it praise or complaint.
    TellFeedback,
    /// Tell it a doubt that this is the original.
    TellDoubt,
    /// Choose a sentence by its place, or take it back.
    PickPhrase(u32),
    /// Show all that would leave.
    ShowReport,
    /// Send what is shown.
    SendReport,
    /// Set the item aside.
    SetAside,
    /// Done: forget this item.
    Done,
    /// Ask for the staff's page: its PIN comes first.
    Staff,
    /// End the program, from the staff's page alone.
    Exit,
}
