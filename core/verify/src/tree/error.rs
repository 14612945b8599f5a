use crate::hash::Hash32;

/// Why a tree proof does not hold, or cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TreeError {
    /// The leaf's index is not below the size of the tree.
    IndexOutOfRange {
        /// Index asked for.
        index: u64,
        /// Leaves in the tree.
        size: u64,
    },
    /// The path has too few or too many hashes for this place in a tree of this size.
    PathLength {
        /// Hashes that the place needs.
        expected: usize,
        /// Hashes found.
        got: usize,
    },
    /// The hashes lead to another root.
    RootMismatch {
        /// The trusted root.
        expected: Hash32,
        /// The root that the proof leads to.
        got: Hash32,
    },
    /// A consistency proof leads to another earlier root.
    EarlierRootMismatch {
        /// The trusted earlier root.
        expected: Hash32,
        /// The earlier root that the proof leads to.
        got: Hash32,
    },
    /// Consistency is defined from a size of at least one to the same or a larger size.
    SizeOrder {
        /// Leaves in the earlier tree.
        earlier: u64,
        /// Leaves in the later tree.
        later: u64,
    },
    /// The log does not have so many leaves yet.
    SizeAhead {
        /// Size asked for.
        size: u64,
        /// Leaves in the log.
        have: u64,
    },
    /// A bucket has not as many leaves as its place in the tree says.
    BucketLength {
        /// Leaves that the bucket has.
        expected: usize,
        /// Leaves found.
        got: usize,
    },
    /// A proof over no leaf at all.
    NothingSelected,
    /// Leaves or keys are not in strictly ascending order.
    NotAscending {
        /// Position of the first one that is not above the one before.
        at: usize,
    },
    /// A map proof's bitmap is longer than it may be.
    BitmapLength {
        /// Most bytes allowed.
        max: usize,
        /// Bytes found.
        got: usize,
    },
    /// A bitmap ends in an empty byte, or the deepest sibling of a lone leaf is empty: the same
    /// proof has a shorter form.
    LooseBitmap,
    /// A listed sibling is the empty subtree, which is said by the bitmap alone.
    EmptySibling {
        /// Position in the list.
        at: usize,
    },
    /// Another leaf stands in a proof that has no place for it.
    UnexpectedOther,
    /// The other leaf of an absence proof has the very key that is said to be absent.
    OtherIsKey,
    /// The other leaf of an absence proof does not lie on the key's way.
    OtherElsewhere {
        /// Bits that it must share with the key.
        expected: u16,
        /// Bits that it shares.
        got: u16,
    },
    /// More siblings than bits, so the path is deeper than a key or than the prefix asked for.
    TooDeep {
        /// Deepest level allowed.
        max: u16,
        /// Level found.
        got: u16,
    },
    /// A prefix of more bits than are served.
    PrefixBits {
        /// Most bits allowed.
        max: u8,
        /// Bits asked for.
        got: u8,
    },
    /// More entries than one prefix bucket may hold.
    TooManyEntries {
        /// Most entries allowed.
        max: usize,
        /// Entries found.
        got: usize,
    },
    /// An entry's key does not begin with the prefix.
    EntryOutsidePrefix {
        /// Position of the entry.
        at: usize,
    },
}

impl core::fmt::Display for TreeError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::IndexOutOfRange { index, size } => {
                write!(f, "index {index} lies outside a tree of {size} leaves")
            }
            Self::PathLength { expected, got } => {
                write!(f, "the path has {got} hashes, this place needs {expected}")
            }
            Self::RootMismatch { expected, got } => {
                write!(f, "the proof leads to root {got}, not to {expected}")
            }
            Self::EarlierRootMismatch { expected, got } => {
                write!(f, "the proof leads to earlier root {got}, not to {expected}")
            }
            Self::SizeOrder { earlier, later } => {
                write!(f, "no consistency is defined from size {earlier} to size {later}")
            }
            Self::SizeAhead { size, have } => {
                write!(f, "size {size} was asked for, the log has {have} leaves")
            }
            Self::BucketLength { expected, got } => {
                write!(f, "the bucket has {got} leaves, its place says {expected}")
            }
            Self::NothingSelected => f.write_str("the proof covers no leaf"),
            Self::NotAscending { at } => {
                write!(f, "entry {at} is not above the one before it")
            }
            Self::BitmapLength { max, got } => {
                write!(f, "the bitmap has {got} bytes, at most {max} are allowed")
            }
            Self::LooseBitmap => f.write_str("the proof has a shorter form"),
            Self::EmptySibling { at } => write!(f, "sibling {at} is the empty subtree"),
            Self::UnexpectedOther => f.write_str("another leaf has no place in this proof"),
            Self::OtherIsKey => f.write_str("the other leaf has the absent key itself"),
            Self::OtherElsewhere { expected, got } => {
                write!(f, "the other leaf shares {got} bits with the key, {expected} are needed")
            }
            Self::TooDeep { max, got } => {
                write!(f, "the path goes down to level {got}, at most {max} are allowed")
            }
            Self::PrefixBits { max, got } => {
                write!(f, "a prefix of {got} bits, at most {max} are served")
            }
            Self::TooManyEntries { max, got } => {
                write!(f, "{got} entries in one prefix, at most {max} are allowed")
            }
            Self::EntryOutsidePrefix { at } => {
                write!(f, "entry {at} does not begin with the prefix")
            }
        }
    }
}

impl core::error::Error for TreeError {}
