# Updates of Windows and its drivers, by the COM interface of the Windows Update Agent: windows-update.ps1
#   list     {updates: [{id, title, description, kbs, categories, severity, size, hidden, optional, url}], searchedAt, busy}
#   search   the same, after the update server was asked; it takes minutes
#   begin    {id, work}   {}, work is Download or Install; of one process one work runs at a time
#   look     {}   {done, percent, code, hresult, restart}
#   stop     {}   {}, what runs ends at the next place where it can
#   hide     {id, to}   {}
# Categories are their GUIDs, code is OperationResultCode, both the same in every language; titles are in that of the system.
# The list is what the Agent found when it last searched, by itself or by search: nobody is asked for it over the network.
# Rights: any account for list and search; administrators for the others. Windows refuses them to sessions that came over the network.
param(
  [Parameter(Mandatory = $true)] [string] $Verb,
  [Parameter(Mandatory = $true)] [psobject] $Given
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

function New-Session {
  $session = New-Object -ComObject 'Microsoft.Update.Session'
  $session.ClientApplicationID = 'Mantou'
  return $session
}

function Find-Update([object] $Session, [string] $Criteria, [bool] $Online) {
  $searcher = $Session.CreateUpdateSearcher()
  $searcher.Online = $Online
  # Hands back the collection itself: PowerShell would take it apart.
  return , $searcher.Search($Criteria).Updates
}

function Get-OneUpdate([object] $Session, [string] $Id) {
  # Whatever is no GUID does not become part of what is asked.
  $guid = ([guid]$Id).ToString()
  $found = $null
  foreach ($update in (Find-Update $Session "UpdateID='$guid'" $false)) {
    if (($null -eq $found) -or ($update.Identity.RevisionNumber -gt $found.Identity.RevisionNumber)) { $found = $update }
  }
  if ($null -eq $found) { Stop-Call 'not_found' "there is no update $guid" }
  return $found
}

function Read-Update([object] $Update) {
  $kbs = @()
  foreach ($kb in $Update.KBArticleIDs) { $kbs += [string]$kb }
  $categories = @()
  foreach ($category in $Update.Categories) { $categories += ([string]$category.CategoryID).ToLowerInvariant() }
  return @{
    id = ([string]$Update.Identity.UpdateID).ToLowerInvariant()
    title = [string]$Update.Title
    description = [string]$Update.Description
    kbs = @($kbs)
    categories = @($categories)
    severity = [string]$Update.MsrcSeverity
    size = [int64]$Update.MaxDownloadSize
    hidden = [bool]$Update.IsHidden
    # Offered to whoever looks, and never chosen by Windows itself; drivers are Type 2.
    optional = ([bool]$Update.BrowseOnly) -or ([int]$Update.Type -eq 2)
    url = [string]$Update.SupportUrl
  }
}

function Get-UpdateList([bool] $Online) {
  $session = New-Session
  $updates = @()
  foreach ($update in (Find-Update $session '( IsInstalled=0 and IsHidden=0 ) or ( IsInstalled=0 and IsHidden=1 )' $Online)) { $updates += (Read-Update $update) }
  $searchedAt = $null
  # The time is UTC and does not say so.
  $last = (New-Object -ComObject 'Microsoft.Update.AutoUpdate').Results.LastSearchSuccessDate
  if (($null -ne $last) -and ($last -is [datetime]) -and ($last.Year -gt 1999)) { $searchedAt = ConvertTo-Epoch ([datetime]::SpecifyKind($last, [System.DateTimeKind]::Utc)) }
  $installer = $session.CreateUpdateInstaller()
  return @{ updates = @($updates); searchedAt = $searchedAt; busy = [bool]$installer.IsBusy }
}

# Download and Install would hold this process until they are done; as jobs they tell how far they are, and can be told to stop.
# Whoever begins one has to hand over somebody who is told of its end, by interfaces of wuapi.idl; the panel asks instead.
function Add-Work {
  if ('MantouUpdateWork' -as [type]) { return }
  Add-Type -TypeDefinition @'
using System;
using System.Reflection;
using System.Runtime.InteropServices;
[ComImport, InterfaceType(ComInterfaceType.InterfaceIsIUnknown), Guid("8C3F1CDD-6173-4591-AEBD-A56A53CA77C1")]
public interface IMantouDownloadMoves { void Invoke([MarshalAs(UnmanagedType.IUnknown)] object job, [MarshalAs(UnmanagedType.IUnknown)] object more); }
[ComImport, InterfaceType(ComInterfaceType.InterfaceIsIUnknown), Guid("77254866-9F5B-4C8E-B9E2-C77A8530D64B")]
public interface IMantouDownloadEnds { void Invoke([MarshalAs(UnmanagedType.IUnknown)] object job, [MarshalAs(UnmanagedType.IUnknown)] object more); }
[ComImport, InterfaceType(ComInterfaceType.InterfaceIsIUnknown), Guid("E01402D5-F8DA-43BA-A012-38894BD048F1")]
public interface IMantouInstallMoves { void Invoke([MarshalAs(UnmanagedType.IUnknown)] object job, [MarshalAs(UnmanagedType.IUnknown)] object more); }
[ComImport, InterfaceType(ComInterfaceType.InterfaceIsIUnknown), Guid("45F4F6F3-D602-4F98-9A8A-3EFA152AD2D3")]
public interface IMantouInstallEnds { void Invoke([MarshalAs(UnmanagedType.IUnknown)] object job, [MarshalAs(UnmanagedType.IUnknown)] object more); }
[ComVisible(true)]
public sealed class MantouUpdateEar : IMantouDownloadMoves, IMantouDownloadEnds, IMantouInstallMoves, IMantouInstallEnds {
  public void Invoke(object job, object more) { }
}
public static class MantouUpdateWork {
  static readonly MantouUpdateEar ear = new MantouUpdateEar();
  static object worker;
  static object job;
  static string work;
  static object Call(object of, string name, BindingFlags how, params object[] given) {
    try {
      return of.GetType().InvokeMember(name, how, null, of, given);
    } catch (TargetInvocationException error) {
      if (error.InnerException == null) throw;
      throw error.InnerException;
    }
  }
  static object Get(object of, string name) { return Call(of, name, BindingFlags.GetProperty); }
  public static bool Runs { get { return job != null; } }
  public static void Begin(object by, string name) {
    job = Call(by, "Begin" + name, BindingFlags.InvokeMethod, ear, ear, name);
    worker = by;
    work = name;
  }
  public static void Stop() {
    if (job != null) Call(job, "RequestAbort", BindingFlags.InvokeMethod);
  }
  public static object[] Look() {
    if (!Convert.ToBoolean(Get(job, "IsCompleted"))) {
      object progress = Call(job, "GetProgress", BindingFlags.InvokeMethod);
      return new object[] { false, Convert.ToInt32(Get(progress, "PercentComplete")), 1, 0, false };
    }
    object ended = job;
    object by = worker;
    job = null;
    worker = null;
    try {
      object result = Call(by, "End" + work, BindingFlags.InvokeMethod, ended);
      object one = Call(result, "GetUpdateResult", BindingFlags.InvokeMethod, 0);
      bool restart = work == "Install" && Convert.ToBoolean(Get(result, "RebootRequired"));
      return new object[] { true, 100, Convert.ToInt32(Get(one, "ResultCode")), Convert.ToInt32(Get(one, "HResult")), restart };
    } finally {
      Call(ended, "CleanUp", BindingFlags.InvokeMethod);
    }
  }
}
'@
}

function Start-Work([string] $Id, [string] $Work) {
  Add-Work
  if ([MantouUpdateWork]::Runs) { Stop-Call 'conflict' 'a work of this process runs already' }
  $session = New-Session
  $update = Get-OneUpdate $session $Id
  if (-not $update.EulaAccepted) { $update.AcceptEula() }
  $some = New-Object -ComObject 'Microsoft.Update.UpdateColl'
  [void]$some.Add($update)
  if ($Work -eq 'Download') {
    $worker = $session.CreateUpdateDownloader()
  } else {
    $worker = $session.CreateUpdateInstaller()
    # Nobody is there to be asked.
    $worker.AllowSourcePrompts = $false
    $worker.ForceQuiet = $true
  }
  $worker.Updates = $some
  [MantouUpdateWork]::Begin($worker, $Work)
  return @{}
}

function Get-Work {
  Add-Work
  if (-not [MantouUpdateWork]::Runs) { Stop-Call 'not_found' 'no work of this process runs' }
  $now = [MantouUpdateWork]::Look()
  return @{ done = [bool]$now[0]; percent = [int]$now[1]; code = [int]$now[2]; hresult = [int]$now[3]; restart = [bool]$now[4] }
}

switch ($Verb) {
  'list' { return (Get-UpdateList $false) }
  'search' { return (Get-UpdateList $true) }
  'begin' {
    if (@('Download', 'Install') -cnotcontains $Given.work) { Stop-Call 'invalid' 'work is Download or Install' }
    return (Start-Work $Given.id $Given.work)
  }
  'look' { return (Get-Work) }
  'stop' {
    Add-Work
    [MantouUpdateWork]::Stop()
    return @{}
  }
  'hide' {
    $update = Get-OneUpdate (New-Session) $Given.id
    $update.IsHidden = [bool]$Given.to
    return @{}
  }
  default { throw "windows-update.ps1 has no verb $Verb" }
}
