//! An NFC reader by libnfc, through nfc1, which this file alone names: ISO/IEC 14443-A at 106 kbit/s,
//! NFC Forum Type 2 tags.
//!
//! Readers at USB that libnfc knows are found by it; one at a serial port is named to it, in its own
//! configuration or in `LIBNFC_DEFAULT_DEVICE`, such as `pn532_uart:/dev/ttyUSB0`. The first is read.
//! `InListPassiveTarget` and, for each four pages, `InDataExchange` with READ; every call comes back
//! within half a second, from a reader that was unplugged too. Linux: a kernel driver that holds the
//! reader must go first (`pn533_usb`), and its node or port must be open to this program.
//!
//! What a tag sends is looked at here and in [`crate::tags::type2`]; libnfc itself takes a length
//! from cards of ISO/IEC 14443-4 (ATS) without looking, so that these are never asked for it.

use crate::tags::{ReaderError, TagError, TagReader, Uid, type2};
use nfc1::target_info::TargetInfo;
use nfc1::{BaudRate, Context, Device, Modulation, ModulationType, Property, Timeout};
use sealight_flow::Chips;
use sealight_tag::shield::shielded;
use sealight_verify::format::record::Carrier;

/// READ (NTAG213/215/216 data sheet, section 10.2; Type 2 Tag Operation Specification 1.1, 5.1).
const READ: u8 = 0x30;
/// Bits of SAK that chips of other protocols have: ISO/IEC 14443-4 and NFC-DEP (NFC Forum Digital
/// Protocol 1.1, section 4.8.2).
const OTHERS: u8 = 0x60;

const TYPE_A: Modulation =
    Modulation { modulation_type: ModulationType::Iso14443a, baud_rate: BaudRate::Baud106 };

/// An open reader.
pub struct Reader {
    /// Before the context, which it points into: fields end in this order.
    device: Device,
    _context: Context,
    name: String,
    tag: Option<Tag>,
}

/// The tag that is selected.
struct Tag {
    uid: Uid,
    sak: u8,
}

/// Opens the first reader.
///
/// # Errors
/// [`ReaderError::None`] where there is none that opens, or what it says while it is set up.
pub fn open() -> Result<Reader, ReaderError> {
    Reader::open_with(Context::open)
}

impl Reader {
    /// A connection is named by tests alone: nfc1 never frees that name, and a reader that is away is
    /// looked for every second.
    fn open_with(
        open: impl FnOnce(&mut Context) -> nfc1::Result<Device>,
    ) -> Result<Self, ReaderError> {
        let mut context = Context::new().map_err(|_| ReaderError::None)?;
        let device = open(&mut context).map_err(|_| ReaderError::None)?;
        let name = name_of(&device);
        let mut reader = Self { device, _context: context, name, tag: None };
        reader.set_up().map_err(|error| reader.fails(error))?;
        Ok(reader)
    }

    fn set_up(&mut self) -> nfc1::Result<()> {
        self.device.initiator_init()?;
        // A field without a tag is an answer, nothing to wait in.
        self.device.set_property_bool(Property::InfiniteSelect, false)?;
        self.device.set_property_bool(Property::AutoIso144434, false)
    }

    fn fails(&self, error: nfc1::Error) -> ReaderError {
        ReaderError::Fails { reader: self.name.clone(), why: error.to_string() }
    }

    /// The tag in the field, which answers to READ from then on.
    fn select(&mut self) -> nfc1::Result<Option<Tag>> {
        let target = self.device.initiator_select_passive_target(&TYPE_A)?;
        let TargetInfo::Iso14443a(info) = target.target_info else { return Ok(None) };
        // An empty field comes as a target without a UID.
        let uid = info.uid.get(..info.uid_len).and_then(Uid::new);
        Ok(uid.map(|uid| Tag { uid, sak: info.sak }))
    }

    /// Four pages. What is shorter is a refusal (NAK), which has 4 bits.
    fn pages(&mut self, page: u8) -> Result<[u8; type2::READ], TagError> {
        let sent = [READ, page];
        let got = self.device.initiator_transceive_bytes(&sent, type2::READ, Timeout::Default);
        got.ok().and_then(|got| got.try_into().ok()).ok_or(TagError::Refused { page })
    }
}

/// nfc1 panics over a name that is no UTF-8, which a foreign device may well have.
fn name_of(device: &Device) -> String {
    let name = shielded(|| device.name().to_owned());
    name.unwrap_or_else(|| "a reader without a name".to_owned())
}

impl TagReader for Reader {
    fn name(&self) -> &str {
        &self.name
    }

    /// Chips without keys alone: those that give codes (NTAG 424 DNA) or answer challenges speak
    /// ISO/IEC 14443-4, which is not spoken here.
    fn reads(&self) -> Chips {
        Chips::of(&[Carrier::Nfc])
    }

    fn look(&mut self) -> Result<Option<Uid>, ReaderError> {
        let rests = self.tag.take_if(|tag| tag.sak & OTHERS == 0);
        if let Some(tag) = rests.filter(|_| self.pages(0).is_ok()) {
            return Ok(Some(self.tag.insert(tag).uid.clone()));
        }
        self.tag = self.select().map_err(|error| self.fails(error))?;
        Ok(self.tag.as_ref().map(|tag| tag.uid.clone()))
    }

    fn read(&mut self) -> Result<Vec<u8>, TagError> {
        match &self.tag {
            Some(Tag { sak, .. }) if sak & OTHERS != 0 => Err(TagError::NotType2 { sak: *sak }),
            Some(_) => type2::message(|page| self.pages(page)),
            None => Err(TagError::Refused { page: 0 }),
        }
    }
}

#[cfg(all(test, unix))]
mod tests;
