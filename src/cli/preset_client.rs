//! The client of the Graph API that automation presets, and what a start tells about the mock Entra.

use super::Failure;
use super::runtime::Runtime;
use crate::access::Operator;
use crate::clock::Timestamp;
use crate::config::{Bootstrap, ENTRA_CLIENT_ID, ENTRA_CLIENT_SECRET};
use crate::directory::registrations::{self, PRESET_CLIENT_ID};
use crate::error::Error;
use crate::id::Guid;
use crate::model::Direction;
use crate::secret::{PASSWORD_MINIMUM, PasswordHash, Plain};
use crate::store::{Snapshot, Store, directory, registrations as rows};
use crate::sync::applications::{self, Ids};
use crate::web::addresses;

/// The preset client id, or the one that is always the same.
fn client_id(preset: &Bootstrap) -> Result<Guid, Failure> {
    let Some(text) = &preset.entra_client_id else {
        return Ok(PRESET_CLIENT_ID);
    };
    text.parse()
        .map_err(|_| format!("{ENTRA_CLIENT_ID}: must be a GUID such as {PRESET_CLIENT_ID}").into())
}

/// Says what is wrong with the preset values before anything is written.
pub(super) fn check(preset: &Bootstrap) -> Result<(), Failure> {
    client_id(preset)?;
    let secret = preset.entra_client_secret.as_deref();
    if secret.is_some_and(|secret| secret.chars().count() < PASSWORD_MINIMUM) {
        return Err(format!(
            "{ENTRA_CLIENT_SECRET}: must have at least {PASSWORD_MINIMUM} characters"
        )
        .into());
    }
    Ok(())
}

/// Makes the preset secret one of a registration of the first tenant, and that registration and an API-driven
/// provisioning application where there is none. Starting twice with the same one changes nothing.
pub(super) fn apply(store: &Store, preset: &Bootstrap, now: Timestamp) -> Result<(), Failure> {
    let Some(secret) = &preset.entra_client_secret else {
        return Ok(());
    };
    let (secret, app_id) = (Plain::new(secret.as_str()), client_id(preset)?);
    let tx = store.read()?;
    let tenant = directory::first_tenant(&tx)?.ok_or("the directory has no tenant")?;
    let kept = rows::by_app_id(&tx, tenant.seq, &app_id)?;
    drop(tx);
    let kept = kept.as_ref().and_then(registrations::preset_secret);
    let same = kept.is_some_and(|kept| kept.expires > now && kept.hash.verify(&secret));
    let fresh = if same {
        None
    } else {
        let hash = PasswordHash::new(&secret).map_err(|e| format!("{ENTRA_CLIENT_SECRET}: {e}"))?;
        Some((secret.last_four(), hash))
    };
    // Who presets an administrator means that one; else it is the address that people of a domain expect.
    let email = match &preset.admin_email {
        Some(email) => email.clone(),
        None => format!("admin@{}", tenant.domain),
    };
    let (object_id, ids) = (Guid::random(), Ids::random());
    store
        .write(move |tx| -> Result<(), Error> {
            let operator = Operator::of_this_process();
            if let Some(fresh) = fresh {
                let client = (app_id, object_id);
                registrations::preset(tx, &operator, tenant.seq, client, fresh, now)?;
            }
            applications::ensure_inbound(tx, &operator, tenant.seq, &email, ids, now)
        })
        .map_err(|error| format!("{ENTRA_CLIENT_SECRET}: {error}"))?;
    Ok(())
}

/// Ids and addresses of the mock Entra, for other commands and for people.
pub(super) fn describe(
    tx: &Snapshot,
    preset: &Bootstrap,
    runtime: &mut Runtime,
) -> Result<(), Failure> {
    let Some(tenant) = directory::first_tenant(tx)? else {
        return Ok(());
    };
    let base = runtime.base_url.as_str();
    runtime.entra_tenant_id = Some(tenant.id.to_string());
    runtime.entra_token_endpoint = Some(addresses::token_v2(base, tenant.id));
    runtime.graph_base = Some(addresses::graph(base));
    let client = match registrations::with_preset_secret(tx, tenant.seq)? {
        Some(client) => Some(client),
        None => rows::all(tx, tenant.seq)?.into_iter().next(),
    };
    runtime.entra_client_id = client.map(|client| client.app_id.to_string());
    runtime
        .entra_client_secret
        .clone_from(&preset.entra_client_secret);
    if let Some((application, job)) = applications::first(tx, tenant.seq, Direction::Outbound)? {
        runtime.entra_service_principal_id = Some(application.id.to_string());
        runtime.entra_job_id = Some(job.id);
    }
    if let Some((application, job)) = applications::first(tx, tenant.seq, Direction::Inbound)? {
        let endpoint = addresses::bulk_upload(base, application.id, &job.id);
        runtime.entra_inbound_service_principal_id = Some(application.id.to_string());
        runtime.entra_bulk_upload_endpoint = Some(endpoint);
        runtime.entra_inbound_job_id = Some(job.id);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;
    use crate::lab;
    use crate::model::AppRegistration;

    const NOW: Timestamp = Timestamp::from_millis(1_750_000_000_000);
    const LATER: Timestamp = Timestamp::from_millis(1_750_000_060_000);

    fn fresh() -> Store {
        let store = Store::in_memory().unwrap();
        let mut ids = lab::Ids::from_number(1);
        let operator = Operator::of_this_process();
        lab::install(&store, &operator, lab::demo::empty(), &mut ids, NOW).unwrap();
        store
    }

    fn start(store: &Store, id: Option<&str>, secret: &str, now: Timestamp) {
        let preset = Bootstrap {
            entra_client_id: id.map(str::to_owned),
            entra_client_secret: Some(secret.into()),
            ..Bootstrap::default()
        };
        check(&preset).unwrap();
        apply(store, &preset, now).unwrap();
    }

    fn clients(store: &Store) -> Vec<AppRegistration> {
        let tx = store.read().unwrap();
        let tenant = directory::first_tenant(&tx).unwrap().unwrap();
        rows::all(&tx, tenant.seq).unwrap()
    }

    fn opens(client: &AppRegistration, secret: &str) -> bool {
        let secret = Plain::new(secret);
        client.secrets.iter().any(|kept| kept.hash.verify(&secret))
    }

    #[test]
    fn a_preset_secret_opens_and_the_next_one_takes_its_place() {
        let store = fresh();
        start(&store, None, "first-secret", NOW);
        start(&store, None, "first-secret", LATER);
        let [client] = <[_; 1]>::try_from(clients(&store)).unwrap();
        assert_eq!(
            client.app_id.to_string(),
            "5c10ab00-0000-4000-8000-000000007644"
        );
        assert_eq!(client.secrets.len(), 1);
        assert_eq!(
            client.secrets[0].created, NOW,
            "the same again changes nothing"
        );
        assert!(opens(&client, "first-secret"));

        start(&store, None, "second-secret", LATER);
        let [client] = <[_; 1]>::try_from(clients(&store)).unwrap();
        assert!(opens(&client, "second-secret") && !opens(&client, "first-secret"));

        let other = "7f0d6b9e-6d1c-4d59-9d1e-7a4d3c1b2a00";
        start(&store, Some(other), "second-secret", LATER);
        let all = clients(&store);
        assert_eq!(all.len(), 2);
        assert!(
            !opens(&all[0], "second-secret"),
            "it is another client's now"
        );
        assert_eq!(all[1].app_id.to_string(), other);
        assert!(opens(&all[1], "second-secret"));
    }

    #[test]
    fn there_is_one_inbound_application_with_a_started_job() {
        let store = fresh();
        start(&store, None, "first-secret", NOW);
        start(&store, None, "second-secret", LATER);
        let tx = store.read().unwrap();
        let tenant = directory::first_tenant(&tx).unwrap().unwrap();
        assert_eq!(directory::applications(&tx, tenant.seq).unwrap().len(), 2);
        let found = applications::first(&tx, tenant.seq, Direction::Inbound).unwrap();
        let (application, job) = found.unwrap();
        assert_eq!(application.display_name, applications::INBOUND_NAME);
        assert!(job.status.is_started());

        let mut runtime = Runtime {
            base_url: "http://127.0.0.1:7644".into(),
            ..Runtime::default()
        };
        describe(&tx, &Bootstrap::default(), &mut runtime).unwrap();
        assert_ne!(runtime.entra_job_id, runtime.entra_inbound_job_id);
        assert_eq!(runtime.entra_client_id, Some(PRESET_CLIENT_ID.to_string()));
        assert_eq!(
            runtime.entra_client_secret, None,
            "not preset at this start"
        );
        let endpoint = runtime.entra_bulk_upload_endpoint.unwrap();
        assert!(endpoint.contains(&job.id) && endpoint.contains(&application.id.to_string()));
    }

    #[test]
    fn a_bad_value_is_named() {
        for (id, secret, named) in [
            (Some("not-a-guid"), "long-enough", ENTRA_CLIENT_ID),
            (None, "short", ENTRA_CLIENT_SECRET),
        ] {
            let preset = Bootstrap {
                entra_client_id: id.map(str::to_owned),
                entra_client_secret: Some(secret.into()),
                ..Bootstrap::default()
            };
            let said = check(&preset).unwrap_err().to_string();
            assert!(said.starts_with(&format!("{named}: ")), "{said}");
        }
    }
}
