//! The supermarket kiosk: a window that draws views, and the devices that it reads from.
//!
//! ```text
//! page ── act ──> bridge ── Event ──> host (flow, store, network)
//! page <── view ──┘   └── frames <── camera
//!                         tags <── reader
//! ```
//!
//! One command in, one event out; what the page may do stands in `capabilities/kiosk.json`. All
//! words, tones, buttons and timers come from the flow; nothing is decided here either.

mod bridge;
mod burst;
mod device;
mod fault;
mod frames;
mod gallery;
mod keep;
mod lacking;
mod operator;
mod pulse;
mod settings;
mod shop;
mod speak;
mod stall;
mod tap;
mod watch;
mod window;

use settings::Settings;
use std::process::ExitCode;

fn main() -> ExitCode {
    fault::end_on_panic();
    let mut settings = match Settings::of(std::env::args_os().skip(1)) {
        Ok(Some(settings)) => settings,
        Ok(None) => {
            print!("{}", settings::HELP);
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("sealight-kiosk: {error}\n\n{}", settings::HELP);
            return ExitCode::from(64);
        }
    };
    let (parts, gallery) = match device::open(&mut settings) {
        Ok(opened) => opened,
        Err(error) => {
            eprintln!("sealight-kiosk: {error}");
            return ended(lacking::run(settings, &error));
        }
    };
    let shop = match device::home(&settings) {
        Ok(home) => shop::Shop::open(home, &settings),
        Err(error) => {
            eprintln!("sealight-kiosk: {error}");
            return ExitCode::FAILURE;
        }
    };
    ended(window::run(settings, parts, gallery, shop))
}

fn ended(window: tauri::Result<()>) -> ExitCode {
    match window {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("sealight-kiosk: no window: {error}");
            ExitCode::FAILURE
        }
    }
}
