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
//! | the same, after a week: the whole program renewed, under its launcher | once a week |
//!
//! Blocks for this device's own disk: where that hangs, the launcher hears nothing and starts the
//! program again. Whatever somebody may have plugged in is looked at in threads of its own: a stick
//! that hangs, or says that it is slow, holds up looks at sticks and nothing else. Ends with the
//! program.

use crate::age::Age;
use crate::bridge::Bridge;
use crate::fault::BROKEN;
use crate::pulse::Pulse;
use crate::stall::Stall;
use crate::window;
use sealight_edge::clock;
use sealight_edge::night::Night;
use sealight_edge::stick::MOUNTS;
use sealight_flow::view::Screen;
use sealight_launch::{HEALTH, RESTART, SignOfLife};
use std::path::Path;
use std::sync::mpsc::{SyncSender, sync_channel};
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
    let asides = Asides { sticks: sticks(app.clone())?, figures: figures(app.clone())? };
    let thread = std::thread::Builder::new().name("sealight-keeper".into());
    thread.spawn(move || keep(&app, night, &asides)).map(|_| ())
}

/// Work that may hang, in a thread of its own: whoever asks for it never waits.
struct Aside(SyncSender<()>);

impl Aside {
    fn start(name: &str, mut work: impl FnMut() + Send + 'static) -> std::io::Result<Self> {
        // A channel that holds nothing: it takes a word only while the thread waits for one.
        let (ask, asked) = sync_channel(0);
        let thread = std::thread::Builder::new().name(name.into());
        thread.spawn(move || asked.iter().for_each(|()| work()))?;
        Ok(Self(ask))
    }

    /// Has it begun once, unless it is at work.
    fn ask(&self) {
        // Where it is, the next one who asks has better luck.
        let _ = self.0.try_send(());
    }
}

/// What the keeper asks of others.
struct Asides {
    /// One look for a stick that opens the staff's page.
    sticks: Aside,
    /// The figures of a staff's page that is open, anew: they ask devices how they are.
    figures: Aside,
}

fn sticks(app: AppHandle) -> std::io::Result<Aside> {
    let mut before = false;
    Aside::start("sealight-sticks", move || {
        let bridge = app.state::<Bridge>();
        let there = bridge.shop().stick_is_there(&MOUNTS.map(Path::new));
        // A stick that stays opens the page once.
        if there && !before {
            bridge.post(bridge.shop().desk(true));
        }
        before = there;
    })
}

fn figures(app: AppHandle) -> std::io::Result<Aside> {
    Aside::start("sealight-desk", move || {
        let bridge = app.state::<Bridge>();
        bridge.post(bridge.shop().desk(false));
    })
}

fn keep(app: &AppHandle, mut night: Night, asides: &Asides) {
    let sign = SignOfLife::of_environment();
    let mut stall = Stall::new(clock::monotonic());
    let age = Age::new(clock::monotonic(), std::env::var_os(HEALTH).is_some());
    // Its page is as new as it would be.
    let mut begun_at_night = night.has_come(clock::system());
    for second in 1_u64.. {
        std::thread::sleep(EVERY);
        let bridge = app.state::<Bridge>();
        if !bridge.is_running() {
            return end(app, &bridge, "the host's thread has ended", BROKEN);
        }
        match bridge.pulse() {
            Pulse::Well => {}
            Pulse::Reload => {
                bridge.shop().page_reloaded();
                window::reload(app);
            }
            Pulse::Dead => return end(app, &bridge, "the page does not answer", BROKEN),
        }
        if bridge.page_is_alive() {
            sign.say();
        }
        let nobody = matches!(bridge.screen(), Some(Screen::Attract | Screen::Trouble));
        if stall.look(bridge.shop().camera_is_silent(), nobody, clock::monotonic()) {
            return end(app, &bridge, "the camera gives nothing any more", BROKEN);
        }
        if second % STICK == 0 {
            asides.sticks.ask();
        }
        if second % DESK == 0 && bridge.screen() == Some(Screen::Staff) {
            asides.figures.ask();
        }
        if second % SAVE == 0 {
            bridge.shop().save();
        }
        let idle = bridge.screen() == Some(Screen::Attract) && bridge.page_is_alive();
        if idle && night.has_come(clock::system()) {
            if age.is_old(clock::monotonic()) {
                return end(app, &bridge, "it has run for a week", RESTART);
            }
            bridge.tidy();
            bridge.page_renewed();
            window::renew(app);
        } else if idle && std::mem::take(&mut begun_at_night) {
            bridge.tidy();
        }
    }
}

fn end(app: &AppHandle, bridge: &Bridge, why: &str, code: i32) {
    eprintln!("sealight-kiosk: {why}; ends to be started again");
    bridge.shop().save();
    app.exit(code);
    // The window's thread may be what hangs.
    std::thread::sleep(Duration::from_secs(5));
    bridge.close();
    std::process::exit(code);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::{Receiver, channel};

    /// Asks until it begins.
    fn begins(aside: &Aside, begun: &Receiver<()>) {
        for _ in 0..1000 {
            aside.ask();
            if begun.recv_timeout(Duration::from_millis(20)).is_ok() {
                return;
            }
        }
        panic!("it does not begin");
    }

    #[test]
    fn work_that_hangs_holds_nobody_up_and_is_begun_again_only_once_it_is_done() {
        let ((tell, begun), (go_on, hangs)) = (channel(), channel::<()>());
        let work = move || {
            let _ = tell.send(());
            let _ = hangs.recv();
        };
        let aside = Aside::start("sealight-test", work).unwrap();
        begins(&aside, &begun);
        (0..100).for_each(|_| aside.ask());
        let again = begun.recv_timeout(Duration::from_millis(300));
        assert!(again.is_err(), "one look at a time");
        go_on.send(()).unwrap();
        begins(&aside, &begun);
    }
}
