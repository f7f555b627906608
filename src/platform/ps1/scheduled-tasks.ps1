# Tasks of the Task Scheduler: scheduled-tasks.ps1
#   list      {tasks: [{path, name, state, enabled, hidden, author, description, account, level, actions, triggers, lastRun, nextRun, lastResult, missed}]}
#   run       {path}   {}
#   stop      {path}   {}
#   enable    {path}   {}
#   disable   {path}   {}
# By the COM object Schedule.Service, which every Windows since Vista has: one process gives all tasks in a second, where the
# module ScheduledTasks asks for each of them on its own. Numbers are those of taskschd.h.
# Rights: tasks of others are seen and changed by administrators.
param(
  [Parameter(Mandatory = $true)] [string] $Verb,
  [Parameter(Mandatory = $true)] [psobject] $Given
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

function Connect-Scheduler {
  $service = New-Object -ComObject 'Schedule.Service'
  $service.Connect()
  return $service
}

# Kinds of actions: 0 starts a program, 5 asks a COM class; the others are no longer run by Windows.
function Get-ActionText([object] $Action) {
  if ($Action.Type -eq 0) { return ([string]$Action.Path + ' ' + [string]$Action.Arguments).Trim() }
  if ($Action.Type -eq 5) { return [string]$Action.ClassId }
  return ('type ' + [string]$Action.Type)
}

function Read-Task([object] $Task) {
  $definition = $Task.Definition
  $actions = @()
  foreach ($action in $definition.Actions) { $actions += [string](Get-ActionText $action) }
  $triggers = @()
  foreach ($trigger in $definition.Triggers) { $triggers += [int]$trigger.Type }
  $account = [string]$definition.Principal.UserId
  if ($account -eq '') { $account = [string]$definition.Principal.GroupId }
  return @{
    path = [string]$Task.Path
    name = [string]$Task.Name
    state = [int]$Task.State
    enabled = [bool]$Task.Enabled
    hidden = [bool]$definition.Settings.Hidden
    author = [string]$definition.RegistrationInfo.Author
    description = [string]$definition.RegistrationInfo.Description
    account = $account
    level = [int]$definition.Principal.RunLevel
    actions = @($actions)
    triggers = @($triggers)
    lastRun = (ConvertTo-RunTime $Task.LastRunTime)
    nextRun = (ConvertTo-RunTime $Task.NextRunTime)
    lastResult = [int64]$Task.LastTaskResult
    missed = [int]$Task.NumberOfMissedRuns
  }
}

# Hidden tasks as well: 1 is TASK_ENUM_HIDDEN. One that cannot be read is left out, and the others are told.
function Get-AllTask {
  $service = Connect-Scheduler
  $found = New-Object System.Collections.ArrayList
  $folders = New-Object System.Collections.Queue
  $folders.Enqueue($service.GetFolder('\'))
  while ($folders.Count -gt 0) {
    $folder = $folders.Dequeue()
    foreach ($task in $folder.GetTasks(1)) {
      try { [void]$found.Add((Read-Task $task)) } catch { continue }
    }
    foreach ($below in $folder.GetFolders(0)) { $folders.Enqueue($below) }
  }
  return @{ tasks = @($found.ToArray()) }
}

function Find-Task([string] $Path) {
  $at = $Path.LastIndexOf('\')
  $folderPath = $Path.Substring(0, $at)
  if ($folderPath -eq '') { $folderPath = '\' }
  return (Connect-Scheduler).GetFolder($folderPath).GetTask($Path.Substring($at + 1))
}

switch ($Verb) {
  'list' { return (Get-AllTask) }
  'run' {
    [void](Find-Task $Given.path).Run($null)
    return @{}
  }
  'stop' {
    (Find-Task $Given.path).Stop(0)
    return @{}
  }
  'enable' {
    $task = Find-Task $Given.path
    $task.Enabled = $true
    return @{}
  }
  'disable' {
    $task = Find-Task $Given.path
    $task.Enabled = $false
    return @{}
  }
  default { throw "scheduled-tasks.ps1 has no verb $Verb" }
}
