//! Code indexes: a brand's existing codes, made to lead to items of its lots.

use sealight_verify::format::ids::LotId;
use sealight_verify::format::index::{CodeFile, CodeTarget, IndexAnchor, code_key};
use sealight_verify::format::namespace::Namespace;
use sealight_verify::hash::{Hash32, Sm3};
use sealight_verify::tree::map::{MAX_PREFIX_BITS, MAX_PREFIX_ENTRIES, Map};
use std::collections::BTreeSet;
use std::collections::btree_map::{BTreeMap, Entry};
use std::fmt;

/// Codes that a file holds on average, at most: enough to hide one among, few enough to fetch.
const USUAL_ENTRIES: usize = 64;

/// Most lots of one index.
const MAX_LOTS: usize = 1024;

/// Why an index cannot be built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IndexError {
    /// A namespace that has no codes: neither a pattern nor a GTIN prefix, or not a sound one.
    Namespace,
    /// A code that does not lie in the namespace.
    ForeignCode {
        /// The code.
        code: String,
    },
    /// One code for two items.
    CodeTwice {
        /// The code.
        code: String,
    },
    /// Codes that lead into more lots than one index may.
    TooManyLots {
        /// Most lots.
        max: usize,
    },
    /// An index without codes.
    Empty,
    /// More codes than the files can be cut into.
    TooManyCodes,
}

impl fmt::Display for IndexError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Namespace => f.write_str("an index needs a pattern or a GTIN prefix"),
            Self::ForeignCode { code } => write!(f, "code {code} does not lie in the namespace"),
            Self::CodeTwice { code } => write!(f, "code {code} stands for two items"),
            Self::TooManyLots { max } => write!(f, "codes of more than {max} lots"),
            Self::Empty => f.write_str("an index without codes"),
            Self::TooManyCodes => f.write_str("more codes than files can hold"),
        }
    }
}

impl std::error::Error for IndexError {}

/// Takes codes in any order; about 100 bytes of memory each.
#[derive(Debug)]
pub struct IndexBuilder {
    namespace: Namespace,
    codes: BTreeMap<Hash32, CodeTarget>,
    lots: BTreeSet<LotId>,
}

impl IndexBuilder {
    /// An index without codes.
    ///
    /// # Errors
    /// [`IndexError::Namespace`]
    pub fn new(namespace: Namespace) -> Result<Self, IndexError> {
        let has_codes = matches!(namespace, Namespace::Pattern(_) | Namespace::Gtin(_));
        if !has_codes || namespace.bounds().is_err() {
            return Err(IndexError::Namespace);
        }
        Ok(Self { namespace, codes: BTreeMap::new(), lots: BTreeSet::new() })
    }

    /// Lets a code lead to an item. A GTIN with serial number is written as
    /// [`gtin_code`](sealight_verify::format::index::gtin_code) writes it.
    ///
    /// # Errors
    /// The code does not lie in the namespace, stands for another item already, or its lot is one
    /// too many.
    pub fn add(&mut self, code: &str, target: CodeTarget) -> Result<(), IndexError> {
        if !self.holds(code) {
            return Err(IndexError::ForeignCode { code: code.to_owned() });
        }
        if !self.lots.contains(&target.lot) && self.lots.len() == MAX_LOTS {
            return Err(IndexError::TooManyLots { max: MAX_LOTS });
        }
        match self.codes.entry(code_key(code)) {
            Entry::Occupied(_) => return Err(IndexError::CodeTwice { code: code.to_owned() }),
            Entry::Vacant(slot) => slot.insert(target),
        };
        self.lots.insert(target.lot);
        Ok(())
    }

    fn holds(&self, code: &str) -> bool {
        let gtin = code.strip_prefix("(01)").and_then(|rest| rest.get(..14));
        let serial = code.get(18..).and_then(|rest| rest.strip_prefix("(21)"));
        let named = serial.is_some_and(|serial| !serial.is_empty());
        self.namespace.holds_code(code)
            || named && gtin.is_some_and(|gtin| self.namespace.holds_gtin(gtin))
    }

    /// Builds the tree and cuts it into files.
    ///
    /// # Errors
    /// [`IndexError::Empty`], or [`IndexError::TooManyCodes`] past some 60 million.
    pub fn finish(self) -> Result<BuiltIndex, IndexError> {
        if self.codes.is_empty() {
            return Err(IndexError::Empty);
        }
        let prefix_bits = prefix_bits(&self.codes).ok_or(IndexError::TooManyCodes)?;
        let entries = self.codes.iter().map(|(key, to)| (*key, to.value_hash(), *to));
        let map = Map::from_entries(entries);
        Ok(BuiltIndex { namespace: self.namespace, map, lots: self.lots, prefix_bits })
    }
}

/// As few bits as give small files.
fn prefix_bits(codes: &BTreeMap<Hash32, CodeTarget>) -> Option<u8> {
    let files = codes.len().div_ceil(USUAL_ENTRIES).next_power_of_two();
    let least = (files.ilog2() as u8).min(MAX_PREFIX_BITS);
    (least..=MAX_PREFIX_BITS).find(|bits| largest_file(codes, *bits) <= MAX_PREFIX_ENTRIES)
}

/// Codes of the file that holds most; keys ascend, so those of one file stand together.
fn largest_file(codes: &BTreeMap<Hash32, CodeTarget>, bits: u8) -> usize {
    let (mut largest, mut run, mut last) = (0, 0, None);
    for key in codes.keys() {
        let prefix = Some(first_24_bits(key) >> (MAX_PREFIX_BITS - bits));
        run = if prefix == last { run + 1 } else { 1 };
        (largest, last) = (largest.max(run), prefix);
    }
    largest
}

fn first_24_bits(key: &Hash32) -> u32 {
    u32::from_be_bytes([0, key.0[0], key.0[1], key.0[2]])
}

/// An index that is ready to be anchored.
#[derive(Debug)]
pub struct BuiltIndex {
    namespace: Namespace,
    map: Map<Sm3, CodeTarget>,
    lots: BTreeSet<LotId>,
    prefix_bits: u8,
}

impl BuiltIndex {
    /// What the issuer anchors.
    pub fn anchor(&self) -> IndexAnchor {
        IndexAnchor {
            namespace: self.namespace.clone(),
            root: self.map.root(),
            size: self.map.len() as u64,
            lots: self.lots.iter().copied().collect(),
            prefix_bits: self.prefix_bits,
        }
    }

    /// The sparse map of codes.
    pub fn map(&self) -> &Map<Sm3, CodeTarget> {
        &self.map
    }

    /// Every file, those without a code too: they show that a code leads nowhere.
    pub fn files(&self) -> impl Iterator<Item = CodeFile> {
        let beside = MAX_PREFIX_BITS - self.prefix_bits;
        (0..1u32 << self.prefix_bits).map(move |file| self.file(file << beside))
    }

    fn file(&self, prefix: u32) -> CodeFile {
        let mut key = Hash32([0; 32]);
        key.0[..3].copy_from_slice(&prefix.to_be_bytes()[1..]);
        // `finish` chose the bits so that every file can be proven.
        let bucket = self.map.prove_prefix(self.prefix_bits, &key).unwrap_or_default();
        let targets = self.map.iter_prefix(self.prefix_bits, &key).map(|(_, to)| *to).collect();
        CodeFile { version: 1, namespace: self.namespace.clone(), prefix, bucket, targets }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sealight_verify::codec;
    use sealight_verify::format::index::gtin_code;
    use sealight_verify::tree::map::verify_prefix;

    fn target(index: u32) -> CodeTarget {
        CodeTarget { lot: LotId([index as u8 % 3; 8]), index }
    }

    fn builder() -> IndexBuilder {
        IndexBuilder::new(Namespace::Pattern("WY######".into())).unwrap()
    }

    fn built(codes: u32) -> BuiltIndex {
        let mut builder = builder();
        for index in 0..codes {
            builder.add(&format!("WY{index:06}"), target(index)).unwrap();
        }
        builder.finish().unwrap()
    }

    #[test]
    fn every_code_is_proven_in_its_file_and_nowhere_else() {
        for codes in [1, 2, 64, 65, 1000] {
            let index = built(codes);
            let anchor = index.anchor();
            assert_eq!(anchor.bounds(), Ok(()));
            assert_eq!((anchor.size, anchor.lots.len()), (codes.into(), codes.min(3) as usize));
            let files: Vec<CodeFile> = index.files().collect();
            assert_eq!(files.len(), 1 << anchor.prefix_bits);
            let mut found = 0;
            for file in &files {
                let bytes = codec::encode(file);
                assert_eq!(codec::decode::<CodeFile>(&bytes).as_ref(), Ok(file));
                let mut key = Hash32([0; 32]);
                key.0[..3].copy_from_slice(&file.prefix.to_be_bytes()[1..]);
                let bits = anchor.prefix_bits;
                let entries = verify_prefix::<Sm3>(&anchor.root, bits, &key, &file.bucket).unwrap();
                assert_eq!(entries.len(), file.targets.len());
                for (entry, target) in entries.iter().zip(&file.targets) {
                    assert_eq!(entry.value_hash, target.value_hash());
                    assert_eq!(entry.key, code_key(&format!("WY{:06}", target.index)));
                    found += 1;
                }
            }
            assert_eq!(found, codes);
        }
    }

    #[test]
    fn files_are_cut_small() {
        assert_eq!(built(64).anchor().prefix_bits, 0);
        assert_eq!(built(65).anchor().prefix_bits, 1);
        assert_eq!(built(1000).anchor().prefix_bits, 4);
        assert!(built(1000).files().all(|file| file.targets.len() < 128));
    }

    #[test]
    fn a_crowded_prefix_is_cut_further() {
        let mut codes = BTreeMap::new();
        for index in 0..5000u32 {
            let mut key = Hash32([0; 32]);
            key.0[1] = (index % 2) as u8 * 0x80;
            key.0[28..].copy_from_slice(&index.to_be_bytes());
            codes.insert(key, target(index));
        }
        assert_eq!(prefix_bits(&codes), Some(9));
        codes.values_mut().for_each(|to| to.index = 0);
        let alike = codes.into_iter().map(|(mut key, to)| {
            key.0[1] = 0;
            (key, to)
        });
        assert_eq!(prefix_bits(&alike.collect()), None);
    }

    #[test]
    fn the_order_of_the_codes_does_not_matter() {
        let mut backwards = builder();
        for index in (0..100).rev() {
            backwards.add(&format!("WY{index:06}"), target(index)).unwrap();
        }
        assert_eq!(backwards.finish().unwrap().anchor(), built(100).anchor());
    }

    #[test]
    fn a_code_outside_the_namespace_is_refused() {
        for code in ["WX123456", "WY12345", "", "(01)06901234567892(21)1"] {
            let refused = Err(IndexError::ForeignCode { code: code.into() });
            assert_eq!(builder().add(code, target(0)), refused);
        }
        let mut gtins = IndexBuilder::new(Namespace::Gtin("0690123".into())).unwrap();
        assert_eq!(gtins.add(&gtin_code("06901234567892", "7"), target(0)), Ok(()));
        for code in
            ["(01)06911234567892(21)7", "(01)06901234567892", "(01)06901234567892(21)", "(01)酒"]
        {
            let refused = Err(IndexError::ForeignCode { code: code.into() });
            assert_eq!(gtins.add(code, target(0)), refused);
        }
    }

    #[test]
    fn one_code_stands_for_one_item() {
        let mut builder = builder();
        builder.add("WY123456", target(0)).unwrap();
        let twice = Err(IndexError::CodeTwice { code: "WY123456".into() });
        assert_eq!(builder.add("WY123456", target(1)), twice);
    }

    #[test]
    fn an_index_leads_into_at_most_1024_lots() {
        let mut builder = builder();
        let target = |lot: u32| {
            let lot = u64::from(lot).to_be_bytes();
            CodeTarget { lot: LotId(lot), index: 0 }
        };
        for lot in 0..1024 {
            builder.add(&format!("WY{lot:06}"), target(lot)).unwrap();
        }
        assert_eq!(builder.add("WY001024", target(7)), Ok(()));
        let refused = Err(IndexError::TooManyLots { max: 1024 });
        assert_eq!(builder.add("WY001025", target(1024)), refused);
        assert_eq!(builder.finish().unwrap().anchor().bounds(), Ok(()));
    }

    #[test]
    fn an_index_needs_codes_and_a_namespace_that_has_them() {
        assert_eq!(builder().finish().unwrap_err(), IndexError::Empty);
        for namespace in [Namespace::Brand("Reverie".into()), Namespace::Pattern("x".into())] {
            assert_eq!(IndexBuilder::new(namespace).unwrap_err(), IndexError::Namespace);
        }
    }
}
