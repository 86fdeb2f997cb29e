"""newman, Postman's command-line runner, with the collections of examples/postman: inbound provisioning, and the SCIM
API with the profiles it is written for. Every request has to be sent and every one has to assert something."""

import json
import os
import pathlib
import secrets
import subprocess
import tempfile

from appliance import appliance, check
from foreign_target import ROOT

# The file that node runs.
NEWMAN = os.environ.get("NEWMAN", ROOT / ".cache/newman/node_modules/newman/bin/newman.js")
EXAMPLES = ROOT / "examples/postman"


def read(name):
    return json.loads((EXAMPLES / name).read_text())


def requests(items):
    """The names of the requests of a collection, in its folders too."""
    return [name for item in items for name in (requests(item["item"]) if "item" in item else [item["name"]])]


def filled(environment, values):
    """An environment file with values in place of those that it ships with. Each has to be one of its variables."""
    file = read(environment)
    unknown = set(values) - {variable["key"] for variable in file["values"]}
    check(not unknown, f"{file['name']} has the variables that are filled in {sorted(unknown) or ''}".strip())
    for variable in file["values"]:
        variable["value"] = values.get(variable["key"], variable["value"])
    return file


def run(collection, environment, least):
    """Runs a collection; `least` is how many requests it sends, and how many assertions it makes."""
    with tempfile.TemporaryDirectory() as work:
        settings, report = pathlib.Path(work, "environment.json"), pathlib.Path(work, "report.json")
        settings.write_text(json.dumps(environment))
        arguments = ["node", NEWMAN, "run", EXAMPLES / collection, "--environment", settings, "--color", "off"]
        arguments += ["--reporters", "cli,json", "--reporter-json-export", report]
        ended = subprocess.run(arguments, capture_output=True, text=True)
        if ended.returncode != 0 or not report.exists():
            raise SystemExit(f"newman: {collection} failed\n{ended.stdout}{ended.stderr}")
        told = json.loads(report.read_text())["run"]
    stats, failures = told["stats"], told["failures"]
    check(failures == [], f"nothing of {collection} failed")
    names = requests(read(collection)["item"])
    asserted = {run["item"]["name"] for run in told["executions"] if run.get("assertions")}
    check(set(names) == asserted, f"each of its {len(names)} requests was sent and asserts something")
    sent, assertions = stats["requests"]["total"], stats["assertions"]["total"]
    check(sent >= least[0] and assertions >= least[1], f"{sent} requests, {assertions} assertions")


def inbound(env):
    values = {
        "client_id": env["SCIMLAB_ENTRA_CLIENT_ID"],
        "client_secret": env["SCIMLAB_ENTRA_CLIENT_SECRET"],
        "token_endpoint": env["SCIMLAB_ENTRA_TOKEN_ENDPOINT"],
        "jobId": env["SCIMLAB_ENTRA_INBOUND_JOB_ID"],
        "bulk_upload_endpoint": env["SCIMLAB_ENTRA_BULK_UPLOAD_ENDPOINT"],
        "graph_base": env["SCIMLAB_GRAPH_BASE"],
    }
    environment = filled("Test-API2AAD.postman_environment.json", values)
    run("Microsoft Entra Inbound Provisioning.postman_collection.json", environment, (6, 23))


def scim(env):
    values = {"baseUrl": env["SCIMLAB_SCIM_BASE_URL"], "scimApiKey": env["SCIMLAB_SCIM_KEY"]}
    environment = filled("Postman SCIM API.postman_environment.json", values)
    run("Postman SCIM API.postman_collection.json", environment, (12, 23))


def main():
    presets = {
        "SCIMLAB_SCIM_KEY": secrets.token_hex(24),
        "SCIMLAB_ENTRA_CLIENT_SECRET": secrets.token_hex(16),
    }
    for profile in ("standard", "postman"):
        with appliance(presets, "--scim-profile", profile) as env:
            print(f"-- profile {profile}")
            scim(env)
            scim(env)  # Nothing of the first run is in the way of the next.
            if profile == "standard":
                inbound(env)
                inbound(env)


if __name__ == "__main__":
    main()
