//! Staff are told of a clock that headers speak against.

use super::*;
use sealight_flow::Noted;

/// A day before the worlds' start.
fn earlier() -> Timestamp {
    system().saturating_sub(sealight_verify::time::Seconds::days(1))
}

#[test]
fn a_clock_before_the_newest_header_is_told() {
    let (world, folder) = (World::new(1), Folder::new());
    let path = folder.path("store.db");
    let gateway = world.honest();
    let clocks: [(fn() -> Timestamp, bool); 2] = [(system, false), (earlier, true)];
    for (system, doubtful) in clocks {
        let mut device = world.device_at(&path, &[&gateway]);
        world.sync(&mut device).outcome.unwrap();
        let (tell, told) = channel();
        let on_effect = move |effect| {
            if let Effect::Note(Noted::Clock { doubtful }) = effect {
                let _ = tell.send(doubtful);
            }
        };
        let watched = watched_as(Profile::KIOSK, device.light, device.online, system, on_effect);
        assert_eq!(told.recv_timeout(Duration::from_secs(60)), Ok(doubtful));
        watched.host.stop();
    }
}
