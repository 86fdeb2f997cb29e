"""The life of a user and a group with scim2-client, which validates every answer against the
schemas that the server itself publishes."""

import os
import uuid

import httpx2
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_models import PatchOp, PatchOperation, SearchRequest
from scim2_models import ConflictException, NotFoundException

BASE, KEY = os.environ["SCIM_BASE"], os.environ["SCIM_KEY"]
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


def check(condition, sentence):
    """Like assert, but not switched off by `python -O`."""
    if not condition:
        raise SystemExit(f"lifecycle: not so: {sentence}")
    print(f"ok {sentence}")


def refuses(expected, sentence, call, *arguments, **options):
    """Fails unless the server refuses the call with this SCIM error."""
    try:
        call(*arguments, **options)
    except expected:
        print(f"ok {sentence}")
    else:
        raise SystemExit(f"lifecycle: not refused: {sentence}")


def patch(model, **operation):
    return PatchOp[model](operations=[PatchOperation[model](**operation)])


def main():
    http = httpx2.Client(
        base_url=BASE,
        headers={"Authorization": f"Bearer {KEY}"},
        trust_env=False,
        timeout=30,
    )
    scim = SyncSCIMClient(http, raise_scim_errors=True)
    scim.discover()
    User, Group = scim.get_resource_model("User"), scim.get_resource_model("Group")
    check(User is not None and Group is not None, "the server publishes User and Group")

    name = f"python-{uuid.uuid4()}@example.com"
    payload = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE],
        "userName": name,
        "externalId": f"x-{name}",
        "displayName": "Åse Lifecycle",
        "name": {"givenName": "Åse", "familyName": "Lifecycle"},
        "emails": [{"value": name, "type": "work", "primary": True}],
        "active": True,
        ENTERPRISE: {"department": "Sales", "employeeNumber": "7"},
    }
    user = scim.create(User.model_validate(payload))
    check(user.id and user.user_name == name, "a user is created")
    check(user.meta.resource_type == "User" and user.meta.created, "its meta is complete")
    refuses(ConflictException, "the same userName twice", scim.create, User.model_validate(payload))

    read = scim.query(User, user.id)
    check(read.name.given_name == "Åse" and read.active is True, "it reads back")
    dumped = read.model_dump()
    check(dumped[ENTERPRISE]["department"] == "Sales", "its enterprise extension reads back")
    found = scim.query(User, query_parameters=SearchRequest(filter=f'userName eq "{name}"'))
    check(found.total_results == 1 and found.resources[0].id == user.id, "a filter finds it")

    scim.modify(User, user.id, patch(User, op="replace", path="displayName", value="Renamed"))
    scim.modify(User, user.id, patch(User, op="replace", path="active", value=False))
    read = scim.query(User, user.id)
    check(read.display_name == "Renamed" and read.active is False, "PATCH renames and deactivates")

    read.display_name, read.active = "Replaced", True
    replaced = scim.replace(read)
    check(replaced.display_name == "Replaced" and replaced.active is True, "PUT replaces")
    check(replaced.user_name == name and replaced.id == user.id, "PUT keeps who it is")

    group = scim.create(Group(display_name=f"Group of {name}"))
    check(group.id, "a group is created")
    add = patch(Group, op="add", path="members", value=[{"value": user.id}])
    scim.modify(Group, group.id, add)
    members = [member.value for member in scim.query(Group, group.id).members or []]
    check(members == [user.id], "PATCH adds a member")
    scim.modify(Group, group.id, add)
    members = [member.value for member in scim.query(Group, group.id).members or []]
    check(members == [user.id], "adding it again changes nothing")
    scim.modify(Group, group.id, patch(Group, op="remove", path=f'members[value eq "{user.id}"]'))
    check(not scim.query(Group, group.id).members, "PATCH removes a member")

    scim.modify(Group, group.id, add)
    scim.delete(User, user.id)
    refuses(NotFoundException, "a deleted user is gone", scim.query, User, user.id)
    check(not scim.query(Group, group.id).members, "a deleted user is no longer a member")
    scim.delete(Group, group.id)
    refuses(NotFoundException, "a deleted group is gone", scim.query, Group, group.id)


if __name__ == "__main__":
    main()
