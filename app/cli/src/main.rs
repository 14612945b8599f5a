//! The `sealight` command.

fn main() {}
