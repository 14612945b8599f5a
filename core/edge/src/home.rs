//! A device's home folder and its configuration file.
//!
//! | name | what |
//! |---|---|
//! | `store.db` | the store; see [`crate::store`] |
//! | `trust` | the signed trust file that a person added, or the newest that followed it, in place of the program's own |
//! | `config.json` | the configuration |
//! | `shop.signed`, `shop.serial` | what its operator set: see [`crate::operator`] |
//! | `reports/ID.letter` | sealed reports that wait for a network: see [`crate::outbox`] |
//! | `pictures/HASH` | pictures of products: see [`crate::pictures`] |
//! | `packs/ID.pack` | packs that were imported: see [`Home::packs`] |
//! | `days/DATE.json` | a day in figures: see [`crate::days`] |
//! | `pin`, `pin-tries`, `exit-key` | who may open the staff's page: see [`crate::pin`], [`crate::stick`] |
//! | `scanner` | the keys of a scanner that types: see `sealight_tag::wedge::Layout` |
//!
//! Blocks for the disk. On Unix the folder can be entered by its owner only. Where it stands by
//! itself differs: `$XDG_DATA_HOME` or `~/.local/share` on Linux, `~/Library/Application Support` on
//! macOS, `%APPDATA%` on Windows; on a phone the shell names it.

use crate::net::{GatewayUrl, UrlError};
use crate::outbox::Outbox;
use crate::pictures::Pictures;
use sealight_verify::codec::Versioned;
use sealight_verify::format::ids::LedgerId;
use sealight_verify::hash::Hash32;
use sealight_verify::trust::{SignedTrustFile, TrustFile, open};
use serde::{Deserialize, Serialize};
use std::io::Read;
use std::path::{Path, PathBuf};

/// Most bytes of the configuration.
pub const MAX_CONFIG: usize = 64 * 1024;

/// The folder of one device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home(PathBuf);

/// Why a home folder or its configuration is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HomeError {
    /// The file system fails, or forbids.
    Io {
        /// Which file or folder.
        path: PathBuf,
        /// What the system says.
        why: String,
    },
    /// A file longer than it may be.
    TooLong {
        /// Which file.
        path: PathBuf,
        /// Most bytes.
        max: usize,
    },
    /// The configuration is not the JSON that it must be.
    Malformed {
        /// What the reader says.
        why: String,
    },
    /// A configuration for a newer program.
    UnknownVersion {
        /// Its version.
        got: u32,
    },
    /// A configuration older than the one before.
    NotNewer {
        /// Serial of the one before.
        have: u64,
        /// Serial found.
        got: u64,
    },
    /// A ledger that the trust file does not list, or that is no ledger id.
    UnknownLedger {
        /// As it is written.
        ledger: String,
    },
    /// A gateway's address that is none.
    Gateway(UrlError),
}

impl core::fmt::Display for HomeError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Io { path, why } => write!(f, "{}: {why}", path.display()),
            Self::TooLong { path, max } => {
                write!(f, "{}: more than {max} bytes", path.display())
            }
            Self::Malformed { why } => write!(f, "configuration: {why}"),
            Self::UnknownVersion { got } => write!(f, "configuration version {got} is too new"),
            Self::NotNewer { have, got } => {
                write!(f, "configuration {got} is older than {have}, which was in force")
            }
            Self::UnknownLedger { ledger } => {
                write!(f, "configuration: ledger {ledger} is not in the trust file")
            }
            Self::Gateway(error) => write!(f, "configuration: {error}"),
        }
    }
}

impl core::error::Error for HomeError {}

/// What a person or an operator of many devices sets. It chooses among the trust file's ledgers and
/// adds ways to reach them; it has no word for trust, so it can neither add nor loosen any.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Config {
    /// Rises with every new one.
    pub serial: u64,
    /// After this moment, in seconds since 1970, it counts for nothing; none lasts.
    pub expires: Option<i64>,
    /// The ledgers in use; all of the trust file's where it is empty.
    pub ledgers: Vec<LedgerId>,
    /// Gateways that are asked first.
    pub gateways: Vec<GatewayUrl>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    version: u32,
    #[serde(default)]
    serial: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires: Option<i64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    ledgers: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    gateways: Vec<String>,
}

impl Home {
    /// The folder at this path, made where it is missing.
    ///
    /// # Errors
    /// [`HomeError::Io`] where it cannot be made.
    pub fn open(path: &Path) -> Result<Self, HomeError> {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(path).map_err(|error| io(path, &error))?;
        Ok(Self(path.to_owned()))
    }

    /// Where the home stands by itself; none where the platform does not say.
    pub fn usual() -> Option<PathBuf> {
        let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        let home = || set("HOME").map(PathBuf::from);
        let data = if cfg!(windows) {
            set("APPDATA").map(PathBuf::from)
        } else if cfg!(target_os = "macos") {
            home().map(|home| home.join("Library/Application Support"))
        } else {
            let data = set("XDG_DATA_HOME").map(PathBuf::from);
            data.or_else(|| home().map(|home| home.join(".local/share")))
        };
        data.map(|data| data.join("sealight"))
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The store's file.
    pub fn store(&self) -> PathBuf {
        self.0.join("store.db")
    }

    /// The folder of a kiosk's days.
    pub fn days(&self) -> PathBuf {
        self.0.join("days")
    }

    /// The keys of a scanner that types, as `sealight_tag::wedge::Layout` writes them; untrusted.
    ///
    /// # Errors
    /// [`HomeError::Io`], and [`HomeError::TooLong`] for what no layout can be.
    pub fn scanner(&self) -> Result<Option<String>, HomeError> {
        let bytes = read(&self.0.join("scanner"), sealight_tag::wedge::Layout::MAX_LEN)?;
        Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// Keeps the keys of a scanner that types.
    ///
    /// # Errors
    /// [`HomeError::Io`].
    pub fn put_scanner(&self, text: &str) -> Result<(), HomeError> {
        write(&self.0.join("scanner"), text.as_bytes())
    }

    /// Sealed reports that wait for a network.
    pub fn outbox(&self) -> Outbox {
        Outbox::new(&self.0.join("reports"))
    }

    /// Pictures of products, as they came to be shown.
    pub fn pictures(&self) -> Pictures {
        Pictures::new(&self.0.join("pictures"))
    }

    /// The folder of imported packs.
    pub fn packs(&self) -> PathBuf {
        self.0.join("packs")
    }

    /// Where an imported pack is.
    pub fn pack(&self, id: &Hash32) -> PathBuf {
        self.packs().join(format!("{id}.pack"))
    }

    /// Addresses of the imported packs, for [`crate::client::Online::with_packs`]; untrusted.
    pub fn pack_urls(&self) -> Vec<GatewayUrl> {
        let files = std::fs::read_dir(self.packs()).into_iter().flatten().flatten();
        let mut paths: Vec<PathBuf> = files.map(|file| file.path()).collect();
        paths.retain(|path| path.extension().is_some_and(|end| end == "pack"));
        paths.sort();
        let absolute = paths.into_iter().filter_map(|path| std::path::absolute(path).ok());
        absolute.filter_map(|path| GatewayUrl::of_file(&path).ok()).collect()
    }

    /// The signed trust file that a person added, or the newest that followed it, if there is one;
    /// untrusted until opened.
    ///
    /// # Errors
    /// [`HomeError::Io`], and [`HomeError::TooLong`] for what no signed trust file can be.
    pub fn trust(&self) -> Result<Option<Vec<u8>>, HomeError> {
        read(&self.0.join("trust"), SignedTrustFile::MAX_LEN)
    }

    /// Puts a signed trust file in the place of the one before.
    ///
    /// # Errors
    /// [`HomeError::Io`] where it cannot be written.
    pub fn put_trust(&self, bytes: &[u8]) -> Result<(), HomeError> {
        write(&self.0.join("trust"), bytes)
    }

    /// Puts a trust file that follows the one before in its place; a lower serial never comes back.
    /// What is there and is no trust file, or longer than any, is in nobody's way.
    ///
    /// # Errors
    /// [`HomeError::Io`].
    pub fn renew_trust(&self, bytes: &[u8], serial: u64) -> Result<(), HomeError> {
        let there = match self.trust() {
            Err(HomeError::TooLong { .. }) => None,
            there => there?,
        };
        match there.and_then(|bytes| open(&bytes).ok()) {
            Some(have) if have.serial >= serial => Ok(()),
            _ => self.put_trust(bytes),
        }
    }

    /// The configuration; the empty one where there is no file.
    ///
    /// # Errors
    /// [`HomeError::Io`], and those of [`Config::decode`].
    pub fn config(&self, trust: &TrustFile) -> Result<Config, HomeError> {
        match read(&self.0.join("config.json"), MAX_CONFIG)? {
            Some(bytes) => Config::decode(&bytes, trust),
            None => Ok(Config::default()),
        }
    }

    /// The configuration that counts now; one that is not taken counts for nothing, and why is told.
    /// `now` is the [`present`](crate::operator::present()), which no clock sets back.
    pub fn config_in_force(
        &self,
        trust: &TrustFile,
        now: sealight_verify::time::Timestamp,
    ) -> (Config, Option<HomeError>) {
        match self.config(trust) {
            Ok(config) => (config.in_force(now), None),
            Err(error) => (Config::default(), Some(error)),
        }
    }

    /// Puts a configuration in the place of one that is not newer. One that counts for nothing,
    /// since it is damaged or its ledger is gone, is in nobody's way; its serial holds where it can
    /// be read.
    ///
    /// # Errors
    /// [`HomeError::NotNewer`] for a lower serial than the one before, and [`HomeError::Io`].
    pub fn put_config(&self, config: &Config) -> Result<(), HomeError> {
        let have = self.serial()?;
        if config.serial < have {
            return Err(HomeError::NotNewer { have, got: config.serial });
        }
        write(&self.0.join("config.json"), &config.encode())
    }

    /// Serial of the configuration that is there, in force or not; 0 where it has none.
    fn serial(&self) -> Result<u64, HomeError> {
        let bytes = match read(&self.0.join("config.json"), MAX_CONFIG) {
            Err(HomeError::TooLong { .. }) => None,
            read => read?,
        };
        let value = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let serial = value.and_then(|value: serde_json::Value| value.get("serial")?.as_u64());
        Ok(serial.unwrap_or(0))
    }
}

impl Config {
    /// Reads a configuration and holds it against the trust file.
    ///
    /// # Errors
    /// [`HomeError::TooLong`] for more than [`MAX_CONFIG`] bytes, [`HomeError::Malformed`],
    /// [`HomeError::UnknownVersion`], [`HomeError::UnknownLedger`] for a ledger that the trust file
    /// does not list, and [`HomeError::Gateway`] for an address that is none.
    pub fn decode(bytes: &[u8], trust: &TrustFile) -> Result<Self, HomeError> {
        let max = MAX_CONFIG;
        if bytes.len() > max {
            return Err(HomeError::TooLong { path: "config.json".into(), max });
        }
        let malformed = |error: serde_json::Error| HomeError::Malformed { why: error.to_string() };
        let value: serde_json::Value = serde_json::from_slice(bytes).map_err(malformed)?;
        let version = value.get("version").and_then(serde_json::Value::as_u64);
        match version.map(|version| u32::try_from(version).unwrap_or(u32::MAX)) {
            Some(1) => {}
            Some(got) => return Err(HomeError::UnknownVersion { got }),
            None => return Err(HomeError::Malformed { why: "no version".into() }),
        }
        let written: Written = serde_json::from_value(value).map_err(malformed)?;
        let ledger = |text: &String| {
            let id = LedgerId::from_hex(text).filter(|id| trust.ledger(id).is_some());
            id.ok_or_else(|| HomeError::UnknownLedger { ledger: text.chars().take(64).collect() })
        };
        let gateway = |text: &String| GatewayUrl::configured(text).map_err(HomeError::Gateway);
        Ok(Self {
            serial: written.serial,
            expires: written.expires,
            ledgers: written.ledgers.iter().map(ledger).collect::<Result<_, _>>()?,
            gateways: written.gateways.iter().map(gateway).collect::<Result<_, _>>()?,
        })
    }

    /// The configuration as it is written.
    pub fn encode(&self) -> Vec<u8> {
        let written = Written {
            version: 1,
            serial: self.serial,
            expires: self.expires,
            ledgers: self.ledgers.iter().map(ToString::to_string).collect(),
            gateways: self.gateways.iter().map(|url| url.given().to_owned()).collect(),
        };
        // Strings and numbers only: writing them as JSON cannot fail.
        serde_json::to_vec_pretty(&written).unwrap_or_default()
    }

    /// The configuration, or the empty one once it has expired; `now` as
    /// [`Home::config_in_force`] says.
    pub fn in_force(self, now: sealight_verify::time::Timestamp) -> Self {
        let over = self.expires.is_some_and(|expires| now.secs() > expires);
        if over { Self { serial: self.serial, ..Self::default() } } else { self }
    }
}

pub(crate) fn read(path: &Path, max: usize) -> Result<Option<Vec<u8>>, HomeError> {
    // A pipe might be waited for for ever.
    if std::fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        return Err(io(path, &std::io::ErrorKind::InvalidInput.into()));
    }
    let file = match std::fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(io(path, &error)),
    };
    let mut bytes = Vec::new();
    file.take(max as u64 + 1).read_to_end(&mut bytes).map_err(|error| io(path, &error))?;
    if bytes.len() > max {
        return Err(HomeError::TooLong { path: path.to_owned(), max });
    }
    Ok(Some(bytes))
}

/// Whole or not at all: written beside, made durable, then moved into its place.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), HomeError> {
    let beside = path.with_extension("new");
    let written = std::fs::File::create(&beside).and_then(|mut file| {
        std::io::Write::write_all(&mut file, bytes).and_then(|()| file.sync_all())
    });
    let moved = written.and_then(|()| std::fs::rename(&beside, path));
    if moved.is_err() {
        // Half a file is none, and takes up room.
        let _ = std::fs::remove_file(&beside);
    }
    moved.and_then(|()| keep_name(path)).map_err(|error| io(path, &error))
}

/// The new name outlasts a lost power supply; Windows gives no handle to a folder for that.
fn keep_name(path: &Path) -> std::io::Result<()> {
    match path.parent() {
        Some(folder) if cfg!(unix) => std::fs::File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

fn io(path: &Path, error: &std::io::Error) -> HomeError {
    HomeError::Io { path: path.to_owned(), why: error.to_string() }
}

#[cfg(test)]
pub(crate) mod tests;
