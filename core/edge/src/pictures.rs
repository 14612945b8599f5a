//! Pictures of products, which count by their hash alone, wherever they come from.
//!
//! | where | what is looked at |
//! |---|---|
//! | a gateway, the device's folder | length, hash, format and sides, in this order, and that it neither moves nor is drawn in many scans; the pixels are left to who draws |
//!
//! Blocks for the disk, and for the network where a gateway is asked. The folder holds the
//! [`MOST`] that came last, so it never grows beyond 32 MiB.

use crate::cancel::Cancel;
use crate::net::Gateway;
use sealight_tag::picture::{self as file, Facts};
use sealight_verify::format::picture;
use sealight_verify::hash::Hash32;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Most pictures that are kept.
pub const MOST: usize = 64;

/// Why a file is not the picture that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoPicture {
    /// More bytes than a picture may have.
    TooLong,
    /// Another file.
    OtherHash,
    /// No PNG or JPEG, or a damaged one, or one that moves or is drawn in many scans.
    Unreadable(file::PictureError),
    /// Longer sides than a picture may have.
    TooLarge {
        /// Pixels of the longer side.
        side: usize,
    },
}

impl core::fmt::Display for NoPicture {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::TooLong => write!(f, "a picture has at most {} bytes", picture::MAX_LEN),
            Self::OtherHash => f.write_str("the picture has another hash than the record says"),
            Self::Unreadable(error) => write!(f, "{error}"),
            Self::TooLarge { side } => {
                write!(f, "a picture of {side} pixels a side, most are {}", picture::MAX_SIDE)
            }
        }
    }
}

impl core::error::Error for NoPicture {}

/// A picture whose hash is the one that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    bytes: Vec<u8>,
    media_type: &'static str,
}

impl Picture {
    /// Takes a file for the picture with this hash.
    ///
    /// # Errors
    /// [`NoPicture`]: too long, another one, unreadable or none to be shown, or too large.
    pub fn checked(hash: &Hash32, bytes: Vec<u8>) -> Result<Self, NoPicture> {
        if bytes.len() > picture::MAX_LEN {
            return Err(NoPicture::TooLong);
        }
        if picture::hash(&bytes) != *hash {
            return Err(NoPicture::OtherHash);
        }
        let Facts { media_type, width, height } =
            file::facts(&bytes).map_err(NoPicture::Unreadable)?;
        let side = width.max(height);
        if side > picture::MAX_SIDE {
            return Err(NoPicture::TooLarge { side });
        }
        Ok(Self { bytes, media_type })
    }

    /// The file.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Its media type, such as `image/png`.
    pub fn media_type(&self) -> &'static str {
        self.media_type
    }
}

/// The folder of pictures of a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pictures(PathBuf);

impl Pictures {
    pub(crate) fn new(folder: &Path) -> Self {
        Self(folder.to_owned())
    }

    /// The picture that is kept; none where it is not, or is no longer what it was.
    pub fn kept(&self, hash: &Hash32) -> Option<Picture> {
        let mut bytes = Vec::new();
        let opened = fs::File::open(self.at(hash)).ok()?;
        opened.take(picture::MAX_LEN as u64 + 1).read_to_end(&mut bytes).ok()?;
        Picture::checked(hash, bytes).ok()
    }

    /// The picture from the folder, or from a gateway of these, which is then kept. None where
    /// nobody has it: a picture is no proof, and its want is told to nobody.
    pub fn find(&self, hash: &Hash32, gateways: &[Gateway], cancel: &Cancel) -> Option<Picture> {
        if let Some(kept) = self.kept(hash) {
            return Some(kept);
        }
        let found = gateways.iter().find_map(|gateway| {
            let bytes = gateway.picture(hash, cancel).ok()?;
            Picture::checked(hash, bytes).ok()
        })?;
        // Not kept, it is fetched again.
        let _ = self.keep(hash, &found);
        Some(found)
    }

    /// Keeps a picture, in place of the oldest where there are [`MOST`].
    ///
    /// # Errors
    /// The file system's.
    pub fn keep(&self, hash: &Hash32, picture: &Picture) -> std::io::Result<()> {
        fs::create_dir_all(&self.0)?;
        let half = self.0.join(format!("{hash}.half"));
        fs::write(&half, &picture.bytes)?;
        fs::rename(&half, self.at(hash))?;
        self.thin()
    }

    fn thin(&self) -> std::io::Result<()> {
        let mut files: Vec<(SystemTime, PathBuf)> = fs::read_dir(&self.0)?
            .flatten()
            .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
            .collect();
        files.sort();
        let over = files.len().saturating_sub(MOST);
        files.iter().take(over).try_for_each(|(_, path)| fs::remove_file(path))
    }

    fn at(&self, hash: &Hash32) -> PathBuf {
        self.0.join(hash.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::{GatewayUrl, Http, Timeouts};
    use std::sync::Arc;

    /// A line of pixels.
    fn png(width: u16) -> Vec<u8> {
        let mut bytes = Vec::new();
        let luma = vec![7; usize::from(width)];
        let mut encoder = png::Encoder::new(&mut bytes, u32::from(width), 1);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.write_header().unwrap().write_image_data(&luma).unwrap();
        bytes
    }

    #[test]
    fn a_file_counts_by_length_hash_format_and_sides() {
        let good = png(3);
        let hash = picture::hash(&good);
        let picture = Picture::checked(&hash, good.clone()).unwrap();
        assert_eq!((picture.bytes(), picture.media_type()), (&*good, "image/png"));
        let no = |bytes: Vec<u8>| Picture::checked(&picture::hash(&bytes), bytes).unwrap_err();
        assert_eq!(Picture::checked(&hash, png(4)), Err(NoPicture::OtherHash));
        assert_eq!(no(vec![0; picture::MAX_LEN + 1]), NoPicture::TooLong);
        assert_eq!(no(b"<svg/>".into()), NoPicture::Unreadable(file::PictureError::UnknownFormat));
        assert_eq!(no(png(3000)), NoPicture::TooLarge { side: 3000 });
        assert!(matches!(no(good[..20].into()), NoPicture::Unreadable(_)));
    }

    /// The PNG of three pixels with the chunk of APNG behind its header, which ends after 33 bytes.
    fn moving() -> Vec<u8> {
        let mut file = png(3);
        file.splice(33..33, *b"\0\0\0\x08acTL\0\0\0\x02\0\0\0\0sum?");
        file
    }

    /// A JPEG of 8 pixels a side by this frame header, drawn so often.
    fn jpeg(sof: u8, scans: usize) -> Vec<u8> {
        let frame = [0xff, sof, 0, 11, 8, 0, 8, 0, 8, 1, 1, 0x11, 0];
        let scan = [0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 0];
        [&[0xff_u8, 0xd8][..], &frame, &scan.repeat(scans), &[0xff, 0xd9]].concat()
    }

    #[test]
    fn a_file_that_moves_or_is_drawn_in_many_scans_counts_for_nothing() {
        use file::PictureError::{Animated, NotSequential, TooManyScans};
        let no = |bytes: Vec<u8>| Picture::checked(&picture::hash(&bytes), bytes).map(|_| ());
        assert_eq!(no(moving()), Err(NoPicture::Unreadable(Animated)));
        assert_eq!(no(jpeg(0xc0, 1)), Ok(()));
        assert_eq!(no(jpeg(0xc2, 1)), Err(NoPicture::Unreadable(NotSequential)));
        let got = 40_000;
        assert_eq!(no(jpeg(0xc0, got)), Err(NoPicture::Unreadable(TooManyScans { got })));
    }

    #[test]
    fn a_site_gives_it_once_and_then_it_is_here_and_an_edited_one_is_fetched_again() {
        let scratch =
            std::env::temp_dir().join(format!("sealight-pictures-{}", std::process::id()));
        let site = scratch.join("site");
        let good = png(5);
        let hash = picture::hash(&good);
        let place = site.join("picture").join(hash.to_string());
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(&place, &good).unwrap();
        let http = Arc::new(Http::new(Timeouts::default()));
        let gateways = [Gateway::new(GatewayUrl::of_file(&site).unwrap(), http)];
        let pictures = Pictures::new(&scratch.join("pictures"));
        let find = || pictures.find(&hash, &gateways, &Cancel::default()).map(|one| one.bytes);
        assert_eq!(pictures.kept(&hash), None);
        assert_eq!(find(), Some(good.clone()));
        assert!(pictures.kept(&hash).is_some());
        fs::write(pictures.at(&hash), b"another").unwrap();
        assert_eq!(find(), Some(good.clone()));
        // A gateway that gives something else gives nothing.
        fs::write(pictures.at(&hash), b"another").unwrap();
        fs::write(&place, png(6)).unwrap();
        assert_eq!(find(), None);
        fs::remove_dir_all(&scratch).unwrap();
    }

    #[test]
    fn the_oldest_go_first() {
        let folder = std::env::temp_dir().join(format!("sealight-thin-{}", std::process::id()));
        let pictures = Pictures::new(&folder);
        let keep = |width: u16| {
            let bytes = png(width);
            let hash = picture::hash(&bytes);
            pictures.keep(&hash, &Picture::checked(&hash, bytes).unwrap()).unwrap();
            hash
        };
        let first = keep(1);
        let old = fs::File::options().write(true).open(pictures.at(&first)).unwrap();
        old.set_modified(SystemTime::UNIX_EPOCH).unwrap();
        (2..=MOST as u16).for_each(|width| _ = keep(width));
        assert!(pictures.kept(&first).is_some());
        keep(MOST as u16 + 1);
        assert_eq!(pictures.kept(&first), None);
        assert_eq!(fs::read_dir(&folder).unwrap().count(), MOST);
        fs::remove_dir_all(&folder).unwrap();
    }
}
