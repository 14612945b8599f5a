//! Reading a label beside the libraries that the reader is made of.

use super::{Claim, NotShown, Report, Run};
use crate::bench::pair;
use crate::bench::scene::{frame, label, scene};
use rxing::helpers::detect_multiple_in_luma_with_hints;
use rxing::{BarcodeFormat, DecodeHints};
use sealight_tag::deadline::Unbounded;
use sealight_tag::luma::LumaFrame;
use sealight_tag::qr::{CodeReader, FrameReader};
use std::collections::HashSet;
use std::hint::black_box;

pub(super) const CLAIMS: &[Claim] = &[Claim {
    name: "qr-frame",
    group: "speed",
    about: "a label is read in at most 1.5 times what rxing alone takes, drawn or in a 1080p frame",
    clock: true,
    run: Run::Here(frames),
}];

const LIMIT: f64 = 1.5;
const LABELS: u32 = 8;

fn frames(report: &mut Report) -> Result<(), NotShown> {
    let files: Vec<Vec<u8>> =
        (0..LABELS).map(|n| label(n, 8)).collect::<Result<_, _>>().map_err(NotShown::broken)?;
    let labels: Vec<LumaFrame> = files.iter().map(|file| frame(file)).collect();
    let side = labels[0].width() as f64;
    beside(report, "drawn label", &labels, LIMIT)?;
    report.figure("its side", side, "pixels");
    let seen = scene(1920, 1080, Some((&labels[0], 420)));
    beside(report, "1080p frame with a label", &[seen], LIMIT)?;
    // No code: every step is taken, and there is no limit but the deadline of whoever asks.
    let nothing = scene(1920, 1080, None);
    let times = pair(5, || _ = black_box(ours(&nothing)), || _ = black_box(rxing_alone(&nothing)));
    report.figure("1080p frame without a code", times.ours / 1e6, "ms");
    report.figure("the same by rxing alone", times.peer / 1e6, "ms");
    Ok(())
}

/// Ours by rxing, ours by rqrr; all must read what is there.
fn beside(
    report: &mut Report,
    what: &str,
    frames: &[LumaFrame],
    limit: f64,
) -> Result<(), NotShown> {
    let each = frames.len() as f64 * 1e6;
    let read = |reader: fn(&LumaFrame) -> usize| frames.iter().filter(|f| reader(f) == 1).count();
    let (own, first, second) = (read(ours), read(rxing_alone), read(rqrr_alone));
    let first_times = pair(
        15,
        || frames.iter().for_each(|frame| _ = black_box(ours(frame))),
        || frames.iter().for_each(|frame| _ = black_box(rxing_alone(frame))),
    );
    let second_times = pair(
        9,
        || frames.iter().for_each(|frame| _ = black_box(ours(frame))),
        || frames.iter().for_each(|frame| _ = black_box(rqrr_alone(frame))),
    );
    report.at_least(&format!("{what}, read"), own as f64, frames.len() as f64, "")?;
    report.figure(&format!("{what}, read by rxing"), first as f64, "");
    report.figure(&format!("{what}, read by rqrr"), second as f64, "");
    report.figure(&format!("{what}, ours"), first_times.ours / each, "ms");
    report.figure(&format!("{what}, rxing"), first_times.peer / each, "ms");
    report.figure(&format!("{what}, rqrr"), second_times.peer / each, "ms");
    report.figure(&format!("{what}, ours by rqrr"), second_times.ratio, "x");
    report.at_most(&format!("{what}, ours by rxing"), first_times.ratio, limit, "x")
}

fn ours(frame: &LumaFrame) -> usize {
    FrameReader::default().read(black_box(frame), &Unbounded).len()
}

/// All QR codes, as its own helper looks for them.
fn rxing_alone(frame: &LumaFrame) -> usize {
    let mut hints = DecodeHints {
        PossibleFormats: Some(HashSet::from([BarcodeFormat::QR_CODE])),
        ..DecodeHints::default()
    };
    let (width, height) = (frame.width() as u32, frame.height() as u32);
    let pixels = black_box(frame).pixels().to_vec();
    detect_multiple_in_luma_with_hints(pixels, width, height, &mut hints).map_or(0, |c| c.len())
}

/// All QR codes, as its documentation looks for them.
fn rqrr_alone(frame: &LumaFrame) -> usize {
    let (width, pixels) = (frame.width(), black_box(frame).pixels());
    let at = |x, y| pixels[y * width + x];
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, frame.height(), at);
    image.detect_grids().iter().filter(|grid| grid.decode().is_ok()).count()
}
