//! [`Trust`]: whose certificates an `https` target may show.

use std::fmt;

use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

/// The authorities that certificates of targets must come from: the public ones, unless an operator
/// names others. TLS 1.2 or higher in either case.
#[derive(Clone, Default)]
pub struct Trust(Option<Vec<Certificate<'static>>>);

/// Why a text is no list of certificates.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadTrust {
    /// It holds none.
    #[error("it holds no certificate; each begins with -----BEGIN CERTIFICATE-----")]
    Empty,
    /// One is damaged.
    #[error("a certificate in it is damaged: {0}")]
    Damaged(String),
}

impl Trust {
    /// Only those whose certificates are in a text of PEM blocks.
    ///
    /// # Errors
    /// When there is no certificate in it, or a damaged one.
    pub fn only(pem: &[u8]) -> Result<Self, BadTrust> {
        let mut authorities = Vec::new();
        for item in parse_pem(pem) {
            match item {
                Ok(PemItem::Certificate(certificate)) => authorities.push(certificate),
                Ok(_) => {}
                Err(error) => return Err(BadTrust::Damaged(error.to_string())),
            }
        }
        if authorities.is_empty() {
            return Err(BadTrust::Empty);
        }
        Ok(Self(Some(authorities)))
    }

    pub(super) fn config(&self) -> TlsConfig {
        let roots = match &self.0 {
            None => RootCerts::WebPki,
            Some(authorities) => RootCerts::new_with_certs(authorities),
        };
        TlsConfig::builder().root_certs(roots).build()
    }
}

impl fmt::Debug for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            None => f.write_str("Trust(public)"),
            Some(authorities) => write!(f, "Trust({} authorities)", authorities.len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_list_of_certificates_is_refused() {
        assert_eq!(Trust::only(b"").unwrap_err(), BadTrust::Empty);
        assert_eq!(Trust::only(b"hello").unwrap_err(), BadTrust::Empty);
        let damaged = b"-----BEGIN CERTIFICATE-----\n*\n-----END CERTIFICATE-----\n";
        assert!(matches!(Trust::only(damaged), Err(BadTrust::Damaged(_))));
    }
}
