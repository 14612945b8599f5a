//! Bar codes, line by line.
//!
//! A line alone is a weak witness: some of these codes have no check character, and all of them
//! can be seen in letters and grilles. A code is reported once several lines agree on it.

use super::{bitmap, code, hints};
use crate::deadline::Deadline;
use crate::gs1::{ElementString, GS};
use crate::luma::LumaFrame;
use crate::qr::{Code, Symbology};
use crate::shield::shielded;
use rxing::common::{BitArray, LineOrientation};
use rxing::oned::{MultiFormatOneDReader, OneDReader};
use rxing::{BarcodeFormat, DecodeHints, Point, RXingResult};

/// About so many lines are looked at in each direction.
const LINES: usize = 64;

/// Fewer changes between dark and light than the shortest code has.
const LEAST_EDGES: usize = 20;

/// Bar codes of a view, upright, lying or upside down; the deadline is asked before each line.
pub(super) fn read(view: &LumaFrame, deadline: &dyn Deadline) -> Vec<Code> {
    let hints = hints([
        BarcodeFormat::EAN_13,
        BarcodeFormat::UPC_A,
        BarcodeFormat::EAN_8,
        BarcodeFormat::UPC_E,
        BarcodeFormat::CODE_128,
        BarcodeFormat::CODE_39,
        BarcodeFormat::CODE_93,
        BarcodeFormat::ITF,
        BarcodeFormat::CODABAR,
        BarcodeFormat::RSS_14,
        BarcodeFormat::RSS_EXPANDED,
    ]);
    for way in [LineOrientation::Row, LineOrientation::Column] {
        let codes = along(view, way, &hints, deadline);
        if !codes.is_empty() {
            return codes;
        }
    }
    Vec::new()
}

/// Codes whose bars are crossed by lines that run this way.
fn along(
    view: &LumaFrame,
    way: LineOrientation,
    hints: &DecodeHints,
    deadline: &dyn Deadline,
) -> Vec<Code> {
    let rows = matches!(way, LineOrientation::Row);
    let side = if rows { view.height() } else { view.width() };
    let Some(bitmap) = bitmap(view) else { return Vec::new() };
    let mut reader = MultiFormatOneDReader::new(hints);
    let mut seen: Vec<(Code, usize)> = Vec::new();
    for at in outward(side) {
        if deadline.expired() {
            break;
        }
        let line = shielded(|| {
            let line = bitmap.get_black_line(at, way).ok()?;
            (edges(&line) >= LEAST_EDGES).then(|| line.into_owned())
        });
        let Some(line) = line.flatten() else { continue };
        let Some(result) = shielded(|| decode(&mut reader, at, line, hints)) else {
            // What a panic left in it is not to be trusted.
            reader = MultiFormatOneDReader::new(hints);
            continue;
        };
        let Some(mut code) = result.as_ref().and_then(code) else { continue };
        // The ends of the line; DataBar gives those of its finder patterns.
        if let [first, .., last] = code.corners[..] {
            code.corners = [first, last].map(|(x, y)| if rows { (x, y) } else { (y, x) }).into();
        }
        let same = |old: &&mut (Code, usize)| {
            old.0.symbology == code.symbology && old.0.bytes == code.bytes
        };
        match seen.iter_mut().find(same) {
            Some((_, lines)) => *lines += 1,
            None => seen.push((code, 1)),
        }
    }
    let agreed = seen.into_iter().filter(|(code, lines)| *lines >= enough(code.symbology));
    agreed.map(|(code, lines)| Code { confidence: confidence(lines), ..code }).collect()
}

/// One line forwards and, where that says nothing, backwards.
fn decode(
    reader: &mut MultiFormatOneDReader,
    at: usize,
    mut line: BitArray,
    hints: &DecodeHints,
) -> Option<RXingResult> {
    if let Ok(result) = reader.decode_row(at as u32, &line, hints) {
        return Some(result);
    }
    line.reverse();
    let mut result = reader.decode_row(at as u32, &line, hints).ok()?;
    let last = line.get_size() as f32 - 1.0;
    for point in result.getPointsMut() {
        *point = Point { x: last - point.x, y: point.y };
    }
    Some(result)
}

/// Lines from the middle outward.
fn outward(side: usize) -> impl Iterator<Item = usize> {
    let step = side.div_ceil(LINES);
    let middle = side / 2;
    (0..=LINES).filter_map(move |at| {
        let off = at.div_ceil(2) * step;
        let place = if at % 2 == 0 { middle.checked_add(off) } else { middle.checked_sub(off) };
        place.filter(|place| *place < side)
    })
}

fn edges(line: &BitArray) -> usize {
    let (mut count, mut at) = (0, 0);
    while at < line.get_size() {
        let dark = line.get(at);
        at = if dark { line.getNextUnset(at) } else { line.getNextSet(at) };
        count += 1;
    }
    count
}

/// How many lines have to agree: more where no check character stands for the code.
fn enough(symbology: Symbology) -> usize {
    match symbology {
        Symbology::Code39 | Symbology::Itf | Symbology::Codabar | Symbology::UpcE => 3,
        _ => 2,
    }
}

fn confidence(lines: usize) -> f32 {
    (0.5 + 0.1 * lines as f32).min(0.95)
}

/// What a bar code carries as text; none where it is too short to be one.
pub(super) fn content(symbology: Symbology, text: &str) -> Option<String> {
    Some(match symbology {
        // UPC-A is EAN-13 with a 0 before it (GS1 General Specifications, 5.2.3.2).
        Symbology::Ean13 => format!("{text:0>13}"),
        Symbology::UpcE => format!("0{}", upc_a(text)?),
        Symbology::Code128 => text.strip_prefix("]C1").unwrap_or(text).to_owned(),
        Symbology::DataBar => format!("01{text}"),
        Symbology::DataBarExpanded => elements(text)?,
        Symbology::Code39 | Symbology::Itf | Symbology::Codabar if text.len() < 4 => return None,
        _ => text.to_owned(),
    })
}

/// The UPC-A that a UPC-E stands for (GS1 General Specifications, 5.2.2.4.2): its check digit is
/// that of the longer number.
fn upc_a(text: &str) -> Option<String> {
    let digits: [u8; 8] = text.as_bytes().try_into().ok().filter(|d: &[u8; 8]| d.is_ascii())?;
    let text = std::str::from_utf8(&digits).ok()?;
    let (system, body, last, check) = (&text[..1], &text[1..6], &text[6..7], &text[7..]);
    Some(match last {
        "0" | "1" | "2" => format!("{system}{}{last}0000{}{check}", &body[..2], &body[2..]),
        "3" => format!("{system}{}00000{}{check}", &body[..3], &body[3..]),
        "4" => format!("{system}{}00000{}{check}", &body[..4], &body[4..]),
        _ => format!("{system}{body}0000{last}{check}"),
    })
}

/// An element string from the form for people, which is what the crate gives.
fn elements(text: &str) -> Option<String> {
    let elements = ElementString::parse_bracketed(text).ok()?;
    let each = elements.elements().iter().map(|e| format!("{}{}", e.ai(), e.value()));
    Some(each.collect::<Vec<_>>().join(&GS.to_string()))
}
