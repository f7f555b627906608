# Blocked addresses: blocks.ps1
#   add        {name, displayName, group, addresses}   {}
#   set        {name, addresses}   {}
#   remove     {names}   {}; one that is not there is none that has to go
#   lifelines  {}   {own, gateways, resolvers}, addresses without a zone
# Rules that let nothing in from these addresses, whatever program, port, interface and kind of network. Which there are is read from
# the registry (windows/blocks/). Addresses are "first-last" or single ones, of both families, a thousand of them at most in a rule.
# Lifelines are read from the interfaces that are up, by .NET: no text of a tool, in no language.
# Rights: any account for the lifelines; changes take an administrator.
param(
  [Parameter(Mandatory = $true)] [string] $Verb,
  [Parameter(Mandatory = $true)] [psobject] $Given
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

function Remove-BlockRule([object[]] $Names) {
  foreach ($name in $Names) {
    try {
      [void](Remove-NetFirewallRule -Name ([string]$name))
    } catch {
      if ([string]$_.CategoryInfo.Category -ne 'ObjectNotFound') { throw }
    }
  }
  return @{}
}

function Get-PlainAddress([object[]] $Addresses) {
  $found = New-Object System.Collections.ArrayList
  foreach ($address in $Addresses) {
    $text = [string]$address
    # "fe80::1%12": the number is of the interface.
    if ($text.Contains('%')) { $text = $text.Substring(0, $text.IndexOf('%')) }
    if (-not $found.Contains($text)) { [void]$found.Add($text) }
  }
  return $found.ToArray()
}

function Get-Lifeline {
  $own = @()
  $gateways = @()
  $resolvers = @()
  foreach ($card in [System.Net.NetworkInformation.NetworkInterface]::GetAllNetworkInterfaces()) {
    if ([int]$card.OperationalStatus -ne 1) { continue }
    $settings = $card.GetIPProperties()
    foreach ($each in $settings.UnicastAddresses) { $own += $each.Address }
    foreach ($each in $settings.GatewayAddresses) { $gateways += $each.Address }
    foreach ($each in $settings.DnsAddresses) { $resolvers += $each }
  }
  return @{ own = @(Get-PlainAddress $own); gateways = @(Get-PlainAddress $gateways); resolvers = @(Get-PlainAddress $resolvers) }
}

switch ($Verb) {
  'add' {
    $values = @{
      Name = [string]$Given.name
      DisplayName = [string]$Given.displayName
      Group = [string]$Given.group
      Direction = 'Inbound'
      Action = 'Block'
      Profile = 'Any'
      Enabled = 'True'
      RemoteAddress = [string[]]@($Given.addresses)
    }
    [void](New-NetFirewallRule @values)
    return @{}
  }
  'set' {
    [void](Set-NetFirewallRule -Name ([string]$Given.name) -RemoteAddress ([string[]]@($Given.addresses)))
    return @{}
  }
  'remove' { return (Remove-BlockRule @($Given.names)) }
  'lifelines' { return (Get-Lifeline) }
  default { throw "blocks.ps1 has no verb $Verb" }
}
