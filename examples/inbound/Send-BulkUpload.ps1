#Requires -Version 7.0
<#
.SYNOPSIS
    Uploads the people of a CSV file to the directory: API-driven inbound provisioning.
.DESCRIPTION
    The first line of the file names its columns: those of people.csv, in any order; externalId and userName must be
    there. Sends the people in bulk requests of 50, waits until the provisioning log has something to say of each, and
    writes an object for each entry. Ends with an error when the log tells of a failure, and when it is silent for too
    long. A manager who comes with a later request than the report, or not at all, is none: the log warns of it, and
    later says that it is set.

    Takes its settings from the environment, by the names that `scimlab env` prints.
.PARAMETER Path
    The CSV file, in UTF-8.
.PARAMETER Attempts
    How often the log is asked, with a second in between. Microsoft's own takes five to ten minutes.
.EXAMPLE
    scimlab env | ForEach-Object { $name, $value = $_ -split '=', 2; Set-Item "env:$name" $value.Trim("'") }
    ./Send-BulkUpload.ps1 people.csv | Format-Table
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)][string] $Path,
    [ValidateRange(1, 100000)][int] $Attempts = 900
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$core = 'urn:ietf:params:scim:schemas:core:2.0:User'
$enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
# Most operations of a request.
$operations = 50

function Get-Setting([string] $Name) {
    $value = [Environment]::GetEnvironmentVariable($Name)
    if (-not $value) { throw "$Name is not set: scimlab env prints what to set" }
    $value
}

# A field of a row; nothing where the file has no such column or the row leaves it empty.
function Get-Field($Row, [string] $Name) {
    $property = $Row.PSObject.Properties[$Name]
    if ($property -and $property.Value) { $property.Value }
}

# A row as an operation of a bulk request. What the row leaves empty is not sent.
function ConvertTo-Operation($Row) {
    $id, $userName = (Get-Field $Row 'externalId'), (Get-Field $Row 'userName')
    $givenName, $familyName = (Get-Field $Row 'givenName'), (Get-Field $Row 'familyName')
    $work = @{ employeeNumber = $id }
    if ($department = Get-Field $Row 'department') { $work.department = $department }
    if ($manager = Get-Field $Row 'manager') { $work.manager = @{ value = $manager } }
    $data = @{
        schemas     = @($core, $enterprise)
        externalId  = $id
        userName    = $userName
        name        = @{ givenName = $givenName; familyName = $familyName }
        displayName = "$givenName $familyName".Trim()
        emails      = @(@{ value = $userName; type = 'work'; primary = $true })
        active      = (Get-Field $Row 'active') -ne 'false'
        $enterprise = $work
    }
    if ($title = Get-Field $Row 'title') { $data.title = $title }
    if ($phone = Get-Field $Row 'phone') { $data.phoneNumbers = @(@{ value = $phone; type = 'work' }) }
    @{ method = 'POST'; bulkId = [guid]::NewGuid().ToString(); path = '/Users'; data = $data }
}

$people = @(Import-Csv -LiteralPath $Path -Encoding utf8)
$incomplete = @($people | Where-Object { -not (Get-Field $_ 'externalId') -or -not (Get-Field $_ 'userName') })
if ($people.Count -eq 0 -or $incomplete.Count -gt 0) {
    throw "${Path}: externalId and userName must be columns, and every row must have both"
}

$client = "$(Get-Setting 'SCIMLAB_ENTRA_CLIENT_ID'):$(Get-Setting 'SCIMLAB_ENTRA_CLIENT_SECRET')"
$basic = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($client))
# What there was too much of comes again after the seconds that the server asks for.
$patience = @{ MaximumRetryCount = 5; RetryIntervalSec = 1 }
$token = Invoke-RestMethod @patience -Method Post -Uri (Get-Setting 'SCIMLAB_ENTRA_TOKEN_ENDPOINT') `
    -Headers @{ Authorization = "Basic $basic" } `
    -Body @{ grant_type = 'client_credentials'; scope = 'https://graph.microsoft.com/.default' }
$headers = @{ Authorization = "Bearer $($token.access_token)" }

$filter = [uri]::EscapeDataString("jobid eq '$(Get-Setting 'SCIMLAB_ENTRA_INBOUND_JOB_ID')'")
$log = "$(Get-Setting 'SCIMLAB_GRAPH_BASE')/v1.0/auditLogs/provisioning?`$filter=$filter"

# What the log has that is newer than the entry with this id, newest first.
function Get-NewEntry([string] $Known) {
    $next = "$log&`$top=500"
    while ($next) {
        $page = Invoke-RestMethod @patience -Uri $next -Headers $headers
        foreach ($entry in $page.value) {
            if ($entry.id -eq $Known) { return }
            $entry
        }
        $link = $page.PSObject.Properties['@odata.nextLink']
        $next = if ($link) { $link.Value }
    }
}

$first = @((Invoke-RestMethod @patience -Uri "$log&`$top=1" -Headers $headers).value)
$newest = if ($first.Count -gt 0) { $first[0].id } else { '' }

for ($start = 0; $start -lt $people.Count; $start += $operations) {
    $end = [Math]::Min($start + $operations, $people.Count)
    $request = @{
        schemas      = @('urn:ietf:params:scim:api:messages:2.0:BulkRequest')
        Operations   = @($people[$start..($end - 1)] | ForEach-Object { ConvertTo-Operation $_ })
        failOnErrors = $null
    }
    $null = Invoke-RestMethod @patience -Method Post -Uri (Get-Setting 'SCIMLAB_ENTRA_BULK_UPLOAD_ENDPOINT') `
        -Headers $headers -ContentType 'application/scim+json' `
        -Body ([Text.Encoding]::UTF8.GetBytes(($request | ConvertTo-Json -Depth 10)))
    Write-Verbose "accepted $end of $($people.Count)"
}

# Managers of an earlier request are told of last: the log has come to its end when it says the same twice.
$before = -1
for ($attempt = 0; $attempt -lt $Attempts; $attempt++) {
    $entries = @(Get-NewEntry $newest)
    $told = @($entries | ForEach-Object { $_.sourceIdentity.id })
    $missing = @($people | Where-Object { $_.externalId -notin $told })
    if ($missing.Count -eq 0 -and $entries.Count -eq $before) {
        [array]::Reverse($entries)
        foreach ($entry in $entries) {
            $status = $entry.provisioningStatusInfo
            [pscustomobject]@{
                ExternalId = $entry.sourceIdentity.id
                Action     = $entry.provisioningAction
                Status     = $status.status
                Name       = $entry.sourceIdentity.displayName
                Reason     = if ($status.errorInformation) { $status.errorInformation.reason }
            }
        }
        $failures = @($entries | Where-Object { $_.provisioningStatusInfo.status -eq 'failure' })
        if ($failures.Count -gt 0) { throw "the provisioning log tells of $($failures.Count) failures" }
        return
    }
    $before = $entries.Count
    Start-Sleep -Seconds 1
}
throw "the provisioning log is still without some of them after $Attempts requests"
