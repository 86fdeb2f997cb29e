//! `https` targets: whose certificate is trusted, for which name, and which versions of TLS.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd,
};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::id::Guid;
use crate::model::Scope;
use crate::secret::Plain;
use crate::sync::testing::{Asked, Given, Lab};
use crate::sync::{Connection, ConnectionFailure, Trust, test_connection};

fn authority(name: &str) -> CertifiedIssuer<'static, KeyPair> {
    let mut parameters = CertificateParams::default();
    parameters.distinguished_name.push(DnType::CommonName, name);
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(parameters, KeyPair::generate().unwrap()).unwrap()
}

/// A target with a certificate of this authority for a name; base URL.
fn target(authority: &CertifiedIssuer<'_, KeyPair>, name: &str, expired: bool) -> String {
    let mut parameters = CertificateParams::new(vec![name.to_owned()]).unwrap();
    if expired {
        parameters.not_after = date_time_ymd(2001, 1, 1);
    }
    let key = KeyPair::generate().unwrap();
    let certificate = parameters.signed_by(&key, authority).unwrap();
    let config =
        ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
            )
            .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}/scim", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = std::io::BufReader::new(StreamOwned::new(connection, stream));
            while Asked::read(&mut stream).is_some() {
                let _ = stream.get_mut().write_all(&Given::nobody().bytes());
            }
        }
    });
    url
}

/// A server that answers the first bytes of everybody with these.
fn answering(bytes: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}/scim", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(bytes);
            // Until the agent hangs up.
            let _ = stream.read(&mut [0; 4096]);
        }
    });
    url
}

fn test(lab: &Lab, url: &str) -> Result<usize, ConnectionFailure> {
    let connection = Connection::new(url, Plain::new("secret-token").into()).unwrap();
    let rules = lab.job().rules;
    test_connection(&lab.context, connection, &rules, Guid::random()).map(|all| all.len())
}

#[test]
fn a_certificate_must_come_from_somebody_who_is_trusted() {
    let mut lab = Lab::new(Scope::All);
    let (ours, theirs) = (authority("Ours"), authority("Theirs"));
    let cases = [
        (target(&ours, "127.0.0.1", false), None),
        (
            target(&theirs, "127.0.0.1", false),
            Some("its certificate is signed by nobody who is trusted here"),
        ),
        (
            target(&ours, "other.example", false),
            Some("its certificate is for another host name"),
        ),
        (
            target(&ours, "127.0.0.1", true),
            Some("its certificate has expired"),
        ),
        // A fatal alert: protocol_version.
        (
            answering(&[21, 3, 1, 0, 2, 2, 70]),
            Some("it does not offer TLS 1.2 or higher"),
        ),
        (
            answering(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
            Some("it does not speak TLS on this port; is it http://?"),
        ),
    ];
    let public = test(&lab, &cases[0].0).unwrap_err();
    assert!(public.message.contains("nobody who is trusted"), "{public}");
    lab.context.settings.trust = Trust::only(ours.pem().as_bytes()).unwrap();
    for (url, why) in cases {
        match (test(&lab, &url), why) {
            (Ok(requests), None) => assert_eq!(requests, 2),
            (Err(failure), Some(why)) => {
                assert_eq!(
                    failure.code,
                    "SystemForCrossDomainIdentityManagementCredentialValidationUnavailable"
                );
                let sentence = format!(
                    "Could not establish trust relationship for the SSL/TLS secure channel: {why}."
                );
                assert!(failure.message.contains(&sentence), "{failure}");
            }
            (result, why) => panic!("{url}: {result:?} {why:?}"),
        }
    }
}

#[test]
fn a_job_whose_target_is_not_trusted_is_in_quarantine() {
    let lab = Lab::new(Scope::All);
    let url = target(&authority("Ours"), "127.0.0.1", false);
    lab.connect(&url, Plain::new("secret-token").into());
    lab.cycle();
    let error = lab.job().quarantine.unwrap().error;
    assert!(
        error.reason.contains("SSL/TLS secure channel"),
        "{}",
        error.reason
    );
}
