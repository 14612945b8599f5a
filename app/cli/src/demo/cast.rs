//! Who and what the run is about: names in the person's language, dates around today.

use crate::console::Console;
use crate::fail::Failure;
use sealight_edge::clock;
use sealight_verify::format::event::TraceEvent;
use sealight_verify::format::ids::LotId;
use sealight_verify::format::namespace::Namespace;
use sealight_verify::format::record::Field;
use sealight_verify::time::{Seconds, Timestamp};
use std::fmt::Write as _;

/// Items of the lot.
pub(super) const BOTTLES: u32 = 1000;
/// Items of the forger's lot: as many, so that its proofs are as long.
pub(super) const FORGED: u32 = BOTTLES;

/// Prefix of a GTIN that GS1 keeps for examples.
const PREFIX: &str = "09506000";
const GTIN: &str = "09506000134352";

/// The names of a run.
pub(super) struct Cast {
    pub(super) operator: String,
    pub(super) distillery: String,
    pub(super) lab: String,
    pub(super) forger: String,
    pub(super) brand: String,
    pub(super) product: String,
    pub(super) notice: String,
    texts: [String; 8],
    now: Timestamp,
}

impl Cast {
    pub(super) fn of(console: &Console) -> Self {
        let say = |name: &str| console.say(&format!("cli.demo.cast.{name}"), &[]);
        let texts = [
            "origin",
            "brewing",
            "storage",
            "seal-position",
            "town",
            "cellar",
            "laboratory",
            "passed",
        ];
        Self {
            operator: say("operator"),
            distillery: say("distillery"),
            lab: say("lab"),
            forger: say("forger"),
            brand: say("brand"),
            product: say("product"),
            notice: say("notice"),
            texts: texts.map(say),
            now: clock::system(),
        }
    }

    /// What the distillery alone may speak for.
    pub(super) fn namespaces(&self) -> Vec<Namespace> {
        vec![Namespace::Gtin(PREFIX.into()), Namespace::Brand(self.brand.clone())]
    }

    /// What the forger may speak for.
    pub(super) fn forged_namespaces(&self) -> Vec<Namespace> {
        vec![Namespace::Brand(self.forger.clone())]
    }

    /// The list of bottles as an issuer writes it.
    pub(super) fn items(&self, count: u32) -> String {
        let [origin, brewing, storage, seal, ..] = &self.texts;
        let (day, batch) = (self.day(2), &self.day(2).replace('-', "")[2..]);
        let mut csv = String::from(
            "product,category,brand,gtin,serial,batch,origin,brewing-time,production-date,storage-time,\
             seal-position\n",
        );
        for number in 1..=count {
            // Writing to a string cannot fail.
            _ = writeln!(
                csv,
                "{},baijiu,{},{GTIN},BR-{number:05},{batch},\"{origin}\",\"{brewing}\",{day},\
                 \"{storage}\",\"{seal}\"",
                self.product, self.brand,
            );
        }
        csv
    }

    /// What happened to the lot: brewed, bottled, tested, sent off; whether the lab says so.
    pub(super) fn events(&self, lot: LotId) -> Result<Vec<(bool, TraceEvent)>, Failure> {
        let [origin, .., town, cellar, laboratory, passed] = &self.texts;
        let fact = |key: &str, value: &str| Field { key: key.into(), value: value.into() };
        let event = |step: &str, days: u64, place: &str, facts: Vec<Field>| TraceEvent {
            lot,
            items: None,
            step: step.into(),
            at: self.at(days),
            place: Some(place.into()),
            facts,
            sensor: false,
            document: None,
        };
        let tested =
            vec![fact("alcohol", "52.1 %"), fact("methanol", "0.04 g/L"), fact("result", passed)];
        Ok(vec![
            (false, event("brewing", 7 * 365, origin, Vec::new())),
            (false, event("bottling", 2, cellar, vec![fact("volume", "500 ml")])),
            (true, event("inspecting", 1, laboratory, tested)),
            (false, event("shipping", 0, town, Vec::new())),
        ])
    }

    /// So many days ago; none is now, which goes on while the run does.
    fn at(&self, days: u64) -> Timestamp {
        match days {
            0 => clock::system(),
            days => self.now.saturating_sub(Seconds(days * 86_400)),
        }
    }

    /// The day so many days ago.
    fn day(&self, days: u64) -> String {
        self.at(days).to_string().chars().take(10).collect()
    }
}
