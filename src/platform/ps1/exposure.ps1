# Who listens, and what this machine is reached by: exposure.ps1
#   listeners  {}   {listeners: [{udp, address, port, pid}]}
#   look       {}   {interfaces: [{id, name, type, category, addresses: [{address, prefix}]}], programs: [{pid, path}], services: [{pid, name}], excluded: [{type, names}]}
# Sockets and kinds of networks are read from root/StandardCimv2, which Get-NetTCPConnection and Get-NetConnectionProfile read, interfaces by
# .NET. Numbers are theirs: 2 listens (State of MSFT_NetTCPConnection); 0 public, 1 private, 2 domain (NetworkCategory), null where the
# interface is in no network that Windows knows; types of NetworkInterfaceType, and of profiles as in icftypes.h: 1 domain, 2 private, 4 public.
# Excluded are interfaces that the firewall is told to leave alone. A process of another account has no path unless an administrator asks.
# Rights: any account; paths of all processes take an administrator.
param(
  [Parameter(Mandatory = $true)] [string] $Verb,
  [Parameter(Mandatory = $true)] [psobject] $Given
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

$standard = 'root/StandardCimv2'
$loopback = 24

function Read-Socket([object] $Socket, [bool] $Udp) {
  return @{ udp = [bool]$Udp; address = [string]$Socket.LocalAddress; port = [int]$Socket.LocalPort; pid = [int64]$Socket.OwningProcess }
}

function Get-Listener {
  $found = New-Object System.Collections.ArrayList
  foreach ($socket in @(Get-CimInstance -Namespace $standard -ClassName 'MSFT_NetTCPConnection' -Filter 'State = 2')) { [void]$found.Add((Read-Socket $socket $false)) }
  foreach ($socket in @(Get-CimInstance -Namespace $standard -ClassName 'MSFT_NetUDPEndpoint')) { [void]$found.Add((Read-Socket $socket $true)) }
  return @{ listeners = @($found.ToArray()) }
}

function Get-Card {
  $categories = @{}
  foreach ($network in @(Get-CimInstance -Namespace $standard -ClassName 'MSFT_NetConnectionProfile')) { $categories[[string]$network.InterfaceAlias] = [int]$network.NetworkCategory }
  $found = New-Object System.Collections.ArrayList
  foreach ($card in [System.Net.NetworkInformation.NetworkInterface]::GetAllNetworkInterfaces()) {
    if (([int]$card.OperationalStatus -ne 1) -or ([int]$card.NetworkInterfaceType -eq $loopback)) { continue }
    $addresses = New-Object System.Collections.ArrayList
    foreach ($each in $card.GetIPProperties().UnicastAddresses) { [void]$addresses.Add(@{ address = [string]$each.Address; prefix = [int]$each.PrefixLength }) }
    $category = $null
    if ($categories.ContainsKey([string]$card.Name)) { $category = $categories[[string]$card.Name] }
    [void]$found.Add(@{ id = [string]$card.Id; name = [string]$card.Name; type = [int]$card.NetworkInterfaceType; category = $category; addresses = @($addresses.ToArray()) })
  }
  return $found.ToArray()
}

function Get-Excluded {
  $policy = New-Object -ComObject 'HNetCfg.FwPolicy2'
  $found = @()
  foreach ($type in @(1, 2, 4)) {
    $names = @()
    foreach ($name in @($policy.ExcludedInterfaces($type))) {
      if ($null -ne $name) { $names += [string]$name }
    }
    $found += @{ type = $type; names = @($names) }
  }
  return $found
}

function Get-Look {
  $programs = New-Object System.Collections.ArrayList
  foreach ($process in @(Get-CimInstance -ClassName 'Win32_Process' -Property 'ProcessId', 'ExecutablePath')) {
    if ($null -ne $process.ExecutablePath) { [void]$programs.Add(@{ pid = [int64]$process.ProcessId; path = [string]$process.ExecutablePath }) }
  }
  $services = New-Object System.Collections.ArrayList
  foreach ($service in @(Get-CimInstance -ClassName 'Win32_Service' -Property 'Name', 'ProcessId' -Filter 'ProcessId <> 0')) {
    [void]$services.Add(@{ pid = [int64]$service.ProcessId; name = [string]$service.Name })
  }
  return @{ interfaces = @(Get-Card); programs = @($programs.ToArray()); services = @($services.ToArray()); excluded = @(Get-Excluded) }
}

switch ($Verb) {
  'listeners' { return (Get-Listener) }
  'look' { return (Get-Look) }
  default { throw "exposure.ps1 has no verb $Verb" }
}
