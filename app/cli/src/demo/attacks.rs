//! What a forger tries, one after the other, and what the verifier says to each.

use super::cast::FORGED;
use super::scans::Scanned;
use super::stage::Stage;
use super::{alter, attempt};
use crate::fail::Failure;
use crate::issue::{self, Folder};
use crate::{files, key, show};
use sealight_issue::label::{QrSymbol, seal_uri};
use sealight_ledger::state::Refused;
use sealight_verify::format::lot::LotAnchor;
use sealight_verify::format::namespace::Namespace;
use sealight_verify::format::seal::{SealCode, Secret};
use sealight_verify::judge::{ItemName, Named};
use serde_json::Value;
use std::path::PathBuf;

/// Validators whose votes are left in a header: two of four.
const FEW: usize = 2;
/// Pixels of one module in the invented label.
const MODULE: u32 = 8;

/// Runs all attempts; each must be refused for its own reason.
pub(super) fn all(stage: &mut Stage<'_>, scanned: &Scanned) -> Result<Vec<Value>, Failure> {
    files::folder(&stage.folder.join("attacks"))?;
    stage.heading("attacks", &[]);
    let forged = Forged::make(stage)?;
    Ok(vec![
        invented(stage, scanned)?,
        altered(stage, scanned)?,
        other_lot(stage, scanned, &forged.scanned.bundle)?,
        too_few(stage, scanned)?,
        forged.anchored(stage)?,
        forged.contradicted(stage)?,
        withheld(stage, scanned)?,
    ])
}

/// A code that looks like the maker's, with a secret that the forger made up.
fn invented(stage: &mut Stage<'_>, scanned: &Scanned) -> Result<Value, Failure> {
    let Named::Item(ItemName { ledger: Some(ledger), lot, index, .. }) = scanned.claim.names else {
        return Err(Failure::new("demo", &[("what", &"claim")]));
    };
    let seal = SealCode { ledger, lot, index, secret: Secret(key::random()?) };
    let no_label = |error: sealight_issue::label::LabelError| issue::no_label(&error);
    let uri = seal_uri("sealight.example", &seal).map_err(no_label)?;
    let png = QrSymbol::encode(&uri).and_then(|symbol| symbol.png(MODULE)).map_err(no_label)?;
    let path = stage.folder.join("attacks").join("invented-code.png");
    files::write(&path, &png)?;
    let found = stage.picture(&path)?;
    let (outcome, code) = stage.attempted("invented", &found.verdict);
    stage.expect("invented", code == "secret-not-committed")?;
    Ok(attempt("invented", Some(&path), outcome, code, &show::reason(&found.verdict).1))
}

/// One byte of the record changed in the file.
fn altered(stage: &mut Stage<'_>, scanned: &Scanned) -> Result<Value, Failure> {
    let bytes = alter::one_byte(&scanned.bundle, &stage.cast.product);
    let (bytes, _) = bytes.ok_or_else(|| Failure::new("demo", &[("what", &"altered")]))?;
    file(stage, scanned, "altered", &bytes)
}

/// The record and the path of another lot's item.
fn other_lot(stage: &mut Stage<'_>, scanned: &Scanned, other: &[u8]) -> Result<Value, Failure> {
    let bytes = alter::other_proof(&scanned.bundle, other).map_err(|error| no_bundle(&error))?;
    file(stage, scanned, "other-lot", &bytes)
}

/// A header with the votes of half the validators.
fn too_few(stage: &mut Stage<'_>, scanned: &Scanned) -> Result<Value, Failure> {
    let bytes = alter::too_few(&scanned.bundle, FEW).map_err(|error| no_bundle(&error))?;
    file(stage, scanned, "too-few", &bytes)
}

/// The bundle without what the lab found.
fn withheld(stage: &mut Stage<'_>, scanned: &Scanned) -> Result<Value, Failure> {
    let lab = stage.lab;
    let bytes = alter::withheld(&scanned.bundle, &lab).map_err(|error| no_bundle(&error))?;
    file(stage, scanned, "withheld", &bytes)
}

/// Writes altered bytes to disk and verifies them from there.
fn file(
    stage: &mut Stage<'_>,
    scanned: &Scanned,
    name: &str,
    bytes: &[u8],
) -> Result<Value, Failure> {
    let path: PathBuf = stage.folder.join("attacks").join(format!("{name}.cbor"));
    files::write(&path, bytes)?;
    let verdict = stage.verify(&scanned.claim, &path)?;
    let (outcome, code) = stage.attempted(name, &verdict);
    let expected = match name {
        "too-few" => "header-",
        "withheld" => "events-missing",
        _ => "bad-proof",
    };
    stage.expect(name, code.starts_with(expected) && bytes != scanned.bundle)?;
    Ok(attempt(name, Some(&path), outcome, code, &show::reason(&verdict).1))
}

/// The forger's own lot with the distillery's brand in its records.
struct Forged {
    /// Code and words of the ledger where the lot declared that brand.
    refused: (String, String),
    /// The label of an item of the lot as it was anchored then, under the forger's own name.
    label: PathBuf,
    scanned: Scanned,
}

impl Forged {
    fn make(stage: &mut Stage<'_>) -> Result<Self, Failure> {
        let (console, cast) = (stage.console, stage.cast);
        let folder = Folder(stage.folder.join("attacks").join("forged-lot"));
        let plan = stage.plan(stage.forger.own.party, 1, &cast.product, cast.namespaces());
        let anchor = stage.build(&folder, plan, &cast.items(FORGED), None)?;
        let sent = issue::send(console, &mut stage.device, &stage.forger, &folder, &anchor);
        let refused = match sent {
            Err(failure) if failure.code() == "refused" => {
                (failure.value("code"), failure.value("why"))
            }
            Err(failure) => return Err(failure),
            Ok(_) => Default::default(),
        };
        let anchor = LotAnchor { namespaces: cast.forged_namespaces(), ..anchor };
        issue::send(console, &mut stage.device, &stage.forger, &folder, &anchor)?;
        issue::draw(console, &stage.device.cancel.clone(), &folder, 1)?;
        let label = folder.labels().join("00000.png");
        let scanned = stage.picture(&label)?;
        Ok(Self { refused, label, scanned })
    }

    fn anchored(&self, stage: &Stage<'_>) -> Result<Value, Failure> {
        let (code, why) = &self.refused;
        stage.refused("anchored", "refused", why);
        let namespace = Namespace::Brand(stage.cast.brand.clone());
        let (rule, name) = Refused::ForeignNamespace { namespace }.code();
        stage.expect("anchored", *code == rule.to_string())?;
        Ok(attempt("anchored", None, "refused", name, why))
    }

    fn contradicted(&self, stage: &Stage<'_>) -> Result<Value, Failure> {
        let verdict = &self.scanned.verdict;
        let (outcome, code) = stage.attempted("foreign", verdict);
        stage.expect("foreign", code == "foreign-namespace")?;
        Ok(attempt("foreign", Some(&self.label), outcome, code, &show::reason(verdict).1))
    }
}

fn no_bundle(error: &dyn ToString) -> Failure {
    Failure::new("demo", &[("what", error)])
}
