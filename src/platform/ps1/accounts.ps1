# Local accounts and groups: accounts.ps1
#   list      {controller, elevated, own, users: [{sid, name, fullName, enabled, passwordSetAt, expiresAt, lastSignIn, profile}], groups: [{sid, name, members: [{sid, name}]}]}
#   sign-ins  {sid, most, patience}          {signIns: [{at, type, from}]}, the newest first, as far as it was read within the ms of patience
#   create    {name, fullName, admin}        {}
#   remove    {sid, profile}                 {}
#   enable    {sid, endless}                 {}; endless: an end that the account had is taken away
#   disable   {sid}                          {}
#   password  {sid, secret}                  {}
#   grant     {sid}                          {}
#   revoke    {sid}                          {}
# Accounts and groups are told by their SID: names differ from language to language, and -Name takes patterns. Members come from
# NetLocalGroupGetMembers with their SIDs alone: Get-LocalGroupMember gives up over one that nobody has any more. Types of
# sign-ins are those of the event 4624: 2 at the machine, 10 by Remote Desktop, 11 with what was kept of a domain.
# A domain controller has no accounts of its own: what is asked there would be told of the domain, so nothing is.
# Rights: any account for list; administrators for the others, and for who is signed in.
param(
  [Parameter(Mandatory = $true)] [string] $Verb,
  [Parameter(Mandatory = $true)] [psobject] $Given
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

$administrators = 'S-1-5-32-544'
$everyUser = 'S-1-5-32-545'

# The SIDs in a group, without asking anybody for their names.
function Get-MemberSid([string] $Group) {
  # The process stays, and with it the type.
  if (-not ('MantouMembers' -as [type])) {
    Add-Type -TypeDefinition @'
using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Runtime.InteropServices;
public static class MantouMembers {
  [DllImport("netapi32.dll", CharSet = CharSet.Unicode)]
  static extern int NetLocalGroupGetMembers(string server, string group, int level, out IntPtr list, int most, out int count, out int total, IntPtr resume);
  [DllImport("netapi32.dll")]
  static extern int NetApiBufferFree(IntPtr buffer);
  [DllImport("advapi32.dll", CharSet = CharSet.Unicode, SetLastError = true)]
  static extern bool ConvertSidToStringSidW(IntPtr sid, out IntPtr text);
  [DllImport("kernel32.dll")]
  static extern IntPtr LocalFree(IntPtr memory);
  public static List<string> Of(string group) {
    IntPtr list;
    int count, total;
    int code = NetLocalGroupGetMembers(null, group, 0, out list, -1, out count, out total, IntPtr.Zero);
    if (code != 0) throw new Win32Exception(code);
    List<string> found = new List<string>();
    try {
      for (int i = 0; i < count; i++) {
        IntPtr text;
        if (!ConvertSidToStringSidW(Marshal.ReadIntPtr(list, i * IntPtr.Size), out text)) throw new Win32Exception(Marshal.GetLastWin32Error());
        found.Add(Marshal.PtrToStringUni(text));
        LocalFree(text);
      }
    } finally {
      if (list != IntPtr.Zero) NetApiBufferFree(list);
    }
    return found;
  }
}
'@
  }
  return ,@([MantouMembers]::Of($Group).ToArray())
}

# A name of an account, or nothing when nobody has it any more, or its domain does not answer.
function Get-NameOfSid([string] $Sid) {
  try {
    return (New-Object System.Security.Principal.SecurityIdentifier($Sid)).Translate([System.Security.Principal.NTAccount]).Value
  } catch {
    return ''
  }
}

# 2 is a domain controller (Win32_OperatingSystem.ProductType).
function Test-Controller {
  $system = Get-CimInstance -ClassName 'Win32_OperatingSystem' -Property 'ProductType'
  return ([int]$system.ProductType -eq 2)
}

function Get-Everybody {
  $own = [System.Security.Principal.WindowsIdentity]::GetCurrent().User.Value
  $answer = @{ controller = $true; elevated = [bool](Test-Elevated); own = [string]$own; users = @(); groups = @() }
  if (Test-Controller) { return $answer }
  $answer.controller = $false
  $profiles = @{}
  foreach ($each in @(Get-CimInstance -ClassName 'Win32_UserProfile' -Property 'SID', 'LocalPath')) { $profiles[[string]$each.SID] = [string]$each.LocalPath }
  $names = @{}
  $users = New-Object System.Collections.ArrayList
  foreach ($user in @(Get-LocalUser)) {
    $sid = [string]$user.SID
    $names[$sid] = [string]$user.Name
    $place = ''
    if ($profiles.ContainsKey($sid)) { $place = $profiles[$sid] }
    [void]$users.Add(@{
      sid = $sid
      name = [string]$user.Name
      fullName = [string]$user.FullName
      enabled = [bool]$user.Enabled
      passwordSetAt = (ConvertTo-Epoch $user.PasswordLastSet)
      expiresAt = (ConvertTo-Epoch $user.AccountExpires)
      lastSignIn = (ConvertTo-Epoch $user.LastLogon)
      profile = $place
    })
  }
  $groups = New-Object System.Collections.ArrayList
  foreach ($group in @(Get-LocalGroup)) {
    $members = @()
    foreach ($sid in (Get-MemberSid $group.Name)) {
      if (-not $names.ContainsKey($sid)) { $names[$sid] = [string](Get-NameOfSid $sid) }
      $members += @{ sid = [string]$sid; name = $names[$sid] }
    }
    [void]$groups.Add(@{ sid = [string]$group.SID; name = [string]$group.Name; members = @($members) })
  }
  $answer.users = @($users.ToArray())
  $answer.groups = @($groups.ToArray())
  return $answer
}

# It becomes part of a question to the log, so it must be what it says.
function Confirm-Sid([string] $Sid) {
  if ($Sid -notmatch '^S-1-[0-9]+(-[0-9]+)+$') { Stop-Call 'invalid' 'not a SID' }
  return $Sid
}

function Get-SignIn([string] $Sid, [int] $Most, [int] $Patience) {
  $watch = [System.Diagnostics.Stopwatch]::StartNew()
  $kinds = "Data[@Name='LogonType']='2' or Data[@Name='LogonType']='10' or Data[@Name='LogonType']='11'"
  $filter = "*[System[Provider[@Name='Microsoft-Windows-Security-Auditing'] and (EventID=4624)] and EventData[Data[@Name='TargetUserSid']='$Sid'] and EventData[$kinds]]"
  $paths = [string[]]@("Event/EventData/Data[@Name='LogonType']", "Event/EventData/Data[@Name='IpAddress']")
  $selector = New-Object System.Diagnostics.Eventing.Reader.EventLogPropertySelector(,$paths)
  $reader = Open-Reader 'Security' $filter $true
  $found = New-Object System.Collections.ArrayList
  try {
    while ($found.Count -lt $Most) {
      $record = (Read-NextEvent $reader $watch $Patience).record
      if ($null -eq $record) { break }
      $values = $record.GetPropertyValues($selector)
      [void]$found.Add(@{ at = (ConvertTo-Epoch $record.TimeCreated); type = [int]$values[0]; from = [string]$values[1] })
      $record.Dispose()
    }
  } finally {
    $reader.Dispose()
  }
  return @{ signIns = @($found.ToArray()) }
}

# Of 24 bytes of chance, which nobody ever sees; digits, so that no name of a person stands in it, which a policy may refuse.
function New-UnknownSecret {
  $bytes = New-Object byte[] 24
  $chance = [System.Security.Cryptography.RandomNumberGenerator]::Create()
  $chance.GetBytes($bytes)
  $chance.Dispose()
  $secret = New-Object System.Security.SecureString
  foreach ($letter in ('aZ-' + ($bytes -join '')).ToCharArray()) { $secret.AppendChar($letter) }
  $secret.MakeReadOnly()
  return $secret
}

function New-Account([psobject] $Wanted) {
  $made = New-LocalUser -Name $Wanted.name -FullName $Wanted.fullName -Password (New-UnknownSecret)
  $sid = [string]$made.SID
  try {
    Add-LocalGroupMember -SID $everyUser -Member $sid
    if ($Wanted.admin) { Add-LocalGroupMember -SID $administrators -Member $sid }
  } catch {
    # Whole or not at all.
    Remove-LocalUser -SID $sid
    throw
  }
}

# The account first: where Windows does not let it go, its files are still there.
function Remove-Account([string] $Sid, [bool] $WithProfile) {
  $found = $null
  if ($WithProfile) {
    foreach ($each in @(Get-CimInstance -ClassName 'Win32_UserProfile')) { if ([string]$each.SID -eq $Sid) { $found = $each } }
    if (($null -ne $found) -and $found.Loaded) { Stop-Call 'conflict' 'the profile is in use' }
  }
  Remove-LocalUser -SID $Sid
  if ($null -ne $found) { Remove-CimInstance -InputObject $found }
}

switch ($Verb) {
  'list' { return (Get-Everybody) }
  'sign-ins' { return (Get-SignIn (Confirm-Sid $Given.sid) $Given.most $Given.patience) }
  'create' {
    New-Account $Given
    return @{}
  }
  'remove' {
    Remove-Account (Confirm-Sid $Given.sid) $Given.profile
    return @{}
  }
  'enable' {
    $sid = Confirm-Sid $Given.sid
    Enable-LocalUser -SID $sid
    if ($Given.endless) { Set-LocalUser -SID $sid -AccountNeverExpires }
    return @{}
  }
  'disable' {
    Disable-LocalUser -SID (Confirm-Sid $Given.sid)
    return @{}
  }
  'password' {
    Set-LocalUser -SID (Confirm-Sid $Given.sid) -Password $Given.secret
    return @{}
  }
  'grant' {
    Add-LocalGroupMember -SID $administrators -Member (Confirm-Sid $Given.sid)
    return @{}
  }
  'revoke' {
    Remove-LocalGroupMember -SID $administrators -Member (Confirm-Sid $Given.sid)
    return @{}
  }
  default { throw "accounts.ps1 has no verb $Verb" }
}
