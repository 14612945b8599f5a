//! The readers, one file each, behind one port.

mod ours;
mod quircs;
mod rqrr;
mod rxing;
#[cfg(feature = "zxing-cpp")]
mod zxing_cpp;

use encoding_rs::SHIFT_JIS;
use sealight_tag::luma::LumaFrame;
use sealight_tag::qr::PreviewReader;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Readers that descend from the same code err alike, so they confirm each other in nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Family {
    /// zxing-cpp and rxing.
    Zxing,
    /// quircs and rqrr, whose decoder ours uses too.
    Quirc,
}

/// One reading of one code.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Seen {
    /// What it says.
    pub(crate) text: String,
    /// Where it stands in the picture.
    pub(crate) middle: (f32, f32),
    /// How far it reaches from there.
    pub(crate) reach: f32,
}

/// A reader.
pub(crate) trait Engine {
    fn name(&self) -> &'static str;
    fn family(&self) -> Family;
    /// All QR codes of a still picture.
    fn read(&mut self, frame: &LumaFrame) -> Vec<Seen>;
}

/// All there are, ours first.
pub(crate) fn all() -> Vec<Box<dyn Engine>> {
    vec![
        Box::new(<ours::Ours>::default()),
        #[cfg(feature = "zxing-cpp")]
        Box::new(zxing_cpp::ZxingCpp::new()),
        Box::new(rxing::Rxing),
        Box::new(rqrr::Rqrr),
        Box::new(quircs::Quircs),
    ]
}

/// The same, made for frames of a stream: only ours remembers anything from one to the next.
pub(crate) fn streaming(names: &[String]) -> Result<Vec<Box<dyn Engine>>, String> {
    let mut engines = named(names)?;
    for engine in &mut engines {
        if engine.name() == <ours::Ours>::default().name() {
            *engine = Box::new(ours::Ours::<PreviewReader>::default());
        }
    }
    Ok(engines)
}

/// Those of these names, or all.
pub(crate) fn named(names: &[String]) -> Result<Vec<Box<dyn Engine>>, String> {
    if let Some(none) = names.iter().find(|name| all().iter().all(|e| e.name() != name.as_str())) {
        return Err(format!("no engine {none} in this build"));
    }
    let wanted =
        |engine: &dyn Engine| names.is_empty() || names.iter().any(|name| name == engine.name());
    Ok(all().into_iter().filter(|engine| wanted(engine.as_ref())).collect())
}

/// Reads; a reader that panics has read nothing.
pub(crate) fn read(engine: &mut dyn Engine, frame: &LumaFrame) -> Vec<Seen> {
    catch_unwind(AssertUnwindSafe(|| engine.read(frame))).unwrap_or_default()
}

impl Seen {
    /// A reading by the corners that its reader gives.
    fn new(text: String, corners: &[(f32, f32)]) -> Self {
        let count = corners.len().max(1) as f32;
        let sum = corners.iter().fold((0.0, 0.0), |sum, at| (sum.0 + at.0, sum.1 + at.1));
        let middle = (sum.0 / count, sum.1 / count);
        let away = |at: &(f32, f32)| (at.0 - middle.0).hypot(at.1 - middle.1);
        let reach = corners.iter().map(away).fold(0.0, f32::max);
        Self { text, middle, reach }
    }
}

/// Text of bytes as the standard's readers guess it: UTF-8, else Shift JIS, else Latin-1.
fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| {
        let bytes = error.as_bytes();
        let japanese = SHIFT_JIS.decode_without_bom_handling_and_without_replacement(bytes);
        japanese.map_or_else(|| bytes.iter().map(|byte| char::from(*byte)).collect(), Into::into)
    })
}
