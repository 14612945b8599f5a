//! Files of lots and code indexes: uploaded, recomputed, kept, served as they are.
//!
//! Under the home folder stand `lots/ROOT/BUCKET`, `indexes/ROOT-BITS/NUMBER` and `pictures/HASH`, and
//! `reports/PARTY` with sealed reports, a store of its own. A lot's files may be replaced until a
//! receipt is signed for it; from then on they are sealed: on disk, never changed, and served. A
//! file of a code index proves itself, so it is kept once its proof held, and so is a picture.
//!
//! Calls block on the file system; the gateway makes them on threads of their own.

mod error;
mod mailbox;
mod store;

pub use error::FileError;
pub use mailbox::{MAX_LETTERS, Mailbox};

use crate::answer::{CodeFiles, CodesOfPrefix, QUERY_BITS};
use sealight_verify::codec::{self, Versioned};
use sealight_verify::format::answer::Bucket;
use sealight_verify::format::index::CodeFile;
use sealight_verify::format::lot::MAX_SIZE;
use sealight_verify::format::picture;
use sealight_verify::format::record::ItemRecord;
use sealight_verify::hash::{Hash32, Sm3};
use sealight_verify::tree::bucket::bucket_count;
use sealight_verify::tree::map::verify_prefix;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use store::{Budget, SEALED};

/// Most bytes of one file of either kind.
pub const MAX_FILE: usize = 1024 * 1024;

/// The store of files under one home. A clone is the same store.
#[derive(Debug, Clone)]
pub struct Files {
    lots: PathBuf,
    indexes: PathBuf,
    pictures: PathBuf,
    budget: Arc<Budget>,
    mailbox: Arc<Mailbox>,
}

impl Files {
    /// Opens the store under `home`, which takes in at most `max_bytes` altogether.
    ///
    /// # Errors
    /// [`FileError::Io`].
    pub fn open(home: &Path, max_bytes: u64) -> Result<Self, FileError> {
        let [lots, indexes, pictures] = ["lots", "indexes", "pictures"].map(|name| home.join(name));
        let mut used = 0;
        for folder in [&lots, &indexes, &pictures] {
            used += store::bytes_under(folder)?;
        }
        let budget = Arc::new(Budget::new(used, max_bytes));
        Ok(Self { lots, indexes, pictures, budget, mailbox: Arc::new(Mailbox::open(home)?) })
    }

    /// Sealed reports that wait for their parties.
    pub fn mailbox(&self) -> &Mailbox {
        &self.mailbox
    }

    /// Bytes of all files.
    pub fn bytes(&self) -> u64 {
        self.budget.used()
    }

    /// Takes in one bucket of a lot; that it belongs to the root is known only when all of them
    /// are here.
    ///
    /// # Errors
    /// Not a bucket, out of bounds, no room, or another file of a sealed lot.
    pub fn put_bucket(&self, root: &Hash32, bucket: u32, bytes: &[u8]) -> Result<(), FileError> {
        if u64::from(bucket) >= bucket_count(u64::from(MAX_SIZE)) {
            return Err(FileError::BucketOutOfRange { bucket });
        }
        decode_bucket(bytes)?;
        let folder = self.lot(root);
        let file = folder.join(bucket.to_string());
        if folder.join(SEALED).exists() {
            return store::must_be_same(&file, bytes);
        }
        self.budget.write(&file, bytes)
    }

    /// One bucket of a sealed lot; none where it is not here.
    ///
    /// # Errors
    /// [`FileError::Io`].
    pub fn bucket(&self, root: &Hash32, bucket: u32) -> Result<Option<Vec<u8>>, FileError> {
        let folder = self.lot(root);
        if !folder.join(SEALED).exists() {
            return Ok(None);
        }
        store::read(&folder.join(bucket.to_string()), MAX_FILE)
    }

    /// Whether a file stands in a bucket's place, sealed or not.
    pub fn has_bucket(&self, root: &Hash32, bucket: u32) -> bool {
        self.lot(root).join(bucket.to_string()).is_file()
    }

    /// Recomputes the root of a lot of `size` items from all of its files and seals them; after
    /// this a member may sign its receipt.
    ///
    /// # Errors
    /// The first file that is missing or leads elsewhere.
    pub fn seal(&self, root: &Hash32, size: u32) -> Result<(), FileError> {
        if !(1..=MAX_SIZE).contains(&size) {
            return Err(FileError::LotSize { size });
        }
        let folder = self.lot(root);
        for bucket in 0..bucket_count(u64::from(size)) as u32 {
            let file = folder.join(bucket.to_string());
            let bytes = store::read(&file, MAX_FILE)?.ok_or(FileError::Missing { bucket })?;
            let leads_to = decode_bucket(&bytes)?
                .lot_root(bucket, size)
                .map_err(|error| FileError::Tree { bucket, error })?;
            if leads_to != *root {
                return Err(FileError::OtherRoot { bucket, expected: *root, got: leads_to });
            }
            store::make_durable(&file)?;
        }
        self.budget.write(&folder.join(SEALED), &size.to_be_bytes())?;
        store::make_durable(&folder.join(SEALED))?;
        store::make_durable(&folder)
    }

    /// Takes in the codes of one prefix of the index with `root`, cut by `bits` bits.
    ///
    /// # Errors
    /// Not such a file, out of range, not proven by the root, or no room.
    pub fn put_codes(&self, root: &Hash32, bits: u8, bytes: &[u8]) -> Result<(), FileError> {
        let file: CodeFile = codec::decode(bytes).map_err(FileError::Codec)?;
        let number = file_number(bits, &file)?;
        codes_hold(root, bits, number, &file)?;
        self.budget.write(&self.index(root, bits).join(number.to_string()), bytes)
    }

    /// The file of the codes whose keys begin with the first `bits` bits of the 24 bits of
    /// `prefix`; none where it is not here.
    ///
    /// # Errors
    /// [`FileError::Io`].
    pub fn codes_file(
        &self,
        root: &Hash32,
        bits: u8,
        prefix: u32,
    ) -> Result<Option<Vec<u8>>, FileError> {
        let beside = QUERY_BITS.checked_sub(bits).filter(|_| prefix >> QUERY_BITS == 0);
        let beside = beside.ok_or(FileError::PrefixOutOfRange { bits, prefix })?;
        let number = prefix >> beside;
        store::read(&self.index(root, bits).join(number.to_string()), MAX_FILE)
    }

    /// Takes in the file of a picture that a record or an event names by its hash.
    ///
    /// # Errors
    /// [`FileError::OtherPicture`], [`FileError::PictureTooLong`], no room, or the file system.
    pub fn put_picture(&self, hash: &Hash32, bytes: &[u8]) -> Result<(), FileError> {
        if bytes.len() > picture::MAX_LEN {
            return Err(FileError::PictureTooLong { got: bytes.len() });
        }
        if picture::hash(bytes) != *hash {
            return Err(FileError::OtherPicture);
        }
        let path = self.picture_at(hash);
        if path.is_file() {
            return Ok(());
        }
        self.budget.write(&path, bytes)
    }

    /// The file of a picture; none where it is not here.
    ///
    /// # Errors
    /// [`FileError::Io`].
    pub fn picture(&self, hash: &Hash32) -> Result<Option<Vec<u8>>, FileError> {
        store::read(&self.picture_at(hash), picture::MAX_LEN)
    }

    /// The pictures that the records of one bucket of a sealed lot name.
    ///
    /// # Errors
    /// [`FileError::Io`], or what the file is instead of a bucket.
    pub fn pictures_of(&self, root: &Hash32, bucket: u32) -> Result<Vec<Hash32>, FileError> {
        let Some(bytes) = self.bucket(root, bucket)? else { return Ok(Vec::new()) };
        let records = decode_bucket(&bytes)?.records;
        let mut named: Vec<Hash32> = records
            .iter()
            .filter_map(|record| codec::decode::<ItemRecord>(record).ok())
            .filter_map(|record| picture::named(&record.fields))
            .collect();
        named.dedup();
        Ok(named)
    }

    fn picture_at(&self, hash: &Hash32) -> PathBuf {
        self.pictures.join(hash.to_string())
    }

    fn lot(&self, root: &Hash32) -> PathBuf {
        self.lots.join(root.to_string())
    }

    fn index(&self, root: &Hash32, bits: u8) -> PathBuf {
        self.indexes.join(format!("{root}-{bits}"))
    }
}

impl CodeFiles for Files {
    fn codes(&self, root: &Hash32, bits: u8, prefix: u32) -> Option<CodesOfPrefix> {
        let bytes = self.codes_file(root, bits, prefix).ok()??;
        let CodeFile { bucket, targets, .. } = codec::decode(&bytes).ok()?;
        Some(CodesOfPrefix { proof: bucket, targets })
    }
}

/// Number of a file among the 2 to the power of `bits` of its index.
fn file_number(bits: u8, file: &CodeFile) -> Result<u32, FileError> {
    let no_file = FileError::PrefixOutOfRange { bits, prefix: file.prefix };
    let Some(beside) = QUERY_BITS.checked_sub(bits) else { return Err(no_file) };
    let number = file.prefix >> beside;
    if number >> bits != 0 || number << beside != file.prefix { Err(no_file) } else { Ok(number) }
}

fn decode_bucket(bytes: &[u8]) -> Result<Bucket, FileError> {
    let bucket: Bucket = codec::decode(bytes).map_err(FileError::Codec)?;
    bucket.bounds().map_err(FileError::Bounds)?;
    for record in &bucket.records {
        let (what, got, max) = (ItemRecord::NAME, record.len(), ItemRecord::MAX_LEN);
        if got > max {
            return Err(FileError::Codec(codec::CodecError::TooLong { what, got, max }));
        }
    }
    Ok(bucket)
}

/// The file's codes are all those of its prefix under the root, each leading where its hash says.
fn codes_hold(root: &Hash32, bits: u8, number: u32, file: &CodeFile) -> Result<(), FileError> {
    let mut prefix = Hash32([0; 32]);
    prefix.0[..4].copy_from_slice(&(file.prefix << 8).to_be_bytes());
    let entries = verify_prefix::<Sm3>(root, bits, &prefix, &file.bucket)
        .map_err(|error| FileError::Tree { bucket: number, error })?;
    let fit = entries.len() == file.targets.len()
        && entries.iter().zip(&file.targets).all(|(e, target)| e.value_hash == target.value_hash());
    if fit { Ok(()) } else { Err(FileError::OtherTargets { number }) }
}

#[cfg(test)]
mod tests;
