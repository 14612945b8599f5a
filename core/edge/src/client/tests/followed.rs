//! The log followed past gateways whose heads are not what they should be.

use super::world::World;
use crate::cancel::Cancel;
use crate::net::testserver::{Step, TestServer, reply};
use sealight_issue::comet::commit_answer;
use sealight_verify::follow::{Follower, Watch};

fn everybody() -> Watch {
    let (parties, namespaces, names) = (Vec::new(), Vec::new(), Vec::new());
    Watch { parties, namespaces, names, everybody: true, factor: Watch::FACTOR }
}

/// A gateway whose newest header is always the one of a height, whatever else it serves.
fn stuck(world: &World, height: u64) -> TestServer {
    let block = world.ledger.light_block(Some(height)).unwrap();
    let answer = commit_answer(&block);
    world.gateway(move |path, steps| match path {
        "/commit" => reply("200 OK", answer.as_bytes()),
        _ => steps,
    })
}

/// Entries that a monitor reads in one look that asks these gateways, in this order, after it read
/// all up to the height before the newest entry.
fn read_after(world: &World, odd: impl Fn(u64) -> TestServer) -> u64 {
    let honest = world.honest();
    let (watch, cancel) = (everybody(), Cancel::default());
    let mut follower = Follower::new(world.ledger.ledger());
    let mut device = world.device(&[&honest]);
    let look = device.follow(&mut follower, &watch, world.now(), &mut |_, _| true, &cancel);
    assert_eq!((look.outcome, look.alarm), (Ok(()), None));
    let odd = odd(look.head.unwrap().0);
    world.event("shipped");
    device.online = world.device(&[&odd, &honest]).online;
    let look = device.follow(&mut follower, &watch, world.now(), &mut |_, _| true, &cancel);
    assert_eq!((look.outcome, look.alarm), (Ok(()), None));
    look.entries
}

#[test]
fn a_gateway_that_stands_still_holds_no_monitor_up() {
    let world = World::new(1);
    assert_eq!(read_after(&world, |known| stuck(&world, known)), 1);
    assert_eq!(read_after(&world, |_| stuck(&world, 1)), 1);
}

#[test]
fn a_height_that_no_header_has_holds_no_monitor_up() {
    let world = World::new(1);
    let says = |height: &'static str| {
        let bend = move |path: &str, steps: Vec<Step>| match path {
            "/commit" => {
                let body = super::world::body_of(&steps).unwrap();
                let mut json: serde_json::Value = serde_json::from_slice(&body).unwrap();
                let signed = &mut json["result"]["signed_header"];
                signed["header"]["height"] = height.into();
                signed["commit"]["height"] = height.into();
                reply("200 OK", json.to_string().as_bytes())
            }
            _ => steps,
        };
        world.gateway(bend)
    };
    for height in ["0", "1", "9223372036854775807", "18446744073709551615", "-1", "x"] {
        assert_eq!(read_after(&world, |_| says(height)), 1, "{height}");
    }
}
