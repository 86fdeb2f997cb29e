"""Uploads the people of a CSV file to the directory: API-driven inbound provisioning with Python's standard library.

    set -a; eval "$(scimlab env)"; set +a
    python3 bulk_upload.py people.csv

The first line of the file names its columns: those of people.csv, in any order; externalId and userName must be there.
Sends the people in bulk requests of 50, waits until the provisioning log has something to say of each, and prints that.
Ends with 1 when the last that the log says of somebody is a failure, and when it is silent for too long. A manager who
comes with a later request than the report is such a failure until then.
"""

import base64
import csv
import dataclasses
import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

CORE = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
BULK_REQUEST = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
# The scope that stands for everything the client was granted in Microsoft Graph.
GRAPH = "https://graph.microsoft.com/.default"
# Most operations of a request.
OPERATIONS = 50
# How often the log is asked, with a second in between. Microsoft's own takes five to ten minutes.
ATTEMPTS = int(os.environ.get("ATTEMPTS", "900"))


@dataclasses.dataclass
class AccessToken:
    token: str
    expires_on: int


class ClientSecretCredential:
    """What `azure.identity.ClientSecretCredential` is, for any token endpoint: that one insists on https."""

    def __init__(self, token_endpoint, client_id, client_secret):
        self.token_endpoint = token_endpoint
        self.basic = base64.b64encode(f"{client_id}:{client_secret}".encode()).decode()
        self.known = None

    def get_token(self, *scopes):
        # Five minutes before it ends, a token is as good as none.
        if self.known is None or self.known.expires_on < time.time() + 300:
            form = {"grant_type": "client_credentials", "scope": " ".join(scopes)}
            answer = send(
                urllib.request.Request(
                    self.token_endpoint,
                    urllib.parse.urlencode(form).encode(),
                    {"Authorization": f"Basic {self.basic}"},
                )
            )
            told = json.load(answer)
            self.known = AccessToken(told["access_token"], int(time.time()) + told["expires_in"])
        return self.known


def send(request, retries=5):
    """Sends a request; what there was too much of comes again after the seconds that the server asks for."""
    try:
        return urllib.request.urlopen(request, timeout=60)
    except urllib.error.HTTPError as error:
        if error.code in (429, 503) and retries > 0:
            time.sleep(int(error.headers.get("Retry-After", "1")))
            return send(request, retries - 1)
        raise SystemExit(f"{request.get_method()} {request.full_url}: {error.code} {error.read().decode()}")


class Provisioning:
    """One API-driven provisioning job."""

    def __init__(self, credential, graph_base, bulk_upload_endpoint, job_id):
        self.credential, self.endpoint = credential, bulk_upload_endpoint
        query = urllib.parse.urlencode({"$filter": f"jobid eq '{job_id}'", "$top": "500"}, safe="$'")
        self.log_url = f"{graph_base}/v1.0/auditLogs/provisioning?{query}"

    def call(self, url, body=None):
        headers = {"Authorization": f"Bearer {self.credential.get_token(GRAPH).token}"}
        if body is not None:
            headers["Content-Type"] = "application/scim+json"
            body = json.dumps(body).encode()
        return send(urllib.request.Request(url, body, headers))

    def upload(self, operations):
        request = {"schemas": [BULK_REQUEST], "Operations": operations, "failOnErrors": None}
        answer = self.call(self.endpoint, request)
        if answer.status != 202:
            raise SystemExit(f"the upload was answered with {answer.status} instead of 202")

    def entries(self, until=None):
        """Entries of the log, newest first, down to the one with this id."""
        url = self.log_url
        while url:
            page = json.load(self.call(url))
            for entry in page["value"]:
                if entry["id"] == until:
                    return
                yield entry
            url = page.get("@odata.nextLink")


def operation(row):
    """A row as an operation of a bulk request. What the row leaves empty is not sent."""
    work = {
        "employeeNumber": row["externalId"],
        "department": row.get("department"),
        "manager": {"value": row["manager"]} if row.get("manager") else None,
    }
    user = {
        "schemas": [CORE, ENTERPRISE],
        "externalId": row["externalId"],
        "userName": row["userName"],
        "name": {"givenName": row.get("givenName"), "familyName": row.get("familyName")},
        "displayName": f"{row.get('givenName', '')} {row.get('familyName', '')}".strip(),
        "title": row.get("title"),
        "emails": [{"value": row["userName"], "type": "work", "primary": True}],
        "phoneNumbers": [{"value": row["phone"], "type": "work"}] if row.get("phone") else None,
        "active": row.get("active", "").lower() != "false",
        ENTERPRISE: {name: value for name, value in work.items() if value},
    }
    data = {name: value for name, value in user.items() if value not in (None, "")}
    return {"method": "POST", "bulkId": str(uuid.uuid4()), "path": "/Users", "data": data}


def people(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if any(row.values())]
    if not rows or not all(row.get("externalId") and row.get("userName") for row in rows):
        raise SystemExit(f"{path}: externalId and userName must be columns, and every row must have both")
    return rows


def story(entry):
    information = entry["provisioningStatusInfo"]["errorInformation"] or {}
    source, status = entry["sourceIdentity"], entry["provisioningStatusInfo"]["status"]
    told = (source["id"], entry["provisioningAction"], status, source["displayName"], information.get("reason") or "")
    return "\t".join(told)


def main():
    if len(sys.argv) != 2:
        raise SystemExit("usage: python3 bulk_upload.py people.csv")
    try:
        job = Provisioning(
            ClientSecretCredential(
                os.environ["SCIMLAB_ENTRA_TOKEN_ENDPOINT"],
                os.environ["SCIMLAB_ENTRA_CLIENT_ID"],
                os.environ["SCIMLAB_ENTRA_CLIENT_SECRET"],
            ),
            os.environ["SCIMLAB_GRAPH_BASE"],
            os.environ["SCIMLAB_ENTRA_BULK_UPLOAD_ENDPOINT"],
            os.environ["SCIMLAB_ENTRA_INBOUND_JOB_ID"],
        )
    except KeyError as missing:
        raise SystemExit(f"{missing.args[0]} is not set: `scimlab env` prints what to set")
    rows = people(sys.argv[1])
    newest = next(job.entries(), None)
    for first in range(0, len(rows), OPERATIONS):
        job.upload([operation(row) for row in rows[first : first + OPERATIONS]])
        print(f"accepted {min(first + OPERATIONS, len(rows))} of {len(rows)}")

    wanted = {row["externalId"] for row in rows}
    before = None
    for _ in range(ATTEMPTS):
        new = list(job.entries(until=newest and newest["id"]))
        # Managers of an earlier request are told of last: the log has come to its end when it says the same twice.
        if new == before and wanted <= {entry["sourceIdentity"]["id"] for entry in new}:
            for entry in reversed(new):
                print(story(entry))
            return any(entry["provisioningStatusInfo"]["status"] == "failure" for entry in new)
        before = new
        time.sleep(1)
    raise SystemExit(f"the provisioning log is still without some of them after {ATTEMPTS} requests")


if __name__ == "__main__":
    sys.exit(main())
