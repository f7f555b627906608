# Remote Desktop: rdp.ps1
#   state      {service}, as a number of ServiceControllerStatus: 4 runs, 1 is stopped
#   sessions   {sessions: [{id, name, user, domain, client, state}]}, state as a number of WTS_CONNECTSTATE_CLASS
# quser prints the same for people, in their language; WTSEnumerateSessions gives it as it is.
# Rights: any account for the state; sessions of others are seen by administrators.
param(
  [Parameter(Mandatory = $true)] [string] $Verb,
  [Parameter(Mandatory = $true)] [psobject] $Given
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

function Get-Session {
  # The process stays, and with it the type.
  if (-not ('MantouSessions' -as [type])) {
    Add-Type -TypeDefinition @'
using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Runtime.InteropServices;
public static class MantouSessions {
  [StructLayout(LayoutKind.Sequential)]
  struct Info { public int Id; public IntPtr Name; public int State; }
  [DllImport("wtsapi32.dll", CharSet = CharSet.Unicode, SetLastError = true)]
  static extern bool WTSEnumerateSessionsW(IntPtr server, int reserved, int version, out IntPtr list, out int count);
  [DllImport("wtsapi32.dll", CharSet = CharSet.Unicode, SetLastError = true)]
  static extern bool WTSQuerySessionInformationW(IntPtr server, int id, int what, out IntPtr text, out int bytes);
  [DllImport("wtsapi32.dll")]
  static extern void WTSFreeMemory(IntPtr memory);
  static string Ask(int id, int what) {
    IntPtr text;
    int bytes;
    if (!WTSQuerySessionInformationW(IntPtr.Zero, id, what, out text, out bytes)) return "";
    try { return Marshal.PtrToStringUni(text) ?? ""; } finally { WTSFreeMemory(text); }
  }
  public static List<object[]> All() {
    IntPtr list;
    int count;
    if (!WTSEnumerateSessionsW(IntPtr.Zero, 0, 1, out list, out count)) throw new Win32Exception(Marshal.GetLastWin32Error());
    List<object[]> found = new List<object[]>();
    try {
      int size = Marshal.SizeOf(typeof(Info));
      for (int i = 0; i < count; i++) {
        Info info = (Info)Marshal.PtrToStructure(new IntPtr(list.ToInt64() + (long)i * size), typeof(Info));
        found.Add(new object[] { info.Id, Marshal.PtrToStringUni(info.Name) ?? "", info.State, Ask(info.Id, 5), Ask(info.Id, 7), Ask(info.Id, 10) });
      }
    } finally {
      WTSFreeMemory(list);
    }
    return found;
  }
}
'@
  }
  $found = @()
  foreach ($one in [MantouSessions]::All()) {
    $found += @{ id = [int]$one[0]; name = [string]$one[1]; state = [int]$one[2]; user = [string]$one[3]; domain = [string]$one[4]; client = [string]$one[5] }
  }
  return @{ sessions = @($found) }
}

switch ($Verb) {
  'state' {
    $service = Get-Service -Name 'TermService'
    return @{ service = [int]$service.Status }
  }
  'sessions' { return (Get-Session) }
  default { throw "rdp.ps1 has no verb $Verb" }
}
