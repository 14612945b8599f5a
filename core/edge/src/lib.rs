//! The world: HTTP, SQLite, clock, and the host that runs the flow.
