//! Programs of this build, for tests that run one as a process of its own.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

/// Names the folder whose programs are those of this very build, so that none is built again:
/// `tests/run` sets it, since a test of the whole workspace builds all of them.
const BUILT: &str = "SEALIGHT_PROGRAMS";

/// The program `name` of `package`, in the profile that this test is built in.
///
/// # Panics
/// Where it does not build.
#[must_use]
pub fn program(package: &str, name: &str) -> PathBuf {
    static ASKED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());
    let folder = profile();
    let file = folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    let mut asked = ASKED.lock().unwrap_or_else(PoisonError::into_inner);
    let ready = asked.contains(&file) || are_built(&folder) && file.exists();
    if !ready {
        build(package, name, &folder);
        asked.push(file.clone());
    }
    file
}

/// The folder of what cargo built: tests are TARGET/PROFILE/deps/TEST, programs TARGET/PROFILE/NAME.
///
/// # Panics
/// Where the system does not tell.
#[must_use]
pub fn profile() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    let beside = own.parent().unwrap();
    if beside.ends_with("deps") { beside.parent().unwrap() } else { beside }.to_owned()
}

/// Programs of another profile than this test's do not count.
fn are_built(folder: &Path) -> bool {
    let named = std::env::var_os(BUILT).and_then(|named| Path::new(&named).canonicalize().ok());
    named.is_some() && named == folder.canonicalize().ok()
}

fn build(package: &str, name: &str, folder: &Path) {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["build", "--quiet", "--package", package, "--bin", name]);
    cargo.arg("--target-dir").arg(folder.parent().unwrap());
    if !cfg!(debug_assertions) {
        cargo.arg("--release");
    }
    let built = cargo.current_dir(env!("CARGO_MANIFEST_DIR")).status().unwrap();
    assert!(built.success(), "{name} does not build");
}
