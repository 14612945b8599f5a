//! The host of a shell: runs the flow, its effects, and the network beside it.
//!
//! One thread owns the flow, the store and all trust; a second one asks gateways and only posts
//! what came of it. A shell makes two calls: [`Host::send`] what a person did or a device read, and
//! the function that it handed to [`Host::start`] is called with each new view. That function and
//! the one for effects run on the host's thread and must not wait for it.
//!
//! [`Host::stop`], or dropping the host, cancels what is going on and waits for the host's thread,
//! so that the store is closed clean; [`Host::stop_within`] waits for so long at most, for a program
//! that ends with the host still shared. The network's thread ends by itself with the exchange that
//! it is in, within [`crate::net::Timeouts::read`]. All platforms alike.

mod effects;
mod follow;
mod letters;
mod net;
mod run;
mod tidy;

use crate::client::{Light, Online};
use crate::clock::Budget;
use crate::local::LocalTime;
use run::Runner;
use sealight_flow::{Action, Effect, Event, Language, Profile, Sign, View};
use sealight_verify::time::Timestamp;
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// How often it is looked whether the host's thread has ended.
const LOOK: Duration = Duration::from_millis(10);

/// What a host starts with.
pub struct Parts {
    /// The device's side of the light client.
    pub light: Light,
    /// The gateways' side.
    pub online: Online,
    /// Which face it is.
    pub profile: Profile,
    /// In which language it starts.
    pub language: Language,
    /// Local time.
    pub local: LocalTime,
    /// What the shop puts up on the first screen.
    pub sign: Sign,
    /// The system clock: [`crate::clock::system`], or a test's own.
    pub system: fn() -> Timestamp,
    /// How often headers are synchronised.
    pub sync_every: Duration,
}

/// What a shell takes from the host.
pub struct Shell {
    /// Takes each new view.
    pub on_view: Box<dyn FnMut(View) + Send>,
    /// Does what only a shell can: capture, speak, call the staff, export.
    pub on_effect: Box<dyn FnMut(Effect) + Send>,
}

/// A running host.
pub struct Host {
    inbox: Sender<run::Message>,
    thread: Option<JoinHandle<()>>,
}

impl Host {
    /// Starts both threads and shows the first view.
    ///
    /// # Errors
    /// The system's, where it gives no thread.
    pub fn start(parts: Parts, shell: Shell) -> std::io::Result<Self> {
        let (inbox, messages) = channel();
        let jobs = net::start(parts.online, inbox.clone())?;
        let runner = Runner::new(
            run::Device {
                light: parts.light,
                policy: parts.profile.policy,
                system: parts.system,
                local: parts.local,
                sync_every: parts.sync_every,
                history: parts.profile.history,
                chip_reader: parts.profile.has.chip_reader,
            },
            (parts.profile, parts.language, parts.sign),
            shell,
            jobs,
        );
        let thread = std::thread::Builder::new().name("sealight-host".into());
        let thread = thread.spawn(move || runner.run(&messages))?;
        Ok(Self { inbox, thread: Some(thread) })
    }

    /// Tells the flow what a person did.
    pub fn send(&self, action: Action) {
        self.post(Event::Act(action));
    }

    /// Tells the flow what a device read, or how it fails.
    pub fn post(&self, event: Event) {
        // A host that has stopped hears nothing more.
        let _ = self.inbox.send(run::Message::Event(Box::new(event)));
    }

    /// Whether the host's thread still runs: it ends only when it is stopped, or by a fault.
    pub fn is_running(&self) -> bool {
        self.thread.as_ref().is_some_and(|thread| !thread.is_finished())
    }

    /// Fetches what is new, trust files too, and makes the store small: for a time when nobody
    /// scans.
    pub fn tidy(&self) {
        let _ = self.inbox.send(run::Message::Tidy);
    }

    /// Stops and waits until the store is closed.
    pub fn stop(self) {
        drop(self);
    }

    /// Stops, and waits until the store is closed, but for so long at most: a disk may hang. Whether
    /// it is closed.
    pub fn stop_within(&self, time: Duration) -> bool {
        // A host that has stopped hears nothing more.
        let _ = self.inbox.send(run::Message::Stop);
        let wait = Budget::of(time);
        while self.is_running() {
            if wait.left().is_zero() {
                return false;
            }
            std::thread::sleep(LOOK);
        }
        true
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        let _ = self.inbox.send(run::Message::Stop);
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has told so already.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests;
