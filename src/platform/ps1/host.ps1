# Answers calls of the other scripts, so that a click does not wait for PowerShell to start: host.ps1
#   in    {"id":1,"script":"volumes.ps1","text":"...","verb":"list","given":{},"secret":null}   one a line, UTF-8; text only with the first call of a script
#         secret: how many letters (of UTF-16) follow as a line of their own, which becomes $Given.secret
#   out   a record separator (RFC 7464), then {"id":1,"ok":true,"value":{}} or {"id":1,"ok":false,"fault":{}}
# The first answer has the id 0 and says which PowerShell this is. The end of standard input ends the script, and with it
# the process: it does not outlive the panel. Whatever else is printed lacks the separator and is taken for noise.
# A script takes -Verb and -Given, which is what JSON made of the values, and returns one hashtable; times are numbers.
# A secret is neither in the JSON nor ever a text: what commands are handed is written to the event log (4103) where a policy wants
# it so, and of a SecureString that is the name of its class.
# Rights: none of its own; each script says which it needs.
# PowerShell reads standard input itself for a script that names the variable of the pipeline's input: it must not stand here.
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$WarningPreference = 'SilentlyContinue'

# 5.1 has a property Count on arrays that makes ConvertTo-Json write {"value":[],"Count":0} for some; 7 has it no more.
if ($PSVersionTable.PSVersion.Major -lt 6) { Remove-TypeData -TypeName System.Array -ErrorAction SilentlyContinue }

# The streams themselves: [Console]::In and ::Out would speak the code page of the system, 936 on a Chinese one.
$utf8 = New-Object System.Text.UTF8Encoding($false)
$standardIn = [Console]::OpenStandardInput()
$standardOut = [Console]::OpenStandardOutput()
$reader = New-Object System.IO.StreamReader($standardIn, $utf8)
$writer = New-Object System.IO.StreamWriter($standardOut, $utf8)
$mark = [string][char]30
$blocks = @{}

function Write-Answer([hashtable] $Answer) {
  $text = ConvertTo-Json -InputObject $Answer -Depth 10 -Compress
  $writer.Write("$mark$text`n")
  $writer.Flush()
}

# Refuses a call with a code that the panel knows: not_found, conflict, invalid, denied or unsupported.
function Stop-Call([string] $Code, [string] $Message) {
  $refusal = New-Object System.InvalidOperationException($Message)
  $refusal.Data['mantou'] = $Code
  throw $refusal
}

# Milliseconds since 1970 of a time, or null.
function ConvertTo-Epoch([object] $Time) {
  if ($null -eq $Time) { return $null }
  $begin = New-Object System.DateTime(1970, 1, 1, 0, 0, 0, ([System.DateTimeKind]::Utc))
  return [int64][Math]::Floor((([datetime]$Time).ToUniversalTime() - $begin).TotalMilliseconds)
}

# A time of COM as ms since 1970; those before 2000 stand for never (1899-12-30, 1999-11-30).
function ConvertTo-RunTime([object] $Time) {
  if (($null -eq $Time) -or ([datetime]$Time).Year -lt 2000) { return $null }
  return (ConvertTo-Epoch $Time)
}

# Reads the events of a channel that a filter (XPath) lets through, the newest first or last.
function Open-Reader([string] $Channel, [string] $Filter, [bool] $Newest) {
  $query = New-Object System.Diagnostics.Eventing.Reader.EventLogQuery($Channel, ([System.Diagnostics.Eventing.Reader.PathType]::LogName), $Filter)
  $query.ReverseDirection = $Newest
  try {
    return (New-Object System.Diagnostics.Eventing.Reader.EventLogReader($query))
  } catch [System.Diagnostics.Eventing.Reader.EventLogNotFoundException] {
    Stop-Call 'not_found' "There is no channel $Channel."
  }
}

# The next event of a reader, or null at the end. A filter that little fits may be looked for through a whole log: that ends, and is
# `late`, when the time is used up. What EvtNext says then has no number in its exception, nor is an end of its own, so the clock tells.
function Read-NextEvent([object] $Reader, [System.Diagnostics.Stopwatch] $Watch, [int] $Patience) {
  $left = $Patience - $Watch.ElapsedMilliseconds
  if ($left -le 0) { return @{ record = $null; late = $true } }
  $record = $null
  try {
    $record = $Reader.ReadEvent([TimeSpan]::FromMilliseconds($left))
  } catch {
    if ($Watch.ElapsedMilliseconds -lt ($Patience - 100)) { throw }
  }
  return @{ record = $record; late = (($null -eq $record) -and ($Watch.ElapsedMilliseconds -ge ($Patience - 100))) }
}

# The sentence of an event; of one whose provider is gone its values are left.
function Get-EventText([object] $Record) {
  $text = ''
  try { $text = [string]$Record.FormatDescription() } catch { $text = '' }
  if ($text -ne '') { return $text.Trim() }
  $values = @()
  foreach ($property in $Record.Properties) { $values += [string]$property.Value }
  return ($values -join ' ')
}

function ConvertTo-Fault([System.Management.Automation.ErrorRecord] $Record) {
  $cause = $Record.Exception
  # What a method throws comes wrapped; the inner one says more.
  while (($cause -is [System.Management.Automation.MethodInvocationException]) -and ($null -ne $cause.InnerException)) { $cause = $cause.InnerException }
  # The number of Win32 lies further within what commands for services throw, and so does the sentence that says why.
  $native = 0
  $message = [string]$cause.Message
  $inner = $cause
  while (($null -ne $inner) -and -not ($inner -is [System.ComponentModel.Win32Exception])) { $inner = $inner.InnerException }
  if ($null -ne $inner) {
    $native = $inner.NativeErrorCode
    if (-not $message.Contains($inner.Message)) { $message = $message + ' ' + $inner.Message }
  }
  $code = [string]$Record.FullyQualifiedErrorId
  if (($null -ne $cause.Data) -and $cause.Data.Contains('mantou')) { $code = 'mantou:' + [string]$cause.Data['mantou'] }
  $line = 0
  if ($null -ne $Record.InvocationInfo) { $line = $Record.InvocationInfo.ScriptLineNumber }
  return @{
    code = $code
    category = $Record.CategoryInfo.Category.ToString()
    message = $message
    type = $cause.GetType().FullName
    hresult = $cause.HResult
    native = $native
    line = $line
  }
}

function Test-Elevated {
  try {
    $identity = [System.Security.Principal.WindowsIdentity]::GetCurrent()
    $principal = New-Object System.Security.Principal.WindowsPrincipal($identity)
    return $principal.IsInRole([System.Security.Principal.WindowsBuiltInRole]::Administrator)
  } catch {
    return $false
  }
}

# The letters after a request, one by one by a method: no text of them comes to be.
function Read-Secret([int] $Count) {
  $secret = New-Object System.Security.SecureString
  for ($i = 0; $i -lt $Count; $i++) {
    $letter = $reader.Read()
    if ($letter -lt 0) { throw 'The input ended within a secret.' }
    $secret.AppendChar([char]$letter)
  }
  [void]$reader.ReadLine()
  $secret.MakeReadOnly()
  return $secret
}

Write-Answer @{
  id = 0
  ok = $true
  value = @{
    version = $PSVersionTable.PSVersion.ToString()
    os = [Environment]::OSVersion.Version.ToString()
    language = [System.Globalization.CultureInfo]::CurrentUICulture.Name
    codePage = [System.Globalization.CultureInfo]::CurrentCulture.TextInfo.OEMCodePage
    elevated = [bool](Test-Elevated)
    wide = [Environment]::Is64BitProcess
  }
}

while ($true) {
  $line = $reader.ReadLine()
  if ($null -eq $line) { break }
  $id = -1
  try {
    $request = ConvertFrom-Json -InputObject $line
    $id = $request.id
    if ($null -ne $request.secret) { $request.given.secret = (Read-Secret $request.secret) }
    if ($null -ne $request.text) { $blocks[$request.script] = [scriptblock]::Create($request.text) }
    $block = $blocks[$request.script]
    $produced = @(& $block -Verb $request.verb -Given $request.given)
    if ($produced.Count -ne 1) { throw ('{0} {1} returned {2} objects instead of one' -f $request.script, $request.verb, $produced.Count) }
    Write-Answer @{ id = $id; ok = $true; value = $produced[0] }
  } catch {
    Write-Answer @{ id = $id; ok = $false; fault = (ConvertTo-Fault $_) }
  }
}
