"""The scripts of examples/inbound: what curl and Python upload of a file arrives in the directory, and the same of both.
The script in PowerShell is parsed by a grammar of the language, and not run."""

import csv
import json
import os
import pathlib
import re
import secrets
import subprocess
import sys
import tempfile

import tree_sitter
import tree_sitter_powershell

from appliance import appliance, check
from foreign_target import ROOT, client

EXAMPLES = ROOT / "examples/inbound"
PEOPLE = EXAMPLES / "people.csv"
SCRIPTS = {
    "curl": ["bash", EXAMPLES / "bulk-upload.sh"],
    "Python": [sys.executable, EXAMPLES / "bulk_upload.py"],
}
POWERSHELL = EXAMPLES / "Send-BulkUpload.ps1"
SETTINGS = re.compile(r"SCIMLAB_[A-Z_]+")


def upload(script, env, file):
    """How a script ended, and the rows it printed: externalId, action, status, name, reason."""
    given = {name: value for name, value in os.environ.items() if not SETTINGS.fullmatch(name)} | env
    ended = subprocess.run([*SCRIPTS[script], file], env=given, capture_output=True, text=True)
    lines = ended.stdout.splitlines()
    rows = [line.split("\t") for line in lines if "\t" in line]
    accepted = [line for line in lines if "\t" not in line]
    return ended, accepted, rows


def uploaded(script, env, file, what):
    ended, accepted, rows = upload(script, env, file)
    if ended.returncode != 0:
        raise SystemExit(f"inbound: {script} failed with {what}\n{ended.stdout}{ended.stderr}")
    return accepted, rows


def created(env):
    """What the log says of everybody who was created, by externalId."""
    credentials = (env["SCIMLAB_ENTRA_CLIENT_ID"], env["SCIMLAB_ENTRA_CLIENT_SECRET"])
    http = client(env["SCIMLAB_GRAPH_BASE"])
    form = {"grant_type": "client_credentials"}
    token = http.post(env["SCIMLAB_ENTRA_TOKEN_ENDPOINT"], data=form, auth=credentials).json()["access_token"]
    query = {
        "$filter": f"jobid eq '{env['SCIMLAB_ENTRA_INBOUND_JOB_ID']}' and provisioningAction eq 'create'",
        "$top": 1000,
    }
    answer = http.get("/v1.0/auditLogs/provisioning", params=query, headers={"Authorization": f"Bearer {token}"})
    check(answer.status_code == 200, "the log is read")
    # Ids are those of an appliance.
    value = lambda p: "an id" if p["displayName"] == "manager" else p["newValue"]
    properties = lambda entry: {p["displayName"]: value(p) for p in entry["modifiedProperties"]}
    return {entry["sourceIdentity"]["id"]: properties(entry) for entry in answer.json()["value"]}


def sample(script, env):
    """The file of the examples, twice."""
    accepted, rows = uploaded(script, env, PEOPLE, "the sample")
    check(accepted == ["accepted 8 of 8"], f"{script} uploads the sample")
    wanted = {row["externalId"] for row in csv.DictReader(PEOPLE.open(encoding="utf-8"))}
    check({(row[1], row[2]) for row in rows} == {("create", "success")}, "everybody in it is created")
    check(len(rows) == 8 and {row[0] for row in rows} == wanted, "and told of once")
    _, rows = uploaded(script, env, PEOPLE, "the sample again")
    check({(row[1], row[2]) for row in rows} == {("other", "skipped")}, "a second time changes nothing")


def many(script, env, work):
    """More people than fit into a request, in a file as Excel writes it."""
    file = pathlib.Path(work, "many.csv")
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        table = csv.writer(out, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
        table.writerow(["userName", "externalId", "familyName", "givenName", "manager"])
        for number in range(120):
            name, manager = f"{script}{number}", f"{script}{number + 1}" if number < 119 else ""
            table.writerow([f"{name}@example.com".lower(), name, f'Many "{number}"', "One, of", manager])
    accepted, rows = uploaded(script, env, file, "many people")
    check(accepted == [f"accepted {n} of 120" for n in (50, 100, 120)], f"{script} sends 120 people in three requests")
    made = {row[0]: row[3] for row in rows if row[1] == "create"}
    check(len(made) == 120 and made[f"{script}7"] == 'One, of Many "7"', "and everybody is created")
    last = [f"{script}49", f"{script}99"]
    warned = [row[0] for row in rows if row[1:3] == ["create", "warning"]]
    later = [row[0] for row in rows if row[1:3] == ["update", "success"]]
    check(len(rows) == 122 and warned == later == last, "and gets a manager, also one of the next request")


def refused(script, env, work):
    lines = PEOPLE.read_text(encoding="utf-8").splitlines()
    file = pathlib.Path(work, "wrong.csv")
    file.write_text("\n".join([lines[0], lines[1].replace("930002", "999999")]), encoding="utf-8")
    _, rows = uploaded(script, env, file, "a manager who does not come")
    check(rows[0][2] == "skipped" and "999999" in rows[0][4], f"{script} tells who is waited for")
    file.write_text(f"{lines[0]}\n930099,nobody@example.com,,,,,,,", encoding="utf-8")
    ended, _, rows = upload(script, env, file)
    check(ended.returncode == 1 and rows[0][2] == "failure" and "displayName" in rows[0][4], "and of a failure")
    file.write_text("externalId,givenName\n930014,Tuva\n", encoding="utf-8")
    ended, _, _ = upload(script, env, file)
    check(ended.returncode == 1 and "userName must be columns" in ended.stderr, "and of a column that is not there")
    ended, _, _ = upload(script, {}, PEOPLE)
    check(ended.returncode == 1 and SETTINGS.search(ended.stderr), "and of a setting that is not there")
    ended, _, _ = upload(script, env | {"SCIMLAB_ENTRA_CLIENT_SECRET": "wrong"}, PEOPLE)
    said = ended.stdout + ended.stderr
    check(ended.returncode != 0 and "AADSTS7000215" in said, "and shows why there is no token")


def parsed():
    source = POWERSHELL.read_bytes()
    language = tree_sitter.Language(tree_sitter_powershell.language())
    check(not tree_sitter.Parser(language).parse(source).root_node.has_error, "the script in PowerShell can be parsed")
    used = [set(SETTINGS.findall(file.read_text())) for file in (POWERSHELL, SCRIPTS["Python"][1], SCRIPTS["curl"][1])]
    check(used[0] == used[1] == used[2] and len(used[0]) == 6, "all scripts take the same settings")


def main():
    parsed()
    found = {}
    for script in SCRIPTS:
        with appliance({"SCIMLAB_ENTRA_CLIENT_SECRET": secrets.token_hex(16)}) as env, tempfile.TemporaryDirectory() as work:
            sample(script, env)
            found[script] = created(env)
            many(script, env, work)
            refused(script, env, work)
    check(found["curl"] == found["Python"], "both make the same of the sample")
    jun, olafur, piet = (found["curl"][id] for id in ("930015", "930021", "930009"))
    reports = {id for id, properties in found["curl"].items() if "manager" in properties and id.startswith("93")}
    check(len(reports) == 7, "everybody but the director has a manager, whoever comes first")
    check(jun["jobTitle"] == "Engineer, Ice Cores", "a comma in a quoted field belongs to it")
    check(olafur["displayName"] == "Ólafur Þórsson", "letters are those of the file")
    check(found["curl"]["930022"]["displayName"] == 'Samuel "Sam" Oduya', "a doubled quote is one")
    check((piet["accountEnabled"], jun["accountEnabled"]) == ("False", "True"), "who left is not enabled")
    check(jun["telephoneNumber"] == "+47 555 01 15" and "telephoneNumber" not in found["curl"]["930022"], "empty is nothing")


if __name__ == "__main__":
    main()
