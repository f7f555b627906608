# Drives with type, label and file system: volumes.ps1 list
# A drive without a medium is listed without them; one whose server is gone is cut off by the caller's time limit.
param(
  [Parameter(Mandatory = $true, Position = 0)] [string] $Verb
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
[Console]::OutputEncoding = New-Object System.Text.UTF8Encoding($false)

if ($Verb -ne 'list') {
  [Console]::Error.WriteLine('volumes.ps1: unknown verb')
  exit 64
}
$found = @()
foreach ($drive in [System.IO.DriveInfo]::GetDrives()) {
  $entry = @{ path = $drive.Name; kind = $drive.DriveType.ToString(); type = ''; label = '' }
  if ($drive.IsReady) {
    $entry.type = $drive.DriveFormat
    $entry.label = $drive.VolumeLabel
  }
  $found += $entry
}
ConvertTo-Json -InputObject @{ volumes = @($found) } -Depth 3 -Compress
