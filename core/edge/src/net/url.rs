//! Addresses of gateways.

use std::net::IpAddr;

/// Longest address.
const MAX_LEN: usize = 256;

/// `http(s)://host[:port][/path]` of a gateway, without a slash at its end; or `file:///path` of a
/// pack or of a folder with a site's files, which only a person names.
///
/// `https` goes anywhere. `http` is for loopback and for gateways that a person configured:
/// nothing that is verified rests on TLS, but who listens learns which buckets are asked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct GatewayUrl {
    given: String,
    address: String,
}

/// Why an address is none of a gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UrlError {
    /// Longer than 256 bytes.
    TooLong {
        /// Bytes found.
        got: usize,
    },
    /// Not `http://` or `https://` with a host (from a person also `file://` with a path), or it
    /// has user, query or fragment.
    Unfit,
    /// `http://` to another machine, from a source that may not ask for it.
    PlainText,
}

impl core::fmt::Display for UrlError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::TooLong { got } => write!(f, "address of {got} bytes, at most {MAX_LEN}"),
            Self::Unfit => f.write_str("not an http or https address of a gateway"),
            Self::PlainText => f.write_str("plain http only for this machine or as configured"),
        }
    }
}

impl core::error::Error for UrlError {}

impl GatewayUrl {
    /// An address from a trust file, a pack or a code: plain `http` for loopback only.
    ///
    /// # Errors
    /// Those of [`GatewayUrl::configured`], [`UrlError::PlainText`], and [`UrlError::Unfit`] for a
    /// file.
    pub fn listed(text: &str) -> Result<Self, UrlError> {
        let url = Self::configured(text)?;
        if url.file().is_some() {
            return Err(UrlError::Unfit);
        }
        let plain = url.address.starts_with("http://");
        if plain && !url.is_loopback() { Err(UrlError::PlainText) } else { Ok(url) }
    }

    /// An address that a person typed or put into the configuration.
    ///
    /// # Errors
    /// [`UrlError::TooLong`], and [`UrlError::Unfit`] for what is no such address.
    pub fn configured(text: &str) -> Result<Self, UrlError> {
        if text.len() > MAX_LEN {
            return Err(UrlError::TooLong { got: text.len() });
        }
        let url = reqwest::Url::parse(text).map_err(|_| UrlError::Unfit)?;
        let host = url.host_str().unwrap_or("");
        let fit = match url.scheme() {
            "http" | "https" => !host.is_empty(),
            "file" => host.is_empty() && url.path().len() > 1,
            _ => false,
        };
        let fit = fit
            && url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none();
        if !fit {
            return Err(UrlError::Unfit);
        }
        let address = url.as_str().trim_end_matches('/').to_owned();
        Ok(Self { given: text.to_owned(), address })
    }

    /// The address, without a slash at its end.
    pub fn as_str(&self) -> &str {
        &self.address
    }

    /// The address as it was given; a trust file knows its gateways by that.
    pub fn given(&self) -> &str {
        &self.given
    }

    /// The address of a pack or of a folder with a site's files.
    ///
    /// # Errors
    /// [`UrlError::Unfit`] where the path is not absolute.
    pub fn of_file(path: &std::path::Path) -> Result<Self, UrlError> {
        let url = reqwest::Url::from_file_path(path).map_err(|()| UrlError::Unfit)?;
        Ok(Self { given: url.as_str().to_owned(), address: url.as_str().to_owned() })
    }

    /// The path, where it is one of a file.
    pub fn file(&self) -> Option<std::path::PathBuf> {
        let url = reqwest::Url::parse(&self.address).ok().filter(|url| url.scheme() == "file")?;
        url.to_file_path().ok()
    }

    fn is_loopback(&self) -> bool {
        let url = reqwest::Url::parse(&self.address).ok();
        let host = url.as_ref().and_then(|url| url.host_str()).unwrap_or("");
        let literal = host.trim_start_matches('[').trim_end_matches(']');
        host == "localhost" || literal.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    }
}

impl core::fmt::Display for GatewayUrl {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_loopback_unless_configured() {
        for near in ["http://127.0.0.1:26657", "http://localhost/x/", "http://[::1]:8"] {
            assert!(GatewayUrl::listed(near).is_ok(), "{near}");
        }
        let far = "http://gateway.example";
        assert_eq!(GatewayUrl::listed(far), Err(UrlError::PlainText));
        assert_eq!(GatewayUrl::listed("http://localhost.example"), Err(UrlError::PlainText));
        assert!(GatewayUrl::configured(far).is_ok());
        assert!(GatewayUrl::listed("https://gateway.example/a").is_ok());
    }

    #[test]
    fn an_address_has_no_user_query_or_fragment() {
        for unfit in [
            "ftp://a.example",
            "https://user@a.example",
            "https://a.example/?q",
            "https://a.example/#f",
            "file://host/pack",
            "file:///",
            "a.example",
            "",
        ] {
            assert_eq!(GatewayUrl::configured(unfit), Err(UrlError::Unfit), "{unfit}");
        }
        let long = format!("https://a.example/{}", "x".repeat(300));
        assert_eq!(GatewayUrl::configured(&long), Err(UrlError::TooLong { got: 318 }));
    }

    #[test]
    fn a_file_is_named_by_a_person_only() {
        let url = GatewayUrl::configured("file:///media/stick/a.pack").unwrap();
        assert_eq!(url.file(), Some("/media/stick/a.pack".into()));
        assert_eq!(GatewayUrl::listed("file:///media/stick/a.pack"), Err(UrlError::Unfit));
        let spaced = GatewayUrl::of_file(std::path::Path::new("/a b/\u{84dd}.pack")).unwrap();
        assert_eq!(spaced.file(), Some("/a b/\u{84dd}.pack".into()));
        assert_eq!(GatewayUrl::configured("https://a.example").unwrap().file(), None);
    }

    #[test]
    fn a_slash_at_the_end_goes() {
        assert_eq!(
            GatewayUrl::configured("https://a.example/b/").unwrap().as_str(),
            "https://a.example/b"
        );
    }
}
