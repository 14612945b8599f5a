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

mod age;
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

use sealight_launch::SignOfLife;
use settings::Settings;
use std::process::ExitCode;

fn main() -> ExitCode {
    // Before anything that may hang, such as a disk: from here on the launcher hears where it does.
    // The next one is said once the page is alive.
    SignOfLife::of_environment().say();
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
    let opened = match device::open(&mut settings) {
        Ok(opened) => opened,
        Err(error) => {
            eprintln!("sealight-kiosk: {error}");
            return ended(lacking::run(settings, &error));
        }
    };
    let shop = match device::home(&settings) {
        Ok(home) => shop::Shop::open(home, &settings, opened.file.damage.clone()),
        Err(error) => {
            eprintln!("sealight-kiosk: {error}");
            return ExitCode::FAILURE;
        }
    };
    opened.file.check_later();
    ended(window::run(settings, opened.parts, opened.gallery, shop))
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

#[cfg(test)]
mod tests {
    use sealight_launch::ALIVE;
    use std::net::UdpSocket;
    use std::process::Command;
    use std::time::Duration;

    /// The variable by which this test program knows that it is to start as the kiosk does.
    const STARTS: &str = "SEALIGHT_TEST_STARTS";

    /// Not a test of its own: what the next one runs as a process. It comes no further than the
    /// options, which are this test program's own.
    #[test]
    fn starts_where_it_is_told_to() {
        if std::env::var_os(STARTS).is_some() {
            let _ = super::main();
        }
    }

    #[test]
    fn the_first_sign_of_life_comes_before_anything_else() {
        let ear = UdpSocket::bind("127.0.0.1:0").unwrap();
        ear.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let name = format!("{}/word", ear.local_addr().unwrap());
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "tests::starts_where_it_is_told_to", "--nocapture"]);
        let started = command.env(STARTS, "yes").env(ALIVE, name).output().unwrap();
        let said = String::from_utf8_lossy(&started.stderr);
        assert!(said.contains("no option --exact"), "it came to its options: {said}");
        let mut heard = [0; 16];
        let length = ear.recv(&mut heard).expect("a sign of life");
        assert_eq!(&heard[..length], b"word");
    }
}
