"""Microsoft's SDK for Python against the Graph API of the mock Entra: it connects the application, reads and starts its
job, provisions a person on demand, who then is in the team, and reads about it in the log. Its models read every
answer."""

import asyncio
import json
import secrets
import time
import uuid

import httpx2
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError
from kiota_abstractions.base_request_configuration import RequestConfiguration
from msgraph import GraphServiceClient
from msgraph.generated.audit_logs.provisioning.provisioning_request_builder import ProvisioningRequestBuilder
from msgraph.generated.models.app_role_assignment import AppRoleAssignment
from msgraph.generated.models.expression_input_object import ExpressionInputObject
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.password_profile import PasswordProfile
from msgraph.generated.models.provisioning_result import ProvisioningResult
from msgraph.generated.models.string_key_object_value_pair import StringKeyObjectValuePair
from msgraph.generated.models.synchronization_job_application_parameters import SynchronizationJobApplicationParameters
from msgraph.generated.models.synchronization_job_restart_criteria import SynchronizationJobRestartCriteria
from msgraph.generated.models.synchronization_job_restart_scope import SynchronizationJobRestartScope
from msgraph.generated.models.synchronization_job_subject import SynchronizationJobSubject
from msgraph.generated.models.synchronization_schedule_state import SynchronizationScheduleState
from msgraph.generated.models.synchronization_secret import SynchronizationSecret
from msgraph.generated.models.synchronization_secret_key_string_value_pair import (
    SynchronizationSecretKeyStringValuePair,
)
from msgraph.generated.models.synchronization_status_code import SynchronizationStatusCode
from msgraph.generated.models.user import User
from msgraph.generated.service_principals.item.synchronization.jobs.item.provision_on_demand.provision_on_demand_post_request_body import (
    ProvisionOnDemandPostRequestBody,
)
from msgraph.generated.service_principals.item.synchronization.jobs.item.restart.restart_post_request_body import (
    RestartPostRequestBody,
)
from msgraph.generated.service_principals.item.synchronization.jobs.item.schema.parse_expression.parse_expression_post_request_body import (
    ParseExpressionPostRequestBody,
)
from msgraph.generated.service_principals.item.synchronization.jobs.item.validate_credentials.validate_credentials_post_request_body import (
    ValidateCredentialsPostRequestBody,
)
from msgraph.generated.service_principals.item.synchronization.secrets.secrets_put_request_body import (
    SecretsPutRequestBody,
)
from msgraph.graph_request_adapter import GraphRequestAdapter
from msgraph_core.authentication import AzureIdentityAuthenticationProvider
from msgraph_core.tasks.page_iterator import PageIterator

from appliance import appliance, check
from foreign_target import client

SCOPES = ["https://graph.microsoft.com/.default"]
# The role of whoever is assigned to an application without roles.
DEFAULT_ACCESS = uuid.UUID(int=0)


class Credential:
    """A credential of azure-identity for a token endpoint on loopback: those of the package insist on https."""

    def __init__(self, env, secret):
        self.endpoint = env["SCIMLAB_ENTRA_TOKEN_ENDPOINT"]
        self.form = {
            "grant_type": "client_credentials",
            "client_id": env["SCIMLAB_ENTRA_CLIENT_ID"],
            "client_secret": secret,
        }

    def get_token(self, *scopes, **_):
        answer = httpx2.post(self.endpoint, data={**self.form, "scope": " ".join(scopes)}, trust_env=False)
        told = answer.json()
        if answer.status_code != 200:
            raise ClientAuthenticationError(told["error_description"])
        return AccessToken(told["access_token"], int(time.time()) + told["expires_in"])


class Graph:
    """The SDK, one call after the other."""

    def __init__(self, env, runner, secret=None):
        credential = Credential(env, secret or env["SCIMLAB_ENTRA_CLIENT_SECRET"])
        provider = AzureIdentityAuthenticationProvider(credential, scopes=SCOPES, allowed_hosts=["127.0.0.1"])
        adapter = GraphRequestAdapter(provider)
        adapter.base_url = f"{env['SCIMLAB_GRAPH_BASE']}/v1.0"
        self.sdk, self.call = GraphServiceClient(request_adapter=adapter), runner.run

    def synchronization(self, service_principal):
        return self.sdk.service_principals.by_service_principal_id(service_principal).synchronization

    def job(self, service_principal, job):
        return self.synchronization(service_principal).jobs.by_synchronization_job_id(job)

    def refused(self, status, code, sentence, call):
        try:
            self.call(call)
        except ODataError as error:
            said = (error.response_status_code, error.error.code)
            check(said == (status, code) and error.error.message, f"{sentence}: {status} {code}")
        else:
            check(False, f"{sentence}: {status} {code}")


def jobs(graph, env):
    principal, id = env["SCIMLAB_ENTRA_SERVICE_PRINCIPAL_ID"], env["SCIMLAB_ENTRA_JOB_ID"]
    found = graph.call(graph.synchronization(principal).jobs.get()).value
    check([job.id for job in found] == [id], "the jobs of an application are listed")
    inbound = env["SCIMLAB_ENTRA_INBOUND_SERVICE_PRINCIPAL_ID"]
    found = graph.call(graph.synchronization(inbound).jobs.get()).value
    check([job.id for job in found] == [env["SCIMLAB_ENTRA_INBOUND_JOB_ID"]], "and those of the inbound one")
    unknown = graph.job(principal, "scim.nobody.knows.it")
    graph.refused(404, "Request_ResourceNotFound", "a job that is not there is refused", unknown.get())
    return principal, graph.job(principal, id)


def connect(graph, principal, job, env):
    secret = lambda key, value: SynchronizationSecretKeyStringValuePair(key=key, value=value)
    values = lambda key: [
        secret(SynchronizationSecret.BaseAddress, env["SCIMLAB_SCIM_BASE_URL"]),
        secret(SynchronizationSecret.SecretToken, key),
    ]
    wrong = ValidateCredentialsPostRequestBody(credentials=values("wrong"))
    code = "SystemForCrossDomainIdentityManagementCredentialValidationFailure"
    graph.refused(400, code, "a wrong secret token is noticed", job.validate_credentials.post(wrong))
    right = ValidateCredentialsPostRequestBody(credentials=values(env["SCIMLAB_SCIM_KEY"]))
    graph.call(job.validate_credentials.post(right))
    body = SecretsPutRequestBody(value=values(env["SCIMLAB_SCIM_KEY"]))
    graph.call(graph.synchronization(principal).secrets.put(body))
    check(graph.call(job.get()).status.code != SynchronizationStatusCode.NotConfigured, "the job has its secrets")


def schema(graph, job):
    found = graph.call(job.schema.get())
    rule = found.synchronization_rules[0]
    users = next(mapping for mapping in rule.object_mappings if mapping.source_object_name == "User")
    check(rule.source_directory_name == "Azure Active Directory" and users.enabled, "the schema has a rule for users")
    sources = {mapping.target_attribute_name: mapping.source for mapping in users.attribute_mappings}
    check(sources["userName"].expression == "[mail]", "userName comes from mail, as for Postman")
    check({directory.name for directory in found.directories} >= {rule.source_directory_name}, "it has directories")
    functions = graph.call(job.schema.functions.get()).value
    check("Join" in {function.id for function in functions}, "and functions")

    given = StringKeyObjectValuePair(key="givenName", additional_data={"value": "Ann"})
    asked = ParseExpressionPostRequestBody(
        expression='Join(" ", [givenName], "Graph")', test_input_object=ExpressionInputObject(properties=[given])
    )
    told = graph.call(job.schema.parse_expression.post(asked))
    check(told.parsing_succeeded and told.evaluation_result == ["Ann Graph"], "an expression is tried out")
    return rule.id


def start_and_pause(graph, job):
    graph.call(job.start.post())
    running = graph.call(job.get())
    check(running.schedule.state == SynchronizationScheduleState.Active, "a job is started")
    check(running.schedule.interval.total_seconds() == 40 * 60, "it runs every forty minutes")
    graph.call(job.pause.post())
    paused = graph.call(job.get())
    check(paused.status.code == SynchronizationStatusCode.Paused, "and paused")
    everything = SynchronizationJobRestartCriteria(reset_scope=SynchronizationJobRestartScope.Full)
    graph.call(job.restart.post(RestartPostRequestBody(criteria=everything)))
    restarted = graph.call(job.get())
    check(restarted.schedule.state == SynchronizationScheduleState.Active, "and restarted from scratch")
    graph.call(job.pause.post())


def person(graph, env, principal):
    """Somebody of the directory who is assigned to the application."""
    new = User(
        account_enabled=True,
        display_name="Ann Graph",
        given_name="Ann",
        surname="Graph",
        mail="ann.graph@example.com",
        mail_nickname="ann.graph",
        user_principal_name=f"ann.graph@{domain(graph)}",
        password_profile=PasswordProfile(password=secrets.token_urlsafe(12)),
    )
    made = graph.call(graph.sdk.users.post(new))
    check(graph.call(graph.sdk.users.by_user_id(made.id).get()).surname == "Graph", "a user is created and read")
    application = graph.sdk.service_principals.by_service_principal_id(principal)
    assignment = AppRoleAssignment(
        principal_id=uuid.UUID(made.id), resource_id=uuid.UUID(principal), app_role_id=DEFAULT_ACCESS
    )
    graph.call(application.app_role_assigned_to.post(assignment))
    assigned = graph.call(application.app_role_assigned_to.get()).value
    check([str(one.principal_id) for one in assigned] == [made.id], "and assigned to the application")
    return made


def domain(graph):
    organization = graph.call(graph.sdk.organization.get()).value[0]
    return next(domain.name for domain in organization.verified_domains if domain.is_default)


def on_demand(graph, job, rule, user, team):
    subject = SynchronizationJobSubject(object_id=user.id, object_type_name="User")
    parameters = SynchronizationJobApplicationParameters(rule_id=rule, subjects=[subject])
    body = ProvisionOnDemandPostRequestBody(parameters=[parameters])
    first = graph.call(job.provision_on_demand.post(body))
    check(json.loads(first.key)["result"] == "Success", "a person is provisioned on demand")
    told = json.loads(first.value)
    check([told["action"], told["statusInfo"]["status"]] == ["Create", "Success"], "an account is created")
    found = team.get("/Users", params={"filter": f'userName eq "{user.mail}"'}).json()["Resources"]
    check([one["name"]["familyName"] for one in found] == ["Graph"], "the person is in the team")
    check(found[0]["id"] == told["targetIdentity"]["id"], "by the id that was told")
    again = json.loads(graph.call(job.provision_on_demand.post(body)).key)
    check(again["details"]["errorCode"] == "RedundantExport", "a second time there is nothing to do")
    wrong = SynchronizationJobApplicationParameters(rule_id="nobody-knows-it", subjects=[subject])
    body = ProvisionOnDemandPostRequestBody(parameters=[wrong])
    graph.refused(400, "BadRequest", "a rule that is not there is refused", job.provision_on_demand.post(body))


def log(graph, env, user):
    def entries(filter, **options):
        query = ProvisioningRequestBuilder.ProvisioningRequestBuilderGetQueryParameters(filter=filter, **options)
        return graph.call(graph.sdk.audit_logs.provisioning.get(RequestConfiguration(query_parameters=query)))

    of_job = f"jobId eq '{env['SCIMLAB_ENTRA_JOB_ID']}'"
    created = entries(f"{of_job} and sourceIdentity/id eq '{user.id}' and provisioningAction eq 'create'").value
    check(len(created) == 1, "the log is filtered by job, person and action")
    entry = created[0]
    check(entry.provisioning_status_info.status == ProvisioningResult.Success, "the creation went well")
    changed = {one.display_name: one.new_value for one in entry.modified_properties}
    check(changed["userName"] == user.mail, "what was written is told")
    steps = [(step.name, step.status) for step in entry.provisioning_steps]
    names = ["EntryImport", "EntrySynchronizationScoping", "EntryImport", "EntrySynchronizationAdd", "EntryExportAdd"]
    check(steps == [(name, ProvisioningResult.Success) for name in names], "and how, step by step")
    check(entry.service_principal.id == env["SCIMLAB_ENTRA_SERVICE_PRINCIPAL_ID"], "by the application")
    check(entries("provisioningStatusInfo/status eq 'failure'").value == [], "nothing failed")

    seen = []
    pages = PageIterator(entries(of_job, top=1), graph.sdk.request_adapter)
    graph.call(pages.iterate(lambda item: seen.append(item.id) or True))
    all_of_them = [item.id for item in entries(of_job).value]
    check(len(all_of_them) > 1 and seen == all_of_them, "pages of one entry lead to the whole log")


def refusals(env, runner):
    stranger = Graph(env, runner, secret="wrong")
    try:
        runner.run(stranger.sdk.organization.get())
    except ClientAuthenticationError as error:
        check("AADSTS7000215" in str(error), "a wrong client secret gets no token")
    else:
        check(False, "a wrong client secret gets no token")


def main():
    presets = {
        "SCIMLAB_SCIM_KEY": secrets.token_hex(24),
        "SCIMLAB_ENTRA_CLIENT_SECRET": secrets.token_hex(16),
    }
    with appliance(presets) as env, asyncio.Runner() as runner:
        graph = Graph(env, runner)
        team = client(env["SCIMLAB_SCIM_BASE_URL"], Authorization=f"Bearer {env['SCIMLAB_SCIM_KEY']}")
        principal, job = jobs(graph, env)
        connect(graph, principal, job, env)
        rule = schema(graph, job)
        start_and_pause(graph, job)
        user = person(graph, env, principal)
        on_demand(graph, job, rule, user, team)
        log(graph, env, user)
        refusals(env, runner)


if __name__ == "__main__":
    main()
