# Services: services.ps1
#   list      {services: [{name, title, state, mode, pid, code, specific, memory, startedAt}]}
#   one       {name}   {services: the one, with description, command, account, stops}
#   log       {name, most, patience}   {lines: [{at, level, from, text}]}, the newest first, as far as it was read within the ms of patience
#   start     {name}   {}
#   stop      {name}   {}
#   restart   {name}   {}
#   enable    {name}   {}
#   manual    {name}   {}
#   disable   {name}   {}
# State and mode are values of Win32_Service, the same in every language; what only the registry tells (delayed, triggers,
# dependencies, recovery) is read there by the panel. Memory and begin of a process are left out where it holds several services.
# What needs a service stops with it, and restart starts it again, as Stop-Service and Restart-Service do with -Force.
# The log is what the Service Control Manager says of it in the log System, by the name for people, as it stands in its events;
# texts are in the language of the system.
# Rights: any account for list, one and log; administrators for the others.
param(
  [Parameter(Mandatory = $true)] [string] $Verb,
  [Parameter(Mandatory = $true)] [psobject] $Given
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

# Of a process of the system only some accounts may ask when it began.
function Get-Begin([object] $Process) {
  try { return (ConvertTo-Epoch $Process.StartTime) } catch { return $null }
}

function Read-Service([object] $Service, [object] $Process) {
  $memory = $null
  $startedAt = $null
  if ($null -ne $Process) {
    $memory = [int64]$Process.WorkingSet64
    $startedAt = Get-Begin $Process
  }
  return @{
    name = [string]$Service.Name
    title = [string]$Service.DisplayName
    state = [string]$Service.State
    mode = [string]$Service.StartMode
    pid = [int64]$Service.ProcessId
    code = [int64]$Service.ExitCode
    specific = [int64]$Service.ServiceSpecificExitCode
    memory = $memory
    startedAt = $startedAt
  }
}

function Get-AllService {
  $services = @(Get-CimInstance -ClassName 'Win32_Service')
  $held = @{}
  foreach ($service in $services) {
    $id = [int]$service.ProcessId
    if ($held.ContainsKey($id)) { $held[$id] = $held[$id] + 1 } else { $held[$id] = 1 }
  }
  $processes = @{}
  foreach ($process in @(Get-Process)) { $processes[[int]$process.Id] = $process }
  $found = New-Object System.Collections.ArrayList
  foreach ($service in $services) {
    $id = [int]$service.ProcessId
    $process = $null
    if (($id -ne 0) -and ($held[$id] -eq 1) -and $processes.ContainsKey($id)) { $process = $processes[$id] }
    [void]$found.Add((Read-Service $service $process))
  }
  return @{ services = @($found.ToArray()) }
}

# XPath knows no escapes: a name with both kinds of quotes cannot be asked for.
function Get-ServiceLog([string] $Title, [int] $Most, [int] $Patience) {
  $watch = [System.Diagnostics.Stopwatch]::StartNew()
  $quote = "'"
  if ($Title.Contains($quote)) { $quote = '"' }
  if ($Title.Contains($quote)) { return @{ lines = @() } }
  $filter = "*[System[Provider[@Name='Service Control Manager']] and EventData[Data[@Name='param1']=$quote$Title$quote]]"
  $reader = Open-Reader 'System' $filter $true
  $found = New-Object System.Collections.ArrayList
  try {
    while ($found.Count -lt $Most) {
      $record = (Read-NextEvent $reader $watch $Patience).record
      if ($null -eq $record) { break }
      $level = 0
      if ($null -ne $record.Level) { $level = [int]$record.Level }
      [void]$found.Add(@{ at = (ConvertTo-Epoch $record.TimeCreated); level = $level; from = [string]$record.ProviderName; text = [string](Get-EventText $record) })
      $record.Dispose()
    }
  } finally {
    $reader.Dispose()
  }
  return @{ lines = @($found.ToArray()) }
}

# By its key rather than by a query: the name never becomes part of a text that is understood.
function Get-ServiceByKey([string] $Name) {
  $key = New-CimInstance -ClassName 'Win32_Service' -Namespace 'root\cimv2' -Property @{ Name = $Name } -Key 'Name' -ClientOnly
  return (Get-CimInstance -InputObject $key)
}

function Get-OneService([string] $Name) {
  $service = Get-ServiceByKey $Name
  $id = [int]$service.ProcessId
  $process = $null
  if ($id -ne 0) {
    $sharing = @(Get-CimInstance -ClassName 'Win32_Service' -Filter "ProcessId = $id" -Property 'Name')
    if ($sharing.Count -eq 1) { $process = Get-Process -Id $id -ErrorAction SilentlyContinue }
  }
  $one = Read-Service $service $process
  $one.description = [string]$service.Description
  $one.command = [string]$service.PathName
  $one.account = [string]$service.StartName
  $one.stops = [bool]$service.AcceptStop
  return @{ services = @($one) }
}

# The parameter Name of some of these commands takes patterns; an object is one service.
function Find-Service([string] $Name) {
  if (-not ('System.ServiceProcess.ServiceController' -as [type])) { [void](Get-Service -Name 'EventLog') }
  return (New-Object System.ServiceProcess.ServiceController($Name))
}

switch ($Verb) {
  'list' { return (Get-AllService) }
  'one' { return (Get-OneService $Given.name) }
  'log' { return (Get-ServiceLog ([string](Get-ServiceByKey $Given.name).DisplayName) $Given.most $Given.patience) }
  'start' {
    Start-Service -InputObject (Find-Service $Given.name)
    return @{}
  }
  'stop' {
    Stop-Service -InputObject (Find-Service $Given.name) -Force
    return @{}
  }
  'restart' {
    Restart-Service -InputObject (Find-Service $Given.name) -Force
    return @{}
  }
  'enable' {
    Set-Service -Name $Given.name -StartupType 'Automatic'
    return @{}
  }
  'manual' {
    Set-Service -Name $Given.name -StartupType 'Manual'
    return @{}
  }
  'disable' {
    Set-Service -Name $Given.name -StartupType 'Disabled'
    return @{}
  }
  default { throw "services.ps1 has no verb $Verb" }
}
