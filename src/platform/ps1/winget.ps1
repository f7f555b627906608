# Packages of winget that have a newer version, by its module Microsoft.WinGet.Client: winget.ps1
#   list   {module, packages: [{id, name, installed, newer, source}]}
# The module is none of Windows: where it is not installed the answer says so, and the panel reads what winget.exe prints for people.
# It asks the source, which is online: only what an administrator started calls it.
# Rights: any account; packages that an account installed for itself are seen by it alone.
param(
  [Parameter(Mandatory = $true)] [string] $Verb,
  [Parameter(Mandatory = $true)] [psobject] $Given
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

function Get-NewerPackage {
  if (@(Get-Module -ListAvailable -Name 'Microsoft.WinGet.Client').Count -eq 0) { return @{ module = $false; packages = @() } }
  Import-Module -Name 'Microsoft.WinGet.Client'
  $packages = @()
  foreach ($package in @(Get-WinGetPackage -Source 'winget')) {
    if (-not $package.IsUpdateAvailable) { continue }
    # The newest stands first.
    $newer = @($package.AvailableVersions)
    if ($newer.Count -eq 0) { continue }
    $packages += @{ id = [string]$package.Id; name = [string]$package.Name; installed = [string]$package.InstalledVersion; newer = [string]$newer[0]; source = [string]$package.Source }
  }
  return @{ module = $true; packages = @($packages) }
}

switch ($Verb) {
  'list' { return (Get-NewerPackage) }
  default { throw "winget.ps1 has no verb $Verb" }
}
