//! Handing one mail to the relay over SMTP (RFC 5321), and what its answer means.
//!
//! Blocking: for the sender's thread and the blocking pool. Nothing of a mail or of a password is logged.

use std::io::ErrorKind;
use std::time::{Duration, UNIX_EPOCH};

use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, SmtpTransport, Transport as _};

use super::letter::Letter;
use crate::model::{Mail, Protection, Relay};
use crate::secret::Sealer;

/// Longest wait for a connection or an answer.
const TIMEOUT: Duration = Duration::from_secs(15);

/// Name of the sender in every mail.
const SENDER: &str = "scimlab";

/// Why a mail was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// This mail will never be taken.
    #[error("{0}")]
    Mail(String),
    /// This mail is not taken now.
    #[error("{0}")]
    NotNow(String),
    /// No mail is taken now: there is no connection, or the relay does not let us in.
    #[error("{0}")]
    Relay(String),
}

/// Sends a mail. Every attempt of the same mail carries the same `Message-ID`, so that a recipient's server can
/// tell a repetition after a crash.
///
/// # Errors
/// What the relay said, in a sentence.
pub fn send(relay: &Relay, sealer: &Sealer, mail: &Mail, letter: &Letter) -> Result<(), Failure> {
    let message = message(relay, mail, letter)?;
    transport(relay, sealer)?
        .send(&message)
        .map(|_| ())
        .map_err(|error| failure(relay, &error))
}

fn message(relay: &Relay, mail: &Mail, letter: &Letter) -> Result<Message, Failure> {
    let from: Address = relay
        .from
        .parse()
        .map_err(|_| Failure::Relay(format!("{} is no sender's address.", relay.from)))?;
    let to: Address = mail
        .to
        .parse()
        .map_err(|_| Failure::Mail(format!("{} is not an e-mail address.", mail.to)))?;
    let millis = u64::try_from(mail.written.millis()).unwrap_or(0);
    let id = format!("<{millis:x}.{}.scimlab@{}>", mail.seq, from.domain());
    Message::builder()
        .from(Mailbox::new(Some(SENDER.into()), from))
        .to(Mailbox::new(None, to))
        .subject(mail.subject.as_str())
        .message_id(Some(id))
        .date(UNIX_EPOCH + Duration::from_millis(millis))
        .header(ContentType::TEXT_PLAIN)
        .body(letter.body())
        .map_err(|error| Failure::Mail(format!("The mail cannot be written: {error}.")))
}

fn transport(relay: &Relay, sealer: &Sealer) -> Result<SmtpTransport, Failure> {
    let domain = relay.from.rsplit_once('@').map_or("localhost", |at| at.1);
    let mut builder = SmtpTransport::builder_dangerous(relay.host.as_str())
        .port(relay.port)
        .timeout(Some(TIMEOUT))
        .hello_name(ClientId::Domain(domain.to_owned()))
        .tls(match relay.protection {
            Protection::None => Tls::None,
            Protection::StartTls => Tls::Required(parameters(relay)?),
            Protection::Tls => Tls::Wrapper(parameters(relay)?),
        });
    if !relay.user.is_empty() {
        let password = match &relay.password {
            None => String::new(),
            Some(sealed) => sealer
                .open(sealed)
                .ok_or_else(|| {
                    Failure::Relay(
                        "The relay's password cannot be read: it was sealed with another key file. \
                         Enter it again."
                            .into(),
                    )
                })?
                .expose()
                .to_owned(),
        };
        builder = builder.credentials(Credentials::new(relay.user.clone(), password));
    }
    Ok(builder.build())
}

fn parameters(relay: &Relay) -> Result<TlsParameters, Failure> {
    let wrong = |error: lettre::transport::smtp::Error| {
        Failure::Relay(format!("TLS cannot be set up: {error}."))
    };
    let mut builder = TlsParameters::builder(relay.host.clone());
    if !relay.authorities.is_empty() {
        let certificate = Certificate::from_pem(relay.authorities.as_bytes()).map_err(wrong)?;
        builder = builder.add_root_certificate(certificate);
    }
    builder.build().map_err(wrong)
}

/// Whether these certificates can be read.
pub(super) fn are_certificates(pem: &str) -> bool {
    pem.contains("-----BEGIN CERTIFICATE-----") && Certificate::from_pem(pem.as_bytes()).is_ok()
}

/// Whether a mail can go to this address, or come from it.
pub fn is_address(text: &str) -> bool {
    text.parse::<Address>().is_ok()
}

/// Answers that speak of us and not of the mail: sign-in is needed, was wrong, or is not offered like this
/// (RFC 4954 section 6).
const SIGN_IN: [u16; 4] = [530, 534, 535, 538];

fn failure(relay: &Relay, error: &lettre::transport::smtp::Error) -> Failure {
    let (host, port) = (&relay.host, relay.port);
    if error.is_client() && error.status().is_none() {
        // Such as an address that only a relay with SMTPUTF8 takes.
        return Failure::Mail(format!("{host} cannot take this mail{}.", cause(error)));
    }
    if let Some(code) = error.status() {
        let code = u16::from(code);
        let said = cause(error);
        return if SIGN_IN.contains(&code) {
            Failure::Relay(format!("{host} does not let us sign in ({code}{said})."))
        } else if error.is_permanent() {
            Failure::Mail(format!("{host} refused the mail ({code}{said})."))
        } else {
            Failure::NotNow(format!("{host} does not take the mail now ({code}{said})."))
        };
    }
    let said = cause(error);
    Failure::Relay(
        if error.is_timeout() || has_kind(error, ErrorKind::WouldBlock) {
            format!(
                "{host} did not answer on port {port} within {} s.",
                TIMEOUT.as_secs()
            )
        } else if error.is_tls() || has_kind(error, ErrorKind::InvalidData) {
            format!("TLS with {host} failed{said}.")
        } else {
            format!("There is no mail server to talk to at {host}, port {port}{said}.")
        },
    )
}

/// Whether a connection broke like this. A read that takes too long would block, and a handshake of TLS that fails
/// is data that is not valid.
fn has_kind(error: &lettre::transport::smtp::Error, kind: ErrorKind) -> bool {
    std::iter::successors(std::error::Error::source(error), |error| error.source())
        .filter_map(|error| error.downcast_ref::<std::io::Error>())
        .any(|error| error.kind() == kind)
}

/// What is behind an error, after a colon; empty when it says nothing.
fn cause(error: &lettre::transport::smtp::Error) -> String {
    let said = std::error::Error::source(error).map_or_else(String::new, |source| {
        source
            .to_string()
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .take(300)
            .collect()
    });
    let said = said.trim().trim_end_matches('.');
    if said.is_empty() {
        String::new()
    } else {
        format!(": {said}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;
    use crate::id::Seq;
    use crate::mail::letter::LetterLink;
    use crate::model::{Delivery, MailKind};

    fn relay() -> Relay {
        Relay {
            host: "127.0.0.1".into(),
            port: 1,
            protection: Protection::None,
            user: String::new(),
            password: None,
            from: "scimlab@example.com".into(),
            authorities: String::new(),
        }
    }

    fn mail(to: &str) -> Mail {
        Mail {
            seq: Seq(7),
            team: None,
            kind: MailKind::Invite,
            to: to.into(),
            subject: "Z\u{f6}e invited you".into(),
            text: vec!["One.".into(), "Two.".into()],
            link: None,
            written: Timestamp::from_millis(1_700_000_000_000),
            delivery: Delivery::Kept,
            attempts: 0,
            failure: String::new(),
        }
    }

    #[test]
    fn a_message_says_the_same_however_often_it_is_made() {
        let letter = Letter {
            text: mail("").text,
            link: LetterLink::To {
                label: "Join Team".into(),
                address: "http://x.example/invites/1-1-a".into(),
            },
        };
        let made = || {
            let bytes = message(&relay(), &mail("bob@x.example"), &letter)
                .unwrap()
                .formatted();
            String::from_utf8(bytes).unwrap()
        };
        let text = made();
        assert_eq!(text, made());
        for line in [
            "From: scimlab <scimlab@example.com>\r\n",
            "To: bob@x.example\r\n",
            "Message-ID: <18bcfe56800.7.scimlab@example.com>\r\n",
            "Date: Tue, 14 Nov 2023 22:13:20 +0000\r\n",
            "Content-Type: text/plain; charset=utf-8\r\n",
            "\r\n\r\nOne.\r\n\r\nTwo.\r\n\r\nJoin Team:\r\nhttp://x.example/invites/1-1-a\r\n",
        ] {
            assert!(text.contains(line), "{line} in {text}");
        }
    }

    #[test]
    fn a_recipient_without_an_address_is_the_mails_own_fault() {
        let letter = Letter {
            text: Vec::new(),
            link: LetterLink::None,
        };
        for to in ["bob", "", "a b@x.example", "a@x.example b@x.example"] {
            let refused = message(&relay(), &mail(to), &letter);
            assert!(matches!(refused, Err(Failure::Mail(_))), "{to}");
        }
    }

    #[test]
    fn certificates_are_read_before_they_are_needed() {
        assert!(!are_certificates(""));
        assert!(!are_certificates("a certificate"));
        assert!(!are_certificates(
            "-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n"
        ));
    }
}
