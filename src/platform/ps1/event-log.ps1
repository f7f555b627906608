# The event log: event-log.ps1
#   channels   {names}
#   page       {channel, filter, newest, most, letters, patience}   {events: [{record, at, level, provider, event, pid, text, cut}], more, late}
#   event      {channel, record}   {fields: [{name, value}]}, empty when it is gone
# By EventLogReader, which Get-WinEvent is made of: it reads either way, stops where it is told to, and finds nothing without an error.
# The filter is an XPath of the event log, made of numbers and one quoted name; a channel and a filter are values to the reader.
# Texts are in the language of the system; times, numbers and names are as they stand in the event.
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

function Open-Reader([string] $Channel, [string] $Filter, [bool] $Newest) {
  $query = New-Object System.Diagnostics.Eventing.Reader.EventLogQuery($Channel, ([System.Diagnostics.Eventing.Reader.PathType]::LogName), $Filter)
  $query.ReverseDirection = $Newest
  try {
    return (New-Object System.Diagnostics.Eventing.Reader.EventLogReader($query))
  } catch [System.Diagnostics.Eventing.Reader.EventLogNotFoundException] {
    Stop-Call 'not_found' "There is no channel $Channel."
  }
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
      $record = $reader.ReadEvent()
      if ($null -eq $record) { break }
      if ($found.Count -ge $Wish.most) {
        $more = $true
        break
      }
      [void]$found.Add((Read-Event $record $Wish.letters))
      $record.Dispose()
      if ($watch.ElapsedMilliseconds -gt $Wish.patience) {
        $more = $true
        $late = $true
        break
      }
    }
  } finally {
    $reader.Dispose()
  }
  return @{ events = @($found.ToArray()); more = $more; late = $late }
}

function Add-Field([System.Collections.ArrayList] $Fields, [string] $Name, [string] $Value) {
  if ($Value -ne '') { [void]$Fields.Add(@{ name = $Name; value = $Value }) }
}

# What its XML has: elements and attributes of System, then the values of the event under their names.
function Get-OneEvent([string] $Channel, [int64] $Number) {
  $fields = New-Object System.Collections.ArrayList
  $reader = Open-Reader $Channel "*[System[(EventRecordID=$Number)]]" $false
  try {
    $record = $reader.ReadEvent()
    if ($null -eq $record) { return @{ fields = @() } }
    Add-Field $fields 'Message' (Get-EventText $record)
    $document = New-Object System.Xml.XmlDocument
    $document.LoadXml($record.ToXml())
    $record.Dispose()
  } finally {
    $reader.Dispose()
  }
  foreach ($part in $document.DocumentElement.ChildNodes) {
    $nodes = $part.ChildNodes
    # There the provider has put an element of its own around them.
    if (($part.LocalName -eq 'UserData') -and ($null -ne $part.FirstChild)) { $nodes = $part.FirstChild.ChildNodes }
    foreach ($node in $nodes) {
      if (-not ($node -is [System.Xml.XmlElement])) { continue }
      $named = $node.GetAttribute('Name')
      if (($part.LocalName -eq 'EventData') -and ($named -ne '')) {
        Add-Field $fields $named $node.InnerText
        continue
      }
      Add-Field $fields $node.LocalName $node.InnerText
      foreach ($attribute in $node.Attributes) {
        if (-not $attribute.Name.StartsWith('xmlns')) { Add-Field $fields ($node.LocalName + '.' + $attribute.LocalName) $attribute.Value }
      }
    }
  }
  return @{ fields = @($fields.ToArray()) }
}

switch ($Verb) {
  'channels' { return (Get-Channel) }
  'page' { return (Get-Page $Given) }
  'event' { return (Get-OneEvent $Given.channel $Given.record) }
  default { throw "event-log.ps1 has no verb $Verb" }
}
