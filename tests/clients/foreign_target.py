"""The job of the demonstration against scim2-server instead of the bundled provider: as it is, in the dialect
that follows the RFCs to the letter; and behind a gateway, in both dialects of Entra, which do not. An independent
client then reads people and groups back, page by page, and compares them with whom the seed assigns: names, active,
memberships; again after changes in the directory."""

import contextlib
import html
import io
import json
import os
import pathlib
import re
import secrets
import socket
import subprocess
import sys
import tempfile
import time

import httpx2

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCIMLAB = os.environ.get("SCIMLAB", ROOT / "target/release/scimlab")
SEED = json.loads((ROOT / "src/lab/demo.json").read_text())
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
ADMINISTRATOR = {"email": "administrator@example.com", "password": secrets.token_hex(8)}
MICROSOFT = "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"
GATEWAY = "--gateway"
PAGE = 7


def check(condition, sentence):
    """Like assert, but not switched off by `python -O`."""
    if not condition:
        raise SystemExit(f"foreign_target: not so: {sentence}")
    print(f"ok {sentence}")


def client(base, **headers):
    return httpx2.Client(
        base_url=base, headers=headers, trust_env=False, timeout=60, follow_redirects=True
    )


def wait_until(what, ready, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := ready():
            return found
        time.sleep(0.1)
    raise SystemExit(f"{pathlib.Path(sys.argv[0]).stem}: {what} did not happen within {seconds} seconds")


@contextlib.contextmanager
def process(arguments, environment=None, **options):
    """A process that is ended by its id, whatever happens."""
    started = subprocess.Popen(arguments, env={**os.environ, **(environment or {})}, **options)
    try:
        yield started
    finally:
        started.terminate()
        try:
            started.wait(30)
        except subprocess.TimeoutExpired:
            started.kill()
            started.wait()


def serve():
    """scim2-server; with --gateway behind one for the three things in which Entra does not follow the RFCs and it
    does to the letter: every group that is created names a schema of Microsoft's, which is no URN, so that it
    can neither be known nor skipped; a manager is a text instead of an object; and, without the flag, members
    are removed by value instead of by filter."""
    from scim2_server.testserver import cli

    served = cli.BearerTokenApplication.__call__

    def gateway(self, environ, start_response):
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        if method in ("POST", "PATCH"):
            body = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
            if method == "POST" and path.endswith("/Groups"):
                body["schemas"].remove(MICROSOFT)
            for operation in list(body.get("Operations", [])):
                value = operation.get("value")
                if operation.get("path") == f"{ENTERPRISE}:manager" and isinstance(value, str):
                    operation["value"] = {"value": value}
                if operation["op"] == "Remove" and isinstance(value, list):
                    body["Operations"].remove(operation)
                    by_filter = lambda member: f'members[value eq "{member["value"]}"]'
                    body["Operations"] += [{"op": "remove", "path": by_filter(m)} for m in value]
            text = json.dumps(body).encode()
            environ |= {"wsgi.input": io.BytesIO(text), "CONTENT_LENGTH": str(len(text))}
        return served(self, environ, start_response)

    if GATEWAY in sys.argv:
        sys.argv.remove(GATEWAY)
        cli.BearerTokenApplication.__call__ = gateway
    cli.main()


@contextlib.contextmanager
def target(gateway):
    """A fresh scim2-server, behind the gateway or not: its base URL, its token, and a client of it."""
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    token = secrets.token_hex(16)
    arguments = [sys.executable, __file__, "--port", str(port), "--bearer-token", token]
    arguments += [GATEWAY] if gateway else []
    with process(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        base = f"http://127.0.0.1:{port}/v2"
        http = client(base, Authorization=f"Bearer {token}")

        def answers():
            check_alive(server)
            with contextlib.suppress(httpx2.TransportError):
                return http.get("/Users").status_code == 200

        wait_until("an answer of scim2-server", answers)
        yield base, token, http


def check_alive(server):
    if server.poll() is not None:
        raise SystemExit(f"foreign_target: a server ended at once with {server.returncode}")


class Appliance:
    """The mock Entra, used through its console as a browser does."""

    def __init__(self, base):
        self.http = client(base, **{"Sec-Fetch-Site": "same-origin"})
        page = self.http.post("/login", data=ADMINISTRATOR)
        check(page.status_code == 200, "the administrator signs in")
        links = re.findall(r'href="(/entra/applications/[0-9a-f-]{36})"', self.open("/entra/applications"))
        self.tab = links[0] + "/provisioning"

    def open(self, path):
        page = self.http.get(path)
        if page.status_code != 200:
            raise SystemExit(f"foreign_target: {path}: {page.status_code}")
        return html.unescape(page.text)

    def post(self, path, says, **form):
        page = self.http.post(path, data=form)
        text = html.unescape(page.text)
        if page.status_code != 200 or says not in text:
            said = re.sub(r"<[^>]*>|\s+", " ", text)
            raise SystemExit(f"foreign_target: {path}: {page.status_code}, no {says!r} in {said}")

    def connect(self, url, token):
        form = {"tenant_url": url, "secret_token": token}
        self.post(f"{self.tab}/test-connection", "authorized to enable provisioning", **form)
        self.post(f"{self.tab}/credentials", "The Admin Credentials are saved.", **form)
        self.post(f"{self.tab}/start", "Provisioning is started.")
        self.wait("Initial cycle complete")

    def cycle(self):
        self.post(f"{self.tab}/cycle", "A cycle starts now.")
        self.wait("Incremental cycle complete")

    def wait(self, words):
        wait_until(words, lambda: words in self.open(self.tab) and "Running cycle" not in self.open(self.tab))
        failed = re.search(r"<b>([\d,]+)</b><span>Failed", self.open(self.tab)).group(1)
        if failed != "0":
            logs = self.tab.removesuffix("/provisioning") + "/provisioning-logs"
            for entry in set(re.findall(rf'href="({logs}/\d+)"', self.open(f"{logs}?status=failure"))):
                said = re.sub(r"<[^>]*>|\s+", " ", self.open(entry))
                print(re.sub(r"^.*Reason ", "", said)[:600], file=sys.stderr)
        check(failed == "0", f"{words}, and nothing failed")

    def user(self, name):
        """The page of a person."""
        found = self.open(f"/entra/users?q={name}")
        return re.search(r'href="(/entra/users/[0-9a-f-]{36})"', found).group(1)


@contextlib.contextmanager
def appliance(template):
    seed = {**SEED, "applications": [{**SEED["applications"][0], "template": template}]}
    with tempfile.TemporaryDirectory() as work:
        file = pathlib.Path(work) / "seed.json"
        file.write_text(json.dumps(seed))
        arguments = [SCIMLAB, "serve", "--listen", "127.0.0.1:0", "--data", f"{work}/data", "--seed", file]
        environment = {
            "SCIMLAB_ADMIN_EMAIL": ADMINISTRATOR["email"],
            "SCIMLAB_ADMIN_PASSWORD": ADMINISTRATOR["password"],
        }
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
        with process(arguments, environment, **options) as server:
            line = server.stdout.readline()
            address = re.search(r"http://127\.0\.0\.1:\d+", line)
            if not address:
                raise SystemExit(f"foreign_target: no address in {line!r}")
            yield Appliance(address.group(0))


def all_of(http, collection):
    """Every resource of the target, read in pages."""
    found, start = [], 1
    while True:
        answer = http.get(f"/{collection}", params={"startIndex": start, "count": PAGE})
        if answer.status_code != 200:
            raise SystemExit(f"foreign_target: {collection}: {answer.status_code} {answer.text}")
        page = answer.json()
        found += page.get("Resources", [])
        start += PAGE
        if start > page["totalResults"]:
            check(len(found) == page["totalResults"], f"{len(found)} {collection} are read back")
            return found


class Directory:
    """Whom the seed assigns, by rules of this file's own, and what becomes of them."""

    def __init__(self, template):
        self.key = "mail" if template == "postman" else "userPrincipalName"
        self.users = {user["userPrincipalName"]: user for user in SEED["users"]}
        self.groups = {group["displayName"]: group for group in SEED["groups"] if not group.get("deleted")}
        assigned = SEED["applications"][0]["assignments"]
        self.in_scope_groups = set(assigned["groups"])
        names = set(assigned["users"])
        for group in self.in_scope_groups:
            names |= {member for member in self.groups[group]["members"] if member in self.users}
        self.provisioned = {
            name
            for name in names
            if self.users[name].get(self.key)
            and self.users[name].get("accountEnabled", True)
            and not self.users[name].get("deleted", False)
        }
        self.inactive = set()

    def name_in_target(self, user):
        """A guest is known by the address at home, not by the name in this tenant."""
        return self.users[user]["mail" if self.users[user].get("guest") else self.key]

    def people(self):
        wanted = {}
        for name in self.provisioned:
            user = self.users[name]
            given = {key: user[at] for key, at in (("givenName", "givenName"), ("familyName", "surname")) if at in user}
            wanted[self.name_in_target(name)] = (given, name not in self.inactive)
        return wanted

    def memberships(self):
        wanted = {}
        for group in self.in_scope_groups:
            people = {self.name_in_target(m) for m in self.groups[group]["members"] if m in self.provisioned}
            nested = {m for m in self.groups[group]["members"] if m in self.in_scope_groups}
            wanted[group] = people | nested
        return wanted

    def attributes(self, name):
        """What the mapping of 22 rows says of a person; empty values are not sent."""
        user = self.users[name]
        manager = user.get("manager")
        return {
            "displayName": user["displayName"],
            "title": user.get("jobTitle"),
            "work": user.get("mail"),
            "formatted": " ".join(user[at] for at in ("givenName", "surname") if at in user) or None,
            "locality": user.get("city"),
            "department": user.get("department"),
            "employeeNumber": user.get("employeeId"),
            "manager": self.name_in_target(manager) if manager in self.provisioned else None,
        }


def told(user, names):
    """The same of a person in the target."""
    extension = user.get(ENTERPRISE, {})
    manager = extension.get("manager")
    manager = manager.get("value") if isinstance(manager, dict) else manager
    work = lambda many, sub: next((e.get(sub) for e in user.get(many, []) if e.get("type") == "work"), None)
    return {
        "displayName": user.get("displayName"),
        "title": user.get("title"),
        "work": work("emails", "value"),
        "formatted": user.get("name", {}).get("formatted"),
        "locality": work("addresses", "locality"),
        "department": extension.get("department"),
        "employeeNumber": extension.get("employeeNumber"),
        "manager": names.get(manager),
    }


def compare(http, directory, template, when):
    users, groups = all_of(http, "Users"), all_of(http, "Groups")
    names = {resource["id"]: resource.get("userName") or resource["displayName"] for resource in users + groups}
    part = lambda user: {key: user.get("name", {})[key] for key in ("givenName", "familyName") if key in user.get("name", {})}
    found = {user["userName"]: (part(user), user["active"]) for user in users}
    equal(found, directory.people(), f"{when}: the same people with the same names, active or not")
    members = {group["displayName"]: {names[m["value"]] for m in group.get("members", [])} for group in groups}
    equal(members, directory.memberships(), f"{when}: the same groups with the same members")
    if template == "nonGallery":
        told_of = {user["userName"]: told(user, names) for user in users}
        wanted = {directory.name_in_target(name): directory.attributes(name) for name in directory.provisioned}
        equal(told_of, wanted, f"{when}: the same attributes and managers")


def equal(found, wanted, sentence):
    if found != wanted:
        for key in sorted(found.keys() | wanted.keys()):
            if found.get(key) != wanted.get(key):
                print(f"{key}: {found.get(key)} instead of {wanted.get(key)}", file=sys.stderr)
    check(found == wanted, sentence)


def run(template, flag):
    print(f"== {template} {flag or 'default dialect'}")
    directory = Directory(template)
    with target(flag != "?rfc7644") as (base, token, http), appliance(template) as entra:
        entra.connect(f"{base}/{flag}", token)
        check(len(directory.provisioned) > 15, f"{len(directory.provisioned)} people are expected")
        compare(http, directory, template, "after the initial cycle")

        gone = "wei.chen@contoso.example"
        entra.post(f"{entra.user('wei.chen')}/disable", "Wei Chen")
        directory.inactive.add(gone)
        group = directory.groups["Tour Operations"]
        leaver = "miguel.torres@contoso.example"
        page = re.search(
            r'href="(/entra/groups/[0-9a-f-]{36})"', entra.open("/entra/groups?q=Tour%20Operations")
        ).group(1)
        member = entra.user("miguel.torres").rsplit("/", 1)[1]
        entra.post(f"{page}/members/{member}/remove", "Tour Operations")
        group["members"] = [m for m in group["members"] if m != leaver]
        # He was assigned through this group only: no longer a member, and disabled.
        check(leaver in directory.provisioned, f"{leaver} is there to leave")
        directory.inactive.add(leaver)
        entra.cycle()
        compare(http, directory, template, "after changes")


def main():
    for template in ("postman", "nonGallery"):
        for flag in ("?rfc7644", "", "?aadOptscim062020"):
            # The lists of the seed are changed by a run.
            SEED.update(json.loads((ROOT / "src/lab/demo.json").read_text()))
            run(template, flag)


if __name__ == "__main__":
    # With options, which are those of scim2-server, this is the target.
    serve() if sys.argv[1:] else main()
