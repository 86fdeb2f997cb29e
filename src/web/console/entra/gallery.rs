//! *New application*: the templates an enterprise application can be made from.

use askama::Template;

use super::super::Page;

/// A template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GalleryCard {
    /// Its name.
    pub title: String,
    /// Day of the documentation it follows.
    pub date: &'static str,
    /// Attributes of users and groups it maps, as a sentence.
    pub summary: String,
    /// What its documentation says to whoever uses it.
    pub notes: Vec<&'static str>,
    /// Where it is chosen.
    pub choose: String,
}

/// The gallery.
#[derive(Debug, Clone, Template)]
#[template(path = "entra/gallery.html")]
pub struct GalleryPage {
    /// The frame.
    pub page: Page,
    /// *Create your own application*.
    pub own: GalleryCard,
    /// Applications of the gallery, the newest first.
    pub cards: Vec<GalleryCard>,
}

#[cfg(test)]
impl GalleryPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::super::samples::viewer;
        let card = |title: &str| GalleryCard {
            title: title.to_owned(),
            date: "2025-05-30",
            summary: "Maps 4 attributes of users and 2 of groups.".to_owned(),
            notes: vec!["Remove every other mapping."],
            choose: "/entra/gallery?template=postman-2025".to_owned(),
        };
        vec![(
            "many",
            Self {
                page: super::super::Page::new(
                    super::super::Room::Applications,
                    "New application",
                    &viewer(),
                )
                .under("Enterprise applications", "/entra/applications"),
                own: card("Non-gallery"),
                cards: vec![card("Postman (May 2025)"), card("Postman (March 2024)")],
            },
        )]
    }
}
