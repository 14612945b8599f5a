//! Updates as their maker signs them, in folders that go away with the test.

use crate::{Locked, Manifest, Root, UpdateError, install, platform};
use minisign::KeyPair;
use sealight_verify::hash::{HashSuite, Sha256, Sm3};
use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// A place with a launcher's folder in it, and the key of its updates.
pub(super) struct Place {
    folder: PathBuf,
    pub(super) keys: KeyPair,
}

/// An update that is being made.
pub(super) struct Update {
    pub(super) manifest: Value,
    files: Vec<(String, Vec<u8>)>,
}

/// An update in its folder.
pub(super) struct Made(pub(super) PathBuf);

impl Place {
    pub(super) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("sealight-launch-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("root")).unwrap();
        let keys = KeyPair::generate_unencrypted_keypair().unwrap();
        let public = keys.pk.to_box().unwrap().to_string();
        fs::write(folder.join("root/update.pub"), public).unwrap();
        Self { folder, keys }
    }

    pub(super) fn root(&self) -> Root {
        Root::new(&self.folder.join("root"))
    }

    pub(super) fn lock(&self) -> Locked {
        held(&self.root())
    }

    /// Puts an update, signed by these keys, into a folder of its own.
    pub(super) fn signed(&self, update: &Update, keys: &KeyPair) -> Made {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let folder = self.folder.join(format!("u{}", NEXT.fetch_add(1, Ordering::Relaxed)));
        fs::create_dir_all(&folder).unwrap();
        let text = update.manifest.to_string();
        fs::write(folder.join("manifest.json"), &text).unwrap();
        let signature = minisign::sign(None, &keys.sk, text.as_bytes(), None, None).unwrap();
        fs::write(folder.join("manifest.json.minisig"), signature.into_string()).unwrap();
        for (path, bytes) in &update.files {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        Made(folder)
    }

    pub(super) fn made(&self, update: &Update) -> Made {
        self.signed(update, &self.keys)
    }

    pub(super) fn install(&self, update: &Update) -> Result<Manifest, UpdateError> {
        install(&self.lock(), &self.made(update).0, &mut |_| true)
    }
}

/// Waits a little: a program that another test starts holds this lock too until it has begun.
pub(super) fn held(root: &Root) -> Locked {
    let mut tries = 0;
    loop {
        match root.lock() {
            Err(UpdateError::Busy) if tries < 500 => tries += 1,
            locked => return locked.unwrap(),
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Update {
    /// A release whose program is this shell script, with a picture beside it.
    pub(super) fn new(release: u64, script: &str) -> Self {
        let mut update = Self {
            manifest: json!({ "version": 1, "release": release, "name": "0.1.0",
                "platform": platform(), "program": "kiosk", "files": [] }),
            files: Vec::new(),
        };
        update.add("kiosk", format!("#!/bin/sh\n{script}\n").into_bytes());
        update.add("assets/logo.png", vec![7; 100]);
        update.manifest["files"][0]["executable"] = true.into();
        update
    }

    pub(super) fn add(&mut self, path: &str, bytes: Vec<u8>) {
        let mut file = json!({ "path": path, "size": bytes.len() });
        match self.files.len() % 2 {
            0 => file["sm3"] = Sm3::hash(&[&bytes]).to_string().into(),
            _ => file["sha256"] = Sha256::hash(&[&bytes]).to_string().into(),
        }
        self.manifest["files"].as_array_mut().unwrap().push(file);
        self.files.push((path.into(), bytes));
    }
}
