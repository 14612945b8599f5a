//! The command line.

use std::path::PathBuf;

/// What is shown on a mistake and by `--help`.
const HELP: &str = "\
usage: tests/eyes/run [WHAT] [FOLDER] [OPTION...]

WHAT
  photographs   pictures of a folder with a manifest.json (default)
  changed       the same, each turned, scaled, mirrored, darkened and lightened
  drawn         pictures made by code, by classes of what makes them hard
  stream        films made by code, frame by frame
  empty         1080p frames without a code, in plain read passes too

FOLDER defaults to images/qr in the folder that SEALIGHT_SHARED names. Its manifest.json is
{\"images\": [{\"file\": \"SET/NAME.jpg\", \"codes\": 2, \"payloads\": [\"TEXT\", ...]}, ...]};
payloads holds what is known of the codes' text, each text once.

OPTION
  --engine NAME   only this one, may be repeated: sealight, zxing-cpp, rxing, rqrr, quircs
  --set NAME      only sets whose name begins so, may be repeated
  --rounds N      each picture N times by each engine, of which the median counts (default 3)
  --pictures N    pictures a class of what is drawn (default 20)
  --save FOLDER   writes what is drawn as PGM files, and reads nothing
  --failures      pictures that another engine reads more codes of than the first engine
  --json          one JSON document instead of tables";

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    Photographs,
    Changed,
    Drawn,
    Stream,
    Empty,
}

/// What was asked for.
#[derive(Debug)]
pub(crate) struct Args {
    pub(crate) what: What,
    pub(crate) folder: Option<PathBuf>,
    pub(crate) engines: Vec<String>,
    pub(crate) sets: Vec<String>,
    pub(crate) rounds: usize,
    pub(crate) pictures_a_class: usize,
    pub(crate) save: Option<PathBuf>,
    pub(crate) failures: bool,
    pub(crate) json: bool,
}

impl Args {
    /// Reads the arguments; the error is what to print.
    pub(crate) fn parse(mut words: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut args = Self {
            what: What::Photographs,
            folder: None,
            engines: Vec::new(),
            sets: Vec::new(),
            rounds: 3,
            pictures_a_class: 20,
            save: None,
            failures: false,
            json: false,
        };
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or(format!("{word} needs a value\n\n{HELP}"));
            match word.as_str() {
                "photographs" => args.what = What::Photographs,
                "changed" => args.what = What::Changed,
                "drawn" => args.what = What::Drawn,
                "stream" => args.what = What::Stream,
                "empty" => args.what = What::Empty,
                "--engine" => args.engines.push(value()?),
                "--set" => args.sets.push(value()?),
                "--rounds" => args.rounds = value()?.parse().map_err(|_| HELP.to_owned())?,
                "--pictures" => {
                    args.pictures_a_class = value()?.parse().map_err(|_| HELP.to_owned())?;
                }
                "--save" => args.save = Some(value()?.into()),
                "--failures" => args.failures = true,
                "--json" => args.json = true,
                "--help" | "-h" => return Err(HELP.to_owned()),
                option if option.starts_with('-') => {
                    return Err(format!("there is no option {option}\n\n{HELP}"));
                }
                folder => args.folder = Some(folder.into()),
            }
        }
        args.rounds = args.rounds.max(1);
        Ok(args)
    }

    /// The folder with the pictures.
    pub(crate) fn pictures(&self) -> Result<PathBuf, String> {
        let shared = || std::env::var_os("SEALIGHT_SHARED").map(PathBuf::from);
        let folder = self.folder.clone().or_else(|| Some(shared()?.join("images/qr")));
        let folder = folder.ok_or("skipped: no folder given and SEALIGHT_SHARED is not set")?;
        let at = folder.join("manifest.json");
        if at.is_file() {
            Ok(folder)
        } else {
            Err(format!("skipped: {} is not there", at.display()))
        }
    }

    /// Whether a set takes part.
    pub(crate) fn wants_set(&self, set: &str) -> bool {
        self.sets.is_empty() || self.sets.iter().any(|wanted| set.starts_with(wanted))
    }
}
