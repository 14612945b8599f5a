//! Pictures, of a folder or made by code, each read by all engines by turns.

use crate::args::Args;
use crate::clock::{median, timed};
use crate::engine::{self, Engine, Seen};
use crate::judge::{Judged, Known};
use crate::manifest::{Picture, pictures};
use crate::table::{Missed, Table};
use sealight_pictures::{CHANGES, CLASSES, draw};
use sealight_tag::luma::LumaFrame;
use std::path::Path;

/// From this many milliseconds on, a picture is read once only by that engine.
const SLOW: f64 = 300.0;

/// One picture to read, and how to come by it.
type Source<'a> = (Picture, Box<dyn Fn() -> Result<LumaFrame, String> + 'a>);

/// The pictures of a folder.
pub(crate) fn run(args: &Args) -> Result<(), String> {
    let folder = args.pictures()?;
    let all = pictures(&folder)?;
    let known = Known::of(&all);
    let sources = all.into_iter().map(|picture| -> Source<'_> {
        let (of, folder) = (picture.clone(), &folder);
        (picture, Box::new(move || of.frame(folder)))
    });
    compare(args, &known, sources.collect())
}

/// The same pictures, each changed in several ways.
pub(crate) fn changed(args: &Args) -> Result<(), String> {
    let folder = args.pictures()?;
    let mut sources: Vec<Source<'_>> = Vec::new();
    for picture in pictures(&folder)? {
        for (name, change) in CHANGES {
            let (of, folder) = (picture.clone(), &folder);
            let file = format!("{name}/{}", picture.file);
            let changed = Picture { file, ..picture.clone() };
            sources.push((changed, Box::new(move || Ok(change.of(&of.frame(folder)?)))));
        }
    }
    let all: Vec<_> = sources.iter().map(|(picture, _)| picture.clone()).collect();
    compare(args, &Known::of(&all), sources)
}

/// Pictures made by code.
pub(crate) fn drawn(args: &Args) -> Result<(), String> {
    let classes = CLASSES.into_iter().chain(["empty"]).filter(|class| args.wants_set(class));
    let mut sources: Vec<Source<'_>> = Vec::new();
    for class in classes {
        for number in 0..args.pictures_a_class {
            // A crowd counts as much as many pictures.
            if class == "crowd" && number % 8 > 0 {
                continue;
            }
            let texts = draw(class, number).texts;
            let file = format!("{class}/{number}");
            let picture = Picture { file, codes: texts.len(), payloads: texts };
            sources.push((picture, Box::new(move || Ok(draw(class, number).frame))));
        }
    }
    let all: Vec<_> = sources.iter().map(|(picture, _)| picture.clone()).collect();
    match &args.save {
        Some(folder) => save(folder, sources),
        None => compare(args, &Known::of(&all), sources),
    }
}

/// Writes pictures as binary PGM files.
fn save(folder: &Path, sources: Vec<Source<'_>>) -> Result<(), String> {
    for (picture, frame) in sources {
        let (frame, at) = (frame()?, folder.join(picture.file).with_extension("pgm"));
        let head = format!("P5 {} {} 255\n", frame.width(), frame.height());
        let file = [head.as_bytes(), frame.pixels()].concat();
        let made = std::fs::create_dir_all(at.parent().unwrap_or(folder));
        let written = made.and_then(|()| std::fs::write(&at, file));
        written.map_err(|error| format!("{}: {error}", at.display()))?;
    }
    Ok(())
}

/// Reads them all by all engines and prints the sums.
fn compare(args: &Args, known: &Known, sources: Vec<Source<'_>>) -> Result<(), String> {
    let mut engines = engine::named(&args.engines)?;
    let mut table = Table::new(engines.iter().map(|engine| engine.name()).collect());
    let wanted = |(picture, _): &Source<'_>| args.wants_set(picture.set());
    let chosen: Vec<_> = sources.into_iter().filter(wanted).collect();
    for (done, (picture, frame)) in chosen.iter().enumerate() {
        progress(done, chosen.len());
        let (seen, times) = by_turns(&mut engines, args.rounds, &frame()?);
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
    frame: &LumaFrame,
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
