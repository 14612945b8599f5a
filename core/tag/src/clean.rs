//! Text from a label, made fit for showing.

/// Most characters that are shown.
pub const SHOWN_CHARS: usize = 120;
/// Most characters of a notice, which is shown as it was entered: more than a ledger takes.
pub const NOTICE_CHARS: usize = 600;

/// Strips controls and direction marks and cuts at [`SHOWN_CHARS`] characters.
///
/// A label could otherwise turn the screen's own words around (Unicode Standard Annex 9, section
/// 2) or hide half of an address behind zero-width characters. Each run of white space, line ends
/// among it, becomes one space. A cut text ends in an ellipsis, which counts.
pub fn shown(text: &str) -> String {
    cut(text, SHOWN_CHARS)
}

/// The same, cut at [`NOTICE_CHARS`] characters.
pub fn notice(text: &str) -> String {
    cut(text, NOTICE_CHARS)
}

fn cut(text: &str, most: usize) -> String {
    let mut out = String::new();
    let mut count = 0;
    let mut gap = false;
    for c in text.chars() {
        if c.is_whitespace() || c == GS {
            gap = count > 0;
            continue;
        }
        if is_hidden(c) {
            continue;
        }
        let needed = 1 + usize::from(gap);
        if count + needed > most {
            if count == most {
                out.pop();
            }
            out.push('…');
            return out;
        }
        if gap {
            out.push(' ');
            gap = false;
        }
        out.push(c);
        count += needed;
    }
    out
}

/// The separator between GS1 elements, ASCII group separator.
const GS: char = '\u{1d}';

/// Characters that change how others are shown, or show nothing themselves.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn controls_are_stripped() {
        assert_eq!(shown("a\u{0}b\u{1b}[31mc\u{7f}\u{85}d"), "ab[31mc d");
    }

    #[test]
    fn direction_marks_are_stripped() {
        assert_eq!(shown("\u{202e}evil\u{202c}\u{2066}x\u{2069}\u{200f}\u{61c}"), "evilx");
    }

    #[test]
    fn white_space_collapses() {
        assert_eq!(shown("  Blue\r\n\tReverie \u{2028} 500 ml "), "Blue Reverie 500 ml");
    }

    #[test]
    fn long_text_is_cut_at_120_characters() {
        let exact = "酒".repeat(SHOWN_CHARS);
        assert_eq!(shown(&exact), exact);
        let cut = shown(&"酒".repeat(SHOWN_CHARS + 1));
        assert_eq!(cut.chars().count(), SHOWN_CHARS);
        assert!(cut.ends_with('…'));
    }

    proptest! {
        #[test]
        fn shown_text_is_short_and_plain(text in any::<String>()) {
            let out = shown(&text.repeat(9));
            prop_assert!(out.chars().count() <= SHOWN_CHARS);
            prop_assert!(!out.chars().any(is_hidden));
        }
    }
}
