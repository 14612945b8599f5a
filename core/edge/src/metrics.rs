//! `GET /metrics` for Prometheus, on loopback alone and only where it is asked for.
//!
//! One thread, one connection at a time, a request of at most `MAX_REQUEST` bytes: whoever is
//! slow is dropped after `PATIENCE`, bytes that trickle in included. The text has numbers and
//! fixed names, nothing of any visitor or item. It ends with the process.

use crate::clock::Budget;
use crate::days::Tally;
use std::fmt::Write as _;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

/// Longest that one exchange may take.
const PATIENCE: Duration = Duration::from_secs(2);
/// Most bytes of a request that are looked at.
const MAX_REQUEST: usize = 4096;

/// Serves what `text` gives at each request; the address that it listens on. Port 0 takes a free
/// one.
///
/// # Errors
/// The system's, where the port is taken.
pub fn serve(port: u16, text: impl Fn() -> String + Send + 'static) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
    let address = listener.local_addr()?;
    let thread = std::thread::Builder::new().name("sealight-metrics".into());
    thread.spawn(move || {
        for stream in listener.incoming() {
            // Whoever hangs up is answered the next time.
            _ = stream.and_then(|stream| answer(&stream, &text));
        }
    })?;
    Ok(address)
}

fn answer(mut stream: &TcpStream, text: &impl Fn() -> String) -> io::Result<()> {
    let budget = Budget::of(PATIENCE);
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut request = Vec::new();
    let mut piece = [0; 512];
    while !request.windows(4).any(|end| end == b"\r\n\r\n") && request.len() < MAX_REQUEST {
        let left = budget.left();
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        stream.set_read_timeout(Some(left))?;
        match stream.read(&mut piece)? {
            0 => break,
            count => request.extend_from_slice(&piece[..count]),
        }
    }
    let (status, body) = match request.starts_with(b"GET /metrics ") {
        true => ("200 OK", text()),
        false => ("404 Not Found", String::new()),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/plain; version=0.0.4\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(&[head.as_bytes(), body.as_bytes()].concat())
}

/// What a kiosk knows of itself now, beside what it counts by day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// The camera gives pictures.
    pub camera: bool,
    /// The tag reader answers; none where there was none and none should be.
    pub reader: Option<bool>,
    /// The page was heard of lately.
    pub page: bool,
    /// Frames of the camera that the page was given since the start.
    pub frames_shown: u64,
}

/// What a kiosk counted since it started, in Prometheus' text format, version 0.0.4.
pub fn text(tally: &Tally, now: Now) -> String {
    let mut out = String::new();
    let mut one = |name: &str, kind: &str, help: &str, rows: &[(String, u64)]| {
        // Writing to a string does not fail.
        let _ = writeln!(
            out,
            "# HELP sealight_kiosk_{name} {help}\n# TYPE sealight_kiosk_{name} {kind}"
        );
        for (labels, value) in rows {
            let _ = writeln!(out, "sealight_kiosk_{name}{labels} {value}");
        }
    };
    let bare = |value: u64| vec![(String::new(), value)];
    let verdicts = tally.verdicts.iter();
    let verdicts: Vec<_> =
        verdicts.map(|(case, count)| (format!("{{case=\"{}\"}}", case.name()), *count)).collect();
    one("answers_total", "counter", "Answers by case.", &verdicts);
    let unread = tally.unread.iter();
    let unread: Vec<_> =
        unread.map(|(why, count)| (format!("{{reason=\"{}\"}}", why.name()), *count)).collect();
    one("unread_total", "counter", "Tries without an answer.", &unread);
    for (name, about, count) in [
        ("scanner_reads_total", "Readings of a hand scanner.", tally.scanner_reads),
        ("camera_failures_total", "Times the camera went away.", tally.camera_failures),
        ("camera_away_seconds_total", "Seconds without a picture.", tally.camera_away_s),
        ("reader_failures_total", "Times the tag reader went away.", tally.reader_failures),
        ("reader_away_seconds_total", "Seconds without the tag reader.", tally.reader_away_s),
        ("frames_shown_total", "Frames of the camera that the page showed.", now.frames_shown),
    ] {
        one(name, "counter", about, &bare(count));
    }
    let page = bare(u64::from(now.page));
    one("page_up", "gauge", "Whether the page was heard of lately.", &page);
    one("camera_up", "gauge", "Whether the camera gives pictures.", &bare(u64::from(now.camera)));
    if let Some(reader) = now.reader {
        one("reader_up", "gauge", "Whether the tag reader answers.", &bare(u64::from(reader)));
    }
    one(
        "not_kept_total",
        "counter",
        "Proofs that found no room on the disk.",
        &bare(tally.not_kept),
    );
    one("kept_later_total", "counter", "Of these, kept since.", &bare(tally.kept_later));
    one(
        "page_reloads_total",
        "counter",
        "Times the page was loaded again.",
        &bare(tally.page_reloads),
    );
    let as_of = tally.register_as_of.map_or(0, i64::unsigned_abs);
    one(
        "register_time_seconds",
        "gauge",
        "Time of the newest header of the ledger that is furthest behind.",
        &bare(as_of),
    );
    let mut classes: Vec<(String, u64)> = tally
        .answer_ms
        .rising()
        .map(|(bound, count)| (format!("_bucket{{le=\"{bound}\"}}"), count))
        .collect();
    let count = tally.answer_ms.count();
    classes.push(("_bucket{le=\"+Inf\"}".into(), count));
    classes.push(("_count".into(), count));
    one("answer_milliseconds", "histogram", "Milliseconds from reading to answer.", &classes);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use sealight_flow::{Case, Noted};
    use sealight_verify::time::Timestamp;

    fn ask(address: SocketAddr, request: &[u8]) -> String {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        let _ = stream.write_all(request);
        let mut said = Vec::new();
        let _ = stream.read_to_end(&mut said);
        String::from_utf8(said).unwrap()
    }

    #[test]
    fn counters_are_told_on_loopback_alone() {
        let mut tally = Tally::default();
        let noted = Noted::Answered { case: Case::E1, ms: 60 };
        tally.note(noted, Timestamp::from_unix_secs(0));
        tally.reader_away_s = 7;
        let now = Now { camera: true, reader: Some(false), page: true, frames_shown: 9 };
        let address = serve(0, move || text(&tally, now)).unwrap();
        assert!(address.ip().is_loopback());
        let said = ask(address, b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
        assert!(said.starts_with("HTTP/1.1 200 OK\r\n"), "{said}");
        for line in [
            "sealight_kiosk_answers_total{case=\"e1\"} 1",
            "sealight_kiosk_answer_milliseconds_bucket{le=\"50\"} 0",
            "sealight_kiosk_answer_milliseconds_bucket{le=\"75\"} 1",
            "sealight_kiosk_camera_up 1",
            "sealight_kiosk_reader_up 0",
            "sealight_kiosk_reader_away_seconds_total 7",
            "sealight_kiosk_frames_shown_total 9",
        ] {
            assert!(said.lines().any(|said| said == line), "{line} is not in {said}");
        }
    }

    #[test]
    fn a_kiosk_without_a_reader_says_nothing_of_how_it_is() {
        let now = Now { camera: true, reader: None, page: true, frames_shown: 0 };
        assert!(!text(&Tally::default(), now).contains("reader_up"));
    }

    #[test]
    fn what_is_no_such_request_gets_nothing() {
        let address = serve(0, || "secret".into()).unwrap();
        for request in
            [&b"POST /metrics HTTP/1.1\r\n\r\n"[..], b"GET / HTTP/1.1\r\n\r\n", &[b'x'; 9_000]]
        {
            assert!(!ask(address, request).contains("secret"));
        }
    }

    #[test]
    fn whoever_is_slow_holds_nobody_up_for_long() {
        let address = serve(0, || "counted".into()).unwrap();
        let _silent = TcpStream::connect(address).unwrap();
        assert!(ask(address, b"GET /metrics HTTP/1.1\r\n\r\n").contains("counted"));
    }
}
