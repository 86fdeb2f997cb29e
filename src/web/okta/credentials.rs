//! Passwords and recovery questions of people (parts 2.8 and 7.2 of the Okta reference): with `credentials` of a body, and
//! by calls of their own.

use actix_web::web;
use serde_json::{Map, Value};

use super::body::{Body, at, text};
use super::call::{Answered, Call, Reply};
use super::failure::OktaFailure;
use super::org::Org;
use crate::access::OrgAdministrator;
use crate::clock::Timestamp;
use crate::directory::okta::users::{self as people, PASSWORD_LIMIT};
use crate::directory::okta::{Refusal, Result};
use crate::model::okta::OktaUser;
use crate::secret::{Plain, Sealed, Sealer};
use crate::store::Write;

/// Longest recovery question, in characters.
const QUESTION_LIMIT: usize = 100;

/// `credentials` of a body.
pub(super) struct Credentials {
    pub(super) password: Option<Sealed>,
    pub(super) question: Option<String>,
}

impl Credentials {
    /// What is given; a password must be readable, for what a target is sent is the password itself.
    pub(super) fn read(sealer: &Sealer, members: &Map<String, Value>) -> Result<Self> {
        for unreadable in ["hash", "hook"] {
            if at(members, &["credentials", "password", unreadable])?.is_some() {
                let sentence = format!("A password is given as value here, not as {unreadable}");
                return Err(Refusal::field("password", "password", sentence));
            }
        }
        let password = text(members, &["credentials", "password", "value"])?;
        let question = text(members, &["credentials", "recovery_question", "question"])?;
        Ok(Self {
            password: password
                .map(|text| Ok::<_, Refusal>(sealer.seal(&checked(text)?)))
                .transpose()?,
            question: question.map(cut),
        })
    }

    /// Whether nothing is given.
    pub(super) const fn is_empty(&self) -> bool {
        self.password.is_none() && self.question.is_none()
    }

    /// Gives somebody what is given.
    pub(super) fn save(
        &self,
        org: &Org<'_, Write<'_>>,
        administrator: &OrgAdministrator,
        mut user: OktaUser,
        now: Timestamp,
    ) -> Result<OktaUser> {
        let tx = org.tx;
        if let Some(password) = &self.password {
            user = people::set_password(tx, administrator, user.seq, password, now)?;
        }
        if let Some(question) = &self.question {
            user = people::set_recovery_question(tx, administrator, user.seq, question, now)?;
        }
        Ok(user)
    }
}

/// `POST /users/{id}/credentials/change_password`: Okta sees the new one in clear.
pub(super) async fn change_password(call: Call, who: web::Path<String>, body: Body) -> Answered {
    let members = body.members()?;
    let old = password(&members, "oldPassword")?;
    let new = Credentials {
        password: Some(call.app.sealer.seal(&password(&members, "newPassword")?)),
        question: None,
    };
    change(call, who.into_inner(), ("oldPassword", old), new).await
}

/// `POST /users/{id}/credentials/change_recovery_question`: its answer opens nothing here and is not kept.
pub(super) async fn change_recovery_question(
    call: Call,
    who: web::Path<String>,
    body: Body,
) -> Answered {
    let members = body.members()?;
    let present = password(&members, "password")?;
    let question = text(&members, &["recovery_question", "question"])?;
    let new = Credentials {
        password: None,
        question: Some(cut(
            question.ok_or(OktaFailure::Missing("recovery_question"))?
        )),
    };
    change(call, who.into_inner(), ("password", present), new).await
}

async fn change(
    call: Call,
    who: String,
    (field, given): (&'static str, Plain),
    new: Credentials,
) -> Answered {
    let sealer = call.app.sealer.clone();
    call.write(move |org, administrator, now| {
        let user = org.user(&who)?;
        let present = user.password.as_ref().and_then(|kept| sealer.open(kept));
        if !present.is_some_and(|present| present.same(&given)) {
            let sentence = match field {
                "oldPassword" => "Old Password is not correct",
                _ => "Password is not correct",
            };
            return Err(Refusal::field("password", field, sentence));
        }
        let user = new.save(org, administrator, user, now)?;
        Ok(Reply::ok(&org.shapes.user(&user, true)["credentials"]))
    })
    .await
}

fn password(
    members: &Map<String, Value>,
    name: &'static str,
) -> std::result::Result<Plain, OktaFailure> {
    let value = text(members, &[name, "value"])?;
    Ok(checked(value.ok_or(OktaFailure::Missing(name))?)?)
}

fn checked(password: &str) -> Result<Plain> {
    if password.is_empty() || password.chars().count() > PASSWORD_LIMIT {
        let sentence = format!("A password has 1 to {PASSWORD_LIMIT} characters");
        return Err(Refusal::field("password", "password", sentence));
    }
    Ok(Plain::new(password))
}

fn cut(question: &str) -> String {
    question.chars().take(QUESTION_LIMIT).collect()
}
