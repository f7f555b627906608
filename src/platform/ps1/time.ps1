# Time zone and clock: time.ps1
#   read      {}   {zone, ahead, zones: [{id, title}], service, domain}
#   zone      {id}   {}
#   on        {}   {}
#   off       {}   {}
#   servers   {list}, as W32Time writes it   {}
# Zones are known by their ids, the same in every language; titles are in that of the system. The service is a number of
# ServiceControllerStatus: 4 runs; null: there is none. What W32Time is told is read from the registry (windows/system/time.ts).
# Rights: any account to read; the others take an administrator.
param(
  [Parameter(Mandatory = $true)] [string] $Verb,
  [Parameter(Mandatory = $true)] [psobject] $Given
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

$parameters = 'HKLM:\SYSTEM\CurrentControlSet\Services\W32Time\Parameters'

function Read-Time {
  # The process stays: it would go on with the zone that it began with.
  [TimeZoneInfo]::ClearCachedData()
  $local = [TimeZoneInfo]::Local
  $zones = New-Object System.Collections.ArrayList
  foreach ($zone in [TimeZoneInfo]::GetSystemTimeZones()) { [void]$zones.Add(@{ id = [string]$zone.Id; title = [string]$zone.DisplayName }) }
  $status = $null
  $service = Get-Service -Name 'W32Time' -ErrorAction SilentlyContinue
  if ($null -ne $service) { $status = [int]$service.Status }
  $computer = Get-CimInstance -ClassName 'Win32_ComputerSystem' -Property 'PartOfDomain'
  return @{
    zone = [string]$local.Id
    ahead = [int]$local.GetUtcOffset([datetime]::UtcNow).TotalMinutes
    zones = @($zones.ToArray())
    service = $status
    domain = [bool]$computer.PartOfDomain
  }
}

# It reads its settings when it starts.
function Start-Clock {
  Set-ItemProperty -LiteralPath $parameters -Name 'Type' -Value 'NTP'
  Set-Service -Name 'W32Time' -StartupType 'Automatic'
  Restart-Service -Name 'W32Time'
}

switch ($Verb) {
  'read' { return (Read-Time) }
  'zone' {
    Set-TimeZone -Id ([string]$Given.id)
    return @{}
  }
  'on' {
    Start-Clock
    return @{}
  }
  'off' {
    Set-ItemProperty -LiteralPath $parameters -Name 'Type' -Value 'NoSync'
    Stop-Service -Name 'W32Time'
    return @{}
  }
  'servers' {
    Set-ItemProperty -LiteralPath $parameters -Name 'NtpServer' -Value ([string]$Given.list)
    Start-Clock
    return @{}
  }
  default { throw "time.ps1 has no verb $Verb" }
}
