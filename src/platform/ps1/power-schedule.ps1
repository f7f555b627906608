# A restart or shutdown at a time: power-schedule.ps1
#   read     {}   {next, begun, arguments}: when it starts, when it started last; all null where there is none
#   plan     {minutes, hour, minute, arguments}   {}
#   cancel   {}   {}
# What shutdown.exe /t waits for can be asked of nobody afterwards, so it is a task of the Task Scheduler, \Mantou\Power, which starts
# shutdown.exe. What that has begun the panel takes back by shutdown.exe /a. Either minutes from now are given, or an hour and a minute by the clock of the machine, whenever that is next.
# The process stays, and would go on with the time zone that it began with.
# Rights: an administrator; others do not see the task.
param(
  [Parameter(Mandatory = $true)] [string] $Verb,
  [Parameter(Mandatory = $true)] [psobject] $Given
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

# HRESULT of a file and of a folder that are not there, which COM says of tasks.
function Find-Planned {
  $service = New-Object -ComObject 'Schedule.Service'
  $service.Connect()
  try { return $service.GetFolder('\Mantou').GetTask('Power') } catch {
    $code = $_.Exception.GetBaseException().HResult
    if (($code -eq -2147024894) -or ($code -eq -2147024893)) { return $null }
    throw
  }
}

function Read-Planned {
  [TimeZoneInfo]::ClearCachedData()
  $task = Find-Planned
  if (($null -eq $task) -or -not $task.Enabled) { return @{ next = $null; begun = $null; arguments = $null } }
  $arguments = ''
  foreach ($action in $task.Definition.Actions) { $arguments = [string]$action.Arguments }
  return @{ next = (ConvertTo-RunTime $task.NextRunTime); begun = (ConvertTo-RunTime $task.LastRunTime); arguments = $arguments }
}

function Get-Moment([psobject] $Wanted) {
  [TimeZoneInfo]::ClearCachedData()
  $now = [datetime]::Now
  if ($null -ne $Wanted.minutes) { return $now.AddMinutes($Wanted.minutes) }
  $moment = $now.Date.AddHours($Wanted.hour).AddMinutes($Wanted.minute)
  if ($moment -le $now) { $moment = $moment.AddDays(1) }
  return $moment
}

function Register-Planned([datetime] $At, [string] $Arguments) {
  $program = [System.IO.Path]::Combine([Environment]::SystemDirectory, 'shutdown.exe')
  $values = @{
    TaskPath = '\Mantou\'
    TaskName = 'Power'
    Trigger = (New-ScheduledTaskTrigger -Once -At $At)
    Action = (New-ScheduledTaskAction -Execute $program -Argument $Arguments)
    # The machine itself, which has no name that depends on the language.
    Principal = (New-ScheduledTaskPrincipal -UserId 'S-1-5-18' -LogonType 'ServiceAccount' -RunLevel 'Highest')
    Settings = (New-ScheduledTaskSettingsSet -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries -ExecutionTimeLimit (New-TimeSpan -Minutes 10))
    Force = $true
  }
  [void](Register-ScheduledTask @values)
}

switch ($Verb) {
  'read' { return (Read-Planned) }
  'plan' {
    Register-Planned (Get-Moment $Given) $Given.arguments
    return @{}
  }
  'cancel' {
    if ($null -ne (Find-Planned)) { [void](Unregister-ScheduledTask -TaskPath '\Mantou\' -TaskName 'Power' -Confirm:$false) }
    return @{}
  }
  default { throw "power-schedule.ps1 has no verb $Verb" }
}
