//! Sums by set and in all, as tables for people and as one JSON document.
//!
//! The document: `{"engines": [...], "groups": [{"name", "pictures", "codes", "engines": [{"name",
//! "pictures_read", "codes_read", "alone", "wrong", "ms": {"mean", "p95", "worst"}}]}], "missed":
//! [{"file", "codes", "first", "better": [[engine, codes], ...]}]}`. Groups are the sets, then
//! the two families of photographs, `boof1920 (all)` and `zxing (all)`, without pictures that hold no
//! code; then `negatives`, the pictures that hold none; then `all`.

use crate::judge::Judged;
use crate::manifest::Picture;
use serde::Serialize;

/// Everything measured.
#[derive(Debug, Serialize)]
pub(crate) struct Table {
    engines: Vec<&'static str>,
    groups: Vec<Group>,
    /// Pictures that another engine reads more of than the first.
    pub(crate) missed: Vec<Missed>,
}

/// A picture that another engine reads more codes of than the first.
#[derive(Debug, Serialize)]
pub(crate) struct Missed {
    pub(crate) file: String,
    pub(crate) codes: usize,
    pub(crate) first: usize,
    pub(crate) better: Vec<(&'static str, usize)>,
}

#[derive(Debug, Serialize)]
struct Group {
    name: String,
    #[serde(skip)]
    rank: u8,
    pictures: usize,
    codes: usize,
    engines: Vec<Sum>,
}

#[derive(Debug, Default, Serialize)]
struct Sum {
    name: &'static str,
    pictures_read: usize,
    codes_read: usize,
    alone: usize,
    wrong: usize,
    ms: Times,
    #[serde(skip)]
    times: Vec<f64>,
}

#[derive(Debug, Default, Serialize)]
struct Times {
    mean: f64,
    p95: f64,
    worst: f64,
}

impl Table {
    pub(crate) fn new(engines: Vec<&'static str>) -> Self {
        Self { engines, groups: Vec::new(), missed: Vec::new() }
    }

    /// Adds a picture to all groups that it belongs to.
    pub(crate) fn add(&mut self, picture: &Picture, judged: &[Judged], times: &[f64]) {
        let set = picture.set();
        let share = match set.split_once('-') {
            _ if picture.codes == 0 => Some("negatives".to_owned()),
            Some((share @ ("boof1920" | "zxing"), _)) => Some(format!("{share} (all)")),
            _ => None,
        };
        let groups = [(0, Some(set.to_owned())), (1, share), (2, Some("all".to_owned()))];
        for (rank, name) in groups.into_iter().filter_map(|(rank, name)| Some((rank, name?))) {
            let at = self.groups.iter().position(|group| group.name == name);
            let at = at.unwrap_or_else(|| {
                let sum = |name: &&'static str| Sum { name, ..Sum::default() };
                let engines = self.engines.iter().map(sum).collect();
                self.groups.push(Group { name, rank, pictures: 0, codes: 0, engines });
                self.groups.len() - 1
            });
            let group = &mut self.groups[at];
            group.pictures += 1;
            group.codes += picture.codes;
            for ((sum, judged), time) in group.engines.iter_mut().zip(judged).zip(times) {
                sum.pictures_read += usize::from(judged.right > 0);
                sum.codes_read += judged.right;
                sum.alone += judged.alone;
                sum.wrong += judged.wrong;
                sum.times.push(*time);
            }
        }
    }

    /// Sums up and prints.
    pub(crate) fn print(mut self, json: bool) {
        self.groups.sort_by_key(|group| group.rank);
        let sums = self.groups.iter_mut().flat_map(|group| &mut group.engines);
        sums.for_each(|sum| sum.ms = Times::of(&mut sum.times));
        if json {
            println!("{}", serde_json::to_string(&self).expect("plain data"));
            return;
        }
        self.groups.iter().for_each(Group::print);
        for Missed { file, codes, first, better } in &self.missed {
            let better: Vec<_> = better.iter().map(|(name, n)| format!("{name} {n}")).collect();
            println!("{file}: {first} of {codes}; {}", better.join(", "));
        }
    }
}

impl Group {
    fn print(&self) {
        println!("{}: {} pictures, {} codes", self.name, self.pictures, self.codes);
        println!("  {:10} pictures  codes  alone  wrong    mean     p95   worst ms", "");
        for Sum { name, pictures_read, codes_read, alone, wrong, ms, .. } in &self.engines {
            let Times { mean, p95, worst } = ms;
            println!(
                "  {name:10} {pictures_read:8} {codes_read:6} {alone:6} {wrong:6} {mean:7.2} {p95:7.2} {worst:7.1}"
            );
        }
    }
}

impl Times {
    fn of(times: &mut [f64]) -> Self {
        times.sort_by(f64::total_cmp);
        let mean = times.iter().sum::<f64>() / times.len().max(1) as f64;
        let at = (times.len() * 95).div_ceil(100).saturating_sub(1);
        let last = times.last().copied().unwrap_or_default();
        Self { mean, p95: times.get(at).copied().unwrap_or_default(), worst: last }
    }
}
