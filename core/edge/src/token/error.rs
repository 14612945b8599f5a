//! Why a token does not sign.

use sealight_verify::sign::SignatureError;
use std::fmt;

/// Why a key in a token could not be reached, made or used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenError {
    /// The URI names no module.
    NoModulePath,
    /// The module is not there, or is no PKCS#11 module.
    Module {
        /// Its path.
        path: String,
        /// What the system or the module says.
        why: String,
    },
    /// No token is as the URI says.
    NoToken,
    /// More than one token is.
    Tokens {
        /// How many.
        got: usize,
    },
    /// The PIN is wrong.
    WrongPin,
    /// The token takes no PIN any more.
    PinLocked,
    /// The token has no private key as the URI says.
    NoObject,
    /// It has more than one, and which is meant cannot be told.
    Ambiguous {
        /// How many.
        got: usize,
    },
    /// A new key's label or id is another key's already.
    Taken,
    /// A new key has no label.
    NoLabel,
    /// The key is of no kind that signs for a ledger: not on P-256, nor on SM2.
    Kind,
    /// No standard numbers SM2, and the URI does not say the vendor's mechanism.
    NoMechanism {
        /// The attribute that would say it.
        attribute: &'static str,
    },
    /// The token does not tell the key's public part.
    NoPublic,
    /// The token went away, or its session did.
    Removed,
    /// What it answered is not this key's signature.
    Signature(SignatureError),
    /// It refuses for a reason of its own.
    Refused {
        /// The module's words, on one line.
        why: String,
    },
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoModulePath => f.write_str("the URI names no module-path"),
            Self::Module { path, why } => write!(f, "the module {path} cannot be used: {why}"),
            Self::NoToken => f.write_str("no token is as the URI says"),
            Self::Tokens { got } => write!(f, "{got} tokens are as the URI says, expected 1"),
            Self::WrongPin => f.write_str("the PIN is wrong"),
            Self::PinLocked => f.write_str("the token is locked after too many wrong PINs"),
            Self::NoObject => f.write_str("the token has no private key as the URI says"),
            Self::Ambiguous { got } => {
                write!(f, "{got} private keys are as the URI says, expected 1")
            }
            Self::Taken => f.write_str("the token has a key of this label or id already"),
            Self::NoLabel => f.write_str("a new key needs a label: object=NAME"),
            Self::Kind => f.write_str("the key is neither on P-256 nor on SM2"),
            Self::NoMechanism { attribute } => {
                write!(f, "the vendor's SM2 mechanism is not said: {attribute}=0x80000001")
            }
            Self::NoPublic => f.write_str("the token does not tell the public part of the key"),
            Self::Removed => f.write_str("the token is gone, or its session is"),
            Self::Signature(error) => write!(f, "the token's answer: {error}"),
            Self::Refused { why } => write!(f, "the token refuses: {why}"),
        }
    }
}

impl std::error::Error for TokenError {}
