# Optional features of Windows, its capabilities, and roles and features of a Server: optional-features.ps1
#   list          {server, whole, features: [{name, title, state, install}]}
#   one           {name}   {state, title, description, restart}
#   capabilities  {server, capabilities: [{name, state}]}
#   capability    {name}   {state, title, description}
#   roles         {server, features: [{name, title, description, state, parent, needs, holds}]}
#   enable        {name}   {restart}
#   disable       {name}   {restart}
#   add           {name}   {restart}
#   remove        {name}   {restart}
#   install       {name}   {restart}
#   uninstall     {name}   {restart}
# States and restarts are names of enumerations of the modules Dism and ServerManager, the same in every language; install is
# InstallState of Win32_OptionalFeature (1 on, 2 off, 3 absent, 4 unknown), which any account may read. Titles are for people.
# The first list is that of DISM, which every Windows has; roles are those of the Server Manager, which clients do not have.
# A capability is fetched by Windows when it is added; what is read here asks no server: -LimitAccess.
# Nothing starts the machine anew: -NoRestart, and no -Restart.
# Rights: any account for list and roles, with the states of DISM only for administrators; administrators for the others, also to read capabilities.
param(
  [Parameter(Mandatory = $true)] [string] $Verb,
  [Parameter(Mandatory = $true)] [psobject] $Given
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

# 1 is a client (Win32_OperatingSystem.ProductType).
function Test-Server {
  $system = Get-CimInstance -ClassName 'Win32_OperatingSystem' -Property 'ProductType'
  return ([int]$system.ProductType -ne 1)
}

# DISM gives the states, with those that wait for a start; names for people it tells only one by one, and CIM at once.
function Get-AllFeature {
  $whole = [bool](Test-Elevated)
  $states = @{}
  if ($whole) { foreach ($feature in @(Get-WindowsOptionalFeature -Online)) { $states[[string]$feature.FeatureName] = [string]$feature.State } }
  $found = New-Object System.Collections.ArrayList
  foreach ($each in @(Get-CimInstance -ClassName 'Win32_OptionalFeature')) {
    $name = [string]$each.Name
    $state = ''
    if ($states.ContainsKey($name)) {
      $state = $states[$name]
      $states.Remove($name)
    }
    [void]$found.Add(@{ name = $name; title = [string]$each.Caption; state = $state; install = [int]$each.InstallState })
  }
  foreach ($name in @($states.Keys)) { [void]$found.Add(@{ name = $name; title = ''; state = $states[$name]; install = 4 }) }
  return @{ server = [bool](Test-Server); whole = $whole; features = @($found.ToArray()) }
}

function Get-OneFeature([string] $Name) {
  $feature = Get-WindowsOptionalFeature -Online -FeatureName $Name
  return @{ state = [string]$feature.State; title = [string]$feature.DisplayName; description = [string]$feature.Description; restart = [string]$feature.RestartRequired }
}

function Get-AllCapability {
  $found = New-Object System.Collections.ArrayList
  foreach ($each in @(Get-WindowsCapability -Online -LimitAccess)) { [void]$found.Add(@{ name = [string]$each.Name; state = [string]$each.State }) }
  return @{ server = [bool](Test-Server); capabilities = @($found.ToArray()) }
}

# Of a name that nobody knows DISM answers one without a name.
function Get-OneCapability([string] $Name) {
  $found = $null
  foreach ($each in @(Get-WindowsCapability -Online -LimitAccess -Name $Name)) { if ([string]$each.Name -eq $Name) { $found = $each } }
  if ($null -eq $found) { Stop-Call 'not_found' $Name }
  return @{ state = [string]$found.State; title = [string]$found.DisplayName; description = [string]$found.Description }
}

function ConvertTo-NameList([object] $Names) {
  $found = @()
  foreach ($name in @($Names)) { if ($null -ne $name) { $found += [string]$name } }
  return ,$found
}

function Get-AllRole {
  if (-not (Test-Server)) { return @{ server = $false; features = @() } }
  $found = New-Object System.Collections.ArrayList
  foreach ($feature in @(Get-WindowsFeature)) {
    [void]$found.Add(@{
      name = [string]$feature.Name
      title = [string]$feature.DisplayName
      description = [string]$feature.Description
      state = [string]$feature.InstallState
      parent = [string]$feature.Parent
      needs = (ConvertTo-NameList $feature.DependsOn)
      holds = (ConvertTo-NameList $feature.SubFeatures)
    })
  }
  return @{ server = $true; features = @($found.ToArray()) }
}

# The Server Manager says in its answer what went wrong, and does not always throw it.
function Get-Outcome([object] $Result) {
  if (-not $Result.Success) { Stop-Call 'unavailable' ([string]$Result.ExitCode) }
  return @{ restart = [string]$Result.RestartNeeded }
}

switch ($Verb) {
  'list' { return (Get-AllFeature) }
  'one' { return (Get-OneFeature $Given.name) }
  'capabilities' { return (Get-AllCapability) }
  'capability' { return (Get-OneCapability $Given.name) }
  'roles' { return (Get-AllRole) }
  'enable' {
    $result = Enable-WindowsOptionalFeature -Online -FeatureName $Given.name -All -NoRestart
    return @{ restart = [string]$result.RestartNeeded }
  }
  'disable' {
    $result = Disable-WindowsOptionalFeature -Online -FeatureName $Given.name -NoRestart
    return @{ restart = [string]$result.RestartNeeded }
  }
  'add' {
    $result = Add-WindowsCapability -Online -Name $Given.name
    return @{ restart = [string]$result.RestartNeeded }
  }
  'remove' {
    $result = Remove-WindowsCapability -Online -Name $Given.name
    return @{ restart = [string]$result.RestartNeeded }
  }
  'install' { return (Get-Outcome (Install-WindowsFeature -Name $Given.name -Confirm:$false)) }
  'uninstall' { return (Get-Outcome (Uninstall-WindowsFeature -Name $Given.name -Confirm:$false)) }
  default { throw "optional-features.ps1 has no verb $Verb" }
}
