//! `sealight ledger`: the embedded ledger behind its gateway, until it is told to stop.

use crate::args::{Common, Ledger};
use crate::console::Console;
use crate::fail::Failure;
use crate::key::{self, Note};
use crate::{device, stop, trust};
use sealight_edge::cancel::Cancel;
use sealight_edge::clock;
use sealight_ledger::embedded::{Clock, Embedded, InitOptions, OpenOptions};
use sealight_ledger::gateway::{Gateway, Uploads};
use sealight_verify::format::party::Roles;
use sealight_verify::time::Timestamp;
use serde_json::json;
use std::io::Read;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// How often the main thread looks whether it should stop.
const LOOK: Duration = Duration::from_millis(50);
/// More seeds than a new home draws: some 12.
const SEEDS: usize = 64;

/// The system's clock as the ledger reads it.
struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        clock::system()
    }
}

pub(crate) fn run(console: &Console, common: &Common, args: &Ledger) -> Result<(), Failure> {
    let cancel = stop::on_interrupt();
    if args.until_eof {
        stop_at_eof(cancel.clone());
    }
    let home = match &common.home {
        Some(home) => home.clone(),
        None => device::home(common)?.path().join("ledger"),
    };
    let failed =
        |why: &dyn ToString| Failure::new("ledger", &[("home", &home.display()), ("why", why)]);
    let listen = free(args.listen)?;
    let new = !home.join("genesis").exists();
    if new {
        init(&home, args, listen)?;
    }
    let interval = Duration::from_secs(args.interval);
    let options = OpenOptions { interval, ..OpenOptions::default() };
    let ledger = Embedded::open(&home, options, Arc::new(SystemClock)).map_err(|e| failed(&e))?;
    let ledger = Arc::new(ledger);
    let members = note_parties(&ledger, &home)?;
    let gateway = Gateway::start(listen, ledger.clone(), Uploads::default())
        .map_err(|error| Failure::new("listen", &[("address", &listen), ("why", &error)]))?;
    let file = ledger.trust().map_err(|error| failed(&error))?;
    tell(console, &Told { ledger: &ledger, gateway: &gateway, home: &home, file, members, new });
    while !cancel.is_cancelled() {
        std::thread::sleep(LOOK);
    }
    gateway.stop();
    let height = ledger.head().height.to_string();
    drop(ledger);
    console.tell(0, "cli.ledger.stopped", &[("height", &height)]);
    Ok(())
}

/// Ends with the process that holds the other end of standard input.
fn stop_at_eof(cancel: Cancel) {
    std::thread::spawn(move || {
        // Whatever comes in means nothing; its end does.
        _ = std::io::copy(&mut std::io::stdin().lock().take(u64::MAX), &mut std::io::sink());
        cancel.cancel();
    });
}

/// A free port in place of port 0: the trust file names it.
fn free(listen: SocketAddr) -> Result<SocketAddr, Failure> {
    if listen.port() != 0 {
        return Ok(listen);
    }
    let bound = TcpListener::bind(listen).and_then(|listener| listener.local_addr());
    bound.map_err(|error| Failure::new("listen", &[("address", &listen), ("why", &error)]))
}

fn init(home: &Path, args: &Ledger, listen: SocketAddr) -> Result<(), Failure> {
    let options = InitOptions {
        operator: args.operator.clone(),
        gateways: vec![format!("http://{listen}")],
        ..InitOptions::default()
    };
    // All seeds are drawn first: where the system gives none, nothing is written.
    let seeds = (0..SEEDS).map(|_| key::random()).collect::<Result<Vec<[u8; 32]>, _>>()?;
    let mut seeds = seeds.into_iter();
    // Zeros are no key of any algorithm, so a ledger never starts with one.
    let draw = &mut || seeds.next().unwrap_or([0; 32]);
    Embedded::init(home, &options, clock::system(), draw)
        .map_err(|error| Failure::new("ledger", &[("home", &home.display()), ("why", &error)]))
}

/// Notes beside each member's and authority's key for whom it signs; the members' key files.
fn note_parties(ledger: &Embedded, home: &Path) -> Result<Vec<PathBuf>, Failure> {
    let (height, state) = ledger.newest();
    let mut members = Vec::new();
    let mut files: Vec<PathBuf> = std::fs::read_dir(home.join("keys"))
        .map(|files| files.flatten().map(|file| file.path()).collect())
        .unwrap_or_default();
    files.retain(|path| path.extension().is_some_and(|end| end == "key"));
    files.sort();
    let signers = ledger.home().signers(&state, Roles::MEMBER.with(Roles::AUTHORITY), height + 1);
    for path in files {
        let public = key::read_file(&path)?.public();
        let Some(signer) = signers.iter().find(|signer| signer.key.public() == public) else {
            continue;
        };
        let note = Note { ledger: ledger.ledger(), party: signer.party, place: signer.place };
        key::write_note(&key::note_path(&path), &note)?;
        if state.members().parties.contains(&signer.party) {
            members.push(path);
        }
    }
    members.truncate(usize::from(state.members().threshold));
    Ok(members)
}

struct Told<'a> {
    ledger: &'a Embedded,
    gateway: &'a Gateway,
    home: &'a Path,
    file: Vec<u8>,
    members: Vec<PathBuf>,
    new: bool,
}

fn tell(console: &Console, told: &Told<'_>) {
    let url = format!("http://{}", told.gateway.address());
    let fingerprint = trust::fingerprint(&told.file);
    let trust_file = told.home.join("trust");
    let say = |key: &str| console.say(key, &[]);
    let is = if told.new { "cli.ledger.new" } else { "cli.ledger.again" };
    console.tell(0, is, &[("url", &url)]);
    console.line("");
    let (ledger, chain) = (told.ledger.ledger().to_string(), told.ledger.chain_id());
    console.pairs(
        2,
        &[
            (say("cli.ledger.ledger"), format!("{ledger} ({chain})")),
            (say("cli.ledger.home"), told.home.display().to_string()),
            (say("cli.ledger.trust"), trust_file.display().to_string()),
            (say("cli.trust.fingerprint"), format!("**{fingerprint}**")),
        ],
    );
    let keys = first_steps(console, &url, &told.members);
    console.line("");
    console.tell(0, "cli.ledger.next.stop", &[]);
    console.document(json!({
        "url": url,
        "ledger": ledger,
        "chain_id": chain,
        "home": told.home.display().to_string(),
        "new": told.new,
        "height": told.ledger.head().height,
        "trust_file": trust_file.display().to_string(),
        "fingerprint": fingerprint,
        "quorum_keys": keys,
    }));
}

/// What a person does next at this gateway; gives the members' key files as texts.
pub(crate) fn first_steps(console: &Console, url: &str, members: &[PathBuf]) -> Vec<String> {
    let keys: Vec<String> = members.iter().map(|path| path.display().to_string()).collect();
    console.line("");
    console.tell(0, "cli.ledger.next.trust", &[]);
    console.line(&format!("    sealight trust add {url}"));
    console.tell(0, "cli.ledger.next.register", &[]);
    console.line("    sealight key new maker.json");
    console.line("    sealight issuer register --name \"Your Company Ltd\" --role issuer \\");
    console.line("      --brand \"Your Brand\" --party-key maker.json \\");
    for (at, key) in keys.iter().enumerate() {
        let flag = if at == 0 { "--key" } else { "--endorse" };
        let more = if at + 1 < keys.len() { " \\" } else { "" };
        console.line(&format!("      {flag} {key}{more}"));
    }
    keys
}
