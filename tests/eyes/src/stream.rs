//! Films, frame by frame: how long a frame takes at the median and at worst, and which frame is the
//! first to be read.

use crate::args::Args;
use crate::clock::{median, timed};
use crate::engine;
use sealight_pictures::FILMS;
use sealight_tag::luma::LumaFrame;

pub(crate) fn run(args: &Args) -> Result<(), String> {
    let films = FILMS.iter().filter(|film| args.wants_set(film.name));
    for film in films {
        let frames: Vec<LumaFrame> = (0..film.frames).map(|at| film.frame(at)).collect();
        // A new reader each round: what it remembers begins anew, and the least time of each frame
        // over the rounds is what it took without others' disturbance.
        let names: Vec<_> = engine::named(&args.engines)?.iter().map(|e| e.name()).collect();
        let mut sums: Vec<Sum> = names.iter().map(|name| Sum::new(name, frames.len())).collect();
        for round in 0..args.rounds {
            let mut engines = engine::streaming(&args.engines)?;
            for (at, frame) in frames.iter().enumerate() {
                for (engine, sum) in engines.iter_mut().zip(&mut sums) {
                    if round > 0 && sum.slow() {
                        continue;
                    }
                    let (seen, time) = timed(|| engine::read(engine.as_mut(), frame));
                    sum.times[at] = sum.times[at].min(time);
                    let texts = seen.iter().filter(|seen| Some(seen.text.as_str()) == film.text);
                    if round == 0 {
                        let right = texts.count();
                        sum.wrong += seen.len() - right;
                        sum.read += usize::from(right > 0);
                        sum.first = sum.first.or((right > 0).then_some(at));
                    }
                }
            }
        }
        if !args.json {
            println!("{}: {} frames of 1280x720", film.name, frames.len());
            println!("  {:10} first   read  wrong  median   worst ms  worst/median", "");
        }
        sums.into_iter().for_each(|sum| sum.print(film.name, args.json));
    }
    Ok(())
}

struct Sum {
    name: &'static str,
    first: Option<usize>,
    read: usize,
    wrong: usize,
    times: Vec<f64>,
}

impl Sum {
    fn new(name: &'static str, frames: usize) -> Self {
        Self { name, first: None, read: 0, wrong: 0, times: vec![f64::INFINITY; frames] }
    }

    fn slow(&self) -> bool {
        self.times.iter().any(|time| time.is_finite() && *time > 150.0)
    }

    fn print(self, film: &str, json: bool) {
        let Self { name, first, read, wrong, mut times } = self;
        let middle = median(&mut times);
        let worst = times.last().copied().unwrap_or_default();
        if json {
            let line = serde_json::json!({
                "film": film, "engine": name, "first": first, "read": read, "wrong": wrong,
                "frames": times.len(), "median_ms": middle, "worst_ms": worst,
            });
            println!("{line}");
        } else {
            let first = first.map_or("-".to_owned(), |at| at.to_string());
            let times = format!("{middle:7.2} {worst:7.2}     {:7.1}", worst / middle);
            println!("  {name:10} {first:>5} {read:6} {wrong:6} {times}");
        }
    }
}
