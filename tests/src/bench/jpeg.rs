//! A photograph's file: baseline JPEG (ITU-T T.81) in colour, chroma halved both ways, as phones
//! write it.

use sealight_tag::luma::LumaFrame;
use std::f32::consts::PI;

/// Quantisation of brightness and of colour (T.81, tables K.1 and K.2, at a fifth: quality 90).
const QUANT: [[u8; 64]; 2] = [
    [
        3, 2, 2, 3, 5, 8, 10, 12, 2, 2, 3, 4, 5, 12, 12, 11, 3, 3, 3, 5, 8, 12, 14, 11, 3, 4, 4, 6,
        10, 18, 16, 12, 4, 4, 8, 11, 14, 22, 21, 16, 5, 7, 11, 13, 16, 21, 23, 18, 10, 13, 16, 18,
        21, 24, 24, 20, 14, 18, 19, 20, 22, 20, 21, 20,
    ],
    [
        4, 4, 5, 10, 20, 20, 20, 20, 4, 4, 5, 13, 20, 20, 20, 20, 5, 5, 11, 20, 20, 20, 20, 20, 10,
        13, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20,
        20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20,
    ],
];

/// Number of codes of each length (T.81, tables K.3 and K.5).
const DC_LENGTHS: [u8; 16] = [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0];
const AC_LENGTHS: [u8; 16] = [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 125];
/// Frequent symbols by falling frequency (T.81, table K.5); the rest follow by value.
const AC_FREQUENT: [u8; 37] = [
    0x01, 0x02, 0x03, 0x00, 0x04, 0x11, 0x05, 0x12, 0x21, 0x31, 0x41, 0x06, 0x13, 0x51, 0x61, 0x07,
    0x22, 0x71, 0x14, 0x32, 0x81, 0x91, 0xa1, 0x08, 0x23, 0x42, 0xb1, 0xc1, 0x15, 0x52, 0xd1, 0xf0,
    0x24, 0x33, 0x62, 0x72, 0x82,
];

/// The frame as a file, tinted so that its colour planes hold something.
///
/// # Panics
/// Where a side is more than 65,535 pixels, which no frame has.
#[must_use]
pub fn encode(frame: &LumaFrame) -> Vec<u8> {
    let (dc, ac) = (codes(&DC_LENGTHS, &dc_symbols()), codes(&AC_LENGTHS, &ac_symbols()));
    let mut file = head(frame);
    let mut bits = Bits { out: &mut file, held: 0, count: 0 };
    let (cosines, mut before) = (cosines(), [0i32; 3]);
    for top in (0..frame.height()).step_by(16) {
        for left in (0..frame.width()).step_by(16) {
            // Four blocks of brightness, then one of each colour.
            for part in 0..6usize {
                let (plane, table) = (part.saturating_sub(3), usize::from(part > 3));
                let sample = |x: usize, y: usize| match part {
                    0..=3 => light(frame, left + part % 2 * 8 + x, top + part / 2 * 8 + y),
                    4 => tint(left + 2 * x, frame.width()),
                    _ => -tint(top + 2 * y, frame.height()),
                };
                let block = transformed(&cosines, &QUANT[table], sample);
                bits.block(&block, &mut before[plane], &dc, &ac);
            }
        }
    }
    bits.end();
    file.extend([0xff, 0xd9]);
    file
}

/// Everything before the scan's own bits.
fn head(frame: &LumaFrame) -> Vec<u8> {
    let mut file = vec![0xff, 0xd8];
    let jfif = [b"JFIF\0".as_slice(), &[1, 1, 0, 0, 1, 0, 1, 0, 0]].concat();
    segment(&mut file, 0xe0, &jfif);
    for (at, table) in QUANT.iter().enumerate() {
        let in_order: Vec<u8> = zigzag().map(|place| table[place]).collect();
        segment(&mut file, 0xdb, &[&[at as u8][..], &in_order].concat());
    }
    let side = |pixels: usize| u16::try_from(pixels).expect("a frame's side").to_be_bytes();
    let sides = [side(frame.height()), side(frame.width())].concat();
    let planes = [3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1];
    segment(&mut file, 0xc0, &[&[8][..], &sides, &planes].concat());
    segment(&mut file, 0xc4, &[&[0x00][..], &DC_LENGTHS, &dc_symbols()].concat());
    segment(&mut file, 0xc4, &[&[0x10][..], &AC_LENGTHS, &ac_symbols()].concat());
    segment(&mut file, 0xda, &[3, 1, 0, 2, 0, 3, 0, 0, 63, 0]);
    file
}

fn segment(file: &mut Vec<u8>, marker: u8, body: &[u8]) {
    file.extend([0xff, marker]);
    file.extend((body.len() as u16 + 2).to_be_bytes());
    file.extend_from_slice(body);
}

fn dc_symbols() -> Vec<u8> {
    (0..12).collect()
}

fn ac_symbols() -> Vec<u8> {
    let all = (0x00..=0xfau8).filter(|symbol| match symbol {
        0x00 | 0xf0 => true,
        other => (1..=10).contains(&(other & 15)),
    });
    let rest = all.filter(|symbol| !AC_FREQUENT.contains(symbol));
    AC_FREQUENT.iter().copied().chain(rest).collect()
}

/// Code and its length by symbol (T.81, annex C).
fn codes(lengths: &[u8; 16], symbols: &[u8]) -> [(u32, u32); 256] {
    let (mut table, mut code, mut symbols) = ([(0, 0); 256], 0, symbols.iter());
    for (length, count) in (1..).zip(lengths) {
        for symbol in symbols.by_ref().take(usize::from(*count)) {
            table[usize::from(*symbol)] = (code, length);
            code += 1;
        }
        code <<= 1;
    }
    table
}

/// Places of a block in the order in which they are written (T.81, figure A.6).
fn zigzag() -> impl Iterator<Item = usize> {
    (0..15usize).flat_map(|sum| {
        let steps = (0..=sum).filter(move |step| *step < 8 && sum - step < 8);
        let places = steps
            .map(move |step| if sum % 2 == 0 { (sum - step, step) } else { (step, sum - step) });
        places.map(|(row, column)| row * 8 + column).collect::<Vec<_>>()
    })
}

fn light(frame: &LumaFrame, x: usize, y: usize) -> f32 {
    let (x, y) = (x.min(frame.width() - 1), y.min(frame.height() - 1));
    f32::from(frame.pixels()[y * frame.width() + x]) - 128.0
}

fn tint(at: usize, side: usize) -> f32 {
    20.0 * (12.0 * at as f32 / side as f32).sin()
}

fn cosines() -> [[f32; 8]; 8] {
    std::array::from_fn(|wave| {
        let scale = if wave == 0 { 0.125f32.sqrt() } else { 0.5 };
        std::array::from_fn(|x| scale * ((2 * x + 1) as f32 * wave as f32 * PI / 16.0).cos())
    })
}

/// Quantised waves of 8 by 8 samples (T.81, A.3.3 and A.3.4), in writing order.
fn transformed(
    cosines: &[[f32; 8]; 8],
    quant: &[u8; 64],
    sample: impl Fn(usize, usize) -> f32,
) -> [i32; 64] {
    let samples: [[f32; 8]; 8] = std::array::from_fn(|y| std::array::from_fn(|x| sample(x, y)));
    let rows: [[f32; 8]; 8] = std::array::from_fn(|y| {
        std::array::from_fn(|u| cosines[u].iter().zip(&samples[y]).map(|(c, s)| c * s).sum())
    });
    let mut places = zigzag();
    std::array::from_fn(|_| {
        let place = places.next().unwrap_or_default();
        let (v, u) = (place / 8, place % 8);
        let wave: f32 = (0..8).map(|y| cosines[v][y] * rows[y][u]).sum();
        (wave / f32::from(quant[place])).round() as i32
    })
}

/// Bits, highest first, with a zero byte after each 0xff (T.81, F.1.2.3).
struct Bits<'a> {
    out: &'a mut Vec<u8>,
    held: u64,
    count: u32,
}

impl Bits<'_> {
    fn push(&mut self, bits: u32, count: u32) {
        self.held = self.held << count | u64::from(bits);
        self.count += count;
        while self.count >= 8 {
            self.count -= 8;
            let byte = (self.held >> self.count) as u8;
            self.out.push(byte);
            if byte == 0xff {
                self.out.push(0);
            }
        }
    }

    fn end(&mut self) {
        self.push(0x7f, 7);
    }

    /// One block: its mean against the one before, then runs of zeros and what follows them.
    fn block(
        &mut self,
        block: &[i32; 64],
        before: &mut i32,
        dc: &[(u32, u32); 256],
        ac: &[(u32, u32); 256],
    ) {
        self.number(dc, 0, block[0] - *before);
        *before = block[0];
        let mut zeros = 0;
        for number in &block[1..] {
            if *number == 0 {
                zeros += 1;
                continue;
            }
            while zeros > 15 {
                self.push(ac[0xf0].0, ac[0xf0].1);
                zeros -= 16;
            }
            self.number(ac, zeros, *number);
            zeros = 0;
        }
        if zeros > 0 {
            self.push(ac[0].0, ac[0].1);
        }
    }

    fn number(&mut self, codes: &[(u32, u32); 256], zeros: usize, number: i32) {
        let size = 32 - number.unsigned_abs().leading_zeros();
        let (code, length) = codes[zeros << 4 | size as usize];
        self.push(code, length);
        // A negative number is written as the one below it, without its higher bits.
        let bits = if number < 0 { number - 1 } else { number };
        self.push(bits as u32 & ((1 << size) - 1), size);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sealight_tag::picture;

    #[test]
    fn a_photograph_comes_back_about_the_same() {
        let pixels: Vec<u8> = (0..50 * 40).map(|at| (at % 50 * 4 + at / 50) as u8).collect();
        let frame = LumaFrame::new(50, 40, pixels).unwrap();
        let back = picture::decode(&encode(&frame)).unwrap();
        assert_eq!((back.width(), back.height()), (50, 40));
        let off = frame.pixels().iter().zip(back.pixels()).map(|(one, two)| one.abs_diff(*two));
        let most = off.clone().max().unwrap();
        assert!(most < 24, "{most}");
        assert!(off.map(u64::from).sum::<u64>() < 3 * 50 * 40);
    }
}
