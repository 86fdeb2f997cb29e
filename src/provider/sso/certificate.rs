//! Reads the X.509 certificate that an administrator pastes: PEM, or base64 of the DER as metadata has it.
//!
//! What is wrong is told in a sentence; nothing is trusted beyond its shape (RFC 5280). An expired
//! certificate is taken, because many identity providers go on using theirs; pages mark it.

use base64ct::{Base64, Encoding as _};
use sha2::{Digest as _, Sha256};
use x509_cert::Certificate as Parsed;
use x509_cert::der::Decode as _;
use x509_cert::time::Time;

use crate::clock::Timestamp;
use crate::model::Certificate;

/// Longest text in bytes: a chain does not fit, one certificate with a key of 16,384 bits does.
pub const MAXIMUM: usize = 16 << 10;

/// Most characters of a subject that are kept.
const SUBJECT: usize = 200;

/// Why a text is no certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Nothing there.
    #[error("Paste the X.509 certificate of the identity provider.")]
    Empty,
    /// Longer than [`MAXIMUM`].
    #[error(
        "This is longer than a certificate can be. Paste one certificate, not a chain or a file."
    )]
    TooLong,
    /// Several.
    #[error("There is more than one certificate. Paste only the one that signs.")]
    Several,
    /// A secret of the identity provider.
    #[error(
        "This is a private key. It belongs on the identity provider only; paste its certificate."
    )]
    PrivateKey,
    /// Some other block.
    #[error("The text between BEGIN and END is no CERTIFICATE. Export the certificate in Base-64.")]
    OtherBlock,
    /// Neither PEM nor base64.
    #[error(
        "This is neither PEM (-----BEGIN CERTIFICATE-----) nor base64. Download the certificate in Base-64 form."
    )]
    NotBase64,
    /// base64 of something else.
    #[error("The base64 text is no X.509 certificate. Copy all of it, from BEGIN to END.")]
    NotX509,
}

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";

/// The certificate in this text.
///
/// # Errors
/// Why it is none.
pub fn read(text: &str) -> Result<Certificate, Refused> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Refused::Empty);
    }
    if text.len() > MAXIMUM {
        return Err(Refused::TooLong);
    }
    let base64: String = block(text)?
        .chars()
        .filter(|c| !c.is_ascii_whitespace())
        .collect();
    let der = Base64::decode_vec(&base64).map_err(|_| Refused::NotBase64)?;
    let parsed = Parsed::from_der(&der).map_err(|_| Refused::NotX509)?;
    let tbs = parsed.tbs_certificate();
    let validity = tbs.validity();
    Ok(Certificate {
        subject: printable(&tbs.subject().to_string()),
        not_before: moment(validity.not_before),
        not_after: moment(validity.not_after),
        fingerprint: fingerprint(&der),
        base64,
    })
}

/// The base64 in a PEM block, or the whole text when there is no block.
fn block(text: &str) -> Result<&str, Refused> {
    let Some((_, rest)) = text.split_once(BEGIN) else {
        return Ok(text);
    };
    if rest.contains(BEGIN) {
        return Err(Refused::Several);
    }
    let (label, rest) = rest.split_once("-----").ok_or(Refused::NotBase64)?;
    if label.ends_with("PRIVATE KEY") {
        return Err(Refused::PrivateKey);
    }
    if label != "CERTIFICATE" {
        return Err(Refused::OtherBlock);
    }
    let (inside, _) = rest.split_once(END).ok_or(Refused::NotBase64)?;
    Ok(inside)
}

fn moment(time: Time) -> Timestamp {
    let millis = time.to_unix_duration().as_millis();
    Timestamp::from_millis(i64::try_from(millis).unwrap_or(i64::MAX))
}

fn printable(subject: &str) -> String {
    let shown: String = subject
        .chars()
        .filter(|c| !c.is_control())
        .take(SUBJECT)
        .collect();
    if shown.is_empty() {
        "no subject".to_owned()
    } else {
        shown
    }
}

fn fingerprint(der: &[u8]) -> String {
    let pairs = Sha256::digest(der);
    let pairs: Vec<String> = pairs.iter().map(|byte| format!("{byte:02X}")).collect();
    pairs.join(":")
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Made for these tests; nobody has its key any more.
    pub(crate) const PEM: &str = "-----BEGIN CERTIFICATE-----\n\
MIIBrzCCAVWgAwIBAgIUfDxNkoUNH3AxmtWxLU3cQtm131kwCgYIKoZIzj0EAwIw\n\
LDEQMA4GA1UECgwHQ29udG9zbzEYMBYGA1UEAwwPQ29udG9zbyBzaWduaW5nMCAX\n\
DTI2MTEyMjEwMDg1MVoYDzIxMjYxMDI5MTAwODUxWjAsMRAwDgYDVQQKDAdDb250\n\
b3NvMRgwFgYDVQQDDA9Db250b3NvIHNpZ25pbmcwWTATBgcqhkjOPQIBBggqhkjO\n\
PQMBBwNCAATQRhp/EZT/q2ha25p1GDJeaDyQ/inBnGFiqOFayVkfBeAgWckPpjLV\n\
hLDoUcDlLRQ7yBNjA2eEZmlW7trd+IFSo1MwUTAdBgNVHQ4EFgQU1FAtoDlZS1FJ\n\
Cl0Cg/y+Xd0Q+jAwHwYDVR0jBBgwFoAU1FAtoDlZS1FJCl0Cg/y+Xd0Q+jAwDwYD\n\
VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiAoBfQoCUxapgxPEJRy6A4C\n\
ZMhABTpsgwIuKb/vfpsJ8AIhANZeCmZxkP7UZkqzB8lZBkclylCvVojM5gwb9E8l\n\
wEMk\n\
-----END CERTIFICATE-----";

    #[test]
    fn pem_and_bare_base64_are_the_same_certificate() {
        let pem = read(PEM).unwrap();
        assert_eq!(pem.subject, "CN=Contoso signing,O=Contoso");
        assert_eq!(
            pem.fingerprint,
            "81:4B:FB:C6:BA:8D:F4:AB:CF:09:4B:97:4C:4C:AA:EE:BB:A1:16:61:68:A9:AE:58:D2:1B:32:C7:21:EF:78:CA"
        );
        assert_eq!(pem.not_after.to_string(), "2126-10-29T10:08:51.000Z");
        assert_eq!(read(&pem.base64).unwrap(), pem);
        let lines: Vec<&str> = PEM.lines().filter(|line| !line.starts_with('-')).collect();
        assert_eq!(read(&lines.join("\r\n  ")).unwrap(), pem);
        assert_eq!(read(&format!("  subject=CN=x\n{PEM}\n")).unwrap(), pem);
    }

    #[test]
    fn whatever_is_no_certificate_is_refused_with_its_reason() {
        let key = PEM.replace("CERTIFICATE", "RSA PRIVATE KEY");
        let request = PEM.replace("CERTIFICATE", "CERTIFICATE REQUEST");
        let twice = format!("{PEM}\n{PEM}");
        let cut = PEM.lines().take(5).collect::<Vec<_>>().join("\n");
        let half = read(PEM).unwrap().base64[..200].to_owned();
        let long = "A".repeat(MAXIMUM + 1);
        for (text, why) in [
            ("  ", Refused::Empty),
            (long.as_str(), Refused::TooLong),
            (twice.as_str(), Refused::Several),
            (key.as_str(), Refused::PrivateKey),
            (request.as_str(), Refused::OtherBlock),
            (cut.as_str(), Refused::NotBase64),
            ("-----BEGIN CERTIFICATE", Refused::NotBase64),
            ("<script>alert(1)</script>", Refused::NotBase64),
            ("AAAA", Refused::NotX509),
            (half.as_str(), Refused::NotX509),
        ] {
            assert_eq!(read(text), Err(why), "{text:.60}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_the_reader(text in "\\PC{0,200}", bytes in proptest::collection::vec(0_u8.., 0..300)) {
            let _ = read(&text);
            let _ = read(&Base64::encode_string(&bytes));
        }

        #[test]
        fn a_damaged_certificate_is_read_or_refused_and_never_panics(at in 0_usize..700, byte in 0_u8..) {
            let whole = read(PEM).unwrap();
            let mut der = Base64::decode_vec(&whole.base64).unwrap();
            let at = at % der.len();
            der[at] = byte;
            let _ = read(&Base64::encode_string(&der));
        }
    }
}
