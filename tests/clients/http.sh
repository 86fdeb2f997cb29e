#!/usr/bin/env bash
# curl against SCIM_BASE with SCIM_KEY: the life of a user and a group as bytes on the wire, with
# every status looked at (RFC 7644 sections 3.3 to 3.6 and 3.12).
set -euo pipefail

: "${SCIM_BASE:?the base URL of a SCIM server}" "${SCIM_KEY:?its bearer key}"
python=${PYTHON:-python3}
user_schema=urn:ietf:params:scim:schemas:core:2.0:User
group_schema=urn:ietf:params:scim:schemas:core:2.0:Group
patch_schema=urn:ietf:params:scim:api:messages:2.0:PatchOp
answer=$(mktemp)
trap 'rm -f "$answer"' EXIT

# call METHOD PATH STATUS[|STATUS] [BODY]: sends, keeps the answer's body, fails on any other status.
# KEY= takes the place of the key; KEY=none sends none.
call() {
  local method=$1 path=$2 expected=$3 status
  local options=(--silent --show-error --noproxy '*' --max-time 30 --globoff
    --request "$method" --output "$answer" --write-out '%{http_code}')
  [[ ${KEY:-} == none ]] || options+=(--header "Authorization: Bearer ${KEY:-$SCIM_KEY}")
  if (($# > 3)); then
    options+=(--header 'Content-Type: application/scim+json' --data-binary "$4")
  fi
  : >"$answer"
  status=$(curl "${options[@]}" "$SCIM_BASE$path") || {
    echo "$method $path: curl failed" >&2
    exit 1
  }
  if [[ "|$expected|" != *"|$status|"* ]]; then
    echo "$method $path: expected $expected, got $status" >&2
    head -c 2000 "$answer" >&2
    echo >&2
    exit 1
  fi
  echo "ok $method $path $status"
}

# value EXPRESSION: prints a Python expression over the answer's body `b`.
value() { "$python" -c 'import json, sys; b = json.load(open(sys.argv[1])); print(eval(sys.argv[2]))' "$answer" "$1"; }

# expect EXPRESSION: fails unless it is true.
expect() {
  [[ $(value "$1") == True ]] || {
    echo "not so: $1" >&2
    head -c 2000 "$answer" >&2
    echo >&2
    exit 1
  }
}

# The answer is a SCIM error body that repeats the status as a string.
expect_error() { expect "b['schemas'] == ['urn:ietf:params:scim:api:messages:2.0:Error'] and b['status'] == '$1'"; }

name=curl-$$-$RANDOM@example.com

KEY=none call GET /Users 401
KEY=wrong call GET /Users 401
call GET /ServiceProviderConfig 200
expect "b['patch']['supported'] is True and b['filter']['supported'] is True"
call GET /ResourceTypes 200
call GET /Schemas 200

call POST /Users 201 "{\"schemas\":[\"$user_schema\"],\"userName\":\"$name\",\"externalId\":\"x-$name\",\"name\":{\"givenName\":\"Zoë\",\"familyName\":\"Curl\"},\"displayName\":\"Zoë Curl\",\"active\":true,\"emails\":[{\"value\":\"$name\",\"type\":\"work\",\"primary\":true}]}"
user=$(value "b['id']")
expect "b['userName'] == '$name' and b['meta']['resourceType'] == 'User' and b['meta']['location'].endswith('/Users/$user')"
call POST /Users 409 "{\"schemas\":[\"$user_schema\"],\"userName\":\"${name^^}\"}"
expect_error 409
expect "b['scimType'] == 'uniqueness'"
call POST /Users 400 '{"schemas":'
expect_error 400
call POST /Users 400 "{\"schemas\":[\"$user_schema\"],\"displayName\":\"no userName\"}"
expect_error 400
call GET "/Users/$user" 200
expect "b['id'] == '$user' and b['name']['givenName'] == 'Zo\u00eb'"
call GET /Users/no-such-user 404
expect_error 404
call GET "/Users?filter=userName%20eq%20%22${name/@/%40}%22" 200
expect "b['totalResults'] == 1 and b['Resources'][0]['id'] == '$user'"
call GET "/Users?filter=externalId%20eq%20%22x-${name/@/%40}%22" 200
expect "b['totalResults'] == 1"
call GET "/Users?filter=userName%20eq%20%22nobody%22" 200
expect "b['totalResults'] == 0"
call GET "/Users?filter=userName%20equals%20x" 400
expect_error 400
expect "b['scimType'] == 'invalidFilter'"
call PATCH "/Users/$user" "200|204" "{\"schemas\":[\"$patch_schema\"],\"Operations\":[{\"op\":\"replace\",\"path\":\"name.familyName\",\"value\":\"Wget\"},{\"op\":\"replace\",\"path\":\"active\",\"value\":false}]}"
call GET "/Users/$user" 200
expect "b['name'] == {**b['name'], 'givenName': 'Zo\u00eb', 'familyName': 'Wget'} and b['active'] is False"
call PATCH "/Users/$user" 400 "{\"schemas\":[\"$patch_schema\"],\"Operations\":[{\"op\":\"replace\",\"path\":\"emails[type eq\",\"value\":\"x\"}]}"
expect_error 400
call PUT "/Users/$user" 200 "{\"schemas\":[\"$user_schema\"],\"id\":\"$user\",\"userName\":\"$name\",\"displayName\":\"Put\",\"active\":true}"
expect "b['displayName'] == 'Put' and b['active'] is True"

call POST /Groups 201 "{\"schemas\":[\"$group_schema\"],\"displayName\":\"Group of $name\"}"
group=$(value "b['id']")
call PATCH "/Groups/$group" "200|204" "{\"schemas\":[\"$patch_schema\"],\"Operations\":[{\"op\":\"add\",\"path\":\"members\",\"value\":[{\"value\":\"$user\"}]}]}"
call GET "/Groups/$group" 200
expect "[m['value'] for m in b['members']] == ['$user']"
call GET "/Groups/$group?excludedAttributes=members" 200
expect "'members' not in b"
call PATCH "/Groups/$group" "200|204" "{\"schemas\":[\"$patch_schema\"],\"Operations\":[{\"op\":\"remove\",\"path\":\"members[value eq \\\"$user\\\"]\"}]}"
call GET "/Groups/$group" 200
expect "not b.get('members')"
call DELETE "/Groups/$group" 204
call GET "/Groups/$group" 404
expect_error 404
call DELETE "/Users/$user" 204
call GET "/Users/$user" 404
expect_error 404
call DELETE "/Users/$user" 404
expect_error 404
