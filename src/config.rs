//! Settings of the process that come from the environment: bootstrap values and secrets.
//!
//! Flags and their `SCIMLAB_<FLAG>` variables are clap's (`crate::cli`); there is no configuration
//! file. Every secret `SCIMLAB_<NAME>` may also be given as `SCIMLAB_<NAME>_FILE`, the path of a file
//! whose content is the value; trailing line ends are not part of it. A bad value stops the start and
//! names the variable.

use std::ffi::OsString;
use std::path::PathBuf;

/// Most bytes of a preset key or token. There is no minimum: presets are for automation that knows what it
/// does.
const SECRET_MAXIMUM: usize = 512;

/// Name of [`Bootstrap::entra_client_secret`].
pub const ENTRA_CLIENT_SECRET: &str = "SCIMLAB_ENTRA_CLIENT_SECRET";
/// Name of [`Bootstrap::entra_client_id`].
pub const ENTRA_CLIENT_ID: &str = "SCIMLAB_ENTRA_CLIENT_ID";

/// A variable that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{variable}: {problem}")]
pub struct BadVariable {
    /// Name of the variable.
    pub variable: String,
    /// What is wrong and how to mend it.
    pub problem: String,
}

/// What automation presets. Empty values count as unset.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Bootstrap {
    /// `SCIMLAB_ADMIN_EMAIL`.
    pub admin_email: Option<String>,
    /// `SCIMLAB_ADMIN_PASSWORD`. Set exactly when the address is.
    pub admin_password: Option<String>,
    /// `SCIMLAB_SCIM_KEY`: a SCIM key of the first team; also turns SCIM on.
    pub scim_key: Option<String>,
    /// `SCIMLAB_OPERATOR_TOKEN`: opens the control API under `/lab`, instead of whatever the console made or revoked
    /// since the last start. Without it the last token stays.
    pub operator_token: Option<String>,
    /// `SCIMLAB_OKTA_TOKEN`: an API token of the first Okta org, which is made when there is none.
    pub okta_token: Option<String>,
    /// `SCIMLAB_ENTRA_CLIENT_SECRET`: a client secret of an app registration of the first Entra tenant, which is made
    /// when there is none, as is an API-driven provisioning application.
    pub entra_client_secret: Option<String>,
    /// `SCIMLAB_ENTRA_CLIENT_ID`: the client id of that registration, instead of one that is always the same. Set only
    /// when the secret is.
    pub entra_client_id: Option<String>,
}

impl Bootstrap {
    /// From the environment of the process.
    ///
    /// # Errors
    /// Names the first variable that cannot be used.
    pub fn from_environment() -> Result<Self, BadVariable> {
        Self::read(
            |name| std::env::var_os(name),
            |path| std::fs::read_to_string(path),
        )
    }

    /// `SCIMLAB_ADMIN_PASSWORD` or its file alone, for a command that takes the address as argument.
    ///
    /// # Errors
    /// Names the variable.
    pub fn password_from_environment() -> Result<Option<String>, BadVariable> {
        value(
            "SCIMLAB_ADMIN_PASSWORD",
            &|name: &str| std::env::var_os(name),
            &|path: &PathBuf| std::fs::read_to_string(path),
        )
    }

    fn read(
        variable: impl Fn(&str) -> Option<OsString>,
        file: impl Fn(&PathBuf) -> std::io::Result<String>,
    ) -> Result<Self, BadVariable> {
        let value = |name: &str| value(name, &variable, &file);
        let found = Self {
            admin_email: value("SCIMLAB_ADMIN_EMAIL")?,
            admin_password: value("SCIMLAB_ADMIN_PASSWORD")?,
            scim_key: value("SCIMLAB_SCIM_KEY")?,
            operator_token: value("SCIMLAB_OPERATOR_TOKEN")?,
            okta_token: value("SCIMLAB_OKTA_TOKEN")?,
            entra_client_secret: value(ENTRA_CLIENT_SECRET)?,
            entra_client_id: value(ENTRA_CLIENT_ID)?,
        };
        if found.entra_client_id.is_some() && found.entra_client_secret.is_none() {
            return Err(bad(
                ENTRA_CLIENT_ID,
                format!("is set without {ENTRA_CLIENT_SECRET}; set the secret too"),
            ));
        }
        let (with, without) = match (&found.admin_email, &found.admin_password) {
            (Some(_), None) => ("SCIMLAB_ADMIN_EMAIL", "SCIMLAB_ADMIN_PASSWORD"),
            (None, Some(_)) => ("SCIMLAB_ADMIN_PASSWORD", "SCIMLAB_ADMIN_EMAIL"),
            _ => return found.checked(),
        };
        Err(bad(
            with,
            format!("is set without {without}; set both or neither"),
        ))
    }

    fn checked(self) -> Result<Self, BadVariable> {
        for (variable, secret) in [
            ("SCIMLAB_SCIM_KEY", &self.scim_key),
            ("SCIMLAB_OPERATOR_TOKEN", &self.operator_token),
            ("SCIMLAB_OKTA_TOKEN", &self.okta_token),
            (ENTRA_CLIENT_SECRET, &self.entra_client_secret),
        ] {
            if let Some(secret) = secret
                && (secret.len() > SECRET_MAXIMUM
                    || secret.chars().any(|c| c.is_whitespace() || c.is_control()))
            {
                return Err(bad(
                    variable,
                    format!("must be one word of at most {SECRET_MAXIMUM} bytes"),
                ));
            }
        }
        Ok(self)
    }
}

fn bad(variable: &str, problem: impl Into<String>) -> BadVariable {
    BadVariable {
        variable: variable.to_owned(),
        problem: problem.into(),
    }
}

fn value(
    name: &str,
    variable: &impl Fn(&str) -> Option<OsString>,
    file: &impl Fn(&PathBuf) -> std::io::Result<String>,
) -> Result<Option<String>, BadVariable> {
    let in_file = format!("{name}_FILE");
    match (variable(name), variable(&in_file)) {
        (Some(_), Some(_)) => Err(bad(
            name,
            format!("is set together with {in_file}; set one of them"),
        )),
        (Some(text), None) => {
            let text = text
                .into_string()
                .map_err(|_| bad(name, "is not valid UTF-8"))?;
            Ok(Some(text).filter(|t| !t.is_empty()))
        }
        (None, Some(path)) => {
            let path = PathBuf::from(path);
            let text = file(&path)
                .map_err(|e| bad(&in_file, format!("cannot read {}: {e}", path.display())))?;
            Ok(Some(text.trim_end_matches(['\r', '\n']).to_owned()).filter(|t| !t.is_empty()))
        }
        (None, None) => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Bootstrap, BadVariable> {
        Bootstrap::read(
            |name| {
                variables
                    .iter()
                    .find(|(n, _)| *n == name)
                    .map(|(_, v)| OsString::from(v))
            },
            |path| match path.to_str() {
                Some("/key") => Ok("from-file\n".into()),
                _ => Err(std::io::Error::from(std::io::ErrorKind::NotFound)),
            },
        )
    }

    #[test]
    fn values_come_from_variables_or_files() {
        let found = read(&[("SCIMLAB_SCIM_KEY_FILE", "/key")]).unwrap();
        assert_eq!(found.scim_key.as_deref(), Some("from-file"));
        // Not assert_eq: secrets have no Debug.
        assert!(read(&[("SCIMLAB_SCIM_KEY", "")]) == Ok(Bootstrap::default()));
        let both = [
            ("SCIMLAB_ADMIN_EMAIL", "a@example.com"),
            ("SCIMLAB_ADMIN_PASSWORD", "long enough"),
        ];
        assert_eq!(
            read(&both).unwrap().admin_password.as_deref(),
            Some("long enough")
        );
    }

    #[test]
    fn a_bad_value_is_named() {
        for (variables, named) in [
            (
                &[("SCIMLAB_ADMIN_EMAIL", "a@example.com")][..],
                "SCIMLAB_ADMIN_EMAIL",
            ),
            (&[("SCIMLAB_SCIM_KEY", "two words")][..], "SCIMLAB_SCIM_KEY"),
            (
                &[(ENTRA_CLIENT_SECRET, "two words")][..],
                ENTRA_CLIENT_SECRET,
            ),
            (&[(ENTRA_CLIENT_ID, "no secret")][..], ENTRA_CLIENT_ID),
            (
                &[("SCIMLAB_OPERATOR_TOKEN", "two words")][..],
                "SCIMLAB_OPERATOR_TOKEN",
            ),
            (
                &[("SCIMLAB_SCIM_KEY_FILE", "/absent")][..],
                "SCIMLAB_SCIM_KEY_FILE",
            ),
            (
                &[("SCIMLAB_SCIM_KEY_FILE", "/key"), ("SCIMLAB_SCIM_KEY", "k")][..],
                "SCIMLAB_SCIM_KEY",
            ),
        ] {
            assert_eq!(read(variables).err().unwrap().variable, named);
        }
    }
}
