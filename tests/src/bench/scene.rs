//! Pictures of labels: as drawn, and as a camera would see one lying on something.

use sealight_issue::label::{LabelError, QrSymbol, seal_uri};
use sealight_tag::luma::LumaFrame;
use sealight_tag::picture;
use sealight_verify::format::ids::{LotId, ShortLedgerId};
use sealight_verify::format::seal::{SealCode, Secret};

/// How far a label lies turned in a scene, in radians.
const TURN: f32 = 0.15;

/// The label of a made-up seal as a PNG file.
///
/// # Errors
/// What keeps it from being drawn.
pub fn label(index: u32, module: u32) -> Result<Vec<u8>, LabelError> {
    let seal = SealCode {
        ledger: ShortLedgerId([7; 8]),
        lot: LotId(*b"Reverie!"),
        index,
        secret: Secret([index as u8; 16]),
    };
    QrSymbol::encode(&seal_uri("verify.example", &seal)?)?.png(module)
}

/// A scene with this label in its middle, `side` pixels wide and a little turned; without a label
/// the same background alone.
///
/// # Panics
/// Where the sides are no frame's.
#[must_use]
pub fn scene(width: usize, height: usize, label: Option<(&LumaFrame, usize)>) -> LumaFrame {
    let mut noise = Noise(0x5ea1);
    let (sin, cos) = TURN.sin_cos();
    let mut pixels = Vec::with_capacity(width * height);
    for y in 0..height {
        for x in 0..width {
            let (dx, dy) = (x as f32 - width as f32 / 2.0, y as f32 - height as f32 / 2.0);
            let (u, v) = (dx * cos + dy * sin, dy * cos - dx * sin);
            let light = match label.and_then(|(label, side)| printed(label, side as f32, u, v)) {
                Some(print) => 40.0 + 0.7 * print,
                None => wood(dx / width as f32, dy / height as f32),
            };
            pixels.push((light + noise.next()).clamp(0.0, 255.0) as u8);
        }
    }
    LumaFrame::new(width, height, pixels).expect("sides of a frame")
}

/// A drawn picture as a frame.
///
/// # Panics
/// Where it is none.
#[must_use]
pub fn frame(file: &[u8]) -> LumaFrame {
    picture::decode(file).expect("a drawn picture")
}

/// Brightness of the label at a place counted from its middle.
fn printed(label: &LumaFrame, side: f32, u: f32, v: f32) -> Option<f32> {
    let scale = label.width() as f32 / side;
    let place = |at: f32| {
        let at = (at + side / 2.0) * scale;
        (0.0..label.width() as f32).contains(&at).then_some(at as usize)
    };
    let (column, row) = (place(u)?, place(v)?);
    label.pixels().get(row * label.width() + column).map(|light| f32::from(*light))
}

/// Something with a grain and a shadow, so that thresholds have work to do.
fn wood(x: f32, y: f32) -> f32 {
    let grain = (40.0 * (y + 0.08 * (9.0 * x).sin())).sin();
    130.0 + 60.0 * x - 40.0 * y + 25.0 * grain
}

/// Noise of a sensor, the same in every run (xorshift).
struct Noise(u32);

impl Noise {
    fn next(&mut self) -> f32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        (self.0 % 17) as f32 - 8.0
    }
}
