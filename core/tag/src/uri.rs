//! Web addresses, split (RFC 3986, section 3) and unescaped (section 2.1).

/// Most bytes of an address that is looked at.
pub const MAX_URI: usize = 4096;

/// An address of the web in its parts, still escaped.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct WebUri<'a> {
    /// True for `https`.
    pub secure: bool,
    /// Host and, if one is named, port: `shop.example:8443`.
    pub host: &'a str,
    /// From the first `/` on; may be empty.
    pub path: &'a str,
    /// After `?`.
    pub query: Option<&'a str>,
    /// After `#`. It may hold a seal's secret.
    pub fragment: Option<&'a str>,
}

impl<'a> WebUri<'a> {
    /// Splits an `http` or `https` address; `None` for anything else.
    ///
    /// Addresses that name a user are none either: `https://known.example@other/` is written to
    /// deceive the reader.
    pub fn split(text: &'a str) -> Option<Self> {
        if text.len() > MAX_URI || text.contains(|c: char| c.is_control() || c.is_whitespace()) {
            return None;
        }
        let (scheme, rest) = text.split_once("://")?;
        let secure = scheme.eq_ignore_ascii_case("https");
        if !secure && !scheme.eq_ignore_ascii_case("http") {
            return None;
        }
        let (rest, fragment) = cut(rest, '#');
        let (rest, query) = cut(rest, '?');
        let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        if host.is_empty() || host.contains('@') {
            return None;
        }
        Some(Self { secure, host, path, query, fragment })
    }
}

fn cut(text: &str, at: char) -> (&str, Option<&str>) {
    match text.split_once(at) {
        Some((before, after)) => (before, Some(after)),
        None => (text, None),
    }
}

/// Undoes percent escapes; `None` if one is broken or the result is not UTF-8.
pub fn unescape(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        if *first == b'%' {
            let [high, low, tail @ ..] = tail else { return None };
            bytes.push(hex(*high)? << 4 | hex(*low)?);
            rest = tail;
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).ok()
}

/// Value of a hex digit.
pub(crate) fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).map(|value| value as u8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_address_is_split_into_its_parts() {
        let uri = WebUri::split("HTTPS://id.example:8443/a/b?x=1#f#g").unwrap();
        assert!(uri.secure);
        assert_eq!(uri.host, "id.example:8443");
        assert_eq!(uri.path, "/a/b");
        assert_eq!((uri.query, uri.fragment), (Some("x=1"), Some("f#g")));
        let bare = WebUri::split("http://example").unwrap();
        assert_eq!((bare.path, bare.query, bare.fragment, bare.secure), ("", None, None, false));
    }

    #[test]
    fn an_address_that_names_a_user_is_none() {
        assert!(WebUri::split("https://known.example@other.example/").is_none());
    }

    #[test]
    fn other_schemes_are_not_the_web() {
        for text in ["ftp://a/b", "https:/a", "urn:epc:id:sgtin:1.2.3", "https://", "a://b", ""] {
            assert!(WebUri::split(text).is_none(), "{text}");
        }
    }

    #[test]
    fn an_address_is_at_most_4096_bytes_without_spaces() {
        assert!(WebUri::split(&format!("https://a/{}", "x".repeat(MAX_URI))).is_none());
        assert!(WebUri::split("https://a/b c").is_none());
    }

    #[test]
    fn broken_escapes_are_refused() {
        assert_eq!(unescape("a%2Fb%c3%a9").as_deref(), Some("a/bé"));
        for text in ["%", "%2", "%zz", "%+1", "%ff"] {
            assert_eq!(unescape(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn arbitrary_text_never_panics(text in any::<String>()) {
            let _ = WebUri::split(&format!("https://{text}"));
            let _ = unescape(&text);
        }
    }
}
