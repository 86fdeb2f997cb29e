"""An appliance of its own for a client that starts all it needs itself."""

import contextlib
import json
import pathlib
import secrets
import subprocess
import sys
import tempfile

from foreign_target import SCIMLAB, process

ADMINISTRATOR = {
    "SCIMLAB_ADMIN_EMAIL": "administrator@example.com",
    "SCIMLAB_ADMIN_PASSWORD": secrets.token_hex(8),
}


def check(condition, sentence):
    """Like assert, but not switched off by `python -O`."""
    if not condition:
        raise SystemExit(f"{pathlib.Path(sys.argv[0]).stem}: not so: {sentence}")
    print(f"ok {sentence}")


@contextlib.contextmanager
def appliance(presets, *arguments):
    """Starts a scimlab whose team, directory and org are empty, and gives what `scimlab env` says of it, by the names
    of its variables. Every command but `serve` is given the data directory."""
    with tempfile.TemporaryDirectory() as work:
        data = ["--data", f"{work}/data"]
        command = [SCIMLAB, "serve", "--listen", "127.0.0.1:0", "--seed", "empty", *data, *arguments]
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
        with process(command, {**ADMINISTRATOR, **presets}, **options) as server:
            if not server.stdout.readline():
                raise SystemExit(f"scimlab ended before it said where it listens: {command}")
            subprocess.run([SCIMLAB, "readyz", "--wait", "30", *data], check=True, stdout=subprocess.DEVNULL)
            env = [SCIMLAB, "env", "--format", "json", *data]
            found = json.loads(subprocess.run(env, check=True, capture_output=True, text=True).stdout)
            yield {f"SCIMLAB_{name.upper()}": value for name, value in found.items()}
