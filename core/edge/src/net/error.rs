//! How an exchange with a gateway fails.

/// Why a gateway gave nothing usable; says nothing about any product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NetError {
    /// No connection, or it broke before the end.
    Unreachable {
        /// What the network layer says, without the address.
        why: String,
    },
    /// Too slow: to connect, between two reads, or in all.
    TimedOut,
    /// The body is longer than an honest one can be; reading stopped there.
    TooLarge {
        /// Most bytes that are read.
        limit: usize,
    },
    /// An answer other than 200 to 204, redirects included; as 200, an error within one of those.
    Status {
        /// HTTP status code.
        code: u16,
        /// The start of the body, without control characters; for people.
        text: String,
    },
    /// A refusal by the application behind the gateway.
    Refused {
        /// Its code.
        code: u32,
        /// What it says, without control characters.
        text: String,
    },
    /// Not the form that the answer must have.
    Malformed {
        /// Which part.
        what: &'static str,
    },
    /// Stopped by the caller.
    Cancelled,
    /// The TLS set-up of this build does not work.
    Setup {
        /// What the library says.
        why: String,
    },
}

impl NetError {
    /// Whether the gateway says that nothing is there (404). No other error says that.
    pub fn says_absent(&self) -> bool {
        matches!(self, Self::Status { code: 404, .. })
    }
}

impl core::fmt::Display for NetError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Unreachable { why } => write!(f, "not reachable: {why}"),
            Self::TimedOut => f.write_str("too slow"),
            Self::TooLarge { limit } => write!(f, "answers with more than {limit} bytes"),
            Self::Status { code, text } => write!(f, "answers {code}: {text}"),
            Self::Refused { code, text } => write!(f, "refuses with code {code}: {text}"),
            Self::Malformed { what } => write!(f, "{what}: malformed"),
            Self::Cancelled => f.write_str("cancelled"),
            Self::Setup { why } => write!(f, "TLS cannot be set up: {why}"),
        }
    }
}

impl core::error::Error for NetError {}

/// Text from outside made fit for one line of output: at most 200 characters, none of control.
pub(super) fn one_line(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(200).collect()
}
