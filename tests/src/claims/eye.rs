//! Reading codes from pictures beside other readers, in one run of `tests/eyes/run`.

use super::{Claim, NotShown, Report, Run};
use serde_json::Value;
use std::process::Command;

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        name: "eye-photographs",
        group: "eye",
        about: "of photographs at least as many images and codes as zxing-cpp are read, in its mean time",
        clock: true,
        run: Run::Here(photographs),
    },
    Claim {
        name: "eye-drawn",
        group: "eye",
        about: "of pictures made by code, by what makes them hard: as many codes as zxing-cpp reads",
        clock: true,
        run: Run::Here(drawn),
    },
    Claim {
        name: "eye-empty-frame",
        group: "eye",
        about: "a 1080p frame without a code takes a quarter of zxing-cpp's time and six read passes",
        clock: true,
        run: Run::Here(empty_frame),
    },
    Claim {
        name: "eye-stream",
        group: "eye",
        about: "the worst frame of a stream takes at most 4 times its median",
        clock: true,
        run: Run::Here(stream),
    },
    Claim {
        name: "eye-hard-pictures",
        group: "eye",
        about: "pictures made by code are read as well as before, and nothing where there is nothing",
        clock: false,
        run: Run::Tests {
            package: "sealight-pictures",
            target: "hard_pictures",
            filter: "",
            at_least: 2,
        },
    },
    Claim {
        name: "eye-no-allocation",
        group: "eye",
        about: "a camera's frames are read in memory that was there before, but for what is told of a code",
        clock: false,
        run: Run::Tests { package: "sealight-pictures", target: "steady", filter: "", at_least: 2 },
    },
    Claim {
        name: "eye-other-symbols",
        group: "eye",
        about: "Micro QR, Data Matrix and bar codes are read in a quarter megapixel a frame",
        clock: false,
        run: Run::Tests {
            package: "sealight-tag",
            target: "lib",
            filter: "qr::symbols",
            at_least: 9,
        },
    },
];

const OURS: &str = "sealight";
const PEER: &str = "zxing-cpp";

fn photographs(report: &mut Report) -> Result<(), NotShown> {
    let Some(lines) = eyes(&["photographs"], report)? else { return Ok(()) };
    let table = lines.first().ok_or_else(|| NotShown::broken("nothing was measured"))?;
    for group in ["zxing (all)", "boof1920 (all)", "negatives", "all"] {
        let sums = group_of(table, group)?;
        tell(group, &sums, report);
    }
    let (ours, peer) = group_of(table, "all")?;
    let number = |of: &Value, key: &str| of[key].as_f64().unwrap_or(f64::NAN);
    for key in ["pictures_read", "codes_read"] {
        report.at_least(
            &format!("{key}, ours by theirs"),
            number(&ours, key) / number(&peer, key),
            1.0,
            "x",
        )?;
    }
    report.at_most(
        "wrong readings more than theirs",
        number(&ours, "wrong") - number(&peer, "wrong"),
        0.0,
        "",
    )?;
    let (none, _) = group_of(table, "negatives")?;
    report.at_most("readings where there is no code", number(&none, "wrong"), 0.0, "")?;
    let mean = |of: &Value| number(&of["ms"], "mean");
    report.at_most("mean time, ours by theirs", mean(&ours) / mean(&peer), 1.0, "x")
}

fn drawn(report: &mut Report) -> Result<(), NotShown> {
    let Some(lines) = eyes(&["drawn", "--rounds", "1"], report)? else { return Ok(()) };
    let table = lines.first().ok_or_else(|| NotShown::broken("nothing was measured"))?;
    let groups = table["groups"].as_array().cloned().unwrap_or_default();
    for group in groups.iter().filter_map(|group| group["name"].as_str()) {
        tell(group, &group_of(table, group)?, report);
    }
    let (ours, peer) = group_of(table, "all")?;
    let codes = |of: &Value| of["codes_read"].as_f64().unwrap_or(f64::NAN);
    report.at_most("wrong readings", ours["wrong"].as_f64().unwrap_or(f64::NAN), 0.0, "")?;
    report.at_least("codes read, ours by theirs", codes(&ours) / codes(&peer), 1.0, "x")
}

fn empty_frame(report: &mut Report) -> Result<(), NotShown> {
    let Some(lines) = eyes(&["empty"], report)? else { return Ok(()) };
    for frame in ["blank", "wood", "text"] {
        let of = |engine: &str, key: &str| {
            let line = lines.iter().find(|line| line["frame"] == frame && line["engine"] == engine);
            line.and_then(|line| line[key].as_f64()).unwrap_or(f64::NAN)
        };
        report.figure(&format!("{frame}, ours"), of(OURS, "ms"), "ms");
        report.figure(&format!("{frame}, zxing-cpp"), of(PEER, "ms"), "ms");
        report.at_most(
            &format!("{frame}, ours by theirs"),
            of(OURS, "ms") / of(PEER, "ms"),
            0.25,
            "x",
        )?;
        report.at_most(&format!("{frame}, in plain read passes"), of(OURS, "passes"), 6.0, "")?;
    }
    Ok(())
}

fn stream(report: &mut Report) -> Result<(), NotShown> {
    let Some(lines) = eyes(&["stream"], report)? else { return Ok(()) };
    let mut worst: f64 = 0.0;
    for line in &lines {
        let (film, engine) =
            (line["film"].as_str().unwrap_or("?"), line["engine"].as_str().unwrap_or("?"));
        let number = |key: &str| line[key].as_f64().unwrap_or(f64::NAN);
        report.figure(&format!("{film}, {engine}, median"), number("median_ms"), "ms");
        report.figure(&format!("{film}, {engine}, worst"), number("worst_ms"), "ms");
        report.figure(&format!("{film}, {engine}, first reading"), number("first"), "th frame");
        report.figure(&format!("{film}, {engine}, frames read"), number("read"), "");
        if engine == OURS {
            worst = worst.max(number("worst_ms") / number("median_ms"));
            report.at_most(&format!("{film}, wrong readings"), number("wrong"), 0.0, "")?;
        }
    }
    report.at_most("worst frame by median of its stream", worst, 4.0, "x")
}

/// The two engines' sums of a group.
fn group_of(table: &Value, name: &str) -> Result<(Value, Value), NotShown> {
    let groups = table["groups"].as_array().into_iter().flatten();
    let group = groups.into_iter().find(|group| group["name"] == name);
    let of = |engine: &str| {
        let engines = group?["engines"].as_array()?;
        engines.iter().find(|sum| sum["name"] == engine).cloned()
    };
    of(OURS).zip(of(PEER)).ok_or_else(|| NotShown::broken(format!("no figures of {name}")))
}

fn tell(group: &str, (ours, peer): &(Value, Value), report: &mut Report) {
    for (name, sum) in [(OURS, ours), (PEER, peer)] {
        for key in ["pictures_read", "codes_read", "alone", "wrong"] {
            report.figure(
                &format!("{group}, {name}, {key}"),
                sum[key].as_f64().unwrap_or(f64::NAN),
                "",
            );
        }
        for key in ["mean", "p95", "worst"] {
            let time = sum["ms"][key].as_f64().unwrap_or(f64::NAN);
            report.figure(&format!("{group}, {name}, {key}"), time, "ms");
        }
    }
}

/// What the readers' run printed, line by line; none where it could not be made here.
fn eyes(args: &[&str], report: &mut Report) -> Result<Option<Vec<Value>>, NotShown> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/eyes/run");
    let engines = ["--json", "--engine", OURS, "--engine", PEER];
    let ran = Command::new(path).args(args).args(engines).output().map_err(NotShown::broken)?;
    let complaint = String::from_utf8_lossy(&ran.stderr).into_owned();
    if let Some(why) = complaint.lines().find_map(|line| line.strip_prefix("skipped: ")) {
        report.skip(why);
        return Ok(None);
    }
    if !ran.status.success() {
        return Err(NotShown::TestsFailed { output: complaint });
    }
    let said = String::from_utf8_lossy(&ran.stdout);
    let lines: Result<_, _> = said.lines().map(serde_json::from_str).collect();
    lines.map(Some).map_err(NotShown::broken)
}
