//! Updates as their maker signs them.

use minisign::KeyPair;
use sealight_launch::{Root, platform};
use sealight_verify::hash::{HashSuite, Sm3};
use serde_json::json;
use std::fs;
use std::path::Path;

/// Makes a launcher's folder, in place of what is there; also the keys of its updates.
pub(crate) fn root(path: &Path) -> (Root, KeyPair) {
    let _ = fs::remove_dir_all(path);
    fs::create_dir_all(path).unwrap();
    let keys = KeyPair::generate_unencrypted_keypair().unwrap();
    fs::write(path.join("update.pub"), keys.pk.to_box().unwrap().to_string()).unwrap();
    (Root::new(path), keys)
}

/// Puts an update of these files into a folder; the first of them is the program.
pub(crate) fn update(folder: &Path, keys: &KeyPair, release: u64, files: &[(&str, String)]) {
    let listed: Vec<_> = files
        .iter()
        .map(|(path, text)| {
            let whole = folder.join(path);
            fs::create_dir_all(whole.parent().unwrap()).unwrap();
            fs::write(whole, text).unwrap();
            let sm3 = Sm3::hash(&[text.as_bytes()]).to_string();
            json!({ "path": path, "size": text.len(), "sm3": sm3, "executable": true })
        })
        .collect();
    let manifest = json!({ "version": 1, "release": release, "name": "x",
        "platform": platform(), "program": files[0].0, "files": listed })
    .to_string();
    fs::write(folder.join("manifest.json"), &manifest).unwrap();
    let signed = minisign::sign(None, &keys.sk, manifest.as_bytes(), None, None).unwrap();
    fs::write(folder.join("manifest.json.minisig"), signed.into_string()).unwrap();
}
