//! Cases that ship inside the package of `tendermint-light-client`, found where cargo keeps it.

use serde_json::Value;
use std::path::PathBuf;
use std::process::Command;

/// The package's folder of test cases.
///
/// # Panics
/// If cargo does not know the package or its source holds no cases: a dependency of these tests is
/// never absent.
fn cases() -> PathBuf {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let arguments = ["metadata", "--format-version", "1", "--offline"];
    let output = Command::new(cargo).args(arguments).output().expect("cargo metadata runs");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON");
    let packages = metadata["packages"].as_array().expect("a list of packages");
    let manifest = packages
        .iter()
        .find(|package| package["name"] == "tendermint-light-client")
        .and_then(|package| package["manifest_path"].as_str())
        .expect("the package is a dependency");
    let folder = PathBuf::from(manifest).with_file_name("tests").join("support");
    assert!(folder.is_dir(), "the package ships its cases");
    folder
}

/// All JSON files of a folder, in order of their names.
pub(crate) fn files(folder: &str) -> Vec<(String, Value)> {
    let entries = std::fs::read_dir(cases().join(folder)).expect("a folder of cases");
    let mut files: Vec<(String, Value)> = entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| {
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            let bytes = std::fs::read(&path).expect("a readable file");
            (name, serde_json::from_slice(&bytes).expect("a case is JSON"))
        })
        .collect();
    files.sort_by(|one, other| one.0.cmp(&other.0));
    files
}
