#![no_main]
use sealight_tag::wedge::Layout;

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Some(layout) = Layout::of_text(text) {
        assert_eq!(Layout::of_text(&layout.text()), Some(layout));
    }
});
