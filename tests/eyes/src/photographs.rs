//! A folder of pictures, each read by all engines by turns.

use crate::args::Args;
use crate::clock::{median, timed};
use crate::engine::{self, Engine, Seen};
use crate::judge::{Judged, Known};
use crate::manifest::{Picture, pictures};
use crate::table::{Missed, Table};

/// From this many milliseconds on, a picture is read once only by that engine.
const SLOW: f64 = 300.0;

pub(crate) fn run(args: &Args) -> Result<(), String> {
    let folder = args.pictures()?;
    let all = pictures(&folder)?;
    let known = Known::of(&all);
    let chosen: Vec<_> = all.into_iter().filter(|picture| args.wants_set(picture.set())).collect();
    let mut engines = engine::named(&args.engines)?;
    let mut table = Table::new(engines.iter().map(|engine| engine.name()).collect());
    for (done, picture) in chosen.iter().enumerate() {
        progress(done, chosen.len());
        let frame = picture.frame(&folder)?;
        let (seen, times) = by_turns(&mut engines, args.rounds, &frame);
        let seen: Vec<_> = engines.iter().map(|engine| engine.family()).zip(seen).collect();
        let judged = known.judge(picture, &seen);
        table.add(picture, &judged, &times);
        if args.failures {
            table.missed.extend(missed(picture, &judged, &engines));
        }
    }
    progress(chosen.len(), chosen.len());
    table.print(args.json);
    Ok(())
}

/// What each engine sees, and the median of its times.
fn by_turns(
    engines: &mut [Box<dyn Engine>],
    rounds: usize,
    frame: &sealight_tag::luma::LumaFrame,
) -> (Vec<Vec<Seen>>, Vec<f64>) {
    let mut seen = vec![Vec::new(); engines.len()];
    let mut times = vec![Vec::new(); engines.len()];
    for round in 0..rounds {
        for turn in 0..engines.len() {
            // Another one begins each round: what lies in the caches favours nobody.
            let at = (turn + round) % engines.len();
            if times[at].first().is_some_and(|first| *first > SLOW) {
                continue;
            }
            let (readings, time) = timed(|| engine::read(engines[at].as_mut(), frame));
            times[at].push(time);
            seen[at] = readings;
        }
    }
    (seen, times.iter_mut().map(|times| median(times)).collect())
}

/// Engines that read more of a picture than the first.
fn missed(picture: &Picture, judged: &[Judged], engines: &[Box<dyn Engine>]) -> Option<Missed> {
    let first = judged.first()?.right;
    let better = engines.iter().zip(judged).filter(|(_, judged)| judged.right > first);
    let better: Vec<_> = better.map(|(engine, judged)| (engine.name(), judged.right)).collect();
    let file = picture.file.clone();
    (!better.is_empty()).then_some(Missed { file, codes: picture.codes, first, better })
}

/// Says how far it is, on a terminal only.
fn progress(done: usize, all: usize) {
    use std::io::IsTerminal;
    if std::io::stderr().is_terminal() {
        eprint!("\r{done} of {all} pictures{}", if done == all { "\n" } else { "" });
    }
}
