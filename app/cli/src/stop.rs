//! Ctrl-C and the signal to end: asked for once, and work ends at its next safe point.

use sealight_edge::cancel::Cancel;

/// A stop that Ctrl-C sets. A second Ctrl-C ends the process at once; what is on disk is whole
/// either way.
pub(crate) fn on_interrupt() -> Cancel {
    let cancel = Cancel::default();
    let told = cancel.clone();
    // Where the system gives no handler, Ctrl-C ends the process as it always does.
    _ = ctrlc::set_handler(move || {
        if told.is_cancelled() {
            std::process::exit(130);
        }
        told.cancel();
    });
    cancel
}
