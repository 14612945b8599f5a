//! Keys in PKCS#11 tokens (v2.40 and on): found, made, and asked to sign.
//!
//! Loading a module is loading somebody's library into this process: it is only done for a path
//! that a person named. Calls block as long as the token takes, and cannot be cancelled. The path
//! is the system's own name for a library (`.so`, `.dylib`, `.dll`); nothing is searched.
//!
//! A module is initialised once in a process and stays so; sessions end with their key. The token
//! gets a digest and never a message, and no answer is passed on that does not verify. SM2 has no
//! standard numbers, so the vendor's come with the URI. No module at hand offers SM2: that the
//! digest and the answer fit is tested, that a token takes them is not.

mod error;

pub use error::TokenError;

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::vendor_defined::VendorDefinedMechanism;
use cryptoki::mechanism::{Mechanism, MechanismType};
use cryptoki::object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::Slot;
use cryptoki::types::AuthPin;
use sealight_issue::key::Sign;
use sealight_issue::outside::{self, uri::TokenUri};
use sealight_verify::sign::{Algorithm, PublicKey, Signature};
use std::fmt;

/// DER of the named curve P-256 (RFC 5480, 2.1.1.1).
const P256: &[u8] = &[0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
/// DER of the named curve SM2 (GM/T 0006-2012: 1.2.156.10197.1.301).
const SM2: &[u8] = &[0x06, 0x08, 0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x82, 0x2d];

/// Bytes of a new key's `CKA_ID` where the URI names none.
const ID_LEN: u32 = 8;

/// A private key in a token, with an open session.
pub struct TokenKey {
    session: Session,
    private: ObjectHandle,
    public: PublicKey,
    extractable: bool,
    sm2_sign: Option<u32>,
}

impl TokenKey {
    /// Finds the one private key that a URI names.
    ///
    /// # Errors
    /// [`TokenError`]: the module, the token, the PIN, or the key.
    pub fn open(uri: &TokenUri, pin: &str) -> Result<Self, TokenError> {
        let (module, slot) = reach(uri)?;
        let session = module.open_ro_session(slot).map_err(refused)?;
        login(&session, pin)?;
        Self::find(session, uri)
    }

    /// Makes a new key in the token, which never leaves it.
    ///
    /// # Errors
    /// [`TokenError::Kind`] for Ed25519, [`TokenError::Taken`] if it would not be the only one of
    /// its name, and all those of [`TokenKey::open`].
    pub fn generate(uri: &TokenUri, pin: &str, algorithm: Algorithm) -> Result<Self, TokenError> {
        let curve = match algorithm {
            Algorithm::P256 => P256,
            Algorithm::Sm2 => SM2,
            Algorithm::Ed25519 => return Err(TokenError::Kind),
        };
        let mechanism = match algorithm {
            Algorithm::Sm2 => vendor(uri.sm2_generate, "x-sm2-generate")?,
            _ => Mechanism::EccKeyPairGen,
        };
        let label = uri.object.as_ref().ok_or(TokenError::NoLabel)?.as_bytes().to_vec();
        let (module, slot) = reach(uri)?;
        let session = module.open_rw_session(slot).map_err(refused)?;
        login(&session, pin)?;
        let id = match &uri.id {
            Some(id) => id.clone(),
            None => session.generate_random_vec(ID_LEN).map_err(refused)?,
        };
        for same in [Attribute::Label(label.clone()), Attribute::Id(id.clone())] {
            let found = session.find_objects(&[CLASS, same]).map_err(refused)?;
            if !found.is_empty() {
                return Err(TokenError::Taken);
            }
        }
        let both = [
            Attribute::Token(true),
            Attribute::KeyType(KeyType::EC),
            Attribute::Label(label),
            Attribute::Id(id.clone()),
        ];
        let public = [
            Attribute::Private(false),
            Attribute::Verify(true),
            Attribute::EcParams(curve.to_vec()),
        ];
        let private = [
            Attribute::Private(true),
            Attribute::Sensitive(true),
            Attribute::Extractable(false),
            Attribute::Sign(true),
        ];
        let (public, private) = ([&both[..], &public].concat(), [&both[..], &private].concat());
        session.generate_key_pair(&mechanism, &public, &private).map_err(refused)?;
        Self::find(session, &TokenUri { id: Some(id), ..uri.clone() })
    }

    /// Whether the token would give the key out: then it is no safer than a file.
    pub fn extractable(&self) -> bool {
        self.extractable
    }

    fn find(session: Session, uri: &TokenUri) -> Result<Self, TokenError> {
        let mut named = vec![CLASS];
        named.extend(uri.object.as_ref().map(|label| Attribute::Label(label.as_bytes().to_vec())));
        named.extend(uri.id.clone().map(Attribute::Id));
        let private = match &session.find_objects(&named).map_err(refused)?[..] {
            [one] => *one,
            [] => return Err(TokenError::NoObject),
            more => return Err(TokenError::Ambiguous { got: more.len() }),
        };
        let asked = [
            AttributeType::EcParams,
            AttributeType::EcPoint,
            AttributeType::Id,
            AttributeType::Label,
            AttributeType::Extractable,
            AttributeType::Sensitive,
        ];
        let told = session.get_attributes(private, &asked).map_err(refused)?;
        let algorithm = told.iter().find_map(|attribute| match attribute {
            Attribute::EcParams(curve) if curve == P256 => Some(Algorithm::P256),
            Attribute::EcParams(curve) if curve == SM2 => Some(Algorithm::Sm2),
            _ => None,
        });
        let algorithm = algorithm.ok_or(TokenError::Kind)?;
        if algorithm == Algorithm::Sm2 {
            vendor(uri.sm2_sign, "x-sm2-sign")?;
        }
        let point = match point(&told) {
            Some(point) => point,
            None => public_point(&session, &told)?,
        };
        let public = outside::public(algorithm, &point).map_err(TokenError::Signature)?;
        // A token that does not say that it keeps the key may give it out.
        let keeps = told.contains(&Attribute::Extractable(false))
            && told.contains(&Attribute::Sensitive(true));
        Ok(Self { session, private, public, extractable: !keeps, sm2_sign: uri.sm2_sign })
    }
}

impl Sign for TokenKey {
    type Error = TokenError;

    fn public(&self) -> PublicKey {
        self.public.clone()
    }

    fn try_sign(&self, message: &[u8]) -> Result<Signature, TokenError> {
        let digest = outside::digest(&self.public, message).ok_or(TokenError::Kind)?;
        let mechanism = match self.public.algorithm {
            Algorithm::Sm2 => vendor(self.sm2_sign, "x-sm2-sign")?,
            _ => Mechanism::Ecdsa,
        };
        let answer = self.session.sign(&mechanism, self.private, &digest.0).map_err(refused)?;
        outside::signature(&self.public, message, &answer).map_err(TokenError::Signature)
    }
}

impl fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenKey({}, ..)", self.public.algorithm)
    }
}

/// What is looked for: private keys.
const CLASS: Attribute = Attribute::Class(ObjectClass::PRIVATE_KEY);

/// The module, and the one slot whose token is as the URI says.
fn reach(uri: &TokenUri) -> Result<(Pkcs11, Slot), TokenError> {
    let path = uri.module.as_ref().ok_or(TokenError::NoModulePath)?;
    let unusable = |error: Error| TokenError::Module { path: path.clone(), why: line(&error) };
    let module = Pkcs11::new(path).map_err(unusable)?;
    match module.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
        // By another key of this process.
        Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {}
        Err(error) => return Err(unusable(error)),
    }
    let mut fitting = Vec::new();
    for slot in module.get_slots_with_token().map_err(refused)? {
        // A token that was drawn a moment ago is not there.
        let Ok(token) = module.get_token_info(slot) else { continue };
        let fits = |asked: &Option<String>, told: &str| {
            asked.as_ref().is_none_or(|asked| asked.trim_end() == told.trim_end())
        };
        if token.token_initialized()
            && fits(&uri.token, token.label())
            && fits(&uri.serial, token.serial_number())
            && fits(&uri.manufacturer, token.manufacturer_id())
            && fits(&uri.model, token.model())
            && uri.slot.is_none_or(|asked| asked == slot.id())
        {
            fitting.push(slot);
        }
    }
    match fitting[..] {
        [one] => Ok((module, one)),
        [] => Err(TokenError::NoToken),
        _ => Err(TokenError::Tokens { got: fitting.len() }),
    }
}

fn login(session: &Session, pin: &str) -> Result<(), TokenError> {
    match session.login(UserType::User, Some(&AuthPin::from(pin.to_owned()))) {
        // For another key of this process, which gave the PIN.
        Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => Ok(()),
        Err(error) => Err(refused(error)),
    }
}

/// The point beside the private key: the public key of the same id, else of the same label.
fn public_point(session: &Session, private: &[Attribute]) -> Result<Vec<u8>, TokenError> {
    let id = private.iter().find(|one| matches!(one, Attribute::Id(id) if !id.is_empty()));
    let label = private.iter().find(|one| matches!(one, Attribute::Label(_)));
    let same = id.or(label).ok_or(TokenError::NoPublic)?.clone();
    let public = [Attribute::Class(ObjectClass::PUBLIC_KEY), same];
    let found = session.find_objects(&public).map_err(refused)?;
    let [one] = found[..] else { return Err(TokenError::NoPublic) };
    let told = session.get_attributes(one, &[AttributeType::EcPoint]).map_err(refused)?;
    point(&told).ok_or(TokenError::NoPublic)
}

fn point(told: &[Attribute]) -> Option<Vec<u8>> {
    told.iter().find_map(|attribute| match attribute {
        Attribute::EcPoint(point) if !point.is_empty() => Some(point.clone()),
        _ => None,
    })
}

fn vendor(number: Option<u32>, attribute: &'static str) -> Result<Mechanism<'static>, TokenError> {
    let missing = TokenError::NoMechanism { attribute };
    let number = number.ok_or(missing.clone())?;
    let kind = MechanismType::new_vendor_defined(number.into()).map_err(|_| missing)?;
    Ok(Mechanism::VendorDefined(VendorDefinedMechanism::new::<u8>(kind, None)))
}

fn refused(error: Error) -> TokenError {
    let Error::Pkcs11(code, _) = &error else {
        return TokenError::Refused { why: line(&error) };
    };
    match code {
        RvError::PinIncorrect | RvError::PinInvalid | RvError::PinLenRange => TokenError::WrongPin,
        RvError::PinLocked => TokenError::PinLocked,
        RvError::DeviceRemoved
        | RvError::TokenNotPresent
        | RvError::TokenNotRecognized
        | RvError::SessionClosed
        | RvError::SessionHandleInvalid
        | RvError::ObjectHandleInvalid
        | RvError::KeyHandleInvalid
        | RvError::DeviceError => TokenError::Removed,
        // Its words are a paragraph of the standard; the name says as much.
        code => TokenError::Refused { why: format!("{code:?}") },
    }
}

/// An error on one line of bounded length.
fn line(error: &Error) -> String {
    error.to_string().replace(['\n', '\r'], " ").chars().take(300).collect()
}
