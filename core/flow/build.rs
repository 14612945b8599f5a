//! Makes the table of languages: one row for each `assets/text/TAG.json`.

use std::error::Error;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// The default, which stands first.
const FIRST: &str = "en";

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(&std::env::var("CARGO_MANIFEST_DIR")?).join("../../assets/text");
    println!("cargo:rerun-if-changed={}", folder.display());
    let entries = std::fs::read_dir(&folder)?.collect::<Result<Vec<_>, _>>()?;
    let files = entries.into_iter().map(|entry| entry.path());
    let files = files.filter(|path| path.extension() == Some(OsStr::new("json")));
    let mut rows = files.map(|path| row(&path)).collect::<Result<Vec<_>, _>>()?;
    rows.sort_by_key(|(tag, _)| (tag != FIRST, tag.clone()));
    let rows: String = rows.into_iter().map(|(_, row)| row).collect();
    let table = format!("const FILES: &[(&str, &str)] = &[\n{rows}];\n");
    let made = PathBuf::from(std::env::var("OUT_DIR")?).join("languages.rs");
    std::fs::write(made, table)?;
    Ok(())
}

/// A file's tag and its row.
fn row(path: &Path) -> Result<(String, String), String> {
    let whole = path.to_str().ok_or_else(|| format!("{}: no UTF-8", path.display()))?;
    let tag = path.file_stem().and_then(OsStr::to_str).unwrap_or_default().to_owned();
    let row = format!("    ({tag:?}, include_str!({whole:?})),\n");
    Ok((tag, row))
}
