//! Lists the project's claims and runs them; `tests/show` is its face.

use sealight_tests::claims::{self, Claim, Outcome, Report, Seen};
use std::process::{Command, ExitCode};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

const USAGE: &str = "usage: tests/show [--json] [--seen LOG] [NAME... | --no-clock | --clock]";

fn main() -> ExitCode {
    let mut json = false;
    let mut chosen: Vec<&Claim> = Vec::new();
    let mut listed = true;
    let mut seen = Seen::default();
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        listed &= arg == "--json";
        match arg.as_str() {
            "--json" => json = true,
            "--seen" => match args.next().map(std::fs::read) {
                Some(Ok(log)) => seen = Seen::read(&String::from_utf8_lossy(&log)),
                _ => {
                    eprintln!("--seen wants the log of a test run\n{USAGE}");
                    return ExitCode::from(2);
                }
            },
            "--no-clock" => chosen.extend(claims::all().filter(|claim| !claim.clock)),
            "--clock" => chosen.extend(claims::all().filter(|claim| claim.clock)),
            "--help" | "-h" => {
                println!("{USAGE}");
                return ExitCode::SUCCESS;
            }
            name => match claims::named(name) {
                Some(claim) => chosen.push(claim),
                None => {
                    eprintln!("no claim is called {name}\n{USAGE}");
                    return ExitCode::from(2);
                }
            },
        }
    }
    if listed {
        list(json);
        return ExitCode::SUCCESS;
    }
    let failed = if chosen.iter().any(|claim| claim.clock) {
        chosen.iter().filter(|claim| !shown(claim, &seen, json)).count()
    } else {
        side_by_side(&chosen, &seen, json)
    };
    if !json && chosen.len() > 1 {
        println!("{} claims, {failed} do not hold", chosen.len());
    }
    ExitCode::from(u8::from(failed > 0))
}

fn list(json: bool) {
    let mut group = "";
    for claim in claims::all() {
        if json {
            println!("{}", facts(claim));
            continue;
        }
        if claim.group != group {
            group = claim.group;
            println!("{group}");
        }
        let clock = if claim.clock { " [clock]" } else { "" };
        println!("  {:<32} {}{clock}", claim.name, claim.about);
    }
}

/// Groups that run at a time: most claims of a long group wait for a network, a window or a clock.
const AT_A_TIME: usize = 2;

/// Runs groups of claims side by side, each group's in their order; how many do not hold. Claims of
/// one group may use the same ports, claims of two never do.
fn side_by_side(chosen: &[&Claim], seen: &Seen, json: bool) -> usize {
    let mut groups: Vec<(&str, Vec<&Claim>)> = Vec::new();
    for claim in chosen {
        match groups.iter_mut().find(|(group, _)| *group == claim.group) {
            Some((_, claims)) => claims.push(claim),
            None => groups.push((claim.group, vec![claim])),
        }
    }
    let (next, failed) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..AT_A_TIME.min(groups.len()) {
            scope.spawn(|| {
                while let Some((_, claims)) = groups.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let fails = claims.iter().filter(|claim| !shown(claim, seen, json)).count();
                    failed.fetch_add(fails, Ordering::Relaxed);
                }
            });
        }
    });
    failed.into_inner()
}

/// Runs one claim and prints it in one piece; whether nothing spoke against it.
fn shown(claim: &Claim, seen: &Seen, json: bool) -> bool {
    if claim.clock && cfg!(debug_assertions) {
        return in_release(claim, json);
    }
    let start = Instant::now();
    let (report, outcome) = claim.show(seen);
    if json {
        println!("{}", as_json(claim, &report, &outcome))
    } else {
        print!("{}", as_text(claim, &report, &outcome, start.elapsed().as_secs()))
    }
    !matches!(outcome, Outcome::Fails(_))
}

/// A time taken from a build that nobody ships says nothing.
fn in_release(claim: &Claim, json: bool) -> bool {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["run", "--quiet", "--release", "--bin", "show", "--", claim.name]);
    if json {
        cargo.arg("--json");
    }
    match cargo.status() {
        Ok(status) => status.success(),
        Err(why) => {
            eprintln!("{}: cargo did not start: {why}", claim.name);
            false
        }
    }
}

fn as_text(claim: &Claim, report: &Report, outcome: &Outcome, seconds: u64) -> String {
    let mut lines: Vec<String> = report.figures.iter().map(ToString::to_string).collect();
    lines.extend(report.notes.iter().cloned());
    lines.extend(report.skipped.iter().map(|why| format!("skipped: {why}")));
    lines.extend(claim.clock.then(|| format!("on {}", claims::machine())));
    lines.push(match outcome {
        Outcome::Holds => format!("holds ({seconds} s)"),
        Outcome::Skipped => format!("not all of it was tried here ({seconds} s)"),
        Outcome::Fails(why) => format!("DOES NOT HOLD: {why}"),
    });
    let body: String = lines.iter().map(|line| format!("  {line}\n")).collect();
    format!("{}: {}\n{body}", claim.name, claim.about)
}

fn facts(claim: &Claim) -> serde_json::Value {
    let Claim { name, group, about, clock, .. } = claim;
    serde_json::json!({ "name": name, "group": group, "about": about, "clock": clock })
}

fn as_json(claim: &Claim, report: &Report, outcome: &Outcome) -> serde_json::Value {
    let figures: Vec<_> = report
        .figures
        .iter()
        .map(|f| serde_json::json!({ "label": f.label, "value": f.value, "unit": f.unit }))
        .collect();
    let (outcome, why) = match outcome {
        Outcome::Holds => ("holds", None),
        Outcome::Skipped => ("skipped", None),
        Outcome::Fails(why) => ("fails", Some(why.to_string())),
    };
    let mut all = facts(claim);
    all["figures"] = figures.into();
    all["notes"] = report.notes.clone().into();
    all["skipped"] = report.skipped.clone().into();
    all["outcome"] = outcome.into();
    all["why"] = why.into();
    if claim.clock {
        all["machine"] = claims::machine().into();
    }
    all
}
