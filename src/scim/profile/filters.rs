//! Filters of an endpoint that takes only a few.

use super::super::error::Error;
use super::super::schema::ResourceType;
use super::super::syntax::{FilterSyntax, Operator, TestSyntax};
use super::service::Filters;

impl Filters {
    /// Checks that a filter over resources of this type is one the endpoint takes. What cannot be read at all
    /// passes: `Filter::parse` says what is wrong with it.
    ///
    /// # Errors
    /// 400 `invalidFilter`.
    pub fn check(self, text: &str, rt: &ResourceType) -> Result<(), Error> {
        let taken: &[&str] = match (self, rt.name.as_str()) {
            (Self::All, _) => return Ok(()),
            (Self::Postman, "User") => &["userName", "active"],
            (Self::Postman, "Group") => &["displayName"],
            (Self::UserName, "User") => &["userName"],
            _ => &[],
        };
        let asks_for = |name: &str| taken.iter().any(|taken| taken.eq_ignore_ascii_case(name));
        match FilterSyntax::parse(text) {
            Ok(FilterSyntax::Test(name, TestSyntax::Compare(Operator::Eq, _)))
                if asks_for(&name.text) =>
            {
                Ok(())
            }
            Err(_) => Ok(()),
            Ok(_) if taken.is_empty() => Err(Error::invalid_filter(format!(
                "This endpoint takes no filters of type {}.",
                rt.name
            ))),
            Ok(_) => Err(Error::invalid_filter(format!(
                "This endpoint takes only filters of the form {}.",
                taken
                    .iter()
                    .map(|name| format!("`{name} eq \"...\"`"))
                    .collect::<Vec<_>>()
                    .join(" or ")
            ))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::schemas;
    use super::*;

    #[test]
    fn only_the_documented_filters_pass() {
        let (user, group) = (schemas::user(), schemas::group());
        for (filters, rt, text, passes) in [
            (Filters::Postman, user, "userName eq \"a\"", true),
            (Filters::Postman, user, "USERNAME EQ \"a\"", true),
            (Filters::Postman, user, "active eq \"true\"", true),
            (Filters::Postman, user, "active eq false", true),
            (Filters::Postman, user, "externalId eq \"x\"", false),
            (Filters::Postman, user, "userName sw \"x\"", false),
            (Filters::Postman, user, "userName pr", false),
            (Filters::Postman, user, "not (userName eq \"x\")", false),
            (
                Filters::Postman,
                user,
                "userName eq \"a\" and active eq true",
                false,
            ),
            (Filters::Postman, group, "displayName eq \"x\"", true),
            (Filters::Postman, group, "userName eq \"x\"", false),
            (Filters::UserName, user, "userName eq \"a\"", true),
            (Filters::UserName, user, "active eq \"true\"", false),
            (Filters::UserName, group, "displayName eq \"x\"", false),
            (
                Filters::All,
                user,
                "emails[type eq \"work\"] or title pr",
                true,
            ),
        ] {
            assert_eq!(filters.check(text, rt).is_ok(), passes, "{text}");
        }
    }

    #[test]
    fn a_refusal_says_what_the_endpoint_takes() {
        let (user, group) = (schemas::user(), schemas::group());
        for (filters, rt, sentence) in [
            (
                Filters::Postman,
                user,
                "This endpoint takes only filters of the form `userName eq \"...\"` or `active eq \"...\"`.",
            ),
            (
                Filters::UserName,
                user,
                "This endpoint takes only filters of the form `userName eq \"...\"`.",
            ),
            (
                Filters::UserName,
                group,
                "This endpoint takes no filters of type Group.",
            ),
        ] {
            let refused = filters.check("meta.created pr", rt).unwrap_err();
            assert_eq!(refused.detail, sentence);
        }
    }
}
