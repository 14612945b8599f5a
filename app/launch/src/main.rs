//! `sealight-launch --root DIR [--key FILE] [install FOLDER | [--trial SECONDS] run ARG...]`: see the
//! library's page.

use sealight_launch::{Patience, Root, install, run};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

const HELP: &str = "\
sealight-launch --root DIR [--key FILE] [--trial SECONDS] run [ARG...]
  Runs the kiosk that is installed in DIR with these arguments, installs updates, and goes back
  from one that does not come up.
  运行 DIR 中安装的查验机；安装更新；更新无法启动时退回旧版。
  Where the kiosk is ended by staff, the file that SEALIGHT_ENDED names is written.
  店员结束程序时，写入 SEALIGHT_ENDED 所指的文件。
  --trial: how long a new version has to show its window, 5 to 600 (60). Slow machines need more.
  One that hangs is started again after three times as long, and no less than three minutes; where
  it hangs at its start after four times as long, and no less than ten.
  --trial：新版本显示窗口的期限，5 至 600 秒（60）。程序停止响应达其三倍且不少于三分钟时，重新启动；
  启动时无响应则达其四倍且不少于十分钟。
sealight-launch --root DIR [--key FILE] install FOLDER
  Installs the version in FOLDER, the first one too.
  安装 FOLDER 中的版本，首个版本亦然。
--key: the minisign key that every version is signed by (update.pub in DIR). Where somebody else than
the kiosk owns it, nothing that the kiosk runs can change it.
--key：校验各版本签名的 minisign 公钥（默认为 DIR 中的 update.pub）。文件若不归查验机用户所有，其程序便无法更改。
";

#[derive(Default)]
struct Asked {
    root: PathBuf,
    key: Option<PathBuf>,
    install: Option<PathBuf>,
    run: bool,
    patience: Patience,
    args: Vec<OsString>,
}

impl Asked {
    fn root(&self) -> Root {
        let root = Root::new(&self.root);
        match &self.key {
            Some(key) => root.with_key(key),
            None => root,
        }
    }
}

fn main() -> ExitCode {
    let Some(asked) = asked(std::env::args_os().skip(1)) else {
        eprint!("{HELP}");
        return ExitCode::from(64);
    };
    let root = asked.root();
    let done = root.lock().and_then(|root| match &asked.install {
        Some(folder) => {
            let installed = install(&root, folder, &mut |_| true)?;
            println!("sealight-launch: release {} is installed, on trial", installed.release);
            Ok(())
        }
        None => run(&root, &asked.args, &asked.patience, &mut |told| {
            eprintln!("sealight-launch: {told}");
        })
        .map(|()| mark_ended()),
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("sealight-launch: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Staff ended the kiosk: a service that starts everything again looks for this.
fn mark_ended() {
    if let Some(path) = std::env::var_os("SEALIGHT_ENDED")
        && let Err(error) = std::fs::write(&path, b"by staff\n")
    {
        eprintln!("sealight-launch: {}: {error}", path.display());
    }
}

fn asked(mut words: impl Iterator<Item = OsString>) -> Option<Asked> {
    let mut asked = Asked::default();
    while let Some(word) = words.next() {
        match word.to_str() {
            Some("--root") => asked.root = words.next()?.into(),
            Some("--key") => asked.key = Some(words.next()?.into()),
            Some("--trial") => {
                let health = trial(words.next()?.to_str()?)?;
                asked.patience = asked.patience.with_health(health);
            }
            Some("install") => asked.install = Some(words.next()?.into()),
            // Not `--`, which is for `xinit` to read.
            Some("run") => {
                asked.run = true;
                asked.args = words.by_ref().collect();
            }
            _ => return None,
        }
    }
    let one = |asked: &Asked| asked.install.is_some() != asked.run;
    Some(asked).filter(|asked| asked.root != Path::new("") && one(asked))
}

/// Longer than a start of any program, and short enough that a dark screen is seen to.
fn trial(text: &str) -> Option<Duration> {
    let seconds = text.parse().ok().filter(|seconds| (5..=600).contains(seconds));
    seconds.map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Option<Asked> {
        asked(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn what_follows_run_is_the_kiosks_own() {
        let asked = read("--root /r run --home /h --root x install").unwrap();
        assert_eq!((asked.root, asked.install), ("/r".into(), None));
        assert_eq!(asked.args, ["--home", "/h", "--root", "x", "install"]);
        assert_eq!(read("--root /r install /u").unwrap().install, Some("/u".into()));
    }

    #[test]
    fn the_key_of_updates_is_the_folders_own_or_the_one_that_is_named() {
        let key = |line: &str| read(line).map(|asked| asked.root().key_file().to_owned());
        assert_eq!(key("--root /r run --key /x"), Some("/r/update.pub".into()));
        assert_eq!(key("--root /r --key /k run"), Some("/k".into()));
        assert_eq!(key("--key /k --root /r install /u"), Some("/k".into()));
        assert_eq!(key("--root /r run --trial --key"), Some("/r/update.pub".into()));
        assert_eq!(key("--root /r --key"), None);
    }

    #[test]
    fn a_trial_is_of_seconds_within_bounds() {
        let trial = |line: &str| read(line).map(|asked| asked.patience.health.as_secs());
        assert_eq!(trial("--root /r run --trial 7"), Some(60), "that one is the kiosk's own");
        assert_eq!(trial("--root /r --trial 90 run"), Some(90));
        // What hangs is given up later than what does not come up, at its start latest of all.
        let hangs = |line: &str| {
            let patience = read(line)?.patience;
            Some([patience.silence, patience.start].map(|time| time.as_secs()))
        };
        assert_eq!(hangs("--root /r run"), Some([180, 600]));
        assert_eq!(hangs("--root /r --trial 5 run"), Some([180, 600]));
        assert_eq!(hangs("--root /r --trial 200 run"), Some([600, 800]));
        for bad in ["4", "601", "x", "-9", ""] {
            assert_eq!(trial(&format!("--root /r --trial {bad} run")), None, "{bad}");
        }
    }

    #[test]
    fn without_a_folder_or_a_task_it_only_helps() {
        for bad in ["", "--root", "--root /r", "run", "--root /r install", "--root /r start"] {
            assert!(read(bad).is_none(), "{bad}");
        }
    }
}
