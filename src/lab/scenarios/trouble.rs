//! Targets that are busy, broken or silent, and a key that is not good any more (parts 1.12 and 1.13 of the Okta
//! reference).

use super::stage::Stage;
use super::{Actor, Need, Play, Scenario};
use crate::directory::okta::apps::{self, Integration};
use crate::error::Result;
use crate::lab::faults::Fault;
use crate::model::okta::AppAuthentication;
use crate::secret::Plain;

pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "too-many-requests",
        title: "429: the target asks for patience",
        about: "Asked to wait for 30 seconds, Okta waits exactly that long, and the whole queue of the app with it. Refused \
                again without a number, it waits twice as long as before. No task is needed. Lets the clock of the \
                appliance go on by the time that Okta waits.",
        needs: &[
            Need::CreateUsers,
            Need::Bundled(
                "Another one would have to answer 429 to the first two lookups of a person",
            ),
        ],
        play: Play::Okta(too_many_requests),
    },
    Scenario {
        name: "html-error",
        title: "502: a page instead of an answer",
        about: "A proxy before the target answers with a page of HTML. The task and the System Log say what Okta's parser \
                said; nothing is tried again until somebody presses Retry Selected.",
        needs: &[
            Need::CreateUsers,
            Need::Bundled("Another one would have to answer a lookup with an HTML page"),
        ],
        play: Play::Okta(html_error),
    },
    Scenario {
        name: "new-token",
        title: "401: the token is not good any more",
        about: "The app has a token that the target does not know. Okta stops with a task, and tells that the credentials \
                were invalid. With the right token in the API integration, Retry Selected does the rest. Whatever else \
                this app sends meanwhile is refused too.",
        needs: &[Need::CreateUsers],
        play: Play::Okta(new_token),
    },
    Scenario {
        name: "timeout",
        title: "The target does not answer",
        about: "Okta waits for 60 seconds, and then a task waits for somebody: a timeout is not tried again by itself. \
                Takes a minute.",
        needs: &[
            Need::CreateUsers,
            Need::Bundled("Another one would have to stay silent"),
        ],
        play: Play::Okta(timeout),
    },
];

const fn busy(retry_after: Option<&'static str>) -> Fault {
    Fault::Answer {
        status: 429,
        content_type: "application/scim+json",
        retry_after,
        body: r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"429","detail":"Too many requests."}"#,
    }
}

fn too_many_requests(stage: &mut Stage<'_>) -> Result<()> {
    let ann = stage.person("Ann")?;
    let first = stage.arm(
        "The target answers 429 with Retry-After: 30.",
        busy(Some("30")),
    )?;
    stage.assign(&ann)?;
    stage.check("Okta waits for 30 seconds", stage.waits()? == Some(30));
    stage.check("No task is needed", stage.task(ann.seq)?.is_none());
    drop(first);
    let second = stage.arm(
        "The target answers 429, and does not say how long.",
        busy(None),
    )?;
    stage.wait()?;
    stage.check(
        "Okta waits twice as long, for 60 seconds",
        stage.waits()? == Some(60),
    );
    drop(second);
    stage.note(Actor::Target, "The target has time again.");
    stage.wait()?;
    stage.check("Ann has an account", !stage.external_id(&ann)?.is_empty());
    stage.check("Nothing waits any more", stage.waits()?.is_none());
    Ok(())
}

fn html_error(stage: &mut Stage<'_>) -> Result<()> {
    let ann = stage.person("Ann")?;
    let page = Fault::Answer {
        status: 502,
        content_type: "text/html",
        retry_after: None,
        body: "<html><body><h1>502 Bad Gateway</h1></body></html>",
    };
    let broken = stage.arm(
        "A proxy before the target answers 502 with a page of HTML.",
        page,
    )?;
    stage.assign(&ann)?;
    stage.check(
        "One request, which is not tried again",
        stage.request_count() == 1,
    );
    let text = "Bad Gateway. Errors reported by remote server: Invalid JSON: Unexpected character ('<' (code 60))";
    stage.check(
        "The task has the words of Okta's parser",
        stage.task_says(&ann, text)?,
    );
    drop(broken);
    stage.note(Actor::Target, "The proxy is mended.");
    stage.retry(&ann)?;
    stage.check("Ann has an account", !stage.external_id(&ann)?.is_empty());
    stage.check("The task is gone", stage.task(ann.seq)?.is_none());
    Ok(())
}

fn new_token(stage: &mut Stage<'_>) -> Result<()> {
    let ann = stage.person("Ann")?;
    let before = stage.app()?.provisioning.authentication;
    let sealer = stage.cast.context.sealer.clone();
    let wrong = sealer.seal(&Plain::new("a-token-that-nobody-knows"));
    let wrong = match &before {
        Some(AppAuthentication::Header { .. }) => AppAuthentication::Header { value: wrong },
        Some(AppAuthentication::Basic { user, .. }) => AppAuthentication::Basic {
            user: user.clone(),
            password: wrong,
        },
        _ => AppAuthentication::Bearer { token: wrong },
    };
    stage.sign(
        "The app gets a token that the target does not know.",
        Some(wrong),
    )?;
    // Whatever happens, the app has its own token again afterwards.
    let played = refused_token(stage, &ann);
    stage.sign("The app gets the right token.", before)?;
    played?;
    stage.retry(&ann)?;
    stage.check("Ann has an account", !stage.external_id(&ann)?.is_empty());
    stage.check("The task is gone", stage.task(ann.seq)?.is_none());
    Ok(())
}

fn refused_token(stage: &mut Stage<'_>, ann: &super::people::Person) -> Result<()> {
    stage.assign(ann)?;
    stage.check(
        "The task says that the credentials are invalid",
        stage.task_says(
            ann,
            "The credentials used to connect to the API were invalid",
        )?,
    );
    stage.check(
        "The System Log tells of the authentication",
        stage.was_told("application.integration.authentication_failure"),
    );
    Ok(())
}

impl Stage<'_> {
    /// Saves the API integration with other credentials.
    fn sign(&mut self, what: &str, authentication: Option<AppAuthentication>) -> Result<()> {
        self.step(what, move |tx, administrator, key, now| {
            let provisioning = apps::get(tx, key)?.provisioning;
            let wanted = Integration {
                enabled: provisioning.enabled,
                base_url: provisioning.base_url,
                authentication,
                unique_field: provisioning.unique_field,
                import_groups: provisioning.import_groups,
            };
            apps::configure(tx, administrator, key, &wanted, now)?;
            Ok(())
        })
    }
}

fn timeout(stage: &mut Stage<'_>) -> Result<()> {
    let ann = stage.person("Ann")?;
    let silent = stage.arm(
        "The target takes requests and does not answer.",
        Fault::Silence,
    )?;
    stage.assign(&ann)?;
    stage.check(
        "One request, which is not tried again",
        stage.request_count() == 1,
    );
    let text = "The target did not answer in time";
    stage.check("A task tells of the timeout", stage.task_says(&ann, text)?);
    drop(silent);
    stage.note(Actor::Target, "The target answers again.");
    stage.retry(&ann)?;
    stage.check("Ann has an account", !stage.external_id(&ann)?.is_empty());
    Ok(())
}
