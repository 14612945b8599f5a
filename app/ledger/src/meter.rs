//! What a node counts, and the text in which Prometheus reads it (exposition format 0.0.4).
//!
//! Counters begin at 0 with each process; nothing of them is kept and nothing depends on them.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Upper ends of the buckets of a query's time, in milliseconds.
const BUCKETS: [u64; 5] = [1, 5, 25, 125, 1000];
/// Paths of queries that are told apart; all others are one.
const PATHS: [&str; 8] =
    ["/lot", "/party", "/code", "/log", "/recalls", "/changes", "/indexes", "/governance"];

/// Counters of one node's application.
#[derive(Debug)]
pub(crate) struct Meter {
    inner: Mutex<Counts>,
}

#[derive(Debug)]
struct Counts {
    height: u64,
    /// When the height last moved.
    moved: Instant,
    entries: u64,
    /// Entries refused at the door, by the rule's name.
    refused: BTreeMap<&'static str, u64>,
    proposals_rejected: u64,
    engine_refusals: u64,
    receipts: u64,
    queries: BTreeMap<&'static str, Queries>,
}

#[derive(Debug, Default)]
struct Queries {
    refused: u64,
    count: u64,
    time: Duration,
    /// By [`BUCKETS`], not summed up.
    buckets: [u64; BUCKETS.len()],
}

/// What is known outside the counters.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Beside {
    /// Bytes of files of lots and indexes.
    pub(crate) file_bytes: u64,
    /// Entries in the log.
    pub(crate) log_size: u64,
    /// How often the supervisor started engine and application again.
    pub(crate) restarts: u64,
}

impl Default for Meter {
    fn default() -> Self {
        let counts = Counts {
            height: 0,
            moved: Instant::now(),
            entries: 0,
            refused: BTreeMap::new(),
            proposals_rejected: 0,
            engine_refusals: 0,
            receipts: 0,
            queries: BTreeMap::new(),
        };
        Self { inner: Mutex::new(counts) }
    }
}

impl Meter {
    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A block is durable.
    pub(crate) fn block(&self, height: u64, entries: usize) {
        let mut counts = self.counts();
        (counts.height, counts.moved) = (height, Instant::now());
        counts.entries += entries as u64;
    }

    /// An entry was refused at the door.
    pub(crate) fn refused(&self, rule: &'static str) {
        *self.counts().refused.entry(rule).or_default() += 1;
    }

    /// A peer's proposal was rejected.
    pub(crate) fn rejected(&self) {
        self.counts().proposals_rejected += 1;
    }

    /// The engine did not take an entry: its queue is full, or has it already.
    pub(crate) fn not_queued(&self) {
        self.counts().engine_refusals += 1;
    }

    /// A storage receipt was signed.
    pub(crate) fn receipt(&self) {
        self.counts().receipts += 1;
    }

    /// A query was answered, or refused.
    pub(crate) fn query(&self, path: &str, answered: bool, time: Duration) {
        let name = PATHS.into_iter().find(|known| *known == path).unwrap_or("other");
        let mut counts = self.counts();
        let queries = counts.queries.entry(name).or_default();
        queries.count += 1;
        queries.refused += u64::from(!answered);
        queries.time += time;
        let bucket = BUCKETS.iter().position(|end| time <= Duration::from_millis(*end));
        if let Some(bucket) = bucket {
            queries.buckets[bucket] += 1;
        }
    }

    /// Everything, as Prometheus reads it.
    pub(crate) fn text(&self, beside: Beside) -> String {
        let counts = self.counts();
        let mut out = String::new();
        let seconds = counts.moved.elapsed().as_secs_f64();
        let Beside { file_bytes, log_size, restarts } = beside;
        for (name, kind, help, value) in [
            ("height", "gauge", "Height of the newest durable block.", counts.height as f64),
            ("seconds_at_height", "gauge", "Seconds since the height moved.", seconds),
            ("log_entries", "gauge", "Entries in the log.", log_size as f64),
            ("restarts_total", "counter", "Times that both were started again.", restarts as f64),
            ("entries_total", "counter", "Entries taken in by blocks.", counts.entries as f64),
            (
                "proposals_rejected_total",
                "counter",
                "Proposals of peers that were rejected.",
                counts.proposals_rejected as f64,
            ),
            (
                "engine_refusals_total",
                "counter",
                "Entries that the engine's queue did not take.",
                counts.engine_refusals as f64,
            ),
            ("receipts_total", "counter", "Storage receipts signed.", counts.receipts as f64),
            ("file_bytes", "gauge", "Bytes of files of lots and indexes.", file_bytes as f64),
        ] {
            head(&mut out, name, kind, help);
            line(&mut out, name, "", value);
        }
        head(&mut out, "refused_total", "counter", "Entries refused at the door, by rule.");
        for (rule, count) in &counts.refused {
            line(&mut out, "refused_total", &format!("{{rule=\"{rule}\"}}"), *count as f64);
        }
        head(&mut out, "queries_refused_total", "counter", "Queries without an answer, by path.");
        for (path, queries) in &counts.queries {
            let label = format!("{{path=\"{path}\"}}");
            line(&mut out, "queries_refused_total", &label, queries.refused as f64);
        }
        head(&mut out, "query_seconds", "histogram", "Time of queries, by path.");
        counts.queries.iter().for_each(|(path, queries)| queries.text(path, &mut out));
        out
    }
}

impl Queries {
    fn text(&self, path: &str, out: &mut String) {
        let mut sum = 0;
        for (end, count) in BUCKETS.iter().zip(self.buckets) {
            sum += count;
            let label = format!("{{path=\"{path}\",le=\"{}\"}}", *end as f64 / 1000.0);
            line(out, "query_seconds_bucket", &label, sum as f64);
        }
        let all = format!("{{path=\"{path}\",le=\"+Inf\"}}");
        line(out, "query_seconds_bucket", &all, self.count as f64);
        let label = format!("{{path=\"{path}\"}}");
        line(out, "query_seconds_sum", &label, self.time.as_secs_f64());
        line(out, "query_seconds_count", &label, self.count as f64);
    }
}

fn head(out: &mut String, name: &str, kind: &str, help: &str) {
    // Writing to a String cannot fail.
    _ = writeln!(out, "# HELP sealight_{name} {help}\n# TYPE sealight_{name} {kind}");
}

fn line(out: &mut String, name: &str, label: &str, value: f64) {
    _ = writeln!(out, "sealight_{name}{label} {value}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_counted_is_in_the_text() {
        let meter = Meter::default();
        meter.block(7, 2);
        meter.block(8, 1);
        meter.refused("sequence");
        meter.refused("sequence");
        meter.rejected();
        meter.not_queued();
        meter.receipt();
        meter.query("/lot", true, Duration::from_millis(3));
        meter.query("/lot", false, Duration::from_secs(2));
        meter.query("/made up\"}", true, Duration::ZERO);
        let text = meter.text(Beside { file_bytes: 4096, log_size: 3, restarts: 1 });
        for expected in [
            "sealight_height 8",
            "sealight_entries_total 3",
            "sealight_log_entries 3",
            "sealight_restarts_total 1",
            "sealight_refused_total{rule=\"sequence\"} 2",
            "sealight_proposals_rejected_total 1",
            "sealight_engine_refusals_total 1",
            "sealight_receipts_total 1",
            "sealight_file_bytes 4096",
            "sealight_query_seconds_bucket{path=\"/lot\",le=\"0.001\"} 0",
            "sealight_query_seconds_bucket{path=\"/lot\",le=\"0.005\"} 1",
            "sealight_query_seconds_bucket{path=\"/lot\",le=\"+Inf\"} 2",
            "sealight_query_seconds_count{path=\"/lot\"} 2",
            "sealight_queries_refused_total{path=\"/lot\"} 1",
            "sealight_query_seconds_count{path=\"other\"} 1",
            "# TYPE sealight_query_seconds histogram",
        ] {
            assert!(text.lines().any(|line| line == expected), "{expected}\n{text}");
        }
        assert!(!text.contains("made up"));
    }
}
