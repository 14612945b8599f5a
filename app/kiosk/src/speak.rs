//! Reads aloud through the system's own voice, where there is one.
//!
//! Linux: `spd-say` of Speech Dispatcher, which neither blocks nor asks a network. Elsewhere there is
//! no voice yet, and the button is not shown.

use sealight_flow::Language;
use std::path::Path;
use std::process::{Command, Stdio};

const PROGRAM: &str = "/usr/bin/spd-say";

/// Whether a voice is here.
pub(crate) fn is_here() -> bool {
    Path::new(PROGRAM).exists()
}

/// Speaks a text in place of what is being spoken.
pub(crate) fn speak(text: &str, language: Language) {
    stop();
    run(&["--language", language.tag(), "--", text]);
}

/// Stops speaking.
pub(crate) fn stop() {
    run(&["--cancel"]);
}

/// A voice that fails is silent; what it would say stands on the screen.
fn run(args: &[&str]) {
    if !is_here() {
        return;
    }
    let mut command = Command::new(PROGRAM);
    command.args(args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    if let Ok(mut child) = command.spawn() {
        // It only hands the text over to the speaking service.
        std::thread::spawn(move || child.wait());
    }
}
