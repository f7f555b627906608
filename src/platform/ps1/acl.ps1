# Access lists of NTFS: acl.ps1 read|write|effective <path>
#   read       prints owner, group, inheritance and entries as JSON
#   write      takes {"owner","inherits","keepInherited","entries"} on standard input and replaces the entries of the object itself
#   effective  takes {"account"} on standard input and prints {"rights"}, the mask that GetEffectiveRightsFromAcl finds
# Accounts are names ("BUILTIN\Users") or SIDs ("S-1-5-32-545"); rights are masks, so that none is lost on the way.
param(
  [Parameter(Mandatory = $true, Position = 0)] [string] $Verb,
  [Parameter(Mandatory = $true, Position = 1)] [string] $Path
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
[Console]::OutputEncoding = New-Object System.Text.UTF8Encoding($false)

function Read-Json {
  $stream = [Console]::OpenStandardInput()
  $reader = New-Object System.IO.StreamReader($stream, (New-Object System.Text.UTF8Encoding($false)))
  return ($reader.ReadToEnd() | ConvertFrom-Json)
}

# A name of an account, or the SID when nobody has it any more.
function Get-AccountName($Identity) {
  try {
    return $Identity.Translate([System.Security.Principal.NTAccount]).Value
  } catch {
    return $Identity.Value
  }
}

function Get-Sid([string] $Account) {
  if ($Account -match '^S-1-[0-9-]+$') {
    return (New-Object System.Security.Principal.SecurityIdentifier($Account))
  }
  $name = New-Object System.Security.Principal.NTAccount($Account)
  return $name.Translate([System.Security.Principal.SecurityIdentifier])
}

function Get-Security([string] $Target) {
  $sections = [System.Security.AccessControl.AccessControlSections]'Access, Owner, Group'
  if ([System.IO.Directory]::Exists($Target)) {
    return (New-Object System.Security.AccessControl.DirectorySecurity($Target, $sections))
  }
  return (New-Object System.Security.AccessControl.FileSecurity($Target, $sections))
}

function ConvertTo-Flags($Rule) {
  $flags = @()
  if ($Rule.InheritanceFlags -band [System.Security.AccessControl.InheritanceFlags]::ContainerInherit) { $flags += 'ContainerInherit' }
  if ($Rule.InheritanceFlags -band [System.Security.AccessControl.InheritanceFlags]::ObjectInherit) { $flags += 'ObjectInherit' }
  if ($Rule.PropagationFlags -band [System.Security.AccessControl.PropagationFlags]::InheritOnly) { $flags += 'InheritOnly' }
  if ($Rule.PropagationFlags -band [System.Security.AccessControl.PropagationFlags]::NoPropagateInherit) { $flags += 'NoPropagateInherit' }
  return ,$flags
}

function Write-List([string] $Target) {
  $acl = Get-Security $Target
  $sidType = [System.Security.Principal.SecurityIdentifier]
  $entries = @()
  foreach ($rule in $acl.GetAccessRules($true, $true, $sidType)) {
    $entries += @{
      type = $rule.AccessControlType.ToString().ToLowerInvariant()
      account = (Get-AccountName $rule.IdentityReference)
      mask = [int64]$rule.FileSystemRights -band 4294967295
      inherited = $rule.IsInherited
      flags = (ConvertTo-Flags $rule)
    }
  }
  $result = @{
    owner = (Get-AccountName $acl.GetOwner($sidType))
    group = (Get-AccountName $acl.GetGroup($sidType))
    inherits = (-not $acl.AreAccessRulesProtected)
    entries = @($entries)
  }
  ConvertTo-Json -InputObject $result -Depth 4 -Compress
}

function Set-List([string] $Target) {
  $wanted = Read-Json
  $acl = Get-Security $Target
  $sidType = [System.Security.Principal.SecurityIdentifier]
  foreach ($rule in @($acl.GetAccessRules($true, $false, $sidType))) {
    [void]$acl.RemoveAccessRuleSpecific($rule)
  }
  # Before the new entries: what was inherited becomes an entry of its own, or goes.
  $acl.SetAccessRuleProtection((-not $wanted.inherits), [bool]$wanted.keepInherited)
  foreach ($entry in @($wanted.entries)) {
    $inherit = [System.Security.AccessControl.InheritanceFlags]::None
    $propagate = [System.Security.AccessControl.PropagationFlags]::None
    foreach ($flag in @($entry.flags)) {
      if ($flag -eq 'ContainerInherit') { $inherit = $inherit -bor [System.Security.AccessControl.InheritanceFlags]::ContainerInherit }
      if ($flag -eq 'ObjectInherit') { $inherit = $inherit -bor [System.Security.AccessControl.InheritanceFlags]::ObjectInherit }
      if ($flag -eq 'InheritOnly') { $propagate = $propagate -bor [System.Security.AccessControl.PropagationFlags]::InheritOnly }
      if ($flag -eq 'NoPropagateInherit') { $propagate = $propagate -bor [System.Security.AccessControl.PropagationFlags]::NoPropagateInherit }
    }
    $rights = [System.Security.AccessControl.FileSystemRights][int]$entry.mask
    $type = [System.Security.AccessControl.AccessControlType]::Allow
    if ($entry.type -eq 'deny') { $type = [System.Security.AccessControl.AccessControlType]::Deny }
    $sid = Get-Sid $entry.account
    $acl.AddAccessRule((New-Object System.Security.AccessControl.FileSystemAccessRule($sid, $rights, $inherit, $propagate, $type)))
  }
  if ($wanted.owner) {
    $owner = Get-Sid $wanted.owner
    if ($acl.GetOwner($sidType).Value -ne $owner.Value) { $acl.SetOwner($owner) }
  }
  if ([System.IO.Directory]::Exists($Target)) {
    [System.IO.Directory]::SetAccessControl($Target, $acl)
  } else {
    [System.IO.File]::SetAccessControl($Target, $acl)
  }
}

function Write-Effective([string] $Target) {
  $wanted = Read-Json
  $sid = Get-Sid $wanted.account
  Add-Type -TypeDefinition @'
using System;
using System.ComponentModel;
using System.Runtime.InteropServices;
public static class MantouRights {
  [StructLayout(LayoutKind.Sequential)]
  struct Trustee { public IntPtr Multiple; public int Operation; public int Form; public int Type; public IntPtr Name; }
  [DllImport("advapi32.dll", CharSet = CharSet.Unicode)]
  static extern uint GetNamedSecurityInfoW(string name, int kind, uint parts, IntPtr owner, IntPtr group, out IntPtr dacl, IntPtr sacl, out IntPtr descriptor);
  [DllImport("advapi32.dll")]
  static extern uint GetEffectiveRightsFromAclW(IntPtr dacl, ref Trustee trustee, out uint rights);
  [DllImport("kernel32.dll")]
  static extern IntPtr LocalFree(IntPtr memory);
  public static uint Of(string path, byte[] sid) {
    IntPtr dacl, descriptor;
    uint code = GetNamedSecurityInfoW(path, 1, 4, IntPtr.Zero, IntPtr.Zero, out dacl, IntPtr.Zero, out descriptor);
    if (code != 0) throw new Win32Exception((int)code);
    GCHandle pinned = GCHandle.Alloc(sid, GCHandleType.Pinned);
    try {
      Trustee trustee = new Trustee();
      trustee.Name = pinned.AddrOfPinnedObject();
      uint rights;
      code = GetEffectiveRightsFromAclW(dacl, ref trustee, out rights);
      if (code != 0) throw new Win32Exception((int)code);
      return rights;
    } finally {
      pinned.Free();
      LocalFree(descriptor);
    }
  }
}
'@
  $bytes = New-Object byte[] ($sid.BinaryLength)
  $sid.GetBinaryForm($bytes, 0)
  ConvertTo-Json -InputObject @{ rights = [int64][MantouRights]::Of($Target, $bytes) } -Compress
}

switch ($Verb) {
  'read' { Write-List $Path }
  'write' { Set-List $Path }
  'effective' { Write-Effective $Path }
  default {
    [Console]::Error.WriteLine('acl.ps1: unknown verb')
    exit 64
  }
}
