"""Mails through a real SMTP server (aiosmtpd): what an operator sets up, what arrives, and what happens when the
server refuses, is busy or is not there."""

import contextlib
import email
import email.policy
import logging
import os
import re
import socket
import ssl
import tempfile
import time
from urllib.parse import quote

import httpx2
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

BASE = os.environ["SCIM_BASE"].removesuffix("/scim/v2")
ADMINISTRATOR = (os.environ["ADMIN_EMAIL"], os.environ["ADMIN_PASSWORD"])
USER, PASSWORD = "scimlab", "password of the relay"
SENDER = "scimlab@example.com"


# A handshake that breaks off is part of the test.
logging.getLogger("mail.log").setLevel(logging.CRITICAL)


def check(condition, sentence):
    """Like assert, but not switched off by `python -O`."""
    if not condition:
        raise SystemExit(f"mail: not so: {sentence}")
    print(f"ok {sentence}")


class Handler:
    """Takes mails, after the refusals it was told to make."""

    def __init__(self):
        self.taken, self.seen = [], []
        self.busy, self.unknown = set(), set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.unknown:
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.seen.append((envelope.rcpt_tos[0], message["Message-ID"]))
        if envelope.rcpt_tos[0] in self.busy:
            return "451 4.3.0 come back later"
        self.taken.append((envelope.mail_from, envelope.rcpt_tos, message))
        return "250 OK"

    def mails_for(self, address):
        return [message for _, to, message in self.taken if to == [address]]


def authenticate(server, session, envelope, mechanism, data):
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (
        USER.encode(),
        PASSWORD.encode(),
    )
    return AuthResult(success=right, handled=False)


def free_port():
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def server(handler, port, context):
    return Controller(
        handler,
        hostname="127.0.0.1",
        port=port,
        tls_context=context,
        require_starttls=True,
        authenticator=authenticate,
        auth_required=True,
    )


class Console:
    """The console as a browser uses it."""

    def __init__(self):
        self.http = httpx2.Client(
            base_url=BASE,
            trust_env=False,
            timeout=60,
            follow_redirects=True,
            headers={"Sec-Fetch-Site": "same-origin"},
        )
        name, password = ADMINISTRATOR
        page = self.http.post("/login", data={"email": name, "password": password})
        check(page.status_code == 200, "the administrator signs in")

    def open(self, path):
        page = self.http.get(path)
        if page.status_code != 200:
            raise SystemExit(f"mail: {path}: {page.status_code}")
        return page.text

    def save_relay(self, port, authorities, password=PASSWORD):
        revision = re.search(r'name="revision" value="(\d+)"', self.open("/mail/settings"))
        page = self.http.post(
            "/mail/settings",
            data={
                "revision": revision.group(1),
                "host": "127.0.0.1",
                "port": str(port),
                "protection": "starttls",
                "user": USER,
                "password": password,
                "from": SENDER,
                "authorities": authorities,
            },
        )
        check("Mails go through 127.0.0.1" in page.text, "the relay is saved")

    def test_mail(self, to="ops@example.com"):
        return self.http.post("/mail/settings/test", data={"to": to}).text

    def invite(self, address):
        form = {"emails": (None, address), "role": (None, "user")}
        page = self.http.post("/team/invites/new", files=form)
        check("1 invite sent." in page.text, f"{address} is invited")

    def mail_to(self, address):
        """The page of the newest mail to an address."""
        row = re.search(r'href="(/mail/\d+)"', self.open(f"/mail?q={quote(address)}"))
        return self.open(row.group(1))

    def wait(self, address, words):
        """Waits until the page of the mail says something."""
        for _ in range(300):
            if words in self.mail_to(address):
                return
            time.sleep(0.1)
        raise SystemExit(f"mail: {words!r} is not on the page of the mail to {address}")


def wait_for(condition, sentence):
    for _ in range(300):
        if condition():
            print(f"ok {sentence}")
            return
        time.sleep(0.1)
    raise SystemExit(f"mail: not within 30 seconds: {sentence}")


def main():
    authority = trustme.CA()
    certificate = authority.issue_cert("127.0.0.1")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    with tempfile.NamedTemporaryFile() as file:
        authority.cert_pem.write_to_path(file.name)
        authorities = open(file.name).read()

    console, handler, port = Console(), Handler(), free_port()
    console.invite("early@example.com")
    running = server(handler, port, context)
    running.start()
    try:
        console.save_relay(port, "")
        check("TLS with 127.0.0.1 failed" in console.test_mail(), "an unknown authority is refused")
        console.save_relay(port, authorities, password="wrong")
        check(
            "does not let us sign in (535" in console.test_mail(),
            "a wrong password is told as what it is",
        )
        console.save_relay(port, authorities)
        check("took the test mail" in console.test_mail(), "the right settings work")
        sender, _, test = handler.taken[0]
        check((sender, test["From"]) == (SENDER, f"scimlab <{SENDER}>"), "the sender is as set")

        console.invite("eve@example.com")
        wait_for(lambda: handler.mails_for("eve@example.com"), "an invite arrives")
        mail = handler.mails_for("eve@example.com")[0]
        text = mail.get_content()
        check(mail.get_content_type() == "text/plain", "it is plain text")
        check("invited you to join Acme" in mail["Subject"], "it says what it is about")
        link = re.search(r"http://127\.0\.0\.1:\d+/invites/\S+", text).group(0)
        page = httpx2.get(link, trust_env=False)
        check(page.status_code == 200 and "Join Acme" in page.text, "its link opens the invite")
        console.wait("eve@example.com", "Sent</span>")
        check(not handler.mails_for("early@example.com"), "earlier mails stay where they were")

        handler.busy.add("busy@example.com")
        console.invite("busy@example.com")
        console.wait("busy@example.com", "does not take the mail now (451")
        handler.busy.clear()
        # Whatever waits is tried at once with new settings, and not only after the pause.
        console.save_relay(port, authorities)
        wait_for(lambda: handler.mails_for("busy@example.com"), "a mail is tried again")
        attempts = {number for to, number in handler.seen if to == "busy@example.com"}
        check(len(attempts) == 1, "every attempt has the same Message-ID")

        handler.unknown.add("gone@example.com")
        console.invite("gone@example.com")
        console.wait("gone@example.com", "127.0.0.1 refused the mail (550")
        check("Failed</span>" in console.mail_to("gone@example.com"), "what is refused has failed")
    finally:
        running.stop()

    console.invite("later@example.com")
    console.wait("later@example.com", "There is no mail server to talk to at 127.0.0.1")
    running = server(handler, port, context)
    running.start()
    try:
        console.save_relay(port, authorities)
        wait_for(lambda: handler.mails_for("later@example.com"), "a relay that is back gets what waits")
        console.wait("later@example.com", "Sent</span>")
    finally:
        running.stop()
    page = console.http.post("/mail/settings/remove")
    check("The relay is removed." in page.text, "mails stay again without a relay")
    print("mail: all passed")


main()
