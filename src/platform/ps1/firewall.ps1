# Windows Defender Firewall: firewall.ps1
#   state      {}   {service, profiles: [{type, current, enabled, inbound, outbound, shielded}]}
#   names      {names}   {names: [{name, text}]}, what "@FirewallAPI.dll,-28502" is called in the language of the system
#   add        {name, displayName, group, direction, action, protocol, localPort, remotePort, localAddress, remoteAddress}   {}
#   change     the same without group   {}
#   remove     {name}   {}
#   profiles   {enabled, inbound, outbound}, each may be null   {}
# Rules are read from the registry (windows/firewall/): NetSecurity asks its provider for the ports, addresses and programs of each
# rule, which takes a minute for 500 of them, and the COM objects do not tell a rule's own name, by which alone one of two rules
# that are called the same can be removed. Numbers are those of icftypes.h and netfw.h: 1 domain, 2 private, 4 public; 0 block, 1 allow.
# Rights: any account for the state and the names; changes take an administrator.
param(
  [Parameter(Mandatory = $true)] [string] $Verb,
  [Parameter(Mandatory = $true)] [psobject] $Given
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

function Get-State {
  $service = Get-Service -Name 'mpssvc'
  $found = @()
  # Without its service it answers nothing, and filters as it did at boot.
  if ([int]$service.Status -eq 4) {
    $policy = New-Object -ComObject 'HNetCfg.FwPolicy2'
    $current = [int]$policy.CurrentProfileTypes
    foreach ($type in @(1, 2, 4)) {
      $found += @{
        type = $type
        current = (($current -band $type) -ne 0)
        enabled = [bool]$policy.FirewallEnabled($type)
        inbound = [int]$policy.DefaultInboundAction($type)
        outbound = [int]$policy.DefaultOutboundAction($type)
        shielded = [bool]$policy.BlockAllInboundTraffic($type)
      }
    }
  }
  return @{ service = [int]$service.Status; profiles = @($found) }
}

function Get-DisplayText([object[]] $Names) {
  # The process stays, and with it the type.
  if (-not ('MantouStrings' -as [type])) {
    Add-Type -TypeDefinition @'
using System;
using System.Runtime.InteropServices;
using System.Text;
public static class MantouStrings {
  [DllImport("shlwapi.dll", CharSet = CharSet.Unicode)]
  static extern int SHLoadIndirectString(string source, StringBuilder text, uint size, IntPtr reserved);
  public static string Load(string source) {
    StringBuilder text = new StringBuilder(1024);
    return SHLoadIndirectString(source, text, 1024, IntPtr.Zero) == 0 ? text.ToString() : source;
  }
}
'@
  }
  $found = @()
  foreach ($name in $Names) { $found += @{ name = [string]$name; text = [MantouStrings]::Load([string]$name) } }
  return @{ names = @($found) }
}

# -Name takes wildcards: such a name would be other rules as well.
function Assert-RuleName([string] $Name) {
  if (($Name -eq '') -or ($Name.IndexOfAny([char[]]'[]*`?') -ge 0)) { Stop-Call 'unsupported' "The name of this rule is read as a pattern: $Name" }
}

# What both New- and Set-NetFirewallRule take; a port goes with TCP and UDP alone.
function Get-RuleValue([psobject] $Rule) {
  Assert-RuleName $Rule.name
  return @{
    Name = [string]$Rule.name
    Direction = [string]$Rule.direction
    Action = [string]$Rule.action
    Protocol = [string]$Rule.protocol
    LocalPort = [string[]]@($Rule.localPort)
    RemotePort = [string[]]@($Rule.remotePort)
    LocalAddress = [string[]]@($Rule.localAddress)
    RemoteAddress = [string[]]@($Rule.remoteAddress)
    Profile = 'Any'
    Enabled = 'True'
  }
}

switch ($Verb) {
  'state' { return (Get-State) }
  'names' { return (Get-DisplayText @($Given.names)) }
  'add' {
    $values = Get-RuleValue $Given
    $values['DisplayName'] = [string]$Given.displayName
    $values['Group'] = [string]$Given.group
    # Of a new rule they are so by themselves; a rule about any protocol is better not asked about ports.
    foreach ($key in @('LocalPort', 'RemotePort', 'LocalAddress', 'RemoteAddress')) {
      if ($values[$key][0] -eq 'Any') { $values.Remove($key) }
    }
    [void](New-NetFirewallRule @values)
    return @{}
  }
  'change' {
    $values = Get-RuleValue $Given
    $values['NewDisplayName'] = [string]$Given.displayName
    [void](Set-NetFirewallRule @values)
    return @{}
  }
  'remove' {
    Assert-RuleName $Given.name
    [void](Remove-NetFirewallRule -Name ([string]$Given.name))
    return @{}
  }
  'profiles' {
    $values = @{ All = $true }
    if ($null -ne $Given.enabled) { $values['Enabled'] = [string]$Given.enabled }
    if ($null -ne $Given.inbound) { $values['DefaultInboundAction'] = [string]$Given.inbound }
    if ($null -ne $Given.outbound) { $values['DefaultOutboundAction'] = [string]$Given.outbound }
    [void](Set-NetFirewallProfile @values)
    return @{}
  }
  default { throw "firewall.ps1 has no verb $Verb" }
}
