# Drives with type, label and file system: volumes.ps1
#   list   {volumes: [{path, kind, type, label}]}
# A drive without a medium is listed without them; one whose server is gone is cut off by the caller's time limit.
# Rights: any account.
param(
  [Parameter(Mandatory = $true)] [string] $Verb,
  [Parameter(Mandatory = $true)] [psobject] $Given
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

switch ($Verb) {
  'list' {
    $found = @()
    foreach ($drive in [System.IO.DriveInfo]::GetDrives()) {
      $entry = @{ path = $drive.Name; kind = $drive.DriveType.ToString(); type = ''; label = '' }
      if ($drive.IsReady) {
        $entry.type = $drive.DriveFormat
        $entry.label = $drive.VolumeLabel
      }
      $found += $entry
    }
    return @{ volumes = @($found) }
  }
  default { throw "volumes.ps1 has no verb $Verb" }
}
