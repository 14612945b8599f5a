//! Where a chunk belongs: its path on a web server.

use crate::format::ids::{LedgerId, LotId};
use crate::hash::Hash32;
use alloc::string::String;
use core::fmt;

/// Where a chunk belongs. What stands under a height or a hash never changes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// `/pack/1/head`: where to begin, a [`super::PackHead`]; the one that is replaced.
    Head,
    /// `/trust/SERIAL`: a signed trust file.
    Trust(u64),
    /// `/checkpoint/LEDGER`: the newest signed checkpoint.
    Checkpoint(LedgerId),
    /// `/pack/1/block/HEIGHT`: a light block.
    Block(u64),
    /// `/pack/1/recalls/HEIGHT`: the feed of recalls from its start; a hint.
    Recalls(u64),
    /// `/pack/1/lots/HEIGHT`: the lots, a [`super::LotList`]; a hint.
    Lots(u64),
    /// `/pack/1/words/TAG`: texts of a language, for people; no program shows them as its own.
    Words(String),
    /// `/pack/1/index/HEIGHT/KEY`: state of a code index by the map key of its namespace.
    Index(u64, Hash32),
    /// `/index/ROOT/BITS/PREFIX`: a code file.
    Codes(Hash32, u8, u32),
    /// `/pack/1/lot/HEIGHT/LOT`: state of a lot without life and item.
    Lot(u64, LotId),
    /// `/pack/1/life/LOT/LIFE_ROOT/BUCKET`: a [`super::LifeFile`] of a touched lot.
    Life(LotId, Hash32, u32),
    /// `/lot/ROOT/BUCKET`: a bucket file.
    Bucket(Hash32, u32),
    /// `/picture/HASH`: a picture's file; in no pack.
    Picture(Hash32),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Head => f.write_str("/pack/1/head"),
            Self::Trust(serial) => write!(f, "/trust/{serial}"),
            Self::Checkpoint(ledger) => write!(f, "/checkpoint/{ledger}"),
            Self::Block(height) => write!(f, "/pack/1/block/{height}"),
            Self::Recalls(height) => write!(f, "/pack/1/recalls/{height}"),
            Self::Lots(height) => write!(f, "/pack/1/lots/{height}"),
            Self::Words(tag) => write!(f, "/pack/1/words/{tag}"),
            Self::Index(height, key) => write!(f, "/pack/1/index/{height}/{key}"),
            Self::Codes(root, bits, prefix) => write!(f, "/index/{root}/{bits}/{prefix}"),
            Self::Lot(height, lot) => write!(f, "/pack/1/lot/{height}/{lot}"),
            Self::Life(lot, root, bucket) => write!(f, "/pack/1/life/{lot}/{root}/{bucket}"),
            Self::Bucket(root, bucket) => write!(f, "/lot/{root}/{bucket}"),
            Self::Picture(hash) => write!(f, "/picture/{hash}"),
        }
    }
}

impl Place {
    /// Longest path.
    pub const MAX_LEN: usize = 160;

    /// Reads a path in its one form.
    pub fn from_path(path: &str) -> Option<Self> {
        if path.len() > Self::MAX_LEN {
            return None;
        }
        let mut parts = [""; 6];
        let mut count = 0;
        for part in path.strip_prefix('/')?.split('/') {
            *parts.get_mut(count)? = part;
            count += 1;
        }
        let place = Self::of(&parts[..count])?;
        // Hex has two cases and a path one form.
        is_form_of(path, &place).then_some(place)
    }

    fn of(parts: &[&str]) -> Option<Self> {
        Some(match parts {
            ["trust", serial] => Self::Trust(number(serial)?),
            ["checkpoint", ledger] => Self::Checkpoint(LedgerId::from_hex(ledger)?),
            ["lot", root, bucket] => Self::Bucket(Hash32::from_hex(root)?, number(bucket)?),
            ["picture", hash] => Self::Picture(Hash32::from_hex(hash)?),
            ["index", root, bits, prefix] => {
                Self::Codes(Hash32::from_hex(root)?, number(bits)?, number(prefix)?)
            }
            ["pack", "1", rest @ ..] => match rest {
                ["head"] => Self::Head,
                ["block", height] => Self::Block(number(height)?),
                ["recalls", height] => Self::Recalls(number(height)?),
                ["lots", height] => Self::Lots(number(height)?),
                ["words", tag] if is_tag(tag) => Self::Words((*tag).into()),
                ["index", height, key] => Self::Index(number(height)?, Hash32::from_hex(key)?),
                ["lot", height, lot] => Self::Lot(number(height)?, LotId::from_hex(lot)?),
                ["life", lot, root, bucket] => {
                    Self::Life(LotId::from_hex(lot)?, Hash32::from_hex(root)?, number(bucket)?)
                }
                _ => return None,
            },
            _ => return None,
        })
    }

    /// Whether what stands here never changes, whatever happens on the ledger: a pack that builds
    /// on another one leaves it out.
    pub fn is_for_ever(&self) -> bool {
        match self {
            Self::Head
            | Self::Checkpoint(_)
            | Self::Recalls(_)
            | Self::Lots(_)
            | Self::Index(..)
            | Self::Lot(..) => false,
            Self::Trust(_)
            | Self::Block(_)
            | Self::Words(_)
            | Self::Codes(..)
            | Self::Life(..)
            | Self::Bucket(..)
            | Self::Picture(_) => true,
        }
    }
}

fn number<T: core::str::FromStr>(text: &str) -> Option<T> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| plain)
}

fn is_tag(text: &str) -> bool {
    let fit = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (1..=16).contains(&text.len()) && text.bytes().all(fit)
}

fn is_form_of(path: &str, place: &Place) -> bool {
    use core::fmt::Write;
    struct Rest<'a>(&'a str);
    impl Write for Rest<'_> {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            self.0 = self.0.strip_prefix(text).ok_or(fmt::Error)?;
            Ok(())
        }
    }
    let mut rest = Rest(path);
    write!(rest, "{place}").is_ok() && rest.0.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn a_place_has_one_path_and_a_path_one_place() {
        let (lot, root) = (LotId([0xab; 8]), Hash32([0xcd; 32]));
        for place in [
            Place::Head,
            Place::Trust(3),
            Place::Checkpoint(LedgerId([1; 32])),
            Place::Block(u64::MAX),
            Place::Recalls(7),
            Place::Lots(7),
            Place::Words("zh-CN".into()),
            Place::Index(7, root),
            Place::Codes(root, 24, 0xff_ffff),
            Place::Lot(7, lot),
            Place::Life(lot, root, u32::MAX),
            Place::Bucket(root, 0),
            Place::Picture(root),
        ] {
            let path = place.to_string();
            assert!(path.len() <= Place::MAX_LEN, "{path}");
            assert_eq!(Place::from_path(&path), Some(place), "{path}");
        }
    }

    #[test]
    fn another_form_of_a_path_is_none() {
        for path in [
            "",
            "/",
            "/pack/1/head/",
            "/pack/2/head",
            "pack/1/head",
            "/pack/1/block/07",
            "/pack/1/block/+7",
            "/pack/1/block/7/8",
            "/pack/1/lot/7/ABABABABABABABAB",
            "/pack/1/words/../head",
            "/pack/1/words/",
            "/lot/../../etc/passwd/0",
        ] {
            assert_eq!(Place::from_path(path), None, "{path}");
        }
        assert_eq!(Place::from_path(&"/x".repeat(200)), None);
    }
}
