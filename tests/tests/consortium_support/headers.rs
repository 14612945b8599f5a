//! Headers of the network, and the keys that sign them.

use super::Consortium;
use super::base64::decode;
use sealight_issue::comet::{Signers, ValidatorKey};
use sealight_tests::kit::gateway::Upstream;
use sealight_verify::comet::json::{commit_answer, validators_answer};
use sealight_verify::comet::{LightBlock, Stock};
use serde_json::Value;

/// Power of each validator of a new network.
pub(crate) const POWER: u64 = 10;

impl Consortium {
    /// A node's light block of a height.
    pub(crate) fn block(&self, place: usize, height: u64) -> LightBlock {
        let gateway = Upstream::new(self.node(place).gateway);
        let read = |path: String| gateway.read(&path).body().unwrap().to_vec();
        let signed = commit_answer::<Stock>(&read(format!("/commit?height={height}"))).unwrap();
        let page = read(format!("/validators?height={height}&page=1&per_page=100"));
        let set = validators_answer::<Stock>(&page).unwrap().into_set().unwrap();
        signed.with_validators::<Stock>(set).unwrap()
    }

    /// The validator's key of a node, out of its engine's folder.
    pub(crate) fn validator_key(&self, place: usize) -> ValidatorKey {
        let home = self.folder().join(format!("node{}", place + 1));
        let text = std::fs::read(home.join("comet/config/priv_validator_key.json")).unwrap();
        let value: Value = serde_json::from_slice(&text).unwrap();
        let bytes = decode(value["priv_key"]["value"].as_str().unwrap());
        ValidatorKey::from_seed(bytes[..32].try_into().unwrap()).unwrap()
    }

    /// The validators of these nodes with all their keys.
    pub(crate) fn signers(&self, places: &[usize]) -> Signers {
        let seat = |place: &usize| (self.validator_key(*place), POWER);
        Signers::new(places.iter().map(seat).collect()).unwrap()
    }
}
