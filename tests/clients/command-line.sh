#!/usr/bin/env bash
# scim2-cli against SCIM_BASE with SCIM_KEY: what an administrator would type. It reads the server's
# own schemas first and turns their attributes into options. Its exit code is 1 for any SCIM error.
set -euo pipefail

: "${SCIM_BASE:?the base URL of a SCIM server}" "${SCIM_KEY:?its bearer key}" "${PYTHON:?a Python with scim2-cli}"
cli=$(dirname "$PYTHON")/scim
[[ -x $cli ]] || {
  echo "$cli is missing; bash tests/run installs it" >&2
  exit 1
}
export SCIM_CLI_URL=$SCIM_BASE SCIM_CLI_HEADERS="Authorization: Bearer $SCIM_KEY" NO_PROXY=127.0.0.1

# Standard input would be taken for a payload.
scim() {
  echo "scim $*" >&2
  "$cli" "$@" </dev/null
}
id() { "$PYTHON" -c 'import json, sys; print(json.load(sys.stdin)["id"])'; }

name=cli-$$-$RANDOM@example.com
scim query serviceproviderconfig >/dev/null
user=$(scim create user --user-name "$name" --display-name 'Typed by hand' | id)
scim query user "$user" | grep -qF "\"$name\""
scim query user --filter "userName eq \"$name\"" | grep -qF "\"$user\""
group=$(scim create group --display-name "Group of $name" | id)
scim query group "$group" >/dev/null
scim delete group "$group"
scim delete user "$user"
if scim query user "$user" >/dev/null 2>&1; then
  echo "the deleted user $user can still be read" >&2
  exit 1
fi
