//! Seeds of what an operator signs for kiosks.

use sealight_edge::operator::{OperatorKey, Shop, SignedShop};
use sealight_issue::key::SigningKey;
use sealight_launch::{Manifest, platform};
use sealight_verify::sign::Algorithm;

pub(super) fn seeds() -> Vec<(&'static str, Vec<u8>)> {
    let ledger = "03".repeat(32);
    let shop = format!(
        r##"{{"version":1,"serial":7,"expires":1830000000,"name":"Market Hall","colour":"#14532D","languages":["zh-CN","en"],"hours":[{{"days":[1,7],"from":"08:00","to":"22:00"}}],"patience":150,"sound":"low","ledgers":["{ledger}"],"configuration":"https://kiosks.example/12","updates":"https://kiosks.example/program","keep_days":90,"metrics":false}}"##
    );
    Shop::decode(shop.as_bytes()).expect("a shop");
    let manifest = format!(
        r#"{{"version":1,"release":12,"name":"0.3.0","platform":"{}","program":"kiosk","files":[{{"path":"kiosk","size":9,"sm3":"{ledger}","executable":true}},{{"path":"assets/a.png","size":4,"sha256":"{ledger}"}}]}}"#,
        platform()
    );
    Manifest::decode(manifest.as_bytes()).expect("a manifest");
    let key = SigningKey::from_seed(Algorithm::Ed25519, &[5; 32]).expect("a seed");
    let operator = OperatorKey::new(sealight_issue::key::Sign::public(&key)).expect("a key");
    let signature = key.sign(&SignedShop::signing_bytes(&shop));
    let signed = SignedShop::new(shop.clone(), operator.clone(), signature).encode();
    let public = format!(r#"{{"algorithm":"ed25519","public":"{}"}}"#, operator.hex());
    vec![
        ("shop", shop.into_bytes()),
        ("signed_config", signed),
        ("signed_config", public.into_bytes()),
        ("update_manifest", manifest.into_bytes()),
    ]
}
