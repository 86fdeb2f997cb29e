"""Runs the whole suite of scim2-tester against SCIM_BASE and accounts for every check.

Exit code 0 only when nothing is worse than "acceptable", when whatever was skipped was skipped for
a feature that the server says it lacks, and when every check that must run did run: the suite ends
early without a word when discovery fails. (`scim2 test` of the command line takes a skipped check
for a failure and an early end for success, hence this script.)
"""

import collections
import os
import sys

import httpx2
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server

GOOD = {Status.SUCCESS, Status.COMPLIANT, Status.ACCEPTABLE}

# Reasons of the suite for skipping, and whether the server's configuration excuses them. There is
# no attribute that announces a search over several resource types; the suite skips on 501 only.
EXCUSES = {
    "PATCH operations not supported by server": lambda config: not config.patch.supported,
    "POST /.search: searching several resource types at once is not supported by the server": (
        lambda config: True
    ),
}

# Sub-attributes that the server computes (its schema says readOnly) inside attributes that clients
# write. The suite compares the whole value it sent with the whole value it got, the computed part
# too; such a difference, and no other, is accepted. The client library also writes `schemas` into
# an extension's object, which RFC 7643 section 3.3 gives no such member.
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
COMPUTED = {
    f"{ENTERPRISE}:manager": {"display_name"},
    ENTERPRISE: {"schemas": True, "manager": {"display_name"}},
    "members": {"display"},
}

DISCOVERY = {
    "service_provider_config_endpoint",
    "service_provider_config_endpoint_methods",
    "query_all_resource_types",
    "query_resource_type_by_id",
    "access_invalid_resource_type",
    "query_all_schemas",
    "access_schema_by_id",
    "access_invalid_schema",
    "random_url",
}
PER_RESOURCE = {
    "object_creation",
    "object_query",
    "object_query_without_id",
    "object_query_with_attributes",
    "object_list_with_attributes",
    "search_with_attributes",
    "object_replacement",
    "object_deletion",
    "check_add_attribute",
    "check_remove_attribute",
    "check_replace_attribute",
}


def excused(result, config):
    """Whether a skipped check may be skipped here."""
    excuse = EXCUSES.get(result.reason or "")
    return bool(excuse and config and excuse(config))


def only_computed_differs(result):
    """Whether what came back is what was sent, but for a part that the server computes."""
    data = result.data if isinstance(result.data, dict) else {}
    part = COMPUTED.get(str(data.get("urn", "")))
    got = data.get("modify_actual", data.get("actual"))
    sent = data.get("expected")
    if part is None or sent is None or got is None:
        return False

    def bare(value):
        values = value if isinstance(value, list) else [value]
        return [one.model_dump(exclude=part) for one in values]

    return bare(sent) == bare(got)


def main():
    base, key = os.environ["SCIM_BASE"], os.environ["SCIM_KEY"]
    http = httpx2.Client(
        base_url=base,
        headers={"Authorization": f"Bearer {key}"},
        trust_env=False,
        timeout=30,
    )
    client = SyncSCIMClient(http)
    results = check_server(client)
    config = client.provider.config

    problems = []
    for result in results:
        where = f"{result.resource_type or '-'} {result.title}"
        if result.status in GOOD:
            continue
        if result.status is Status.SKIPPED and excused(result, config):
            print(f"skipped {where}: {result.reason}")
            continue
        if only_computed_differs(result):
            print(f"accepted {where}: differs only in what the server computes")
            continue
        data = f"\n    {str(result.data)[:1500]}" if result.data is not None else ""
        problems.append(f"{result.status.name} {where}: {result.reason}{data}")

    ran = collections.defaultdict(set)
    for result in results:
        ran[result.resource_type].add(result.title)
    problems += [f"never ran: {title}" for title in sorted(DISCOVERY - ran[None])]
    for resource_type in ("User", "Group"):
        for title in sorted(PER_RESOURCE - ran[resource_type]):
            problems.append(f"never ran: {resource_type} {title}")

    counts = collections.Counter(result.status.name for result in results)
    print(", ".join(f"{name} {count}" for name, count in sorted(counts.items())))
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        sys.exit(f"compliance: {len(problems)} problems in {len(results)} checks")


if __name__ == "__main__":
    main()
