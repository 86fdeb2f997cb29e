//! [`SigningKey`]: what access tokens are signed with (RS256, RFC 7515 and RFC 7518 section 3.3) and checked against.
//!
//! Knows nothing of what a token says, nor of time: whoever reads the claims judges `exp` and `nbf` by a clock of his own.

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use rsa::RsaPrivateKey;
use rsa::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _, LineEnding};
use rsa::rand_core::OsRng;
use rsa::traits::PublicKeyParts as _;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{Plain, hex};

/// Bits of the modulus.
const BITS: usize = 2048;

/// A private RSA key and its public half.
pub struct SigningKey {
    id: String,
    signing: EncodingKey,
    checking: DecodingKey,
    /// `n` and `e`, base64url.
    public: (String, String),
    pem: Plain,
}

impl SigningKey {
    /// A new key. Takes up to a second: never inside a write closure, nor where requests are served.
    ///
    /// # Panics
    /// When the operating system has no randomness to give.
    pub fn generate() -> Self {
        super::slow();
        let key =
            RsaPrivateKey::new(&mut OsRng, BITS).expect("a key of this length can always be found");
        Self::of(&key)
    }

    /// A key that was kept as [`SigningKey::pem`]; `None` for any other text.
    pub fn from_pem(pem: &Plain) -> Option<Self> {
        RsaPrivateKey::from_pkcs8_pem(pem.expose())
            .ok()
            .map(|key| Self::of(&key))
    }

    fn of(key: &RsaPrivateKey) -> Self {
        use base64ct::{Base64UrlUnpadded, Encoding as _};
        let (modulus, exponent) = (key.n().to_bytes_be(), key.e().to_bytes_be());
        let der = key.to_pkcs8_pem(LineEnding::LF);
        let pem = Plain::new(der.expect("a key that was just read or made").as_str());
        let encoded = |bytes: &[u8]| Base64UrlUnpadded::encode_string(bytes);
        Self {
            id: hex(&Sha256::digest(&modulus))[..32].to_owned(),
            signing: EncodingKey::from_rsa_pem(pem.expose().as_bytes())
                .expect("PKCS#8 of an RSA key"),
            checking: DecodingKey::from_rsa_raw_components(&modulus, &exponent),
            public: (encoded(&modulus), encoded(&exponent)),
            pem,
        }
    }

    /// `kid`: 32 hex digits of the digest of the modulus.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The private key as PKCS#8, to be sealed and kept.
    pub fn pem(&self) -> &Plain {
        &self.pem
    }

    /// The public half as a JSON Web Key (RFC 7517).
    pub fn public_jwk(&self) -> Value {
        let (n, e) = &self.public;
        json!({ "kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.id, "n": n, "e": e })
    }

    /// A JSON Web Token with these claims.
    ///
    /// # Panics
    /// When the claims cannot be written as a JSON object.
    pub fn sign(&self, claims: &impl Serialize) -> String {
        let header = Header {
            kid: Some(self.id.clone()),
            ..Header::new(Algorithm::RS256)
        };
        jsonwebtoken::encode(&header, claims, &self.signing)
            .expect("claims are a JSON object and the key is an RSA key")
    }

    /// The claims of a token that this key signed; `None` for anything else.
    pub fn claims<T: DeserializeOwned>(&self, token: &str) -> Option<T> {
        let mut how = Validation::new(Algorithm::RS256);
        how.required_spec_claims.clear();
        how.validate_exp = false;
        how.validate_nbf = false;
        how.validate_aud = false;
        jsonwebtoken::decode(token, &self.checking, &how)
            .ok()
            .map(|data| data.claims)
    }
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKey")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_by_the_key_that_signed_it_and_by_no_other() {
        let (key, other) = (SigningKey::generate(), SigningKey::generate());
        let claims = json!({ "sub": "somebody", "exp": 1 });
        let token = key.sign(&claims);
        assert_eq!(key.claims::<Value>(&token), Some(claims.clone()));
        assert_eq!(other.claims::<Value>(&token), None);
        let same = SigningKey::from_pem(key.pem()).unwrap();
        assert_eq!(same.claims::<Value>(&token), Some(claims));
        assert_eq!(same.public_jwk(), key.public_jwk());

        let (head, rest) = token.split_once('.').unwrap();
        let (_, signature) = rest.split_once('.').unwrap();
        let forged = format!("{head}.e30.{signature}");
        assert_eq!(key.claims::<Value>(&forged), None);
        // `{"alg":"none"}` without a signature.
        assert_eq!(key.claims::<Value>("eyJhbGciOiJub25lIn0.e30."), None);
        assert!(SigningKey::from_pem(&Plain::new("no key")).is_none());
        assert!(!format!("{key:?}").contains("PRIVATE"));
    }
}
