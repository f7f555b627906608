# How a service is set up: service-setup.ps1
#   recovery   {name, steps: [{action, delay}], reset, command, errors}   {}, action as a number of SC_ACTION_TYPE, delay in ms, reset in s or null
#   account    {name, account, secret, managed, right}   {}, right: the account gets the right to run services; managed: Windows has its password
# sc.exe does the first one as well, and says what went wrong in the language and the code page of the system; here it is a number.
# The password comes as a SecureString, and is handed to Windows alone, which keeps it: a command would write it to the log of
# PowerShell where a policy wants that. It is tried at the next start.
# Rights: administrators.
param(
  [Parameter(Mandatory = $true)] [string] $Verb,
  [Parameter(Mandatory = $true)] [psobject] $Given
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

function Add-Recovery {
  if ('MantouRecovery' -as [type]) { return }
  Add-Type -TypeDefinition @'
using System;
using System.ComponentModel;
using System.Runtime.InteropServices;
public static class MantouRecovery {
  [StructLayout(LayoutKind.Sequential)]
  struct Actions { public uint Reset; public IntPtr Message; public IntPtr Command; public uint Count; public IntPtr List; }
  [StructLayout(LayoutKind.Sequential, Pack = 4)]
  struct Privilege { public uint Count; public long Luid; public uint Attributes; }
  [DllImport("advapi32.dll", CharSet = CharSet.Unicode, SetLastError = true)]
  static extern IntPtr OpenSCManagerW(string machine, string database, uint access);
  [DllImport("advapi32.dll", CharSet = CharSet.Unicode, SetLastError = true)]
  static extern IntPtr OpenServiceW(IntPtr control, string name, uint access);
  [DllImport("advapi32.dll", SetLastError = true)]
  static extern bool ChangeServiceConfig2W(IntPtr service, uint level, IntPtr info);
  [DllImport("advapi32.dll")]
  static extern bool CloseServiceHandle(IntPtr handle);
  [DllImport("advapi32.dll", SetLastError = true)]
  static extern bool OpenProcessToken(IntPtr process, uint access, out IntPtr token);
  [DllImport("advapi32.dll", CharSet = CharSet.Unicode, SetLastError = true)]
  static extern bool LookupPrivilegeValueW(string system, string name, out long luid);
  [DllImport("advapi32.dll", SetLastError = true)]
  static extern bool AdjustTokenPrivileges(IntPtr token, bool none, ref Privilege state, uint bytes, IntPtr before, IntPtr size);
  [DllImport("kernel32.dll")]
  static extern IntPtr GetCurrentProcess();
  [DllImport("kernel32.dll")]
  static extern bool CloseHandle(IntPtr handle);
  static void Check(bool good) {
    if (!good) throw new Win32Exception(Marshal.GetLastWin32Error());
  }
  // Whoever lets a service restart the machine must be allowed to do so; administrators are, once they say that they will.
  static void AllowRestart() {
    IntPtr token;
    Check(OpenProcessToken(GetCurrentProcess(), 0x28, out token));
    try {
      Privilege state = new Privilege { Count = 1, Attributes = 2 };
      Check(LookupPrivilegeValueW(null, "SeShutdownPrivilege", out state.Luid));
      Check(AdjustTokenPrivileges(token, false, ref state, 0, IntPtr.Zero, IntPtr.Zero));
    } finally {
      CloseHandle(token);
    }
  }
  public static void Set(string name, int[] kinds, int[] delays, uint reset, string command, bool errors) {
    if (Array.IndexOf(kinds, 2) >= 0) AllowRestart();
    IntPtr control = OpenSCManagerW(null, null, 1);
    Check(control != IntPtr.Zero);
    IntPtr service = IntPtr.Zero;
    IntPtr list = Marshal.AllocHGlobal(8 * Math.Max(1, kinds.Length));
    IntPtr info = Marshal.AllocHGlobal(Marshal.SizeOf(typeof(Actions)));
    IntPtr text = Marshal.StringToHGlobalUni(command);
    try {
      // SERVICE_CHANGE_CONFIG, and SERVICE_START for the action that starts it.
      service = OpenServiceW(control, name, 0x12);
      Check(service != IntPtr.Zero);
      for (int i = 0; i < kinds.Length; i++) {
        Marshal.WriteInt32(list, i * 8, kinds[i]);
        Marshal.WriteInt32(list, i * 8 + 4, delays[i]);
      }
      // The message that goes before a restart stays as it is: null. None of the actions but a list: they are taken away.
      Actions actions = new Actions { Reset = reset, Message = IntPtr.Zero, Command = text, Count = (uint)kinds.Length, List = list };
      Marshal.StructureToPtr(actions, info, false);
      Check(ChangeServiceConfig2W(service, 2, info));
      Marshal.WriteInt32(info, errors ? 1 : 0);
      Check(ChangeServiceConfig2W(service, 4, info));
    } finally {
      Marshal.FreeHGlobal(text);
      Marshal.FreeHGlobal(info);
      Marshal.FreeHGlobal(list);
      if (service != IntPtr.Zero) CloseServiceHandle(service);
      CloseServiceHandle(control);
    }
  }
}
'@
}

function Add-LogonRight {
  if ('MantouLogonRight' -as [type]) { return }
  Add-Type -TypeDefinition @'
using System;
using System.ComponentModel;
using System.Runtime.InteropServices;
public static class MantouLogonRight {
  [StructLayout(LayoutKind.Sequential)]
  struct Text { public ushort Length; public ushort Most; public IntPtr Buffer; }
  [StructLayout(LayoutKind.Sequential)]
  struct Attributes { public int Length; public IntPtr Root; public IntPtr Name; public int Flags; public IntPtr Security; public IntPtr Quality; }
  [DllImport("advapi32.dll")]
  static extern int LsaOpenPolicy(IntPtr system, ref Attributes attributes, int access, out IntPtr policy);
  [DllImport("advapi32.dll")]
  static extern int LsaAddAccountRights(IntPtr policy, byte[] sid, Text[] rights, int count);
  [DllImport("advapi32.dll")]
  static extern int LsaClose(IntPtr policy);
  [DllImport("advapi32.dll")]
  static extern int LsaNtStatusToWinError(int status);
  static void Check(int status) {
    if (status != 0) throw new Win32Exception(LsaNtStatusToWinError(status));
  }
  public static void Grant(byte[] sid) {
    Attributes none = new Attributes();
    IntPtr policy;
    // POLICY_CREATE_ACCOUNT and POLICY_LOOKUP_NAMES
    Check(LsaOpenPolicy(IntPtr.Zero, ref none, 0x810, out policy));
    string name = "SeServiceLogonRight";
    IntPtr buffer = Marshal.StringToHGlobalUni(name);
    try {
      Text right = new Text { Length = (ushort)(name.Length * 2), Most = (ushort)(name.Length * 2 + 2), Buffer = buffer };
      Check(LsaAddAccountRights(policy, sid, new Text[] { right }, 1));
    } finally {
      Marshal.FreeHGlobal(buffer);
      LsaClose(policy);
    }
  }
}
'@
}

function Add-Account {
  if ('MantouServiceAccount' -as [type]) { return }
  Add-Type -TypeDefinition @'
using System;
using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Security;
public static class MantouServiceAccount {
  [DllImport("advapi32.dll", CharSet = CharSet.Unicode, SetLastError = true)]
  static extern IntPtr OpenSCManagerW(string machine, string database, uint access);
  [DllImport("advapi32.dll", CharSet = CharSet.Unicode, SetLastError = true)]
  static extern IntPtr OpenServiceW(IntPtr control, string name, uint access);
  [DllImport("advapi32.dll", SetLastError = true)]
  static extern bool QueryServiceConfigW(IntPtr service, IntPtr config, uint bytes, out uint needed);
  [DllImport("advapi32.dll", CharSet = CharSet.Unicode, SetLastError = true)]
  static extern bool ChangeServiceConfigW(IntPtr service, uint type, uint start, uint errors, string path, string group, IntPtr tag, string needs, string account, IntPtr password, string title);
  [DllImport("advapi32.dll")]
  static extern bool CloseServiceHandle(IntPtr handle);
  static void Check(bool good) {
    if (!good) throw new Win32Exception(Marshal.GetLastWin32Error());
  }
  const uint NoChange = 0xffffffff;
  // The type begins the structure, of which there are 8 KiB at most. Only the system's own account may show windows (0x100).
  static uint TypeFor(IntPtr service, string account) {
    IntPtr config = Marshal.AllocHGlobal(8192);
    try {
      uint needed;
      Check(QueryServiceConfigW(service, config, 8192, out needed));
      uint type = (uint)Marshal.ReadInt32(config);
      bool system = String.Equals(account, "LocalSystem", StringComparison.OrdinalIgnoreCase);
      return system || (type & 0x100) == 0 ? NoChange : type & ~0x100u;
    } finally {
      Marshal.FreeHGlobal(config);
    }
  }
  // Accounts of Windows itself have an empty password; for managed and virtual ones it must be null (ChangeServiceConfigW, lpPassword).
  public static void Set(string name, string account, SecureString password, bool managed) {
    IntPtr control = OpenSCManagerW(null, null, 1);
    Check(control != IntPtr.Zero);
    IntPtr service = IntPtr.Zero;
    IntPtr text = IntPtr.Zero;
    try {
      // SERVICE_QUERY_CONFIG and SERVICE_CHANGE_CONFIG
      service = OpenServiceW(control, name, 3);
      Check(service != IntPtr.Zero);
      uint type = TypeFor(service, account);
      if (!managed) text = Marshal.SecureStringToGlobalAllocUnicode(password);
      Check(ChangeServiceConfigW(service, type, NoChange, NoChange, null, null, IntPtr.Zero, null, account, text, null));
    } finally {
      if (text != IntPtr.Zero) Marshal.ZeroFreeGlobalAllocUnicode(text);
      if (service != IntPtr.Zero) CloseServiceHandle(service);
      CloseServiceHandle(control);
    }
  }
}
'@
}

function Set-Recovery([psobject] $To) {
  Add-Recovery
  $kinds = @()
  $delays = @()
  foreach ($step in @($To.steps)) {
    $kinds += [int]$step.action
    $delays += [int]$step.delay
  }
  $reset = [uint32]::MaxValue
  if ($null -ne $To.reset) { $reset = [uint32]$To.reset }
  [MantouRecovery]::Set([string]$To.name, [int[]]$kinds, [int[]]$delays, $reset, [string]$To.command, [bool]$To.errors)
  return @{}
}

# An account that there is not, or a right that is not to be given, is told before anything has changed.
function Grant-LogonRight([string] $Account) {
  Add-LogonRight
  $name = $Account
  if ($name.StartsWith('.\')) { $name = [Environment]::MachineName + $name.Substring(1) }
  try {
    $sid = (New-Object -TypeName 'System.Security.Principal.NTAccount' -ArgumentList $name).Translate([System.Security.Principal.SecurityIdentifier])
  } catch [System.Security.Principal.IdentityNotMappedException] {
    Stop-Call 'invalid' 'no such account'
  }
  $bytes = New-Object -TypeName 'byte[]' -ArgumentList $sid.BinaryLength
  $sid.GetBinaryForm($bytes, 0)
  [MantouLogonRight]::Grant($bytes)
}

function Set-Account([psobject] $To) {
  Add-Account
  if ($To.right) { Grant-LogonRight $To.account }
  [MantouServiceAccount]::Set([string]$To.name, [string]$To.account, $To.secret, [bool]$To.managed)
  return @{}
}

switch ($Verb) {
  'recovery' { return (Set-Recovery $Given) }
  'account' { return (Set-Account $Given) }
  default { throw "service-setup.ps1 has no verb $Verb" }
}
