//! Which attributes the form of a user has, in which section, under which of the portal's labels.

/// A section of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Identity,
    Job,
    Contact,
    Settings,
    OnPremises,
    ExtensionAttributes,
}

impl Place {
    pub(super) const ALL: [Self; 6] = [
        Self::Identity,
        Self::Job,
        Self::Contact,
        Self::Settings,
        Self::OnPremises,
        Self::ExtensionAttributes,
    ];

    pub(super) const fn title(self) -> &'static str {
        match self {
            Self::Identity => "Identity",
            Self::Job => "Job information",
            Self::Contact => "Contact information",
            Self::Settings => "Settings",
            Self::OnPremises => "On-premises",
            Self::ExtensionAttributes => "Extension attributes 1 to 15",
        }
    }
}

/// An attribute in the form.
pub(super) struct FormAttribute {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) place: Place,
    /// `type` of the input, or `lines` for several values.
    pub(super) kind: &'static str,
    pub(super) help: &'static str,
}

const fn plain(name: &'static str, label: &'static str, place: Place) -> FormAttribute {
    FormAttribute {
        name,
        label,
        place,
        kind: "text",
        help: "",
    }
}

const fn extension(name: &'static str) -> FormAttribute {
    plain(name, name, Place::ExtensionAttributes)
}

/// Every plain attribute, in the order of the form.
pub(super) const ATTRIBUTES: &[FormAttribute] = &[
    plain("displayName", "Display name", Place::Identity),
    FormAttribute {
        help: "Looks like an e-mail address, for example ada@contoso.example. Of a guest, enter the address at home.",
        ..plain("userPrincipalName", "User principal name", Place::Identity)
    },
    plain("givenName", "First name", Place::Identity),
    plain("surname", "Last name", Place::Identity),
    plain("mailNickname", "Mail nickname", Place::Identity),
    plain("jobTitle", "Job title", Place::Job),
    plain("department", "Department", Place::Job),
    plain("companyName", "Company name", Place::Job),
    plain("employeeId", "Employee ID", Place::Job),
    plain("employeeType", "Employee type", Place::Job),
    FormAttribute {
        help: "A date with time, such as 2026-01-31T00:00:00Z.",
        ..plain("employeeHireDate", "Employee hire date", Place::Job)
    },
    plain("employeeOrgData.costCenter", "Cost center", Place::Job),
    plain("employeeOrgData.division", "Division", Place::Job),
    plain("physicalDeliveryOfficeName", "Office location", Place::Job),
    FormAttribute {
        kind: "email",
        ..plain("mail", "Email", Place::Contact)
    },
    FormAttribute {
        kind: "lines",
        help: "One a line, such as SMTP:ada@contoso.example.",
        ..plain("proxyAddresses", "Proxy addresses", Place::Contact)
    },
    FormAttribute {
        kind: "tel",
        ..plain("telephoneNumber", "Business phone", Place::Contact)
    },
    FormAttribute {
        kind: "tel",
        ..plain("mobile", "Mobile phone", Place::Contact)
    },
    FormAttribute {
        kind: "tel",
        ..plain("facsimileTelephoneNumber", "Fax number", Place::Contact)
    },
    plain("streetAddress", "Street address", Place::Contact),
    plain("city", "City", Place::Contact),
    plain("state", "State or province", Place::Contact),
    plain("postalCode", "ZIP or postal code", Place::Contact),
    plain("country", "Country or region", Place::Contact),
    FormAttribute {
        help: "Two letters, such as DE.",
        ..plain("usageLocation", "Usage location", Place::Settings)
    },
    plain("preferredLanguage", "Preferred language", Place::Settings),
    FormAttribute {
        help: "True or False.",
        ..plain(
            "dirSyncEnabled",
            "On-premises sync enabled",
            Place::OnPremises,
        )
    },
    plain(
        "onPremisesDistinguishedName",
        "Distinguished name",
        Place::OnPremises,
    ),
    plain("onPremisesDomainName", "Domain name", Place::OnPremises),
    plain("onPremisesImmutableId", "Immutable ID", Place::OnPremises),
    plain(
        "onPremisesSecurityIdentifier",
        "Security identifier",
        Place::OnPremises,
    ),
    plain(
        "onPremisesUserPrincipalName",
        "On-premises user principal name",
        Place::OnPremises,
    ),
    extension("extensionAttribute1"),
    extension("extensionAttribute2"),
    extension("extensionAttribute3"),
    extension("extensionAttribute4"),
    extension("extensionAttribute5"),
    extension("extensionAttribute6"),
    extension("extensionAttribute7"),
    extension("extensionAttribute8"),
    extension("extensionAttribute9"),
    extension("extensionAttribute10"),
    extension("extensionAttribute11"),
    extension("extensionAttribute12"),
    extension("extensionAttribute13"),
    extension("extensionAttribute14"),
    extension("extensionAttribute15"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::AttributeChange;
    use crate::mapping::entra::{ObjectKind as SourceKind, source_attributes};
    use crate::model::ObjectKind;

    #[test]
    fn entra_3_7_the_form_offers_every_attribute_that_can_be_set() {
        for attribute in source_attributes(SourceKind::User) {
            let can_be_set = AttributeChange::check_name(ObjectKind::User, attribute.name).is_ok();
            let offered = ATTRIBUTES.iter().any(|a| a.name == attribute.name);
            assert_eq!(offered, can_be_set, "{}", attribute.name);
        }
        for attribute in ATTRIBUTES {
            assert!(AttributeChange::check_name(ObjectKind::User, attribute.name).is_ok());
        }
    }
}
