//! Reads the metadata XML of a SAML identity provider (SAML 2.0 metadata, sections 2.3 and 2.4): its entity
//! id, where sign-in requests go, and the certificate it signs with.
//!
//! The file comes from somebody else. There are no DTDs and so no entities; size, number of nodes and depth
//! are bounded, and what is out of bounds is refused with a sentence.

use roxmltree::{Document, Node, ParsingOptions};

/// Longest file in bytes. Entra's own is about 90,000.
pub const MAXIMUM: usize = 512 << 10;
/// Most nodes: elements, texts and comments.
const NODES: u32 = 20_000;
/// Deepest element. The standard's own structures stay below ten.
const DEPTH: u16 = 32;
/// Most declarations of namespaces, and most attributes. An identity provider's own file has some dozens.
const NAMESPACES: usize = 256;
const ATTRIBUTES: usize = 20_000;

const METADATA: &str = "urn:oasis:names:tc:SAML:2.0:metadata";
const SIGNATURE: &str = "http://www.w3.org/2000/09/xmldsig#";
const REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
const POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";

/// What a metadata file says, as it would be typed into the fields; not judged yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata {
    /// `entityID`.
    pub issuer: String,
    /// `Location` of the single sign-on service: with redirects, else with posts.
    pub sso_url: String,
    /// The first certificate that signs.
    pub certificate: String,
    /// How many other ones sign too: the identity provider is about to change its key.
    pub other_certificates: usize,
}

/// Why a file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Nothing there.
    #[error("Choose the metadata file of the identity provider, or paste its content.")]
    Empty,
    /// Longer than [`MAXIMUM`].
    #[error("The metadata is larger than 512 KiB. Download it again from the identity provider.")]
    TooLarge,
    /// Another encoding, or no text at all.
    #[error("The metadata is not UTF-8 text. Save it as UTF-8 XML.")]
    NotUtf8,
    /// A document type declaration.
    #[error(
        "The metadata has a DOCTYPE. SAML metadata needs none, and it is not read: it could name files and entities."
    )]
    DocumentType,
    /// More than `NODES` nodes or deeper than `DEPTH`.
    #[error(
        "The metadata has more, or more deeply nested, elements than an identity provider's own. Upload its file alone, not a federation's."
    )]
    TooComplex,
    /// Not well-formed.
    #[error("The metadata is no well-formed XML: {0}. Upload the file as it was downloaded.")]
    Malformed(String),
    /// Some other document.
    #[error("This is no SAML 2.0 metadata: its first element is {0}, not EntityDescriptor.")]
    OtherDocument(String),
    /// The wrong end, or a federation's file.
    #[error(
        "The metadata describes {0} identity providers. It has to describe exactly one; metadata of a service provider describes none."
    )]
    NotOne(usize),
    /// A part that is needed.
    #[error("The metadata has no {0}. Enter the three values by hand.")]
    Missing(&'static str),
}

/// Reads a file.
///
/// # Errors
/// Why it cannot be used.
pub fn read(file: &[u8]) -> Result<Metadata, Refused> {
    if file.len() > MAXIMUM {
        return Err(Refused::TooLarge);
    }
    let text = std::str::from_utf8(file).map_err(|_| Refused::NotUtf8)?;
    // Pasting adds space in front, where only a declaration may stand.
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Err(Refused::Empty);
    }
    // The parser compares each namespace and each attribute of an element with the others.
    if text.matches("xmlns").count() > NAMESPACES || text.matches('=').count() > ATTRIBUTES {
        return Err(Refused::TooComplex);
    }
    let options = ParsingOptions {
        nodes_limit: NODES,
        ..ParsingOptions::default()
    };
    let document = Document::parse_with_options(text, options).map_err(|error| match error {
        roxmltree::Error::DtdDetected => Refused::DocumentType,
        roxmltree::Error::NodesLimitReached => Refused::TooComplex,
        other => Refused::Malformed(said(&other.to_string())),
    })?;
    if is_too_deep(&document) {
        return Err(Refused::TooComplex);
    }
    describe(&document)
}

/// The parser repeats names of the document: short, and without control characters.
fn said(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(160).collect()
}

fn is_too_deep(document: &Document<'_>) -> bool {
    let mut depths: Vec<u16> = Vec::new();
    // In document order a parent comes before its children, and ids count in that order.
    for node in document.descendants() {
        let above = node
            .parent()
            .and_then(|parent| depths.get(parent.id().get_usize()))
            .copied();
        let depth = above.map_or(0, |above| above.saturating_add(1));
        if depth > DEPTH {
            return true;
        }
        depths.push(depth);
    }
    false
}

fn describe(document: &Document<'_>) -> Result<Metadata, Refused> {
    let root = document.root_element();
    let entities: Vec<Node<'_, '_>> = if root.has_tag_name((METADATA, "EntityDescriptor")) {
        vec![root]
    } else if root.has_tag_name((METADATA, "EntitiesDescriptor")) {
        children(root, METADATA, "EntityDescriptor").collect()
    } else {
        return Err(Refused::OtherDocument(said(root.tag_name().name())));
    };
    let providers: Vec<(Node<'_, '_>, Node<'_, '_>)> = entities
        .into_iter()
        .flat_map(|entity| {
            children(entity, METADATA, "IDPSSODescriptor").map(move |role| (entity, role))
        })
        .collect();
    let [(entity, role)] = providers[..] else {
        return Err(Refused::NotOne(providers.len()));
    };
    let issuer = entity.attribute("entityID").unwrap_or_default().trim();
    if issuer.is_empty() {
        return Err(Refused::Missing("entityID"));
    }
    let mut certificates = signing_certificates(role);
    let certificate = certificates
        .next()
        .ok_or(Refused::Missing("signing certificate (X509Certificate)"))?;
    Ok(Metadata {
        issuer: issuer.to_owned(),
        sso_url: location(role).ok_or(Refused::Missing(
            "SingleSignOnService with the HTTP-Redirect or HTTP-POST binding",
        ))?,
        certificate,
        other_certificates: certificates.count(),
    })
}

fn children<'a, 'input: 'a>(
    node: Node<'a, 'input>,
    namespace: &'static str,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'input>> {
    node.children()
        .filter(move |child| child.has_tag_name((namespace, name)))
}

fn location(role: Node<'_, '_>) -> Option<String> {
    let with = |binding: &str| {
        children(role, METADATA, "SingleSignOnService")
            .find(|service| service.attribute("Binding") == Some(binding))
            .and_then(|service| service.attribute("Location"))
            .map(str::trim)
            .filter(|location| !location.is_empty())
            .map(str::to_owned)
    };
    with(REDIRECT).or_else(|| with(POST))
}

/// A key without a `use` is for everything.
fn signing_certificates<'a, 'input: 'a>(
    role: Node<'a, 'input>,
) -> impl Iterator<Item = String> + use<'a, 'input> {
    children(role, METADATA, "KeyDescriptor")
        .filter(|key| matches!(key.attribute("use"), None | Some("signing")))
        .flat_map(|key| children(key, SIGNATURE, "KeyInfo"))
        .flat_map(|info| children(info, SIGNATURE, "X509Data"))
        .flat_map(|data| children(data, SIGNATURE, "X509Certificate"))
        .filter_map(|certificate| certificate.text())
        .map(|text| text.split_whitespace().collect::<String>())
        .filter(|text| !text.is_empty())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Metadata of an identity provider, with these roles inside.
    fn entity(inside: &str) -> String {
        format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<EntityDescriptor xmlns=\"{METADATA}\" \
             xmlns:ds=\"{SIGNATURE}\" entityID=\"https://sts.contoso.example/1/\">{inside}</EntityDescriptor>"
        )
    }

    fn key(attributes: &str, text: &str) -> String {
        format!(
            "<KeyDescriptor {attributes}><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{text}\
             </ds:X509Certificate></ds:X509Data></ds:KeyInfo></KeyDescriptor>"
        )
    }

    fn service(binding: &str, location: &str) -> String {
        format!("<SingleSignOnService Binding=\"{binding}\" Location=\"{location}\"/>")
    }

    fn role(inside: &str) -> String {
        format!("<IDPSSODescriptor protocolSupportEnumeration=\"x\">{inside}</IDPSSODescriptor>")
    }

    /// As an identity provider would export it.
    pub(crate) fn sample(certificate: &str) -> String {
        let services = [
            service(POST, "https://idp.contoso.example/post"),
            service(REDIRECT, "https://idp.contoso.example/redirect?a=1&amp;b=2"),
        ];
        entity(&role(&format!(
            "{}{}",
            key("use=\"signing\"", certificate),
            services.concat()
        )))
    }

    #[test]
    fn the_three_values_are_found_and_redirects_are_preferred() {
        let read = read(sample("QUJD\n  REVG").as_bytes()).unwrap();
        assert_eq!(
            read,
            Metadata {
                issuer: "https://sts.contoso.example/1/".into(),
                sso_url: "https://idp.contoso.example/redirect?a=1&b=2".into(),
                certificate: "QUJDREVG".into(),
                other_certificates: 0,
            }
        );
    }

    #[test]
    fn keys_for_encryption_are_passed_over_and_a_roll_over_is_counted() {
        let keys = [
            key("use=\"encryption\"", "RU5D"),
            key("", "QU5Z"),
            key("use=\"signing\"", "U0lH"),
        ];
        let text = entity(&role(
            &(keys.concat() + &service(POST, "https://a.example/")),
        ));
        let pasted = format!("\u{feff}\n  {text}\n");
        let read = read(pasted.as_bytes()).unwrap();
        assert_eq!(
            (read.certificate.as_str(), read.other_certificates),
            ("QU5Z", 1)
        );
        assert_eq!(read.sso_url, "https://a.example/");
    }

    #[test]
    fn one_identity_provider_in_a_list_is_enough_and_two_are_too_many() {
        let one = |inside: &str| entity(inside).split_once('\n').unwrap().1.to_owned();
        let provider = one(&role(
            &(key("", "QU5Z") + &service(POST, "https://a.example/")),
        ));
        let consumer = one("<SPSSODescriptor/>");
        let list = |inside: &[&str]| {
            format!(
                "<EntitiesDescriptor xmlns=\"{METADATA}\">{}</EntitiesDescriptor>",
                inside.concat()
            )
        };
        assert!(read(list(&[&consumer, &provider]).as_bytes()).is_ok());
        for (inside, found) in [
            (&[consumer.as_str()][..], 0),
            (&[provider.as_str(), provider.as_str()], 2),
        ] {
            assert_eq!(
                read(list(inside).as_bytes()),
                Err(Refused::NotOne(found)),
                "{found}"
            );
        }
        assert_eq!(read(consumer.as_bytes()), Err(Refused::NotOne(0)));
    }

    #[test]
    fn hostile_files_are_refused_with_a_sentence() {
        let laughs = "<!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;\">]><x>&b;</x>";
        let file = "<!DOCTYPE x [<!ENTITY f SYSTEM \"file:///etc/passwd\">]><x>&f;</x>";
        let bare = "<!DOCTYPE html><html/>";
        let deep = "<a>".repeat(40) + &"</a>".repeat(40);
        let deeper = "<a>".repeat(15_000) + &"</a>".repeat(15_000);
        let wide = format!("<a>{}</a>", "<b/>".repeat(25_000));
        let long = format!("<a>{}</a>", "x".repeat(MAXIMUM));
        let each =
            |text: fn(usize) -> String, count| (0..count).map(text).collect::<Vec<_>>().join(" ");
        let spaces = format!("<a {}/>", each(|n| format!("xmlns:a{n}=\"u\""), 300));
        let attributes = format!("<a {}/>", each(|n| format!("a{n}=\"\""), 30_000));
        for (text, why) in [
            (laughs, Refused::DocumentType),
            (file, Refused::DocumentType),
            (bare, Refused::DocumentType),
            (deep.as_str(), Refused::TooComplex),
            (deeper.as_str(), Refused::TooComplex),
            (wide.as_str(), Refused::TooComplex),
            (spaces.as_str(), Refused::TooComplex),
            (attributes.as_str(), Refused::TooComplex),
            (long.as_str(), Refused::TooLarge),
            ("", Refused::Empty),
            (" \n ", Refused::Empty),
            ("<html/>", Refused::OtherDocument("html".into())),
            // The name alone does not make it metadata.
            (
                "<EntityDescriptor/>",
                Refused::OtherDocument("EntityDescriptor".into()),
            ),
        ] {
            assert_eq!(read(text.as_bytes()), Err(why), "{text:.60}");
        }
        assert_eq!(read(b"<a>\xff</a>"), Err(Refused::NotUtf8));
        for text in [
            "{\"a\":1}",
            "<a>",
            "<a>&b;</a>",
            "<a></b>",
            "<a b='1' b='2'/>",
        ] {
            assert!(
                matches!(read(text.as_bytes()), Err(Refused::Malformed(_))),
                "{text}"
            );
        }
    }

    #[test]
    fn every_part_that_is_missing_is_named() {
        let services = service(POST, "https://a.example/");
        let other = service(
            "urn:oasis:names:tc:SAML:2.0:bindings:SOAP",
            "https://a.example/",
        );
        for (text, part) in [
            (sample("QUJD").replace("entityID", "entityId"), "entityID"),
            (entity(&role(&services)), "certificate"),
            (entity(&role(&(key("", " ") + &services))), "certificate"),
            (
                entity(&role(&(key("", "QU5Z") + &other))),
                "SingleSignOnService",
            ),
        ] {
            let said = read(text.as_bytes()).unwrap_err().to_string();
            assert!(said.contains(part), "{said}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_file_breaks_the_reader(bytes in proptest::collection::vec(0_u8.., 0..400), at in 0_usize..600) {
            let _ = read(&bytes);
            let mut text = sample("QUJD").into_bytes();
            let at = at % text.len();
            text.splice(at..at, bytes);
            let _ = read(&text);
        }
    }
}
