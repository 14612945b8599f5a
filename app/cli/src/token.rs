//! Keys in PKCS#11 tokens, as the commands name them: the URI, the PIN, and what is said of them.
//!
//! A PIN comes from the file that the URI's `pin-source` names, else from `SEALIGHT_PIN`, else from
//! the terminal, where it is not echoed. It never stands in the arguments, which every user of the
//! machine can list.

use crate::console::Console;
use crate::fail::Failure;
use crate::files;
use sealight_edge::token::{TokenError, TokenKey};
use sealight_issue::outside::uri::{TokenUri, names_token};
use sealight_verify::sign::Algorithm;
use std::io::IsTerminal;
use std::path::Path;
use zeroize::Zeroizing;

/// Variable that holds a PIN.
const PIN: &str = "SEALIGHT_PIN";

/// Most bytes of a PIN's file.
const MAX_PIN: usize = 1024;

/// The URI that an argument is, if it names a key in a token and no file.
pub(crate) fn uri_text(path: &Path) -> Option<&str> {
    path.to_str().filter(|text| names_token(text))
}

/// Opens the key that a URI names.
pub(crate) fn open(console: &Console, text: &str) -> Result<TokenKey, Failure> {
    let uri = uri(text)?;
    let pin = pin(console, &uri)?;
    console.progress("cli.token.asking", &[]);
    let key = TokenKey::open(&uri, &pin).map_err(|error| refused(&error))?;
    if key.extractable() {
        console.aside(&console.say("cli.token.extractable", &[]));
    }
    Ok(key)
}

/// Makes the key that a URI names.
pub(crate) fn generate(
    console: &Console,
    text: &str,
    algorithm: Algorithm,
) -> Result<TokenKey, Failure> {
    let uri = uri(text)?;
    let pin = pin(console, &uri)?;
    console.progress("cli.token.asking", &[]);
    TokenKey::generate(&uri, &pin, algorithm).map_err(|error| refused(&error))
}

/// What a token's refusal means to the person.
pub(crate) fn refused(error: &TokenError) -> Failure {
    let why: [(&'static str, &dyn ToString); 1] = [("why", error)];
    match error {
        TokenError::NoModulePath | TokenError::Module { .. } => Failure::new("token-module", &why),
        TokenError::NoToken | TokenError::Tokens { .. } | TokenError::Removed => {
            Failure::new("token-none", &why)
        }
        TokenError::WrongPin | TokenError::PinLocked => Failure::new("token-pin", &why),
        TokenError::NoObject
        | TokenError::Ambiguous { .. }
        | TokenError::Taken
        | TokenError::NoLabel
        | TokenError::NoPublic => Failure::new("token-key", &why),
        TokenError::Kind | TokenError::NoMechanism { .. } => Failure::new("token-kind", &why),
        TokenError::Signature(_) | TokenError::Refused { .. } => {
            Failure::new("token-refused", &why)
        }
    }
}

fn uri(text: &str) -> Result<TokenUri, Failure> {
    TokenUri::parse(text).map_err(|error| Failure::usage("token-uri", &[("why", &error)]))
}

fn pin(console: &Console, uri: &TokenUri) -> Result<Zeroizing<String>, Failure> {
    if let Some(source) = &uri.pin_source {
        let bytes = Zeroizing::new(files::read(Path::new(source), MAX_PIN)?);
        let text = std::str::from_utf8(&bytes).unwrap_or_default();
        return some(text.lines().next().unwrap_or_default(), source);
    }
    if let Ok(pin) = std::env::var(PIN) {
        return some(&Zeroizing::new(pin), PIN);
    }
    let missing = || Failure::new("no-pin", &[]);
    if !std::io::stdin().is_terminal() {
        return Err(missing());
    }
    let token = uri.token.as_deref().unwrap_or_default();
    let asked = console.say("cli.token.pin", &[("token", token)]);
    let pin = rpassword::prompt_password(format!("{asked} ")).map_err(|_| missing())?;
    some(&Zeroizing::new(pin), &console.say("cli.token.terminal", &[]))
}

/// Refuses an empty PIN before a token counts it as a wrong one.
fn some(pin: &str, source: &str) -> Result<Zeroizing<String>, Failure> {
    match pin.is_empty() {
        true => Err(Failure::new("pin-empty", &[("source", &source)])),
        false => Ok(Zeroizing::new(pin.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sealight_flow::Language;

    #[test]
    fn an_empty_pin_never_reaches_the_token() {
        let file = std::env::temp_dir().join(format!("sealight-pin-{}", std::process::id()));
        let uri = format!("pkcs11:token=t;object=o?pin-source=file:{}", file.display());
        let uri = TokenUri::parse(&uri).unwrap();
        let console = Console::new(Language::English, "key", true, true);
        let read = |bytes: &[u8]| {
            std::fs::write(&file, bytes).unwrap();
            pin(&console, &uri).map(|pin| pin.to_string()).map_err(|failure| failure.code())
        };
        for empty in [&b""[..], b"\n", b"\r\n", b"\n1234\n", b"\xff\xfe"] {
            assert_eq!(read(empty), Err("pin-empty"), "{empty:?}");
        }
        assert_eq!(read(b"1234\nmore\n"), Ok("1234".to_owned()));
        std::fs::remove_file(&file).unwrap();
        assert_eq!(some("", PIN).err().map(|failure| failure.code()), Some("pin-empty"));
    }
}
