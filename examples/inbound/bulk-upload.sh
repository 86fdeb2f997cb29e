#!/usr/bin/env bash
# Uploads the people of a CSV file to the directory with curl and jq (1.6 or newer): API-driven inbound provisioning.
#
#   set -a; eval "$(scimlab env)"; set +a
#   bash bulk-upload.sh people.csv
#
# The first line of the file names its columns: those of people.csv, in any order; externalId and userName must be there.
# Gets a token, sends the people in bulk requests of 50, waits until the provisioning log has something to say of each,
# and prints that. Ends with 1 when the log tells of a failure, and when it is silent for too long. A manager who comes
# with a later request than the report, or not at all, is none: the log warns of it, and later says that it is set.
set -euo pipefail

: "${1:?usage: bash bulk-upload.sh people.csv}"
: "${SCIMLAB_ENTRA_CLIENT_ID:?Application (client) ID}" "${SCIMLAB_ENTRA_CLIENT_SECRET:?its secret}"
: "${SCIMLAB_ENTRA_TOKEN_ENDPOINT:?OAuth 2.0 token endpoint (v2)}" "${SCIMLAB_GRAPH_BASE:?https://graph.microsoft.com}"
: "${SCIMLAB_ENTRA_BULK_UPLOAD_ENDPOINT:?Provisioning API endpoint}" "${SCIMLAB_ENTRA_INBOUND_JOB_ID:?Job ID}"
# How often the log is asked, with a second in between. Microsoft's own takes five to ten minutes.
attempts=${ATTEMPTS:-900}

work=$(mktemp -d)
touch "$work/answer"
trap 'rm -rf "$work"' EXIT

# Prints what is answered; what an error says goes to standard error. Too many requests come again after the seconds that
# the server asks for: --retry goes by Retry-After.
call() {
  curl --globoff --silent --show-error --fail-with-body --retry 5 --max-time 60 --output "$work/answer" "$@" || {
    cat "$work/answer" >&2
    return 1
  }
  cat "$work/answer"
}

# An array of rows, each an object by the names of its columns. Fields may be quoted, with "" for a quote.
rows='
  sub("^\ufeff"; "") + "\n"
  | [scan("(?:\"((?:[^\"]|\"\")*)\"|([^\",\r\n]*))(,|\r?\n|$)")]
  | reduce .[] as [$quoted, $plain, $mark] ({ rows: [], row: [] };
      .row += [if $quoted then ($quoted | gsub("\"\""; "\"")) else $plain end]
      | if $mark == "," then . else .rows += [.row] | .row = [] end)
  | [.rows[] | select(. != [""])]
  | .[0] as $names
  | [.[1:][] | [$names, .] | transpose | map({ (.[0]): .[1] }) | add]'

# A bulk request of some rows. What a row leaves empty is not sent.
request='
  "urn:ietf:params:scim:schemas:core:2.0:User" as $core
  | "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User" as $enterprise
  | def given: with_entries(select(.value != null and .value != ""));
  def if_given(wanted): if . == null or . == "" then null else wanted end;
  {
    schemas: ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
    Operations: [.[] | {
      method: "POST",
      bulkId: .externalId,
      path: "/Users",
      data: ({
        schemas: [$core, $enterprise],
        externalId: .externalId,
        userName: .userName,
        name: ({ givenName: .givenName, familyName: .familyName } | given),
        displayName: ([.givenName, .familyName] | map(select(.)) | join(" ")),
        title: .title,
        emails: [{ value: .userName, type: "work", primary: true }],
        phoneNumbers: (.phone | if_given([{ value: ., type: "work" }])),
        active: (.active != "false"),
        ($enterprise): ({
          employeeNumber: .externalId,
          department: .department,
          manager: (.manager | if_given({ value: . }))
        } | given)
      } | given)
    }],
    failOnErrors: null
  }'

token=$(call --user "$SCIMLAB_ENTRA_CLIENT_ID:$SCIMLAB_ENTRA_CLIENT_SECRET" \
  --data grant_type=client_credentials --data-urlencode scope=https://graph.microsoft.com/.default \
  "$SCIMLAB_ENTRA_TOKEN_ENDPOINT" | jq --raw-output .access_token)
# The token stays out of the list of processes.
printf 'header = "Authorization: Bearer %s"\n' "$token" >"$work/token"

log="$SCIMLAB_GRAPH_BASE/v1.0/auditLogs/provisioning?\$filter=jobid%20eq%20'$SCIMLAB_ENTRA_INBOUND_JOB_ID'"

# entries ID: what the log has that is newer than the entry with this id; newest first, one a line.
entries() {
  local url="$log&\$top=500"
  while [[ -n $url ]]; do
    call --config "$work/token" "$url" >"$work/page"
    jq --compact-output --arg known "$1" \
      'label $known | .value[] | if .id == $known then break $known else . end' "$work/page"
    url=$(jq --raw-output --arg known "$1" \
      'if any(.value[]; .id == $known) then "" else ."@odata.nextLink" // "" end' "$work/page")
  done
}

jq --raw-input --slurp "$rows" "$1" >"$work/people"
jq --exit-status 'length > 0 and all(.[]; .externalId and .userName)' "$work/people" >/dev/null || {
  echo "$1: externalId and userName must be columns, and every row must have both" >&2
  exit 1
}
newest=$(call --config "$work/token" "$log&\$top=1" | jq --raw-output '.value[0].id // ""')

count=$(jq length "$work/people")
for ((first = 0; first < count; first += 50)); do
  jq ".[$first:$first + 50] | $request" "$work/people" >"$work/request"
  call --config "$work/token" --header 'Content-Type: application/scim+json' \
    --data-binary "@$work/request" "$SCIMLAB_ENTRA_BULK_UPLOAD_ENDPOINT"
  echo "accepted $((first + 50 < count ? first + 50 : count)) of $count"
done

# Managers of an earlier request are told of last: the log has come to its end when it says the same twice.
touch "$work/before"
for ((attempt = 0; attempt < attempts; attempt++)); do
  entries "$newest" >"$work/new"
  if cmp --silent "$work/before" "$work/new" && jq --exit-status --slurp --slurpfile people "$work/people" \
    '($people[0] | map(.externalId)) - map(.sourceIdentity.id) == []' "$work/new" >/dev/null; then
    jq --raw-output --slurp 'reverse[] | [.sourceIdentity.id, .provisioningAction, .provisioningStatusInfo.status,
      .sourceIdentity.displayName, .provisioningStatusInfo.errorInformation.reason // ""] | @tsv' "$work/new"
    jq --exit-status --slurp 'all(.[]; .provisioningStatusInfo.status != "failure")' "$work/new" >/dev/null
    exit
  fi
  mv "$work/new" "$work/before"
  sleep 1
done
echo "the provisioning log is still without some of them after $attempts requests" >&2
exit 1
