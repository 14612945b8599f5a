//! The keeper: one thread that looks every second whether all is well, as nobody else would.
//!
//! | what | how often |
//! |---|---|
//! | the page's signs of life, and this program's own to its launcher | 1 s |
//! | a camera that gives nothing any more: the program is started again | 1 s |
//! | a stick that opens the staff's page | 3 s |
//! | figures of a staff's page that is open | 5 s |
//! | the day's file | 20 s |
//! | the night: everything is fetched, the store made small, the page's process renewed | once a day |
//!
//! Blocks for the disk, and where a stick hangs for that stick: then the launcher hears nothing and
//! starts the program again. Ends with the program.

use crate::bridge::Bridge;
use crate::fault::BROKEN;
use crate::pulse::Pulse;
use crate::stall::Stall;
use crate::window;
use sealight_edge::clock;
use sealight_edge::night::Night;
use sealight_edge::stick::MOUNTS;
use sealight_flow::view::Screen;
use sealight_launch::SignOfLife;
use std::path::Path;
use std::time::Duration;
use tauri::{AppHandle, Manager};

const EVERY: Duration = Duration::from_secs(1);
const STICK: u64 = 3;
const DESK: u64 = 5;
const SAVE: u64 = 20;

/// Starts the keeper.
///
/// # Errors
/// The system's, where it gives no thread.
pub(crate) fn start(app: AppHandle, night: Night) -> std::io::Result<()> {
    let thread = std::thread::Builder::new().name("sealight-keeper".into());
    thread.spawn(move || keep(&app, night)).map(|_| ())
}

fn keep(app: &AppHandle, mut night: Night) {
    let sign = SignOfLife::of_environment();
    let (mut stick, mut stall) = (false, Stall::new(clock::monotonic()));
    // Its page is as new as it would be.
    let mut begun_at_night = night.has_come(clock::system());
    for second in 1_u64.. {
        std::thread::sleep(EVERY);
        let bridge = app.state::<Bridge>();
        if !bridge.is_running() {
            return end(app, &bridge, "the host's thread has ended");
        }
        match bridge.pulse() {
            Pulse::Well => {}
            Pulse::Reload => {
                bridge.shop().page_reloaded();
                window::reload(app);
            }
            Pulse::Dead => return end(app, &bridge, "the page does not answer"),
        }
        if bridge.page_is_alive() {
            sign.say();
        }
        let nobody = matches!(bridge.screen(), Some(Screen::Attract | Screen::Trouble));
        if stall.look(bridge.shop().camera_is_silent(), nobody, clock::monotonic()) {
            return end(app, &bridge, "the camera gives nothing any more");
        }
        if second % STICK == 0 {
            let there = bridge.shop().stick_is_there(&MOUNTS.map(Path::new));
            // A stick that stays opens the page once.
            if there && !stick {
                bridge.post(bridge.shop().desk(true));
            }
            stick = there;
        }
        if second % DESK == 0 && bridge.screen() == Some(Screen::Staff) {
            bridge.post(bridge.shop().desk(false));
        }
        if second % SAVE == 0 {
            bridge.shop().save();
        }
        let idle = bridge.screen() == Some(Screen::Attract) && bridge.page_is_alive();
        if idle && night.has_come(clock::system()) {
            bridge.tidy();
            bridge.page_renewed();
            window::renew(app);
        } else if idle && std::mem::take(&mut begun_at_night) {
            bridge.tidy();
        }
    }
}

fn end(app: &AppHandle, bridge: &Bridge, why: &str) {
    eprintln!("sealight-kiosk: {why}; ends to be started again");
    bridge.shop().save();
    app.exit(BROKEN);
    // The window's thread may be what hangs.
    std::thread::sleep(Duration::from_secs(5));
    std::process::exit(BROKEN);
}
