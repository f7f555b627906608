# Interfaces, routes and DNS: network.ps1
#   interfaces   {}   {interfaces: [{index, id, name, status, kind, mac, mtu, addresses, servers}], metrics, routes}
#   servers      {index, reset, addresses}   {}
#   search       {domains}   {}
# Of an address {family, address, prefix, origin}, of a metric {index, family, metric}, of a route {family, to, via, index, metric, protocol}.
# Numbers are those of .NET (OperationalStatus: 1 is up; PrefixOrigin: 3 DHCP, 4 router), ipifcons.h and nldef.h; families 2 and 23.
# Which servers were set by hand, and the search list, are read from the registry (windows/system/resolver.ts).
# Rights: any account for interfaces; the others take an administrator.
param(
  [Parameter(Mandatory = $true)] [string] $Verb,
  [Parameter(Mandatory = $true)] [psobject] $Given
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

# Each of the two throws where the interface does not speak that version.
function Get-Index([object] $Properties) {
  try { return [int]$Properties.GetIPv4Properties().Index } catch { $index = 0 }
  try { $index = [int]$Properties.GetIPv6Properties().Index } catch { $index = 0 }
  return $index
}

function Get-Mtu([object] $Properties) {
  try { return [int64]$Properties.GetIPv4Properties().Mtu } catch { $mtu = 0 }
  try { $mtu = [int64]$Properties.GetIPv6Properties().Mtu } catch { $mtu = 0 }
  return $mtu
}

function Read-Interface([object] $Adapter) {
  $properties = $Adapter.GetIPProperties()
  $addresses = @()
  foreach ($one in $properties.UnicastAddresses) {
    $addresses += @{ family = [int]$one.Address.AddressFamily; address = $one.Address.ToString(); prefix = [int]$one.PrefixLength; origin = [int]$one.PrefixOrigin }
  }
  $servers = @()
  foreach ($address in $properties.DnsAddresses) { $servers += $address.ToString() }
  return @{
    index = (Get-Index $properties)
    id = [string]$Adapter.Id
    name = [string]$Adapter.Name
    status = [int]$Adapter.OperationalStatus
    kind = [int]$Adapter.NetworkInterfaceType
    mac = $Adapter.GetPhysicalAddress().ToString()
    mtu = (Get-Mtu $properties)
    addresses = @($addresses)
    servers = @($servers)
  }
}

function Read-Network {
  $interfaces = New-Object System.Collections.ArrayList
  foreach ($adapter in [System.Net.NetworkInformation.NetworkInterface]::GetAllNetworkInterfaces()) { [void]$interfaces.Add((Read-Interface $adapter)) }
  # Store 1 is what counts now; 0 is what is kept for the next start.
  $metrics = New-Object System.Collections.ArrayList
  foreach ($one in @(Get-CimInstance -Namespace 'root\StandardCimv2' -ClassName 'MSFT_NetIPInterface' -Filter 'Store = 1')) {
    [void]$metrics.Add(@{ index = [int64]$one.InterfaceIndex; family = [int]$one.AddressFamily; metric = [int64]$one.InterfaceMetric })
  }
  $routes = New-Object System.Collections.ArrayList
  foreach ($one in @(Get-CimInstance -Namespace 'root\StandardCimv2' -ClassName 'MSFT_NetRoute' -Filter 'Store = 1')) {
    [void]$routes.Add(@{ family = [int]$one.AddressFamily; to = [string]$one.DestinationPrefix; via = [string]$one.NextHop; index = [int64]$one.InterfaceIndex; metric = [int64]$one.RouteMetric; protocol = [int]$one.Protocol })
  }
  return @{ interfaces = @($interfaces.ToArray()); metrics = @($metrics.ToArray()); routes = @($routes.ToArray()) }
}

switch ($Verb) {
  'interfaces' { return (Read-Network) }
  'servers' {
    $index = [uint32]$Given.index
    $addresses = [string[]]@($Given.addresses)
    if ($Given.reset) { [void](Set-DnsClientServerAddress -InterfaceIndex $index -ResetServerAddresses) }
    if ($addresses.Count -gt 0) { [void](Set-DnsClientServerAddress -InterfaceIndex $index -ServerAddresses $addresses) }
    return @{}
  }
  'search' {
    [void](Set-DnsClientGlobalSetting -SuffixSearchList ([string[]]@($Given.domains)))
    return @{}
  }
  default { throw "network.ps1 has no verb $Verb" }
}
