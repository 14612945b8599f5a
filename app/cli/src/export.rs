//! `sealight export`: a ledger's files from a gateway into a pack, a folder, or both.

use crate::args::{Common, Export as Args};
use crate::console::Console;
use crate::device::Device;
use crate::fail::Failure;
use crate::key::Key;
use crate::{files, key, sign, stop, token};
use sealight_edge::client::{Copied, Export, ExportError};
use sealight_edge::clock;
use sealight_edge::net::PackIndex;
use sealight_flow::Language;
use sealight_issue::key::Sign;
use sealight_verify::format::ids::{LedgerId, PartyId};
use sealight_verify::format::pack::{
    PackError, PackHead, PackReader, PackStart, PackWriter, Piece, Place,
};
use sealight_verify::hash::Hash32;
use serde_json::json;
use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

/// The texts of this program, for whoever shows a pack.
fn words() -> Vec<(&'static str, &'static [u8])> {
    Language::all().map(|language| (language.tag(), language.file().as_bytes())).collect()
}

/// Who signs a pack.
struct Maker {
    key: Key,
    /// The party that the key's note says.
    party: Option<PartyId>,
}

pub(crate) fn run(console: &Console, common: &Common, args: &Args) -> Result<(), Failure> {
    let lots = args.lots.iter().map(|lot| sign::lot_id(lot)).collect::<Result<Vec<_>, _>>()?;
    let mut device = Device::open(console, common)?;
    device.cancel = stop::on_interrupt();
    device.ask_only(args.gateway.as_deref())?;
    let ledger = device.ledger()?;
    let maker =
        args.key.as_deref().map(|path| maker(console, common, path, &ledger)).transpose()?;
    let bases = Bases::read(&args.since, &ledger)?;
    device.sync_headers()?;
    let (cancel, light) = (device.cancel.clone(), &mut device.client.light);
    let (now, trust) = (light.now(&ledger, clock::system()), light.trusted().clone());
    let (Some(now), Some(chain)) = (now, light.chain(&ledger)) else {
        return Err(Failure::new("no-ledger", &[]));
    };
    let gateways = device.client.online.gateways(&ledger).map(|all| all.all()).unwrap_or_default();
    let has = |place: &Place| bases.has(place);
    let words = words();
    let mut first = None;
    for gateway in &gateways {
        let export = Export {
            gateway,
            trust: &trust,
            chain,
            now: &now,
            lots: &lots,
            has: &has,
            words: &words,
            cancel: &cancel,
        };
        let head = match export.head() {
            Ok(head) => head,
            Err(error) => {
                first.get_or_insert(error);
                continue;
            }
        };
        let mut sink = Sink::begin(args, &head, bases.ids.clone())?;
        let told = &mut |copied: Copied| asking(console, copied);
        let copied = export.run(&head, &mut |place, bytes| sink.put(place, bytes), told);
        console.clear();
        let copied = match copied {
            Ok(copied) => copied,
            // What one gateway has does not hold, or it has not all: the next one may do better.
            Err(error) if is_of_gateway(&error) && !cancel.is_cancelled() => {
                first.get_or_insert(error);
                continue;
            }
            Err(error) => return Err(failed(&error, args, cancel.is_cancelled())),
        };
        let id = sink.finish(maker.as_ref())?;
        tell(console, args, &head, &copied, id);
        return Ok(());
    }
    match first {
        Some(error) => Err(failed(&error, args, cancel.is_cancelled())),
        None => Err(Failure::new("no-gateway", &[])),
    }
}

fn is_of_gateway(error: &ExportError) -> bool {
    matches!(error, ExportError::Gateway(_) | ExportError::Unfit { .. })
}

fn maker(
    console: &Console,
    common: &Common,
    path: &Path,
    ledger: &LedgerId,
) -> Result<Maker, Failure> {
    let key = key::read(console, path)?;
    let note = key::note(&key::note_place(common, path, &key.public())?)?;
    let party = note.filter(|note| note.ledger == *ledger).map(|note| note.party);
    Ok(Maker { key, party })
}

fn asking(console: &Console, copied: Copied) {
    let [files, lots, of] = [copied.files, copied.lots, copied.of_lots].map(|n| n.to_string());
    console.progress("cli.export.copying", &[("files", &files), ("lots", &lots), ("of", &of)]);
}

fn failed(error: &ExportError, args: &Args, stopped: bool) -> Failure {
    match error {
        _ if stopped => Failure::stopped(),
        ExportError::Gateway(fault) => Failure::new("export", &[("why", fault)]),
        ExportError::Unfit { place, why } => {
            Failure::new("export-unfit", &[("place", place), ("why", why)])
        }
        ExportError::NoLot { lot } => Failure::new("no-such-lot", &[("lot", lot)]),
        ExportError::Write(error) => {
            let path = args.output.as_deref().or(args.site.as_deref());
            files::unwritable(path.unwrap_or(Path::new(".")), error)
        }
    }
}

fn tell(console: &Console, args: &Args, head: &PackHead, copied: &Copied, id: Option<Hash32>) {
    let [height, lots, files, bytes] =
        [head.height, copied.lots, copied.files, copied.bytes].map(|n| n.to_string());
    let values = [("height", &*height), ("lots", &*lots), ("files", &*files), ("bytes", &*bytes)];
    console.tell(0, "cli.export.done", &values);
    let mut pairs = Vec::new();
    if let (Some(path), Some(id)) = (&args.output, id) {
        pairs.push((console.say("cli.export.pack", &[]), path.display().to_string()));
        pairs.push((console.say("cli.pack.id", &[]), id.to_string()));
    }
    if let Some(site) = &args.site {
        pairs.push((console.say("cli.export.site", &[]), site.display().to_string()));
    }
    console.pairs(2, &pairs);
    console.document(json!({
        "ledger": head.ledger,
        "height": head.height,
        "lots": copied.lots,
        "files": copied.files,
        "bytes": copied.bytes,
        "output": args.output.as_ref().map(|path| path.display().to_string()),
        "id": id,
        "site": args.site.as_ref().map(|path| path.display().to_string()),
    }));
}

/// The packs that the new one builds on.
struct Bases {
    indexes: Vec<PackIndex>,
    ids: Vec<Hash32>,
}

impl Bases {
    fn read(paths: &[PathBuf], ledger: &LedgerId) -> Result<Self, Failure> {
        let (mut indexes, mut ids) = (Vec::new(), Vec::new());
        for path in paths {
            let unfit = |why: &dyn ToString| {
                Failure::new("not-a-pack", &[("path", &path.display()), ("why", why)])
            };
            let index = PackIndex::of(path).map_err(|error| unfit(&error))?;
            if index.start().ledger != *ledger {
                let values: [(&str, &dyn ToString); 3] = [
                    ("path", &path.display()),
                    ("got", &index.start().ledger),
                    ("expected", ledger),
                ];
                return Err(Failure::new("pack-other-ledger", &values));
            }
            ids.push(whole(path).map_err(|why| unfit(&why))?);
            indexes.push(index);
        }
        ids.sort_unstable();
        ids.dedup();
        Ok(Self { indexes, ids })
    }

    fn has(&self, place: &Place) -> bool {
        self.indexes.iter().any(|index| index.has(place))
    }
}

/// The id of a pack in which nothing is damaged or cut off: what the new pack leaves out is there.
fn whole(path: &Path) -> Result<Hash32, String> {
    let mut file = File::open(path).map_err(|error| error.to_string())?;
    let (mut reader, mut portion) = (PackReader::new(), vec![0; 64 * 1024]);
    let mut id = Err(PackError::Truncated);
    loop {
        let read = file.read(&mut portion).map_err(|error| error.to_string())?;
        match read {
            0 => reader.finish(),
            read => reader.feed(&portion[..read]),
        }
        while let Some(piece) = reader.piece() {
            match piece {
                Piece::Damage(damage) => return Err(damage.error.to_string()),
                Piece::End(end) => id = end.signed.map(|()| end.id),
                Piece::Start(_) | Piece::Chunk(_) => {}
            }
        }
        if read == 0 {
            return id.map_err(|error| error.to_string());
        }
    }
}

/// Where the files go: under other names until all of it is there.
struct Sink {
    pack: Option<Pack>,
    site: Option<Site>,
}

struct Pack {
    path: PathBuf,
    part: PathBuf,
    out: BufWriter<File>,
    writer: PackWriter,
}

struct Site {
    folder: PathBuf,
    /// Written last, so that no reader begins what is not there yet.
    head: Vec<u8>,
    /// Heights of the head before and of this one: states of others go.
    kept: [u64; 2],
}

impl Sink {
    fn begin(args: &Args, head: &PackHead, bases: Vec<Hash32>) -> Result<Self, Failure> {
        let start = PackStart { version: 1, ledger: head.ledger, height: head.height, bases };
        let pack = args.output.as_ref().map(|path| Pack::begin(path, &start)).transpose()?;
        let site = args.site.as_ref().map(|folder| {
            let before = fs::read(folder.join("pack/1/head")).ok();
            let before =
                before.and_then(|head| sealight_verify::codec::decode::<PackHead>(&head).ok());
            let before = before.map_or(head.height, |before| before.height);
            Site { folder: folder.clone(), head: Vec::new(), kept: [before, head.height] }
        });
        Ok(Self { pack, site })
    }

    fn put(&mut self, place: &Place, bytes: &[u8]) -> io::Result<()> {
        if let Some(pack) = &mut self.pack {
            let chunk = pack.writer.chunk(place, bytes).map_err(io::Error::other)?;
            pack.out.write_all(&chunk)?;
        }
        match &mut self.site {
            Some(site) if *place == Place::Head => site.head = bytes.to_vec(),
            Some(site) => site.put(place, bytes)?,
            None => {}
        }
        Ok(())
    }

    fn finish(self, maker: Option<&Maker>) -> Result<Option<Hash32>, Failure> {
        let mut id = None;
        if let (Some(pack), Some(maker)) = (self.pack, maker) {
            id = Some(pack.finish(maker)?);
        }
        if let Some(site) = self.site {
            let head = site.put(&Place::Head, &site.head);
            head.map_err(|error| files::unwritable(&site.folder, &error))?;
            site.forget();
        }
        Ok(id)
    }
}

impl Pack {
    fn begin(path: &Path, start: &PackStart) -> Result<Self, Failure> {
        let part = files::beside(path);
        let (writer, first) = PackWriter::begin(start);
        let made = File::create(&part).map(BufWriter::new);
        let made = made.and_then(|mut out| out.write_all(&first).map(|()| out));
        let out = made.map_err(|error| files::unwritable(path, &error))?;
        Ok(Self { path: path.to_owned(), part, out, writer })
    }

    fn finish(mut self, Maker { key, party }: &Maker) -> Result<Hash32, Failure> {
        let id = self.writer.id();
        let last = self.writer.clone();
        let last = last.try_end(key.public(), *party, |message| key.try_sign(message));
        let last = last.map_err(|error| token::refused(&error))?;
        let named = self.out.write_all(&last).and_then(|()| self.out.flush());
        let named = named.and_then(|()| self.out.get_ref().sync_all());
        let named = named.and_then(|()| fs::rename(&self.part, &self.path));
        named.map_err(|error| files::unwritable(&self.path, &error))?;
        Ok(id)
    }
}

impl Drop for Pack {
    fn drop(&mut self) {
        // Under its last name it is no part any more.
        _ = fs::remove_file(&self.part);
    }
}

impl Site {
    fn put(&self, place: &Place, bytes: &[u8]) -> io::Result<()> {
        let path = self.folder.join(&place.to_string()[1..]);
        // What never changes stays, unless it was damaged there.
        if place.is_for_ever() && fs::read(&path).is_ok_and(|there| there == bytes) {
            return Ok(());
        }
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let beside = files::beside(&path);
        fs::write(&beside, bytes)?;
        fs::rename(&beside, &path)
    }

    /// Takes away states of heights that no head names any more; who read the head before this one
    /// still finds what it names.
    fn forget(&self) {
        for kind in ["lot", "index", "lots", "recalls"] {
            let folder = self.folder.join("pack/1").join(kind);
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                let height = entry.file_name().to_str().and_then(|name| name.parse::<u64>().ok());
                if height.is_some_and(|height| !self.kept.contains(&height)) {
                    let path = entry.path();
                    // What stays takes room and is asked for by nobody.
                    _ = if path.is_dir() {
                        fs::remove_dir_all(path)
                    } else {
                        fs::remove_file(path)
                    };
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sealight_verify::format::ids::LotId;

    #[test]
    fn lots_are_named_by_their_ids() {
        assert!(sign::lot_id("zz").is_err());
        assert_eq!(sign::lot_id("0102030405060708").ok(), Some(LotId([1, 2, 3, 4, 5, 6, 7, 8])));
    }

    #[test]
    fn words_are_those_of_the_program() {
        for (tag, text) in words() {
            assert!(Language::from_tag(tag).is_some());
            assert!(serde_json::from_slice::<serde_json::Value>(text).is_ok());
        }
    }
}
