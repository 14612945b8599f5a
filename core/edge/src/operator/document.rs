//! The document: what an operator may set, each part bounded.
//!
//! ```json
//! { "version": 1, "serial": 7, "expires": 1830000000,
//!   "name": "Market Hall", "colour": "#14532D",
//!   "languages": ["zh-CN", "en"],
//!   "hours": [{ "days": [1, 2, 3, 4, 5, 6, 7], "from": "08:00", "to": "22:00" }],
//!   "patience": 150, "sound": "low",
//!   "ledgers": ["…64 hex digits…"],
//!   "configuration": "https://kiosks.example/shop-12",
//!   "updates": "https://kiosks.example/program",
//!   "keep_days": 90, "metrics": false }
//! ```
//!
//! `version`, `serial` and `expires` (seconds since 1970) must be there; what else is absent stays
//! as the kiosk was started. The first language is the one that it returns to.

use super::colour::Colour;
use super::error::{ConfigError, ShopError};
use crate::net::GatewayUrl;
use sealight_flow::{Language, Opening, Sign};
use sealight_tag::clean::shown;
use sealight_verify::format::ids::LedgerId;
use sealight_verify::time::Timestamp;
use sealight_verify::trust::TrustFile;
use serde::Deserialize;
use serde_json::{Value, json};

/// Most bytes of the document.
pub const MAX_DOCUMENT: usize = 24 * 1024;
/// Most characters of a shop's name.
const MAX_NAME: usize = 40;
/// Most languages, spans of hours and ledgers.
const MAX_LANGUAGES: usize = 16;
const MAX_SPANS: usize = 14;
const MAX_LEDGERS: usize = 64;

/// The one version of the document that there is.
const VERSION: u64 = 1;

/// Every field, so that one of a newer format is told by its name.
const FIELDS: [&str; 14] = [
    "version",
    "serial",
    "expires",
    "name",
    "colour",
    "languages",
    "hours",
    "patience",
    "sound",
    "ledgers",
    "configuration",
    "updates",
    "keep_days",
    "metrics",
];

/// How loud a kiosk is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sound {
    /// Not at all.
    Off,
    /// Below speech.
    Low,
    /// As built.
    Normal,
}

impl Sound {
    /// Its name, as the document and the kiosk's page have it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Low => "low",
            Self::Normal => "normal",
        }
    }
}

/// What an operator sets on a kiosk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shop {
    /// Rises with every new document; 1 or more.
    pub serial: u64,
    /// After this moment it counts for nothing.
    pub expires: Timestamp,
    /// Name, hours and languages of the shop.
    pub sign: Sign,
    /// Colour of the first screen's field.
    pub colour: Option<Colour>,
    /// How long screens stay, in percent of the usual time, 10 to 1000.
    pub patience: Option<u32>,
    /// How loud it is.
    pub sound: Option<Sound>,
    /// The ledgers in use; all of the trust file's where it is empty.
    pub ledgers: Vec<LedgerId>,
    /// The folder that newer documents come from.
    pub configuration: Option<GatewayUrl>,
    /// The folder that updates of the program come from.
    pub updates: Option<GatewayUrl>,
    /// For how many days the shop's own files are kept, 1 to 400.
    pub keep_days: Option<u16>,
    /// Whether counters are served on this machine alone.
    pub metrics: Option<bool>,
}

#[derive(Deserialize)]
struct Written {
    serial: u64,
    expires: i64,
    name: Option<String>,
    colour: Option<String>,
    #[serde(default)]
    languages: Vec<String>,
    #[serde(default)]
    hours: Vec<Span>,
    patience: Option<u64>,
    sound: Option<Sound>,
    #[serde(default)]
    ledgers: Vec<String>,
    configuration: Option<String>,
    updates: Option<String>,
    keep_days: Option<u64>,
    metrics: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Span {
    days: Vec<u8>,
    from: String,
    to: String,
}

impl Shop {
    /// Whether its time is over.
    pub fn is_over(&self, now: Timestamp) -> bool {
        now > self.expires
    }

    /// Reads a document.
    ///
    /// # Errors
    /// The first rule that it breaks; see [`ShopError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, ShopError> {
        let written = written(bytes)?;
        if written.serial == 0 {
            return Err(ShopError::NoSerial);
        }
        let name = written.name.map(name).transpose()?;
        let languages =
            list("languages", &written.languages, MAX_LANGUAGES, |_, tag| language(tag))?;
        let hours = list("hours", &written.hours, MAX_SPANS, opening)?;
        let range =
            |field, got: Option<u64>, range| got.map(|got| in_range(field, got, range)).transpose();
        let patience = range("patience", written.patience, (10, 1000))?;
        let keep_days = range("keep_days", written.keep_days, (1, 400))?;
        Ok(Self {
            serial: written.serial,
            expires: Timestamp::from_unix_secs(written.expires),
            sign: Sign { name, hours, languages },
            colour: written.colour.as_deref().map(Colour::field).transpose()?,
            patience: patience.and_then(|percent| u32::try_from(percent).ok()),
            sound: written.sound,
            ledgers: list("ledgers", &written.ledgers, MAX_LEDGERS, |_, id| ledger(id))?,
            configuration: folder("configuration", written.configuration)?,
            updates: folder("updates", written.updates)?,
            keep_days: keep_days.and_then(|days| u16::try_from(days).ok()),
            metrics: written.metrics,
        })
    }

    /// It chooses among the ledgers of the trust file and never adds one.
    pub(super) fn fits(&self, trust: &TrustFile) -> Result<(), ConfigError> {
        match self.ledgers.iter().find(|id| trust.ledger(id).is_none()) {
            None => Ok(()),
            Some(ledger) => Err(ConfigError::UnknownLedger { ledger: ledger.to_string() }),
        }
    }

    /// The document again, for people and programs.
    pub fn document(&self) -> Value {
        let clock = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
        let span = |span: &Opening| {
            let (from, to) = span.minutes();
            json!({ "days": span.days().collect::<Vec<_>>(), "from": clock(from), "to": clock(to) })
        };
        let url = |url: &Option<GatewayUrl>| url.as_ref().map(|url| url.given().to_owned());
        json!({
            "version": VERSION,
            "serial": self.serial,
            "expires": self.expires.secs(),
            "name": self.sign.name,
            "colour": self.colour.map(|colour| colour.to_string()),
            "languages": self.sign.languages,
            "hours": self.sign.hours.iter().map(span).collect::<Vec<_>>(),
            "patience": self.patience,
            "sound": self.sound.map(Sound::name),
            "ledgers": self.ledgers,
            "configuration": url(&self.configuration),
            "updates": url(&self.updates),
            "keep_days": self.keep_days,
            "metrics": self.metrics,
        })
    }
}

fn written(bytes: &[u8]) -> Result<Written, ShopError> {
    if bytes.len() > MAX_DOCUMENT {
        return Err(ShopError::TooLong { got: bytes.len(), max: MAX_DOCUMENT });
    }
    let malformed = |why: &dyn ToString| ShopError::Malformed { why: why.to_string() };
    let value: Value = serde_json::from_slice(bytes).map_err(|error| malformed(&error))?;
    let fields = value.as_object().ok_or_else(|| malformed(&"no object"))?;
    let version = fields.get("version").and_then(Value::as_u64);
    match version.ok_or_else(|| malformed(&"no version"))? {
        VERSION => {}
        got => return Err(ShopError::UnknownVersion { got }),
    }
    if let Some(name) = fields.keys().find(|name| !FIELDS.contains(&name.as_str())) {
        return Err(ShopError::UnknownField { name: cut(name) });
    }
    serde_json::from_value(value).map_err(|error| malformed(&error))
}

/// A name that shows what it is: nothing hidden, turned around or endless in it.
fn name(name: String) -> Result<String, ShopError> {
    let got = name.chars().count();
    if got > MAX_NAME {
        return Err(ShopError::NameTooLong { got, max: MAX_NAME });
    }
    if name.is_empty() || shown(&name) != name { Err(ShopError::NameHides) } else { Ok(name) }
}

/// Exactly a tag that the program has words for: a configuration says what it means.
fn language(tag: &str) -> Result<Language, ShopError> {
    let known = Language::all().find(|language| language.tag() == tag);
    known.ok_or_else(|| ShopError::Language { got: cut(tag) })
}

fn opening(at: usize, span: &Span) -> Result<Opening, ShopError> {
    let minutes = |text: &str| {
        let (hour, minute) = text.split_once(':')?;
        let two = |part: &str| {
            let digits = part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
            digits.then(|| part.parse::<u16>().ok())?
        };
        let (hour, minute) = (two(hour)?, two(minute)?);
        (hour <= 24 && minute < 60).then_some(hour * 60 + minute)
    };
    let fit = minutes(&span.from).zip(minutes(&span.to));
    let fit = fit.filter(|_| span.days.len() <= 7);
    fit.and_then(|(from, to)| Opening::new(&span.days, from, to)).ok_or(ShopError::Hours { at })
}

fn ledger(text: &str) -> Result<LedgerId, ShopError> {
    LedgerId::from_hex(text).ok_or_else(|| ShopError::LedgerId { got: cut(text) })
}

/// A folder as a signed file may name it: none on this device, and only this one without TLS.
fn folder(field: &'static str, text: Option<String>) -> Result<Option<GatewayUrl>, ShopError> {
    let listed = text.map(|text| GatewayUrl::listed(&text)).transpose();
    listed.map_err(|why| ShopError::Url { field, why })
}

fn in_range(field: &'static str, got: u64, range: (u64, u64)) -> Result<u64, ShopError> {
    let fit = (range.0..=range.1).contains(&got);
    if fit { Ok(got) } else { Err(ShopError::OutOfRange { field, got, range }) }
}

fn list<T, U>(
    field: &'static str,
    all: &[T],
    max: usize,
    mut each: impl FnMut(usize, &T) -> Result<U, ShopError>,
) -> Result<Vec<U>, ShopError> {
    if all.len() > max {
        return Err(ShopError::TooMany { field, got: all.len(), max });
    }
    all.iter().enumerate().map(|(at, one)| each(at, one)).collect()
}

fn cut(text: &str) -> String {
    text.chars().take(32).collect()
}
