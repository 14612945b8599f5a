//! Frames of 1920 by 1080 pixels without a code, as a stream shows them: in plain read passes as
//! well as milliseconds.

use crate::args::Args;
use crate::clock::{median, timed};
use crate::engine;
use sealight_tag::luma::LumaFrame;
use std::hint::black_box;

const SIDES: (usize, usize) = (1920, 1080);

pub(crate) fn run(args: &Args) -> Result<(), String> {
    let mut engines = engine::streaming(&args.engines)?;
    let rounds = args.rounds.max(9);
    let mut lines = Vec::new();
    for (name, frame) in [("blank", blank()), ("wood", wood()), ("text", text())] {
        let mut passes = Vec::new();
        let mut times = vec![Vec::new(); engines.len()];
        for _ in 0..rounds {
            // Ten at once: one alone is too short for the clock.
            passes.push(timed(|| (0..10).for_each(|_| _ = pass(&frame))).1 / 10.0);
            for (engine, times) in engines.iter_mut().zip(&mut times) {
                let (seen, time) = timed(|| engine::read(engine.as_mut(), &frame));
                if !seen.is_empty() {
                    return Err(format!("{} reads {} codes of nothing", engine.name(), seen.len()));
                }
                times.push(time);
            }
        }
        let pass = median(&mut passes);
        for (engine, times) in engines.iter().zip(&mut times) {
            let ms = median(times);
            lines.push(serde_json::json!({
                "frame": name, "engine": engine.name(), "ms": ms, "passes": ms / pass, "pass_ms": pass,
            }));
        }
    }
    for line in lines {
        if args.json {
            println!("{line}");
        } else {
            let word = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
            let number = |key: &str| line[key].as_f64().unwrap_or_default();
            let (frame, engine) = (word("frame"), word("engine"));
            println!(
                "{frame:6} {engine:10} {:7.2} ms {:6.1} passes",
                number("ms"),
                number("passes")
            );
        }
    }
    Ok(())
}

/// Looks at every pixel once: the least that a reader can do.
fn pass(frame: &LumaFrame) -> u64 {
    black_box(black_box(frame).pixels().iter().map(|pixel| u64::from(*pixel)).sum())
}

fn drawn(light: impl Fn(usize, usize) -> f32) -> LumaFrame {
    // A sensor's noise, the same in every run.
    let mut noise = 0x5ea1_u32;
    let mut pixels = Vec::with_capacity(SIDES.0 * SIDES.1);
    for y in 0..SIDES.1 {
        for x in 0..SIDES.0 {
            noise ^= noise << 13;
            noise ^= noise >> 17;
            noise ^= noise << 5;
            pixels.push((light(x, y) + (noise % 17) as f32 - 8.0).clamp(0.0, 255.0) as u8);
        }
    }
    LumaFrame::new(SIDES.0, SIDES.1, pixels).expect("sides of a frame")
}

fn blank() -> LumaFrame {
    drawn(|_, _| 180.0)
}

/// Something with a grain and a shadow, so that thresholds have work to do.
fn wood() -> LumaFrame {
    drawn(|x, y| {
        let (x, y) = (x as f32 / 1920.0, y as f32 / 1080.0);
        130.0 + 60.0 * x - 40.0 * y + 25.0 * (40.0 * (y + 0.08 * (9.0 * x).sin())).sin()
    })
}

/// Rows of what looks like print: dark blots of many widths, where a search for patterns stumbles.
fn text() -> LumaFrame {
    drawn(|x, y| {
        let (row, within) = (y / 28, y % 28);
        let letter = (x / 13 + row * 97) as u32;
        let mixed = letter.wrapping_mul(2_654_435_761).rotate_left(11) ^ (row as u32 * 40_503);
        let stroke = mixed >> (x % 13 / 3 + within / 5 * 4) & 1 == 1;
        if within < 18 && stroke { 50.0 } else { 215.0 }
    })
}
