//! What happens next and what is shown: one state machine, one view.
