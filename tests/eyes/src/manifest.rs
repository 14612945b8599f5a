//! Pictures and what is known of them.

use sealight_tag::luma::LumaFrame;
use sealight_tag::picture;
use serde::Deserialize;
use std::path::Path;

#[derive(Deserialize)]
struct Manifest {
    images: Vec<Picture>,
}

/// One picture of a manifest.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Picture {
    /// Its place in the folder: the set, a slash, its name.
    pub(crate) file: String,
    /// How many codes a person sees in it.
    pub(crate) codes: usize,
    /// The text of those codes whose text is known, each once.
    pub(crate) payloads: Vec<String>,
}

impl Picture {
    /// The set that it belongs to.
    pub(crate) fn set(&self) -> &str {
        self.file.split_once('/').map_or("", |(set, _)| set)
    }

    /// Its pixels.
    pub(crate) fn frame(&self, folder: &Path) -> Result<LumaFrame, String> {
        let at = folder.join(&self.file);
        let told = |error: &dyn std::fmt::Debug| format!("{}: {error:?}", at.display());
        let file = std::fs::read(&at).map_err(|error| told(&error))?;
        picture::decode(&file).map_err(|error| told(&error))
    }
}

/// The pictures of a folder, in the order of its manifest.
pub(crate) fn pictures(folder: &Path) -> Result<Vec<Picture>, String> {
    let at = folder.join("manifest.json");
    let told = |error: &dyn std::fmt::Display| format!("{}: {error}", at.display());
    let text = std::fs::read(&at).map_err(|error| told(&error))?;
    let manifest: Manifest = serde_json::from_slice(&text).map_err(|error| told(&error))?;
    Ok(manifest.images)
}
