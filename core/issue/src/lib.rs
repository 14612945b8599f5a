//! The issuer's side: builds and signs lots, entries and labels.
