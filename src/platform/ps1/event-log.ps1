# The event log: event-log.ps1
#   channels   {names}
#   page       {channel, filter, newest, most, letters, patience}   {events: [{record, at, level, provider, event, pid, text, cut}], more, late}
#   event      {channel, record, patience}   {fields: [{name, value}]}, empty when it is gone
#   named      {channel, filter, after, most, patience}   {newest, events: [{record, at, provider, event, user, fields: [{name, value}]}], more}
# By EventLogReader, which Get-WinEvent is made of: it reads either way, stops where it is told to, and finds nothing without an error.
# The filter is an XPath of the event log, made of numbers and one quoted name; a channel and a filter are values to the reader.
# Texts are in the language of the system; times, numbers and names are as they stand in the event. What is named has no texts: it is
# read from the newest back to the record `after`, so that little is looked through however long the log is.
# Rights: any account for most channels; Security and some others are read by administrators.
param(
  [Parameter(Mandatory = $true)] [string] $Verb,
  [Parameter(Mandatory = $true)] [psobject] $Given
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

# Channels that have something: one without events has a file of 68 KiB.
function Get-Channel {
  $names = New-Object System.Collections.ArrayList
  $folder = Join-Path -Path $env:SystemRoot -ChildPath 'System32\winevt\Logs'
  foreach ($file in @(Get-ChildItem -LiteralPath $folder -Filter '*.evtx' -ErrorAction SilentlyContinue)) {
    $name = $file.BaseName.Replace('%4', '/')
    if ($file.Length -gt 69632) { [void]$names.Add($name) }
  }
  return @{ names = @($names.ToArray()) }
}

function Read-Event([object] $Record, [int] $Letters) {
  $level = 0
  if ($null -ne $Record.Level) { $level = [int]$Record.Level }
  $id = $null
  if ($null -ne $Record.ProcessId) { $id = [int64]$Record.ProcessId }
  $text = [string](Get-EventText $Record)
  $cut = $text.Length -gt $Letters
  if ($cut) { $text = $text.Substring(0, $Letters) }
  return @{
    record = [int64]$Record.RecordId
    at = (ConvertTo-Epoch $Record.TimeCreated)
    level = $level
    provider = [string]$Record.ProviderName
    event = [int]$Record.Id
    pid = $id
    text = $text
    cut = [bool]$cut
  }
}

function Get-Page([psobject] $Wish) {
  $watch = [System.Diagnostics.Stopwatch]::StartNew()
  $reader = Open-Reader $Wish.channel $Wish.filter $Wish.newest
  $found = New-Object System.Collections.ArrayList
  $more = $false
  $late = $false
  try {
    while ($true) {
      $next = Read-NextEvent $reader $watch $Wish.patience
      $late = $next.late
      $more = $late
      $record = $next.record
      if ($null -eq $record) { break }
      if ($found.Count -ge $Wish.most) {
        $more = $true
        $record.Dispose()
        break
      }
      [void]$found.Add((Read-Event $record $Wish.letters))
      $record.Dispose()
    }
  } finally {
    $reader.Dispose()
  }
  return @{ events = @($found.ToArray()); more = $more; late = $late }
}

function Add-Field([System.Collections.ArrayList] $Fields, [string] $Name, [string] $Value) {
  if ($Value -ne '') { [void]$Fields.Add(@{ name = $Name; value = $Value }) }
}

# What its XML has: elements and attributes of System where they are asked for, then the values of the event under their names.
function Add-RecordField([System.Collections.ArrayList] $Fields, [object] $Record, [bool] $System) {
  $document = New-Object System.Xml.XmlDocument
  $document.LoadXml($Record.ToXml())
  foreach ($part in $document.DocumentElement.ChildNodes) {
    if (($part.LocalName -eq 'System') -and -not $System) { continue }
    $nodes = $part.ChildNodes
    # There the provider has put an element of its own around them.
    if (($part.LocalName -eq 'UserData') -and ($null -ne $part.FirstChild)) { $nodes = $part.FirstChild.ChildNodes }
    foreach ($node in $nodes) {
      if (-not ($node -is [System.Xml.XmlElement])) { continue }
      $named = $node.GetAttribute('Name')
      if (($part.LocalName -eq 'EventData') -and ($named -ne '')) {
        Add-Field $Fields $named $node.InnerText
        continue
      }
      Add-Field $Fields $node.LocalName $node.InnerText
      foreach ($attribute in $node.Attributes) {
        if (-not $attribute.Name.StartsWith('xmlns')) { Add-Field $Fields ($node.LocalName + '.' + $attribute.LocalName) $attribute.Value }
      }
    }
  }
}

function Get-OneEvent([string] $Channel, [int64] $Number, [int] $Patience) {
  $watch = [System.Diagnostics.Stopwatch]::StartNew()
  $fields = New-Object System.Collections.ArrayList
  $reader = Open-Reader $Channel "*[System[(EventRecordID=$Number)]]" $false
  try {
    $next = Read-NextEvent $reader $watch $Patience
    if ($next.late) { Stop-Call 'unavailable' 'The log did not answer in time.' }
    $record = $next.record
    if ($null -eq $record) { return @{ fields = @() } }
    Add-Field $fields 'Message' (Get-EventText $record)
    Add-RecordField $fields $record $true
    $record.Dispose()
  } finally {
    $reader.Dispose()
  }
  return @{ fields = @($fields.ToArray()) }
}

function Get-Newest([string] $Channel, [System.Diagnostics.Stopwatch] $Watch, [int] $Patience) {
  $reader = Open-Reader $Channel '*' $true
  try {
    $next = Read-NextEvent $reader $Watch $Patience
    if ($next.late) { Stop-Call 'unavailable' 'The log did not answer in time.' }
    $record = $next.record
    if ($null -eq $record) { return [int64]0 }
    $number = [int64]$record.RecordId
    $record.Dispose()
    return $number
  } finally {
    $reader.Dispose()
  }
}

function Read-Named([object] $Record) {
  $fields = New-Object System.Collections.ArrayList
  Add-RecordField $fields $Record $false
  $user = ''
  if ($null -ne $Record.UserId) { $user = [string]$Record.UserId.Value }
  return @{
    record = [int64]$Record.RecordId
    at = (ConvertTo-Epoch $Record.TimeCreated)
    provider = [string]$Record.ProviderName
    event = [int]$Record.Id
    user = $user
    fields = @($fields.ToArray())
  }
}

function Get-Named([psobject] $Wish) {
  $watch = [System.Diagnostics.Stopwatch]::StartNew()
  $newest = [int64](Get-Newest $Wish.channel $watch $Wish.patience)
  $found = New-Object System.Collections.ArrayList
  $more = $false
  if (($newest -le $Wish.after) -or ($Wish.most -le 0)) { return @{ newest = $newest; events = @(); more = $false } }
  $reader = Open-Reader $Wish.channel $Wish.filter $true
  try {
    while ($true) {
      $next = Read-NextEvent $reader $watch $Wish.patience
      $more = $next.late
      $record = $next.record
      if ($null -eq $record) { break }
      if ([int64]$record.RecordId -le $Wish.after) {
        $record.Dispose()
        break
      }
      if ($found.Count -ge $Wish.most) {
        $more = $true
        $record.Dispose()
        break
      }
      [void]$found.Add((Read-Named $record))
      $record.Dispose()
    }
  } finally {
    $reader.Dispose()
  }
  return @{ newest = $newest; events = @($found.ToArray()); more = $more }
}

switch ($Verb) {
  'channels' { return (Get-Channel) }
  'page' { return (Get-Page $Given) }
  'event' { return (Get-OneEvent $Given.channel $Given.record $Given.patience) }
  'named' { return (Get-Named $Given) }
  default { throw "event-log.ps1 has no verb $Verb" }
}
