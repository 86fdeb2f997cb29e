"""The official Okta SDK for Python against the management API of the mock Okta: it configures an app, makes people and
groups, assigns the app to them, and they appear in the team. Its models validate every answer."""

import asyncio
import os
import secrets

# Lets the SDK speak http to the appliance. It is read here or from a file only, and any text means yes.
os.environ["OKTA_TESTING_TESTINGDISABLEHTTPSCHECK"] = "true"
# The SDK takes its proxy from these and does not look at NO_PROXY.
for name in ("HTTP_PROXY", "HTTPS_PROXY"):
    os.environ.pop(name, None)

import httpx2  # noqa: E402
from okta import models  # noqa: E402
from okta.client import Client  # noqa: E402
from okta.pagination import PaginationHelper  # noqa: E402

from appliance import appliance, check  # noqa: E402
from foreign_target import client, wait_until  # noqa: E402

KEY, TOKEN = secrets.token_hex(24), secrets.token_hex(24)


class Org:
    """The SDK, one call after the other: its operations are methods."""

    def __init__(self, base, runner, token=TOKEN):
        self.runner = runner
        self.sdk = Client({"orgUrl": f"{base}/okta", "token": token})

    def call(self, operation, *arguments, **options):
        """What an operation answers, as the model of the SDK and as it came; an error ends the run."""
        result, response, error = self.ask(operation, *arguments, **options)
        # The SDK takes an answer without a body for a success.
        if error is not None or response.status_code >= 300:
            raise SystemExit(f"okta_sdk: {operation}: {error or response.status_code}")
        return result, response

    def __getattr__(self, operation):
        return lambda *arguments, **options: self.call(operation, *arguments, **options)[0]

    def ask(self, operation, *arguments, **options):
        """What call gives, and the error; operations without a result leave its place out when they fail."""
        answer = self.runner.run(getattr(self.sdk, operation)(*arguments, **options))
        return answer if len(answer) == 3 else (None, *answer)

    def refused(self, status, code, sentence, operation, *arguments, **options):
        _, _, error = self.ask(operation, *arguments, **options)
        said = error and (error.status, error.error_code)
        check(said == (status, code), f"{sentence}: {status} {code}")

    def pages(self, operation, limit, **options):
        """Every page, each fetched with the cursor of the one before."""
        found, after = [], None
        while True:
            page, response = self.call(operation, limit=limit, after=after, **options)
            found.append(page)
            if not (after := PaginationHelper.extract_next_cursor(response.headers)):
                return found


def person(first, last):
    login = f"{first}.{last}@example.com".lower()
    profile = models.UserProfile(firstName=first, lastName=last, login=login, email=login)
    password = models.PasswordCredential(value=secrets.token_urlsafe(12))
    return models.CreateUserRequest(
        profile=profile, credentials=models.UserCredentialsWritable(password=password)
    )


def integrate(org, base):
    """An app of the header-authentication template that provisions into the team; its id."""
    # The SDK leaves out the name of an app, which is the template.
    answer = httpx2.post(
        f"{base}/okta/api/v1/apps",
        json={"name": "scim2headerauth", "label": "Team"},
        headers={"Authorization": f"SSWS {TOKEN}"},
        trust_env=False,
    )
    app = org.get_application(answer.json()["id"])
    check((app.name, app.status) == ("scim2headerauth", "ACTIVE"), "an app is made from a template")
    request = models.ProvisioningConnectionTokenRequest(
        baseUrl=f"{base}/scim/v2",
        profile=models.ProvisioningConnectionTokenRequestProfile(
            authScheme="TOKEN", token=f"Bearer {KEY}"
        ),
    )
    org.update_default_provisioning_connection_for_application(
        app.id, models.UpdateDefaultProvisioningConnectionForApplicationRequest(request), activate=True
    )
    connection = org.get_default_provisioning_connection_for_application(app.id)
    check(connection.status == "ENABLED", "its connection to the team is active")
    on = {"status": "ENABLED"}
    capabilities = models.CapabilitiesObject.from_dict(
        {"create": {"lifecycleCreate": on}, "update": {"lifecycleDeactivate": on, "profile": on}}
    )
    org.update_feature_for_application(
        app.id, "USER_PROVISIONING", models.UpdateFeatureForApplicationRequest(capabilities)
    )
    features = org.list_features_for_application(app.id)
    both = ["USER_PROVISIONING", "INBOUND_PROVISIONING"]
    check([feature.name for feature in features] == both, "its features are provisioning, both ways")
    app = org.get_application(app.id)
    wanted = {"PUSH_NEW_USERS", "PUSH_PROFILE_UPDATES", "PUSH_USER_DEACTIVATION"}
    check(wanted <= set(app.features), "it creates, updates and deactivates")
    check([one.id for one in org.list_applications(q="Te")] == [app.id], "apps are listed")
    return app.id


def in_team(team, name):
    """The person of that user name in the team, by SCIM."""
    found = resources(team.get("/Users", params={"filter": f'userName eq "{name}"'}))
    return found[0] if found else None


def sizes(team):
    """The groups in the team and how many members they have."""
    return {group["displayName"]: len(group.get("members", [])) for group in resources(team.get("/Groups"))}


def resources(answer):
    if answer.status_code != 200:
        raise SystemExit(f"okta_sdk: SCIM: {answer.status_code} {answer.text}")
    return answer.json().get("Resources", [])


def people(org, app, team):
    ann = org.create_user(person("Ann", "Okta"))
    login = ann.profile.login
    check(ann.status == "ACTIVE" and ann.id.startswith("00u"), "a user is created and active")
    check(org.get_user(ann.id).profile.first_name == "Ann", "the user is read by id")
    check(org.get_user(login).id == ann.id, "the user is read by login")
    org.refused(404, "E0000007", "a user that is not there is refused", "get_user", "00uNOBODY00000000000")
    org.refused(400, "E0000001", "a login that is taken is refused", "create_user", person("Ann", "Okta"))

    for first in ("Bob", "Eve", "Dan"):
        org.create_user(person(first, "Okta"))
    pages = org.pages("list_users", limit=3)
    check([len(page) for page in pages] == [3, 1], "users are listed by pages")
    names = {user.profile.first_name for page in pages for user in page}
    check(names == {"Ann", "Bob", "Eve", "Dan"}, "every user is in one of them")
    searched = org.list_users(search='profile.firstName eq "Eve"')
    check([user.profile.first_name for user in searched] == ["Eve"], "users are searched")
    filtered = org.list_users(filter=f'profile.login eq "{login}"')
    check([user.id for user in filtered] == [ann.id], "users are filtered")

    assigned = org.assign_user_to_application(app, models.AppUserAssignRequest(id=ann.id))
    check((assigned.id, assigned.scope) == (ann.id, "USER"), "the app is assigned to the user")
    current = lambda: org.get_application_user(app, ann.id)
    wait_until("an account", lambda: current().status == "PROVISIONED")
    check(current().sync_state == "SYNCHRONIZED", "the user is provisioned")
    account = in_team(team, login)
    check(account and account["active"], "the user is in the team and active")
    check(account["id"] == current().external_id, "the app user knows the account")
    check(account["name"]["givenName"] == "Ann", "the account has the profile of the user")
    check([one.id for one in org.list_application_users(app)] == [ann.id], "users of the app are listed")
    check([link.app_instance_id for link in org.list_app_links(ann.id)] == [app], "apps of the user are listed")

    changed = models.UpdateUserRequest(profile=models.UserProfile(lastName="Renamed"))
    check(org.update_user(ann.id, changed).profile.last_name == "Renamed", "the user is updated in part")
    family = lambda: in_team(team, login)["name"]["familyName"]
    wait_until("an update in the team", lambda: family() == "Renamed")
    check(family() == "Renamed", "and the account with the user")
    check(org.get_user(ann.id).profile.first_name == "Ann", "what was not told is kept")

    org.suspend_user(ann.id)
    check(org.get_user(ann.id).status == "SUSPENDED", "the user is suspended")
    org.unsuspend_user(ann.id)
    org.deactivate_user(ann.id)
    check(org.get_user(ann.id).status == "DEPROVISIONED", "the user is deactivated")
    wait_until("a deactivation in the team", lambda: not in_team(team, login)["active"])
    check(in_team(team, login)["id"] == account["id"], "the account is still in the team, inactive")
    check(org.list_application_users(app) == [], "the app is not assigned any more")
    org.activate_user(ann.id, send_email=False)
    org.assign_user_to_application(app, models.AppUserAssignRequest(id=ann.id))
    wait_until("a reactivation in the team", lambda: in_team(team, login)["active"])
    check(in_team(team, login)["id"] == account["id"], "who comes back has the same account, active again")

    types = {event.event_type for event in org.list_log_events(limit=200)}
    wanted = {"user.lifecycle.create", "application.provision.user.push", "application.provision.user.deactivate"}
    check(wanted <= types, "the System Log tells of it")
    filtered = org.list_log_events(filter='eventType eq "application.provision.user.push"')
    check(all(e.outcome.result == "SUCCESS" for e in filtered) and filtered, "the System Log is filtered")


def groups(org, app, team):
    profile = models.OktaUserGroupProfile(name="Engineers", description="By the SDK")
    group = org.add_group(models.AddGroupRequest(profile=profile))
    check(group.id.startswith("00g") and group.type == "OKTA_GROUP", "a group is created")
    bob, eve = (org.get_user(f"{name}.okta@example.com") for name in ("bob", "eve"))
    for user in (bob, eve):
        org.assign_user_to_group(group.id, user.id)
    members = [user.id for page in org.pages("list_group_users", limit=1, group_id=group.id) for user in page]
    check(members == [bob.id, eve.id], "members are added and listed")
    of_bob = org.list_user_groups(bob.id)
    check(group.id in [one.id for one in of_bob], "groups of a user are listed")
    found = org.list_groups(search='profile.name eq "Engineers"')
    check([one.profile.actual_instance.name for one in found] == ["Engineers"], "groups are searched")

    org.assign_group_to_application(app, group.id, models.ApplicationGroupAssignment(priority=0))
    assigned = org.list_application_group_assignments(app)
    check([one.id for one in assigned] == [group.id], "the app is assigned to the group")
    apps = org.list_assigned_applications_for_group(group.id)
    check([one.id for one in apps] == [app], "apps of the group are listed")
    for user in (bob, eve):
        wait_until("an account", lambda: org.get_application_user(app, user.id).status == "PROVISIONED")
        active = in_team(team, user.profile.login)["active"]
        check(active, f"{user.profile.first_name} is in the team through the group")

    mapping = org.create_group_push_mapping(
        app, models.CreateGroupPushMappingRequest(sourceGroupId=group.id, targetGroupName="Engineers")
    )
    check((mapping.source_group_id, mapping.status) == (group.id, "ACTIVE"), "the group is to be pushed")
    wait_until("a group in the team", lambda: sizes(team) == {"Engineers": 2})
    check(sizes(team) == {"Engineers": 2}, "the group is in the team with its members")
    org.unassign_user_from_group(group.id, bob.id)
    check([user.id for user in org.list_group_users(group.id)] == [eve.id], "a member is removed")
    wait_until("a removal in the team", lambda: sizes(team) == {"Engineers": 1})
    wait_until("a deactivation in the team", lambda: not in_team(team, bob.profile.login)["active"])
    check(in_team(team, bob.profile.login), "who leaves the group is inactive in the team")


def profiles(org, app):
    schema = org.get_application_user_schema(app)
    check(schema.definitions.base.required == ["userName"], "the schema of app users is read")
    mappings = org.list_profile_mappings(target_id=app)
    mapping = org.get_profile_mapping(mappings[0].id)
    check(mapping.properties["givenName"].expression == "user.firstName", "profile mappings are read")
    user = org.get_user("eve.okta@example.com")
    schema = org.get_user_schema(user.links.var_schema.href.rsplit("/", 1)[1])
    login = schema.definitions.base.properties.login
    check(login.title == "Username", "a user leads to the schema of users")
    check(org.get_user_type(user.type.id).default, "and to its type")


def remove(org, app):
    gone = org.get_user("dan.okta@example.com")
    org.delete_user(gone.id)
    org.delete_user(gone.id)
    org.refused(404, "E0000007", "a user is deactivated, then deleted", "get_user", gone.id)
    org.deactivate_application(app)
    org.delete_application(app)
    org.refused(404, "E0000007", "an app is deactivated, then deleted", "get_application", app)


def main():
    presets = {"SCIMLAB_SCIM_KEY": KEY, "SCIMLAB_OKTA_TOKEN": TOKEN}
    with appliance(presets) as env, asyncio.Runner() as runner:
        base = env["SCIMLAB_BASE_URL"]
        org = Org(base, runner)
        team = client(f"{base}/scim/v2", Authorization=f"Bearer {KEY}")
        Org(base, runner, "wrong").refused(401, "E0000011", "a wrong token is refused", "list_users")
        app = integrate(org, base)
        people(org, app, team)
        groups(org, app, team)
        profiles(org, app)
        remove(org, app)


if __name__ == "__main__":
    main()
