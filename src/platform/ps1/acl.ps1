# Access lists of NTFS: acl.ps1
#   read       {path}                                              {owner, group, inherits, entries: [{type, account, mask, inherited, flags}]}
#   write      {path, owner, inherits, keepInherited, entries}     {}; replaces the entries of the object itself
#   effective  {path, account}                                     {rights}, the mask that GetEffectiveRightsFromAcl finds
# Accounts are names ("BUILTIN\Users") or SIDs ("S-1-5-32-545"); rights are masks, so that none is lost on the way.
# Rights: to read, the account must be allowed to read permissions; to write, to change them, and for the owner to restore.
param(
  [Parameter(Mandatory = $true)] [string] $Verb,
  [Parameter(Mandatory = $true)] [psobject] $Given
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

# A name of an account, or the SID when nobody has it any more.
function Get-AccountName([System.Security.Principal.IdentityReference] $Identity) {
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

function ConvertTo-Flags([System.Security.AccessControl.FileSystemAccessRule] $Rule) {
  $flags = @()
  if ($Rule.InheritanceFlags -band [System.Security.AccessControl.InheritanceFlags]::ContainerInherit) { $flags += 'ContainerInherit' }
  if ($Rule.InheritanceFlags -band [System.Security.AccessControl.InheritanceFlags]::ObjectInherit) { $flags += 'ObjectInherit' }
  if ($Rule.PropagationFlags -band [System.Security.AccessControl.PropagationFlags]::InheritOnly) { $flags += 'InheritOnly' }
  if ($Rule.PropagationFlags -band [System.Security.AccessControl.PropagationFlags]::NoPropagateInherit) { $flags += 'NoPropagateInherit' }
  return ,$flags
}

function Read-List([string] $Target) {
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
  return @{
    owner = (Get-AccountName $acl.GetOwner($sidType))
    group = (Get-AccountName $acl.GetGroup($sidType))
    inherits = (-not $acl.AreAccessRulesProtected)
    entries = @($entries)
  }
}

function Set-List([string] $Target, [psobject] $Wanted) {
  $acl = Get-Security $Target
  $sidType = [System.Security.Principal.SecurityIdentifier]
  foreach ($rule in @($acl.GetAccessRules($true, $false, $sidType))) {
    [void]$acl.RemoveAccessRuleSpecific($rule)
  }
  # Before the new entries: what was inherited becomes an entry of its own, or goes.
  $acl.SetAccessRuleProtection((-not $Wanted.inherits), [bool]$Wanted.keepInherited)
  foreach ($entry in @($Wanted.entries)) {
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
  if ($Wanted.owner) {
    $owner = Get-Sid $Wanted.owner
    if ($acl.GetOwner($sidType).Value -ne $owner.Value) { $acl.SetOwner($owner) }
  }
  $place = New-Object System.IO.FileInfo($Target)
  if ([System.IO.Directory]::Exists($Target)) { $place = New-Object System.IO.DirectoryInfo($Target) }
  # What is a method of the framework of 5.1 is an extension of that of 7.
  if ($PSVersionTable.PSVersion.Major -lt 6) { $place.SetAccessControl($acl) } else { [System.IO.FileSystemAclExtensions]::SetAccessControl($place, $acl) }
}

function Get-Effective([string] $Target, [string] $Account) {
  $sid = Get-Sid $Account
  # The process stays, and with it the type.
  if (-not ('MantouRights' -as [type])) {
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
  }
  $bytes = New-Object byte[] ($sid.BinaryLength)
  $sid.GetBinaryForm($bytes, 0)
  return @{ rights = [int64][MantouRights]::Of($Target, $bytes) }
}

switch ($Verb) {
  'read' { return (Read-List $Given.path) }
  'write' {
    Set-List $Given.path $Given
    return @{}
  }
  'effective' { return (Get-Effective $Given.path $Given.account) }
  default { throw "acl.ps1 has no verb $Verb" }
}
