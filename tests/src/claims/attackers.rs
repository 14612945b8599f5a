//! Attackers: each with what it wants and what it gets.

use super::{Claim, Run};

pub(super) const CLAIMS: &[Claim] = &[Claim {
    name: "attackers",
    group: "light-client",
    about: "squatters, thieves, forgers and forks, from the attack to the verdict",
    clock: false,
    run: Run::Tests { package: "sealight-tests", target: "attackers", filter: "", at_least: 60 },
}];
