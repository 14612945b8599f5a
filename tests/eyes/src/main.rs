//! Code readers side by side: ours, rqrr, rxing, quircs and zxing-cpp look at the same pictures by
//! turns in one run, and what each reads is judged by the same truth.

mod args;
mod clock;
mod empty;
mod engine;
mod judge;
mod manifest;
mod photographs;
mod stream;
mod table;

use args::{Args, What};
use std::process::ExitCode;

fn main() -> ExitCode {
    let args = match Args::parse(std::env::args().skip(1)) {
        Ok(args) => args,
        Err(help) => {
            eprintln!("{help}");
            return ExitCode::from(64);
        }
    };
    // Some readers panic on some pictures; it then has read nothing of it.
    std::panic::set_hook(Box::new(|_| ()));
    let done = match args.what {
        What::Photographs => photographs::run(&args),
        What::Changed => photographs::changed(&args),
        What::Drawn => photographs::drawn(&args),
        What::Stream => stream::run(&args),
        What::Empty => empty::run(&args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}
