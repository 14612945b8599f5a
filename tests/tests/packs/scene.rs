//! A ledger that runs, the command beside it, and devices that ask files.

use super::*;

/// A ledger in a process of its own, a device of the command, and a maker's key.
pub(crate) struct Scene {
    pub(crate) running: Running,
    home: PathBuf,
    key: PathBuf,
}

impl Scene {
    pub(crate) fn new(seed: u8) -> Self {
        let running = Prepared::new(seed).run();
        let (home, key) = (running.prepared.place("device"), running.prepared.place("maker.json"));
        std::fs::create_dir_all(&home).unwrap();
        std::fs::write(home.join("trust"), &running.prepared.trust).unwrap();
        let maker = SigningKey::from_seed(Algorithm::Sm2, &[9; 32]).unwrap();
        std::fs::write(&key, maker.encode_file().as_bytes()).unwrap();
        Self { running, home, key }
    }

    pub(crate) fn place(&self, name: &str) -> PathBuf {
        self.running.prepared.place(name)
    }

    pub(crate) fn lot(&self) -> String {
        self.running.prepared.lot.lot.id().to_string()
    }

    /// Runs the command on the device; its exit code and document.
    pub(crate) fn run(&self, args: &[&str]) -> (i32, Value) {
        let mut command = Command::new(sealight());
        command.args(args).arg("--home").arg(&self.home).arg("--json");
        let out = command.output().unwrap();
        let document = serde_json::from_slice(&out.stdout);
        let told = String::from_utf8_lossy(&out.stderr);
        (out.status.code().unwrap(), document.unwrap_or_else(|error| panic!("{error}: {told}")))
    }

    /// The document of a run that ends well.
    pub(crate) fn command(&self, args: &[&str]) -> Value {
        let (code, document) = self.run(args);
        assert_eq!(code, 0, "{document}");
        document
    }

    /// Exports into a pack of this name.
    pub(crate) fn export(&self, name: &str, more: &[&str]) -> PathBuf {
        let path = self.place(name);
        let (output, key) = (path.display().to_string(), self.key.display().to_string());
        let url = self.running.url();
        let args = ["export", "--output", &output, "--key", &key, "--gateway", &url];
        self.command(&[&args[..], more].concat());
        path
    }

    /// Exports a pack and a folder with the same files.
    pub(crate) fn export_both(&self) -> (PathBuf, PathBuf) {
        let site = self.place("site");
        let pack = self.export("both.pack", &["--site", &site.display().to_string()]);
        (pack, site)
    }

    /// A device that has nothing but the trust file, and these packs or folders.
    pub(crate) fn of_files(&self, paths: &[&Path]) -> Client {
        let light = self.running.prepared.light(Box::new(MemoryStore::new()));
        let urls = paths.iter().map(|path| GatewayUrl::of_file(path).unwrap());
        Client { light, online: self.no_gateway().with_packs(urls) }
    }

    pub(crate) fn no_gateway(&self) -> Online {
        let light = self.running.prepared.light(Box::new(MemoryStore::new()));
        Online::new(light.trust(), &[], Timeouts::default())
    }

    pub(crate) fn verdict(&self, device: &mut Client, bottle: u32) -> Verdict {
        let claim = self.running.prepared.claim(bottle);
        prove(device, &claim, Reach::Online).judgement.verdict
    }

    /// What a device with nothing but the trust file makes of a pack.
    pub(crate) fn report(&self, pack: &[u8]) -> Result<PackReport, PackStopped> {
        report_of(&mut self.of_files(&[]), &mut &pack[..])
    }

    /// A pack of these chunks with other bytes, signed by a key of nobody.
    pub(crate) fn signed(&self, chunks: &[Chunk], bytes: impl Fn(&Chunk) -> Vec<u8>) -> Vec<u8> {
        let maker = SigningKey::from_seed(Algorithm::P256, &[8; 32]).unwrap();
        let height = chunks.iter().find_map(|chunk| match chunk.place {
            Place::Lot(height, _) => Some(height),
            _ => None,
        });
        let start = PackStart {
            version: 1,
            ledger: self.running.prepared.ledger,
            height: height.unwrap(),
            bases: Vec::new(),
        };
        let (mut writer, mut pack) = PackWriter::begin(&start);
        for chunk in chunks {
            pack.extend(writer.chunk(&chunk.place, &bytes(chunk)).unwrap());
        }
        pack.extend(writer.end(maker.public(), None, |message| maker.sign(message)));
        pack
    }
}

pub(crate) fn report_of(
    device: &mut Client,
    from: &mut dyn std::io::Read,
) -> Result<PackReport, PackStopped> {
    device.light.read_pack(from, clock::system(), &mut |_| {}, &Cancel::default())
}

/// Everything in the pack holds.
pub(crate) fn whole_of(report: &PackReport) {
    assert_eq!((&report.damaged, &report.refused, report.missing), (&vec![], &vec![], 0));
    assert_eq!(report.sealed.as_ref().unwrap().signed, Ok(()));
}

pub(crate) fn chunks_of(pack: &[u8]) -> Vec<Chunk> {
    let mut reader = PackReader::new();
    reader.feed(pack);
    reader.finish();
    let pieces = std::iter::from_fn(|| reader.piece());
    let chunk = |piece| match piece {
        Piece::Chunk(chunk) => Some(chunk),
        _ => None,
    };
    pieces.filter_map(chunk).collect()
}
