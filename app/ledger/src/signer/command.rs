//! The command of a signer.

use super::{Signer, SignerError, adopt, init, public_key, reset};
use sealight_issue::key::SigningKey;
use sealight_verify::sign::Algorithm;
use std::ffi::OsString;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const USAGE: &str = "\
Signs for one validator, and never two things for one height, round and step.

usage: sealight-ledger signer --home DIR --connect unix:///SOCKET
           connects to the node's socket and answers, until Ctrl-C
       sealight-ledger signer init --home DIR --from COMET
           takes over the key of CometBFT's folder COMET, whose node has stopped for good
       sealight-ledger signer init --home DIR --chain ID
           makes a new key for a chain
       sealight-ledger signer key --home DIR
           prints the public key
       sealight-ledger signer reset --home DIR --chain ID --new-at-height N
           after a loss: forgets what was signed, and signs nothing below N; take N above the
           network's height, and be certain that no other signer of this key runs";

/// What is to be done in a folder.
#[derive(Debug, PartialEq, Eq)]
enum Verb {
    Run { socket: PathBuf },
    Adopt { comet: PathBuf },
    Init { chain: String },
    Key,
    Reset { chain: String, height: i64 },
    Help,
}

/// Does what the arguments behind `signer` say.
pub fn command(arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let Some((verb, home)) = read(arguments) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let done = match verb {
        Verb::Help => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        Verb::Run { socket } => run(&home, &socket),
        Verb::Adopt { comet } => adopt(&home, &comet),
        Verb::Init { chain } => new_key().and_then(|key| init(&home, &chain, &key)),
        Verb::Key => public_key(&home).map(|key| {
            let digits: Vec<String> = key.iter().map(|byte| format!("{byte:02x}")).collect();
            println!("{}", digits.concat());
        }),
        Verb::Reset { chain, height } => reset(&home, &chain, height),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("sealight-ledger signer: {error}");
            ExitCode::FAILURE
        }
    }
}

/// A signal ends it at any moment: whatever left is on the disk.
fn run(home: &Path, socket: &Path) -> Result<(), SignerError> {
    let mut signer = Signer::open(home)?;
    signer.run(socket, &mut |line| eprintln!("sealight-ledger signer: {line}"))
}

fn new_key() -> Result<SigningKey, SignerError> {
    let path = Path::new("/dev/urandom");
    loop {
        let mut seed = [0; 32];
        let file = std::fs::File::open(path);
        let read = file.and_then(|mut file| file.read_exact(&mut seed));
        read.map_err(SignerError::io(path))?;
        if let Ok(key) = SigningKey::from_seed(Algorithm::Ed25519, &seed) {
            return Ok(key);
        }
    }
}

fn read(arguments: impl Iterator<Item = OsString>) -> Option<(Verb, PathBuf)> {
    let mut arguments = arguments.peekable();
    let word = arguments.next_if(|word| !word.to_string_lossy().starts_with('-'));
    let word = word.as_ref().map_or(Some("run"), |word| word.to_str())?.to_owned();
    if word == "help" {
        return Some((Verb::Help, PathBuf::new()));
    }
    let (mut home, mut socket, mut comet, mut chain, mut height) = (None, None, None, None, None);
    while let Some(name) = arguments.next() {
        if ["--help", "-h"].contains(&name.to_str()?) {
            return Some((Verb::Help, PathBuf::new()));
        }
        let value = arguments.next()?;
        match name.to_str()? {
            "--home" => home = Some(PathBuf::from(value)),
            "--connect" => socket = Some(PathBuf::from(value.to_str()?.strip_prefix("unix://")?)),
            "--from" => comet = Some(PathBuf::from(value)),
            "--chain" => chain = Some(value.into_string().ok().filter(|id| !id.is_empty())?),
            "--new-at-height" => {
                height = Some(value.to_str()?.parse::<i64>().ok().filter(|height| *height > 0)?);
            }
            _ => return None,
        }
    }
    let verb = match (word.as_str(), socket, comet, chain, height) {
        ("run", Some(socket), None, None, None) => Verb::Run { socket },
        ("init", None, Some(comet), None, None) => Verb::Adopt { comet },
        ("init", None, None, Some(chain), None) => Verb::Init { chain },
        ("key", None, None, None, None) => Verb::Key,
        ("reset", None, None, Some(chain), Some(height)) => Verb::Reset { chain, height },
        _ => return None,
    };
    Some((verb, home?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Option<Verb> {
        read(text.split(' ').map(OsString::from)).map(|(verb, _)| verb)
    }

    #[test]
    fn arguments_are_read_or_refused() {
        let run = Verb::Run { socket: "/run/s.sock".into() };
        assert_eq!(words("--home x --connect unix:///run/s.sock"), Some(run));
        assert_eq!(words("init --home x --from y"), Some(Verb::Adopt { comet: "y".into() }));
        assert_eq!(words("init --home x --chain c"), Some(Verb::Init { chain: "c".into() }));
        let back = Verb::Reset { chain: "c".into(), height: 7 };
        assert_eq!(words("reset --home x --chain c --new-at-height 7"), Some(back));
        assert_eq!(words("--help"), Some(Verb::Help));
        assert_eq!(words("help"), Some(Verb::Help));
        assert_eq!(words("key --home x"), Some(Verb::Key));
        for wrong in [
            "",
            "--home x",
            "--home x --connect tcp://127.0.0.1:1",
            "init --home x",
            "reset --home x --chain c",
            "reset --home x --chain c --new-at-height 0",
            "other --home x --chain c",
        ] {
            assert_eq!(words(wrong), None, "{wrong}");
        }
    }
}
