//! Why no answer came: the library's errors as the few kinds that the log tells apart, in sentences that
//! say what to look at.

use std::io;

/// Why no answer came.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoAnswer {
    /// The target took longer than the timeout.
    #[error("The target did not answer in time: {0}.")]
    Timeout(String),
    /// No connection: refused, unknown host.
    #[error("The target cannot be reached: {0}.")]
    Unreachable(String),
    /// The connection cannot be made secure: certificate, version of TLS. A sentence without its end.
    #[error("Could not establish trust relationship for the SSL/TLS secure channel: {0}.")]
    Untrusted(String),
    /// The answer broke off, was too large or is not HTTP.
    #[error("The answer of the target is not usable: {0}.")]
    Broken(String),
    /// The token endpoint gave no usable answer: a whole sentence.
    #[error("{0}")]
    NoToken(String),
    /// The token endpoint refused the client: a whole sentence.
    #[error("{0}")]
    TokenRefused(String),
}

/// The kind of an error of the library.
pub(super) fn no_answer(error: ureq::Error) -> NoAnswer {
    match error {
        ureq::Error::Timeout(_) => NoAnswer::Timeout(error.to_string()),
        ureq::Error::HostNotFound => NoAnswer::Unreachable("the host name is not known".to_owned()),
        ureq::Error::ConnectionFailed | ureq::Error::BadUri(_) => {
            NoAnswer::Unreachable(error.to_string())
        }
        ureq::Error::BodyExceedsLimit(limit) => {
            NoAnswer::Broken(format!("it is larger than {limit} bytes"))
        }
        ureq::Error::Tls(what) => NoAnswer::Untrusted(what.to_owned()),
        ureq::Error::Rustls(error) => untrusted(&error),
        ureq::Error::Io(error) => of_connection(&error),
        other => NoAnswer::Broken(other.to_string()),
    }
}

fn of_connection(error: &io::Error) -> NoAnswer {
    if let Some(error) = error.get_ref().and_then(|inner| inner.downcast_ref()) {
        return untrusted(error);
    }
    match error.kind() {
        io::ErrorKind::TimedOut => NoAnswer::Timeout(error.to_string()),
        io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe
        | io::ErrorKind::UnexpectedEof
        | io::ErrorKind::InvalidData => NoAnswer::Broken(error.to_string()),
        _ => NoAnswer::Unreachable(error.to_string()),
    }
}

fn untrusted(error: &rustls::Error) -> NoAnswer {
    use rustls::{AlertDescription, CertificateError as Certificate, Error, PeerIncompatible};
    let why = match error {
        Error::InvalidCertificate(Certificate::UnknownIssuer) => {
            "its certificate is signed by nobody who is trusted here".to_owned()
        }
        Error::InvalidCertificate(
            Certificate::NotValidForName | Certificate::NotValidForNameContext { .. },
        ) => "its certificate is for another host name".to_owned(),
        Error::InvalidCertificate(Certificate::Expired | Certificate::ExpiredContext { .. }) => {
            "its certificate has expired".to_owned()
        }
        Error::InvalidCertificate(
            Certificate::NotValidYet | Certificate::NotValidYetContext { .. },
        ) => "its certificate is not valid yet".to_owned(),
        Error::PeerIncompatible(
            PeerIncompatible::Tls12NotOffered | PeerIncompatible::Tls12NotOfferedOrEnabled,
        )
        | Error::AlertReceived(AlertDescription::ProtocolVersion) => {
            "it does not offer TLS 1.2 or higher".to_owned()
        }
        Error::InvalidMessage(_) => "it does not speak TLS on this port; is it http://?".to_owned(),
        other => other.to_string(),
    };
    NoAnswer::Untrusted(why)
}
