//! A trust file as JSON: shown, edited by a person, and read again.
//!
//! ```text
//! { "serial": 2, "expires": "2027-01-31T00:00:00Z", "demo": false,
//!   "roots":       { "threshold": 2, "keys": [ { "algorithm": "sm2", "public": HEX } ] },
//!   "checkpoints": { "threshold": 1, "keys": [ ... ] },
//!   "ledgers": [ { "id": HEX, "name", "chain_id", "kind": "comet", "genesis": TIME,
//!     "operators": [ { "name", "validators": [ HEX ], "gateways": [ URL ] } ],
//!     "periods": { "trusting", "skip_third", "drift", "fresh", "fresh_inspector", "stop" },
//!     "least_operators": 1 } ] }
//! ```

use sealight_verify::codec::Blob;
use sealight_verify::format::ids::LedgerId;
use sealight_verify::sign::PublicKey;
use sealight_verify::time::{Seconds, Timestamp};
use sealight_verify::trust::{
    KeySet, LedgerKind, LedgerTrust, Operator, Periods, TrustFile, ValidatorKey,
};
use serde_json::{Value, json};

/// The document of a trust file.
pub(crate) fn write(file: &TrustFile) -> Value {
    json!({
        "serial": file.serial,
        "expires": file.expires.to_string(),
        "demo": file.demo,
        "roots": role(&file.roots),
        "checkpoints": role(&file.checkpoints),
        "ledgers": file.ledgers.iter().map(ledger).collect::<Vec<_>>(),
    })
}

fn role(keys: &KeySet) -> Value {
    let key = |key: &PublicKey| json!({ "algorithm": key.algorithm.name(), "public": crate::key::hex(key) });
    json!({ "threshold": keys.threshold, "keys": keys.keys.iter().map(key).collect::<Vec<_>>() })
}

fn ledger(ledger: &LedgerTrust) -> Value {
    let operator = |operator: &Operator| {
        let validators: Vec<String> = operator.validators.iter().map(ToString::to_string).collect();
        let gateways = &operator.gateways;
        json!({ "name": operator.name, "validators": validators, "gateways": gateways })
    };
    let LedgerKind::Comet = ledger.kind;
    json!({
        "id": ledger.id.to_string(),
        "name": ledger.name,
        "chain_id": ledger.chain_id,
        "kind": "comet",
        "genesis": ledger.genesis.to_string(),
        "operators": ledger.operators.iter().map(operator).collect::<Vec<_>>(),
        "periods": {
            "trusting": ledger.periods.trusting.0,
            "skip_third": ledger.periods.skip_third.0,
            "drift": ledger.periods.drift.0,
            "fresh": ledger.periods.fresh.0,
            "fresh_inspector": ledger.periods.fresh_inspector.0,
            "stop": ledger.periods.stop.0,
        },
        "least_operators": ledger.least_operators,
    })
}

/// Reads a document.
///
/// # Errors
/// The first field that is missing or cannot be what it says.
pub(crate) fn read(document: &Value) -> Result<TrustFile, String> {
    let at = At { value: document, path: String::new() };
    Ok(TrustFile {
        version: 1,
        serial: at.field("serial")?.number()?,
        expires: at.field("expires")?.time()?,
        demo: at.field("demo")?.flag()?,
        roots: read_role(&at.field("roots")?)?,
        checkpoints: read_role(&at.field("checkpoints")?)?,
        ledgers: at.field("ledgers")?.each(read_ledger)?,
    })
}

fn read_role(at: &At<'_>) -> Result<KeySet, String> {
    let threshold = at.field("threshold")?;
    let threshold = u16::try_from(threshold.number()?).map_err(|_| threshold.bad())?;
    let keys = at.field("keys")?.each(|at| {
        let (algorithm, public) = (at.field("algorithm")?, at.field("public")?);
        let algorithm = algorithm.text()?.parse().map_err(|_| algorithm.bad())?;
        let bytes = unhex(&public.text()?).ok_or_else(|| public.bad())?;
        Ok(PublicKey { algorithm, bytes: Blob(bytes) })
    })?;
    Ok(KeySet { threshold, keys })
}

fn read_ledger(at: &At<'_>) -> Result<LedgerTrust, String> {
    let (id, kind) = (at.field("id")?, at.field("kind")?);
    if kind.text()? != "comet" {
        return Err(kind.bad());
    }
    let least = at.field("least_operators")?;
    Ok(LedgerTrust {
        id: LedgerId::from_hex(&id.text()?).ok_or_else(|| id.bad())?,
        name: at.field("name")?.text()?,
        chain_id: at.field("chain_id")?.text()?,
        kind: LedgerKind::Comet,
        genesis: at.field("genesis")?.time()?,
        operators: at.field("operators")?.each(read_operator)?,
        periods: read_periods(&at.field("periods")?)?,
        least_operators: u32::try_from(least.number()?).map_err(|_| least.bad())?,
    })
}

fn read_operator(at: &At<'_>) -> Result<Operator, String> {
    Ok(Operator {
        name: at.field("name")?.text()?,
        validators: at
            .field("validators")?
            .each(|key| ValidatorKey::from_hex(&key.text()?).ok_or_else(|| key.bad()))?,
        gateways: at.field("gateways")?.each(|url| url.text())?,
    })
}

fn read_periods(at: &At<'_>) -> Result<Periods, String> {
    let seconds = |name: &'static str| at.field(name)?.number().map(Seconds);
    Ok(Periods {
        trusting: seconds("trusting")?,
        skip_third: seconds("skip_third")?,
        drift: seconds("drift")?,
        fresh: seconds("fresh")?,
        fresh_inspector: seconds("fresh_inspector")?,
        stop: seconds("stop")?,
    })
}

/// A value, and where it stands.
struct At<'a> {
    value: &'a Value,
    path: String,
}

impl At<'_> {
    fn field(&self, name: &'static str) -> Result<At<'_>, String> {
        let path = format!("{}.{name}", self.path).trim_start_matches('.').to_owned();
        match self.value.get(name) {
            Some(value) => Ok(At { value, path }),
            None => Err(format!("{path} is missing")),
        }
    }

    fn each<T>(&self, read: impl Fn(&At<'_>) -> Result<T, String>) -> Result<Vec<T>, String> {
        let list = self.value.as_array().ok_or_else(|| self.bad())?.iter().enumerate();
        list.map(|(at, value)| read(&At { value, path: format!("{}[{at}]", self.path) })).collect()
    }

    fn text(&self) -> Result<String, String> {
        self.value.as_str().map(str::to_owned).ok_or_else(|| self.bad())
    }

    fn number(&self) -> Result<u64, String> {
        self.value.as_u64().ok_or_else(|| self.bad())
    }

    fn flag(&self) -> Result<bool, String> {
        self.value.as_bool().ok_or_else(|| self.bad())
    }

    fn time(&self) -> Result<Timestamp, String> {
        self.text()?.parse().map_err(|_| self.bad())
    }

    fn bad(&self) -> String {
        format!("{} cannot be {}", self.path, self.value)
    }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2);
    let digit = |byte: &u8| char::from(*byte).to_digit(16).map(|digit| digit as u8);
    pairs
        .map(|pair| match pair {
            [high, low] => Some(digit(high)? << 4 | digit(low)?),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use sealight_verify::sign::Algorithm;

    fn file() -> TrustFile {
        let key = |byte| PublicKey { algorithm: Algorithm::Sm2, bytes: Blob(vec![byte; 33]) };
        TrustFile {
            version: 1,
            serial: 7,
            expires: Timestamp::from_unix_secs(2_000_000_000),
            roots: KeySet { threshold: 2, keys: vec![key(2), key(3)] },
            checkpoints: KeySet { threshold: 1, keys: vec![key(4)] },
            ledgers: vec![LedgerTrust {
                id: LedgerId([9; 32]),
                name: "Spirits".into(),
                chain_id: "spirits-1".into(),
                kind: LedgerKind::Comet,
                genesis: Timestamp::from_unix_secs(1_700_000_000),
                operators: vec![Operator {
                    name: "Reverie".into(),
                    validators: vec![ValidatorKey([5; 32])],
                    gateways: vec!["http://127.0.0.1:26657".into()],
                }],
                periods: Periods::DEFAULT,
                least_operators: 2,
            }],
            demo: true,
        }
    }

    #[test]
    fn a_trust_file_comes_back_from_its_document() {
        assert_eq!(read(&write(&file())), Ok(file()));
    }

    #[test]
    fn what_is_wrong_is_named_by_its_place() {
        let mut document = write(&file());
        document["ledgers"][0]["operators"][0]["validators"][0] = "zz".into();
        let told = "ledgers[0].operators[0].validators[0] cannot be \"zz\"";
        assert_eq!(read(&document), Err(told.to_owned()));
        document["serial"] = Value::Null;
        assert_eq!(read(&document), Err("serial cannot be null".to_owned()));
        let none = read(&json!({ "serial": 1 }));
        assert_eq!(none, Err("expires is missing".to_owned()));
    }
}
