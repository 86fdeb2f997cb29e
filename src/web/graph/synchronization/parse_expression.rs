//! `parseExpression`: reads an expression, and evaluates it for test input (entra.md 6.6).

use actix_web::web;
use serde_json::Value;

use super::super::body;
use super::super::call::{Answered, Call, bad};
use super::super::failure::GraphFailure;
use super::odata;
use super::place::{JobPlace, Need};
use crate::error::Error;
use crate::id::Nonce;
use crate::mapping::entra::Context;
use crate::mapping::entra::schema::{parse_expression, read_test_input};
use crate::store::directory;

/// Reads and evaluates. Nothing is changed, and no target is asked.
pub(super) async fn post(
    call: Call,
    path: web::Path<(String, String, String)>,
    sent: body::Sent,
) -> Answered {
    let (_, principal, job) = path.into_inner();
    let (text, input) = body::read(&body::bytes(sent)?, |body, problems| {
        let text = body.required_text("expression", problems);
        if let Some(definition) = body.get("targetAttributeDefinition") {
            definition.members(problems);
        }
        let input = body.get("testInputObject").map(|at| at.value.clone());
        Some((text?, input))
    })?;
    let input = read_test_input(&input.unwrap_or(Value::Null))
        .map_err(|errors| bad(&format!("testInputObject: {errors}.").replace('\n', "; ")))?;
    let answer = call
        .read(move |call, tx| {
            JobPlace::of(call, tx, (&principal, &job), Need::Read)?;
            let tenant = call.client.tenant;
            let tenant =
                directory::tenant(tx, tenant)?.ok_or_else(|| Error::not_found("tenant", tenant))?;
            let now = call.app.now().millis();
            let context = Context::new(now, Nonce::random().0, tenant.domain);
            let parsed = parse_expression(&text, input.as_ref(), &context);
            Ok::<_, GraphFailure>(parsed.to_json())
        })
        .await?;
    Ok(odata::entity(
        &call,
        "microsoft.graph.parseExpressionResponse",
        answer,
    ))
}
