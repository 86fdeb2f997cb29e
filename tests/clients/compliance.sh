#!/usr/bin/env bash
# scim2-cli's compliance test against SCIM_BASE with SCIM_KEY: no failure, no skip, nothing less than
# success. The suite ends early without a word when discovery fails, so each kind of check has to be seen
# for both resource types.
set -euo pipefail

: "${SCIM_BASE:?the base URL of a SCIM server}" "${SCIM_KEY:?its bearer key}" "${PYTHON:?a Python with scim2-cli}"
cli=$(dirname "$PYTHON")/scim2
[[ -x $cli ]] || {
  echo "$cli is missing; bash tests/run installs it" >&2
  exit 1
}
report=$(mktemp)
trap 'rm -f "$report"' EXIT

"$cli" -u "$SCIM_BASE" -h "Authorization: Bearer $SCIM_KEY" test >"$report" 2>&1 </dev/null || {
  cat "$report" >&2
  exit 1
}
# A result is a line that begins with its status; what it has to say is indented.
if grep -E '^[A-Z]+ [a-z_]+$' "$report" | grep -v '^SUCCESS '; then
  echo "compliance: a check did not end with success" >&2
  exit 1
fi
for check in object_creation object_query object_query_without_id object_query_with_attributes \
  object_list_with_attributes search_with_attributes object_replacement object_deletion \
  check_add_attribute check_remove_attribute check_replace_attribute; do
  for type in User Group; do
    # Every check of a type names it or one of its attributes; creation says which type it begins.
    awk -v type="$type" -v check="$check" '
      /^SUCCESS / { name = $2 }
      name == "object_creation" && /Successfully created/ { at = $3; sub(/[^A-Za-z].*/, "", at) }
      /^  / && name == check && at == type { found = 1 }
      END { exit !found }' "$report" || {
      echo "compliance: $check never ran for $type" >&2
      exit 1
    }
  done
done
echo "compliance: $(grep -c '^SUCCESS ' "$report") checks, all with success"
