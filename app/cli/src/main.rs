//! The `sealight` command: the whole path of one scan, and the issuer's and the ledger's side, in
//! a terminal.
//!
//! Arguments are [`args`], their help and the language of a run [`help`]. Each verb is one file;
//! what all of them share is [`console`] (text, JSON, progress), [`fail`] (why a command stops, and
//! what to do), [`files`], [`stop`] (Ctrl-C) and [`device`] (this device's light client).
//!
//! With `--json` each verb prints one document with `"version": 1` and `"command"`. Under one
//! version keys are only added. A run that fails prints `"error": {"code", "message", "hint"}`
//! instead of the rest.
//!
//! ```text
//! scan       exit_code, results: [{ source, offline, reading, + the flow's verdict document
//!              | source, outcome: "no-seal", exit_code: 23, code, text, read }]
//! verify     the flow's verdict document (`sealight_flow::json`)
//! history    readings: [{ reading, ledger, lot, index, scanned, then, recalled }]
//! sync       trust_files, checkpoints: [{ ledger, height, made }], saved, ledgers: [{ ledger,
//!              height, time, answers, bytes, changed_readings, clock_doubtful }]
//! status     home, trust: { serial, expires, demo }, store_bytes, newest_reading,
//!            ledgers: [{ ledger, name, height, time, age, operators, clock_doubtful,
//!              frozen_above, evidence: { height, common, found }, trust, gateways }]
//! config     serial, expires, over, ledgers: those in use, gateways | sign: serial, signer, output
//!            | show FILE: file, signer, operator: true where it is by the key that was named, over,
//!              shop: the document | pin: pin | staff-key: path
//! doctor     exit_code, findings: [{ code, weight (broken or soon), what, mend, facts }]
//! days       days: [{ date, starts, answers, verdicts, unread, answer_ms: { count, median, p95 },
//!              register_oldest_s, camera: { failures, away_s }, reader: { failures, away_s },
//!              scanner_reads, not_kept, kept_later, page_reloads }]
//! trust      show: anchor_fingerprint, trust (see `trust::document`)
//!            add: fingerprint, serial, home | serial, followed
//!            rotate: serial, fingerprint, output
//!            checkpoint: ledger, height, time, made, signatures, threshold, complete, output
//! key        file, algorithm, public, party, + in a token: extractable
//! issuer     entry, height, party, + register: name, note | rotate: place
//!            | revoke: place, reason, from | suspend: suspended
//! issue      entry, height, lot, number, size, root, output, labels
//! codes      entry, height, namespace, codes, lots, root
//! event      entry, height, lot
//! life       entry, height, of, items, step
//! inbox      ledger, party, letters: [{ id, kind, item: { lot, index, number }, code, inner_hash,
//!              label: { gtin, serial, batch }, case, phrases, words, hour }], unopened, kept, taken,
//!              discarded, gateways: { asked, answered }
//! ledger     url, ledger, chain_id, home, new, height, trust_file, fingerprint, quorum_keys:
//!            printed once it listens
//! export     ledger, height, lots, files, bytes, output, id, site
//! pack       file, id, ledger, height, bases, maker: { algorithm, public, party }, signed, chunks,
//!            bytes, + show: lots, lot_count, buckets, lives, damaged_count
//!            | import, verify: as_of, older, lots, items, buckets, missing, damaged_count, damaged:
//!              [{ at, place, what }], refused_count, refused: [{ place, what }], exit_code
//! network    up, add: home, ledger, fingerprint, trust_file, quorum_keys, nodes, was_up | add:
//!            node, validator; down: home, stopped; status: home, nodes:
//!            [{ node, gateway, rpc, running, height, seconds_at_height, stands_still, restarts,
//!              failure, validator }]
//!            | card: path, card | found: ledger, chain_id, members, threshold, network, trust
//!            | join: home, ledger, party, validates, gateway
//! members    show: members, threshold, validators: [{ key, power, operator }] | change, validators,
//!            send: entry, height | endorse, and whatever signs with --draft: draft, entry, party,
//!            sequence, signatures
//! monitor    one line a finding, without indent: kind, weight (notice or alarm), ledger,
//!            log_index, leaf, party, name, height, time, + facts of the kind | of the ledger
//!            itself (kinds fork, rewritten, not-shown): why, common, height, read_under
//! demo       folder, lot, scan, attacks: [{ name, file, outcome, code, detail }], recalled,
//!            offline; `scan`, `recalled` and `offline` are verdict documents
//! ```

mod args;
mod checkpoint;
mod config;
mod console;
mod demo;
mod device;
mod event;
mod export;
mod fail;
mod files;
mod help;
mod history;
mod inbox;
mod issue;
mod issuer;
mod key;
mod layout;
mod ledger;
mod life;
mod members;
mod monitor;
mod network;
mod pack;
mod paint;
mod read;
mod report_key;
mod scan;
mod shop;
mod show;
mod sign;
mod status;
mod stop;
mod sync;
mod token;
mod trust;
mod verify;

use args::{Cli, Common, Config, Issuer, Key, Members, Network, Pack, Trust, Verb};
use clap::FromArgMatches;
use clap::error::ErrorKind;
use console::Console;
use fail::Failure;
use sealight_flow::Language;
use std::ffi::OsString;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<OsString> = std::env::args_os().collect();
    let language = match help::language(&args) {
        Ok(language) => language,
        Err(tag) => {
            let console = Console::new(Language::default(), "", asks_json(&args), true);
            return Failure::usage("language-unknown", &[("tag", &tag)]).tell(&console);
        }
    };
    let command = help::command(language.words());
    let cli = command.try_get_matches_from(&args).and_then(|found| Cli::from_arg_matches(&found));
    match cli {
        Ok(Cli { common, verb }) => run(language, &common, verb),
        Err(error) => refused(&error, language, &args),
    }
}

fn run(language: Language, common: &Common, verb: Verb) -> ExitCode {
    let console = Console::new(language, name(&verb), common.json, common.quiet);
    let console = &console;
    let done = |done: Result<(), Failure>| done.map(|()| ExitCode::SUCCESS);
    let end = match verb {
        Verb::Demo(args) => done(demo::run(console, &args)),
        Verb::Scan(args) => scan::run(console, common, &args).map(ExitCode::from),
        Verb::Verify(args) => verify::run(console, common, &args).map(ExitCode::from),
        Verb::History(args) => done(history::run(console, common, &args)),
        Verb::Sync(args) => done(sync::run(console, common, &args)),
        Verb::Status => done(status::run(console, common)),
        Verb::Config(Config::Show(args)) => done(config::show(console, common, &args)),
        Verb::Doctor(args) => shop::doctor(console, common, &args).map(ExitCode::from),
        Verb::Days(args) => done(shop::days(console, common, &args)),
        Verb::Config(Config::Pin) => done(shop::set_pin(console, common)),
        Verb::Config(Config::StaffKey(args)) => done(shop::staff_key(console, common, &args)),
        Verb::Config(Config::Set(args)) => done(config::set(console, common, &args)),
        Verb::Config(Config::Sign(args)) => done(config::sign(console, &args)),
        Verb::Trust(Trust::Show) => done(trust::show(console, common)),
        Verb::Trust(Trust::Add(args)) => done(trust::add(console, common, &args)),
        Verb::Trust(Trust::Rotate(args)) => done(trust::rotate(console, common, &args)),
        Verb::Trust(Trust::Checkpoint(args)) => done(trust::checkpoint(console, common, &args)),
        Verb::Key(Key::New(args)) => done(key::new(console, common, &args)),
        Verb::Key(Key::Show(args)) => done(key::show(console, common, &args)),
        Verb::Issuer(Issuer::Register(args)) => done(issuer::register(console, common, &args)),
        Verb::Issuer(Issuer::Rotate(args)) => done(issuer::rotate(console, common, &args)),
        Verb::Issuer(Issuer::Revoke(args)) => done(issuer::revoke(console, common, &args)),
        Verb::Issuer(Issuer::Suspend(args)) => done(issuer::suspend(console, common, &args)),
        Verb::Issue(args) => done(issue::run(console, common, &args)),
        Verb::Codes(args) => done(issue::codes::run(console, common, &args)),
        Verb::Event(args) => done(event::run(console, common, &args)),
        Verb::Life(args) => done(life::run(console, common, &args)),
        Verb::Inbox(args) => done(inbox::run(console, common, &args)),
        Verb::Export(args) => done(export::run(console, common, &args)),
        Verb::Pack(Pack::Import(args)) => pack::import(console, common, &args).map(ExitCode::from),
        Verb::Pack(Pack::Show(args)) => pack::show(console, &args).map(ExitCode::from),
        Verb::Pack(Pack::Verify(args)) => pack::verify(console, common, &args).map(ExitCode::from),
        Verb::Ledger(args) => done(ledger::run(console, common, &args)),
        Verb::Network(Network::Up(args)) => done(network::up(console, common, &args)),
        Verb::Network(Network::Down) => done(network::down(console, common)),
        Verb::Network(Network::Status) => network::status(console, common).map(ExitCode::from),
        Verb::Network(Network::Add) => done(network::add(console, common)),
        Verb::Network(Network::Card(args)) => done(network::card(console, common, &args)),
        Verb::Network(Network::Found(args)) => done(network::found(console, common, &args)),
        Verb::Network(Network::Join(args)) => done(network::join(console, common, &args)),
        Verb::Members(Members::Show) => done(members::show(console, common)),
        Verb::Members(Members::Change(args)) => done(members::change(console, common, &args)),
        Verb::Members(Members::Validators(args)) => {
            done(members::validators(console, common, &args))
        }
        Verb::Members(Members::Endorse(args)) => done(members::endorse(console, common, &args)),
        Verb::Members(Members::Send(args)) => done(members::send(console, common, &args)),
        Verb::Monitor(args) => monitor::run(console, common, &args).map(ExitCode::from),
        Verb::Node(args) => Ok(network::node(args.words)),
        Verb::Completions(args) => {
            let mut script = Vec::new();
            let mut command = help::command(language.words());
            clap_complete::generate(args.shell, &mut command, "sealight", &mut script);
            console.script(&script);
            Ok(ExitCode::SUCCESS)
        }
    };
    end.unwrap_or_else(|failure| failure.tell(console))
}

/// The name of a verb in JSON documents.
fn name(verb: &Verb) -> &'static str {
    match verb {
        Verb::Demo(_) => "demo",
        Verb::Scan(_) => "scan",
        Verb::Verify(_) => "verify",
        Verb::History(_) => "history",
        Verb::Sync(_) => "sync",
        Verb::Status => "status",
        Verb::Config(Config::Show(_)) => "config show",
        Verb::Doctor(_) => "doctor",
        Verb::Days(_) => "days",
        Verb::Config(Config::Pin) => "config pin",
        Verb::Config(Config::StaffKey(_)) => "config staff-key",
        Verb::Config(Config::Set(_)) => "config set",
        Verb::Config(Config::Sign(_)) => "config sign",
        Verb::Trust(Trust::Show) => "trust show",
        Verb::Trust(Trust::Add(_)) => "trust add",
        Verb::Trust(Trust::Rotate(_)) => "trust rotate",
        Verb::Trust(Trust::Checkpoint(_)) => "trust checkpoint",
        Verb::Key(Key::New(_)) => "key new",
        Verb::Key(Key::Show(_)) => "key show",
        Verb::Export(_) => "export",
        Verb::Pack(Pack::Import(_)) => "pack import",
        Verb::Pack(Pack::Show(_)) => "pack show",
        Verb::Pack(Pack::Verify(_)) => "pack verify",
        Verb::Issuer(Issuer::Register(_)) => "issuer register",
        Verb::Issuer(Issuer::Rotate(_)) => "issuer rotate",
        Verb::Issuer(Issuer::Revoke(_)) => "issuer revoke",
        Verb::Issuer(Issuer::Suspend(_)) => "issuer suspend",
        Verb::Issue(_) => "issue",
        Verb::Codes(_) => "codes",
        Verb::Event(_) => "event",
        Verb::Life(_) => "life",
        Verb::Inbox(_) => "inbox",
        Verb::Ledger(_) => "ledger",
        Verb::Network(Network::Up(_)) => "network up",
        Verb::Network(Network::Down) => "network down",
        Verb::Network(Network::Status) => "network status",
        Verb::Network(Network::Add) => "network add",
        Verb::Network(Network::Card(_)) => "network card",
        Verb::Network(Network::Found(_)) => "network found",
        Verb::Network(Network::Join(_)) => "network join",
        Verb::Members(Members::Show) => "members show",
        Verb::Members(Members::Change(_)) => "members change",
        Verb::Members(Members::Validators(_)) => "members validators",
        Verb::Members(Members::Endorse(_)) => "members endorse",
        Verb::Members(Members::Send(_)) => "members send",
        Verb::Monitor(_) => "monitor",
        Verb::Node(_) => "node",
        Verb::Completions(_) => "completions",
    }
}

/// Arguments that clap does not take, or that ask for help.
fn refused(error: &clap::Error, language: Language, args: &[OsString]) -> ExitCode {
    let text = error.render().to_string();
    let console = Console::new(language, "", asks_json(args), true);
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            console.script(text.as_bytes());
            ExitCode::SUCCESS
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            console.aside(text.trim_end());
            ExitCode::from(2)
        }
        _ => {
            // Its first paragraph has the fact; usage is a command away.
            let what = text.lines().map(str::trim).take_while(|line| !line.is_empty());
            let what = what.collect::<Vec<_>>().join(" ");
            let what = what.trim_start_matches("error: ");
            Failure::usage("usage", &[("why", &what)]).tell(&console)
        }
    }
}

fn asks_json(args: &[OsString]) -> bool {
    args.iter().take_while(|arg| *arg != "--").any(|arg| arg == "--json")
}
