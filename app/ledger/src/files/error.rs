use sealight_verify::codec::CodecError;
use sealight_verify::format::bounds::BoundsError;
use sealight_verify::format::picture;
use sealight_verify::hash::Hash32;
use sealight_verify::tree::TreeError;
use std::path::PathBuf;

/// Why a file is not taken in, or a lot not sealed.
#[derive(Debug)]
pub enum FileError {
    /// The bytes are not the structure that they should be.
    Codec(CodecError),
    /// The structure holds what it may not.
    Bounds(BoundsError),
    /// No lot has so many buckets.
    BucketOutOfRange {
        /// The bucket's number.
        bucket: u32,
    },
    /// No lot has such a size.
    LotSize {
        /// Items.
        size: u32,
    },
    /// A prefix that no file of an index cut by so many bits has.
    PrefixOutOfRange {
        /// Bits by which the index is cut.
        bits: u8,
        /// The prefix, 24 bits.
        prefix: u32,
    },
    /// A file of the lot is not here.
    Missing {
        /// The bucket's number.
        bucket: u32,
    },
    /// A file has not the shape that its place needs, or its proof does not hold.
    Tree {
        /// The file's number.
        bucket: u32,
        /// What is wrong.
        error: TreeError,
    },
    /// A file leads to another root.
    OtherRoot {
        /// The bucket's number.
        bucket: u32,
        /// The lot's root.
        expected: Hash32,
        /// The root that the file leads to.
        got: Hash32,
    },
    /// Codes that lead elsewhere than the index binds.
    OtherTargets {
        /// The file's number.
        number: u32,
    },
    /// A sealed lot has another file in this place.
    Sealed,
    /// A picture of more bytes than one may have.
    PictureTooLong {
        /// Bytes of the file.
        got: usize,
    },
    /// A file that has another hash than its path says.
    OtherPicture,
    /// The store is full.
    Full {
        /// Most bytes altogether.
        max: u64,
    },
    /// The file system.
    Io {
        /// Where.
        path: PathBuf,
        /// What it says.
        error: std::io::Error,
    },
}

impl FileError {
    /// A stable name, for machines.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Codec(_) => "codec",
            Self::Bounds(_) => "bounds",
            Self::BucketOutOfRange { .. } => "bucket-out-of-range",
            Self::LotSize { .. } => "lot-size",
            Self::PrefixOutOfRange { .. } => "prefix-out-of-range",
            Self::Missing { .. } => "file-missing",
            Self::Tree { .. } => "tree",
            Self::OtherRoot { .. } => "other-root",
            Self::OtherTargets { .. } => "other-targets",
            Self::Sealed => "sealed",
            Self::PictureTooLong { .. } => "picture-too-long",
            Self::OtherPicture => "other-picture",
            Self::Full { .. } => "store-full",
            Self::Io { .. } => "io",
        }
    }
}

impl std::fmt::Display for FileError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Codec(error) => write!(f, "{error}"),
            Self::Bounds(error) => write!(f, "{error}"),
            Self::BucketOutOfRange { bucket } => write!(f, "no lot has a bucket {bucket}"),
            Self::LotSize { size } => write!(f, "no lot has {size} items"),
            Self::PrefixOutOfRange { bits, prefix } => {
                write!(f, "no file of an index cut by {bits} bits has the prefix {prefix:#x}")
            }
            Self::Missing { bucket } => write!(f, "bucket {bucket} is not here"),
            Self::Tree { bucket, error } => write!(f, "file {bucket}: {error}"),
            Self::OtherRoot { bucket, expected, got } => {
                write!(f, "bucket {bucket} leads to root {got}, not to {expected}")
            }
            Self::OtherTargets { number } => {
                write!(f, "the codes of file {number} lead elsewhere than the index binds")
            }
            Self::Sealed => f.write_str("the lot is sealed and has another file here"),
            Self::PictureTooLong { got } => {
                write!(f, "a picture of {got} bytes, most are {}", picture::MAX_LEN)
            }
            Self::OtherPicture => f.write_str("the picture has another hash than its path says"),
            Self::Full { max } => write!(f, "the store has its {max} bytes"),
            Self::Io { path, error } => write!(f, "{}: {error}", path.display()),
        }
    }
}

impl std::error::Error for FileError {}
