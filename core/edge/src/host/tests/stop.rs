//! A host that is shared by others when the program ends.

use super::*;

#[test]
fn a_host_that_nobody_drops_closes_its_store_all_the_same() {
    let (world, folder) = (World::new(1), Folder::new());
    let device = world.device_at(&folder.path("store.db"), &[]);
    let watched = watched(device.light, device.online);
    watched.next(Screen::Aiming);
    assert!(folder.path("store.db-open").exists());
    assert!(watched.host.stop_within(Duration::from_secs(60)));
    assert!(!folder.path("store.db-open").exists());
    assert!(!watched.host.is_running());
    assert!(watched.host.stop_within(Duration::ZERO), "it has stopped");
}

#[test]
fn a_host_that_hangs_is_waited_for_no_longer_than_that() {
    let (world, folder) = (World::new(1), Folder::new());
    let device = world.device_at(&folder.path("store.db"), &[]);
    let (free, held) = channel::<()>();
    // The first thing that it does for the shell takes as long as the test likes.
    let on_effect = move |_| {
        let _ = held.recv();
    };
    let watched = watched_as(Profile::KIOSK, device.light, device.online, system, on_effect);
    assert!(!watched.host.stop_within(Duration::from_millis(300)));
    assert!(folder.path("store.db-open").exists());
    drop(free);
    watched.host.stop();
    assert!(!folder.path("store.db-open").exists());
}
