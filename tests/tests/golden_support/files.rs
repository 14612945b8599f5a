//! Goldens as files: a folder is compared whole, or written anew with `UPDATE_GOLDENS`.

use sealight_flow::Face;
use sealight_flow::View;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The files of one folder of goldens.
pub(crate) struct Goldens {
    folder: PathBuf,
    update: bool,
    seen: BTreeSet<String>,
    wrong: Vec<String>,
}

impl Goldens {
    pub(crate) fn open(folder: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("goldens").join(folder);
        let update = std::env::var_os("UPDATE_GOLDENS").is_some();
        if update {
            std::fs::create_dir_all(&folder).unwrap();
        }
        Self { folder, update, seen: BTreeSet::new(), wrong: Vec::new() }
    }

    pub(crate) fn view(&mut self, name: &str, view: &View) {
        let text = pretty(view);
        let back: View = serde_json::from_str(&text).unwrap();
        assert_eq!(&back, view, "a view comes back the same");
        let face = match view.face {
            Face::Shopper => "shopper",
            Face::Kiosk => "kiosk",
            Face::Inspector => "inspector",
        };
        self.text(format!("{face}-{name}-{}", view.language.tag()), text);
    }

    pub(crate) fn text(&mut self, name: String, text: String) {
        let path = self.folder.join(format!("{name}.json"));
        if self.update {
            std::fs::write(&path, &text).unwrap();
        } else if std::fs::read_to_string(&path).ok().as_ref() != Some(&text) {
            self.wrong.push(name.clone());
        }
        assert!(self.seen.insert(format!("{name}.json")), "two goldens named {name}");
    }

    /// Every golden was compared and none is left over.
    pub(crate) fn close(self) {
        for file in std::fs::read_dir(&self.folder).unwrap() {
            let file = file.unwrap();
            let name = file.file_name().to_string_lossy().into_owned();
            if !self.seen.contains(&name) {
                assert!(self.update, "{name} belongs to no scene");
                std::fs::remove_file(file.path()).unwrap();
            }
        }
        let wrong = &self.wrong;
        assert!(wrong.is_empty(), "differ, or are not there: {wrong:?}; see UPDATE_GOLDENS");
    }
}

pub(crate) fn pretty(value: &impl serde::Serialize) -> String {
    serde_json::to_string_pretty(value).unwrap() + "\n"
}
