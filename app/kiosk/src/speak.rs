//! Reads aloud through the system's own voice, where there is one.
//!
//! Linux: `spd-say` of Speech Dispatcher, which hands a text over and asks no network. Elsewhere there
//! is no voice yet, and the button is not shown. A thread runs it, one at a time, and ends one that
//! does not come to its end: whoever asks never waits, and a speaking service that does not answer
//! gathers no processes. The thread ends once the voice is dropped and the last one has run.

use sealight_edge::clock::Budget;
use sealight_flow::Language;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

const PROGRAM: &str = "/usr/bin/spd-say";
/// A program that needs longer to hand a text over is ended.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often it is looked whether it has ended.
const LOOK: Duration = Duration::from_millis(20);

/// Whether a voice is here.
pub(crate) fn is_here() -> bool {
    Path::new(PROGRAM).exists()
}

/// What the voice is to do; a later one takes the place of those before.
enum Order {
    Speak { text: String, language: Language },
    Stop,
}

/// The system's voice.
pub(crate) struct Voice {
    program: PathBuf,
    patience: Duration,
    /// To the thread, once something was spoken.
    orders: Option<Sender<Order>>,
}

impl Default for Voice {
    fn default() -> Self {
        Self { program: PROGRAM.into(), patience: PATIENCE, orders: None }
    }
}

impl Voice {
    /// Speaks a text in place of what is being spoken. A voice that fails is silent; what it would
    /// say stands on the screen.
    pub(crate) fn speak(&mut self, text: &str, language: Language) {
        if self.orders.is_none() && self.program.exists() {
            self.start();
        }
        self.order(Order::Speak { text: text.to_owned(), language });
    }

    /// Stops speaking, where something was spoken.
    pub(crate) fn stop(&self) {
        self.order(Order::Stop);
    }

    fn order(&self, order: Order) {
        // Its thread ends with this sender.
        let _ = self.orders.as_ref().map(|orders| orders.send(order));
    }

    /// Where the system gives no thread, the next text asks for one again.
    fn start(&mut self) {
        let (orders, waiting) = channel();
        let (program, patience) = (self.program.clone(), self.patience);
        let speaker = Speaker { program, patience, spoken: false };
        let thread = std::thread::Builder::new().name("sealight-voice".into());
        self.orders = thread.spawn(move || speaker.run(&waiting)).is_ok().then_some(orders);
    }
}

/// The thread's side.
struct Speaker {
    program: PathBuf,
    patience: Duration,
    /// Whether there may be something to stop.
    spoken: bool,
}

impl Speaker {
    fn run(mut self, orders: &Receiver<Order>) {
        while let Ok(first) = orders.recv() {
            // Of what came while a program ran, the last alone counts.
            match orders.try_iter().last().unwrap_or(first) {
                Order::Speak { text, language } => {
                    self.stop();
                    self.spoken = true;
                    self.hand_over(&["--language", language.tag(), "--", &text]);
                }
                Order::Stop => self.stop(),
            }
        }
    }

    /// A service that did not hear it may speak yet: it is told again the next time.
    fn stop(&mut self) {
        if self.spoken {
            self.spoken = !self.hand_over(&["--cancel"]);
        }
    }

    /// Runs the program; whether it came to its end, and well.
    fn hand_over(&self, args: &[&str]) -> bool {
        let mut command = Command::new(&self.program);
        command.args(args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let Ok(mut child) = command.spawn() else { return false };
        let time = Budget::of(self.patience);
        loop {
            match child.try_wait() {
                Ok(Some(status)) => return status.success(),
                Ok(None) if !time.left().is_zero() => std::thread::sleep(LOOK),
                Ok(None) | Err(_) => break,
            }
        }
        let _ = child.kill();
        let _ = child.wait();
        false
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::time::Instant;

    /// A folder with a program in it that notes its arguments, a line a start, and then does this.
    struct Stage(PathBuf);

    impl Stage {
        fn new(name: &str, then: &str, patience: Duration) -> (Self, Voice) {
            let name = format!("sealight-voice-{name}-{}", std::process::id());
            let folder = std::env::temp_dir().join(name);
            let _ = std::fs::remove_dir_all(&folder);
            std::fs::create_dir(&folder).unwrap();
            let program = folder.join("say");
            let script = format!("#!/bin/sh\necho \"$@\" >> {}/said\n{then}\n", folder.display());
            // Written by another process: one that this one has open for writing cannot be started.
            let mut shell = Command::new("/bin/sh");
            shell.args(["-c", "printf %s \"$1\" > \"$0\" && chmod 700 \"$0\""]);
            assert!(shell.arg(&program).arg(&script).status().unwrap().success());
            (Self(folder), Voice { program, patience, orders: None })
        }

        fn said(&self) -> Vec<String> {
            let said = std::fs::read_to_string(self.0.join("said")).unwrap_or_default();
            said.lines().map(str::to_owned).collect()
        }

        /// What was said once there are so many lines.
        fn said_in_all(&self, lines: usize) -> Vec<String> {
            for _ in 0..1_000 {
                if self.said().len() >= lines {
                    break;
                }
                std::thread::sleep(Duration::from_millis(20));
            }
            self.said()
        }
    }

    impl Drop for Stage {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn only_what_was_spoken_is_stopped_and_once() {
        let (stage, mut voice) = Stage::new("stop", "", Duration::from_secs(60));
        (0..3).for_each(|_| voice.stop());
        voice.speak("one", Language::English);
        assert_eq!(stage.said_in_all(1), ["--language en -- one"]);
        voice.stop();
        assert_eq!(stage.said_in_all(2)[1..], ["--cancel"]);
        (0..3).for_each(|_| voice.stop());
        voice.speak("two", Language::English);
        assert_eq!(stage.said_in_all(3)[2..], ["--language en -- two"]);
    }

    #[test]
    fn a_service_that_does_not_answer_gathers_no_processes_and_holds_nobody_up() {
        let patience = Duration::from_secs(1);
        let (stage, mut voice) = Stage::new("hangs", "exec sleep 60", patience);
        voice.speak("one", Language::English);
        assert_eq!(stage.said_in_all(1).len(), 1);
        let begun = Instant::now();
        for _ in 0..50 {
            voice.speak("more", Language::English);
            voice.stop();
        }
        assert!(begun.elapsed() < patience, "nobody waits");
        // It is ended, and of all that came meanwhile the last is done.
        assert_eq!(stage.said_in_all(2)[1..], ["--cancel"]);
        std::thread::sleep(patience + patience / 2);
        assert_eq!(stage.said().len(), 2, "nothing else");
    }
}
