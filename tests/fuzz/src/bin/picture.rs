#![no_main]

// Panics of the libraries are caught inside; one that gets out still ends the run.
libfuzzer_sys::fuzz_target!(init: std::panic::set_hook(Box::new(|_| ())), |bytes: &[u8]| {
    let _ = sealight_tag::picture::decode(bytes);
    let _ = sealight_tag::picture::facts(bytes);
});
