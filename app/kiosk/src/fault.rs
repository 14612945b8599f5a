//! A thread that panics ends the program, so that whoever runs it starts it again: a kiosk that goes
//! on without its eye, its network or its host looks well and answers nobody.
//!
//! What may panic by design runs behind a wall ([`sealight_tag::shield`]) and ends nothing.

use sealight_tag::shield;

/// The exit code of a program with a fault (`EX_SOFTWARE` of sysexits.h): it is started again, and
/// one that comes to this again and again is gone back from.
pub(crate) const BROKEN: i32 = 70;

/// From now on, a panic of any thread says where it was, and ends the program.
pub(crate) fn end_on_panic() {
    let told = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        told(panic);
        if let Some(code) = exit_code(shield::is_shielded()) {
            eprintln!("sealight-kiosk: a thread has panicked; ends to be started again");
            std::process::exit(code);
        }
    }));
}

/// With what a panic ends the program, if it does.
fn exit_code(shielded: bool) -> Option<i32> {
    (!shielded).then_some(BROKEN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::{Command, Output};

    /// The variable by which this test program knows that it is to panic.
    const PANICS: &str = "SEALIGHT_TEST_PANICS";

    #[test]
    fn a_panic_ends_the_program_unless_it_is_behind_a_wall() {
        assert_eq!(exit_code(false), Some(BROKEN));
        assert_eq!(exit_code(true), None);
    }

    /// Not a test of its own: what the next one runs as a process.
    #[test]
    fn panics_where_it_is_told_to() {
        let Some(how) = std::env::var_os(PANICS) else { return };
        end_on_panic();
        let panics = move || match how.to_str() {
            Some("shielded") => assert_eq!(shield::shielded(|| -> u8 { panic!("inside") }), None),
            _ => panic!("outside"),
        };
        let _ =
            std::thread::Builder::new().name("sealight-eye".into()).spawn(panics).unwrap().join();
    }

    #[test]
    fn a_process_ends_with_a_fault_and_names_the_thread() {
        let run = |how: &str| -> Output {
            let mut command = Command::new(std::env::current_exe().unwrap());
            let test = "fault::tests::panics_where_it_is_told_to";
            command.args(["--exact", test, "--nocapture"]).env(PANICS, how).output().unwrap()
        };
        let outside = run("outside");
        let said = String::from_utf8_lossy(&outside.stderr).into_owned();
        assert_eq!(outside.status.code(), Some(BROKEN), "{said}");
        assert!(said.contains("sealight-eye") && said.contains("outside"), "{said}");
        assert_eq!(run("shielded").status.code(), Some(0));
    }
}
