//! Testkit, conformance, scenarios, goldens; nobody imports it.
