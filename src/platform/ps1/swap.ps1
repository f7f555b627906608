# Page files: swap.ps1
#   read        {}   {automatic, used: [{path, size, used, temporary}], files: [{path, initial, maximum}], disks: [{path, free}]}
#   automatic   {}   {}
#   write       {path, initial, maximum}   {}
#   remove      {path}   {}
# `used` is how it is now, `files` how it is from the next start on. Sizes are MiB, free is bytes; 0 and 0: as Windows finds good.
# Rights: any account to read; the others take an administrator.
param(
  [Parameter(Mandatory = $true)] [string] $Verb,
  [Parameter(Mandatory = $true)] [psobject] $Given
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

function Read-PageFile {
  $computer = Get-CimInstance -ClassName 'Win32_ComputerSystem' -Property 'AutomaticManagedPagefile'
  $used = @()
  foreach ($one in @(Get-CimInstance -ClassName 'Win32_PageFileUsage')) {
    $used += @{ path = [string]$one.Name; size = [int64]$one.AllocatedBaseSize; used = [int64]$one.CurrentUsage; temporary = [bool]$one.TempPageFile }
  }
  $files = @()
  foreach ($one in @(Get-CimInstance -ClassName 'Win32_PageFileSetting')) {
    $files += @{ path = [string]$one.Name; initial = [int64]$one.InitialSize; maximum = [int64]$one.MaximumSize }
  }
  $disks = @()
  foreach ($drive in [System.IO.DriveInfo]::GetDrives()) {
    if (([int]$drive.DriveType -eq 3) -and $drive.IsReady) { $disks += @{ path = [string]$drive.Name; free = [int64]$drive.AvailableFreeSpace } }
  }
  return @{ automatic = [bool]$computer.AutomaticManagedPagefile; used = @($used); files = @($files); disks = @($disks) }
}

function Set-Automatic([bool] $On) {
  $computer = Get-CimInstance -ClassName 'Win32_ComputerSystem'
  if ([bool]$computer.AutomaticManagedPagefile -ne $On) { [void](Set-CimInstance -InputObject $computer -Property @{ AutomaticManagedPagefile = $On }) }
}

# Names of files are compared without regard to case, and never become part of a query.
function Find-PageFile([string] $Path) {
  foreach ($one in @(Get-CimInstance -ClassName 'Win32_PageFileSetting')) {
    if ([string]::Equals([string]$one.Name, $Path, [StringComparison]::OrdinalIgnoreCase)) { return $one }
  }
  return $null
}

function Write-PageFile([string] $Path, [int64] $Initial, [int64] $Maximum) {
  $sizes = @{ InitialSize = [uint32]$Initial; MaximumSize = [uint32]$Maximum }
  Set-Automatic $false
  $file = Find-PageFile $Path
  # A new one gets its sizes as one does that is there.
  if ($null -eq $file) { $file = New-CimInstance -ClassName 'Win32_PageFileSetting' -Property @{ Name = $Path } }
  [void](Set-CimInstance -InputObject $file -Property $sizes)
}

switch ($Verb) {
  'read' { return (Read-PageFile) }
  'automatic' {
    Set-Automatic $true
    return @{}
  }
  'write' {
    Write-PageFile $Given.path $Given.initial $Given.maximum
    return @{}
  }
  'remove' {
    $file = Find-PageFile $Given.path
    if ($null -eq $file) { Stop-Call 'not_found' 'There is no such page file.' }
    Set-Automatic $false
    [void](Remove-CimInstance -InputObject $file)
    return @{}
  }
  default { throw "swap.ps1 has no verb $Verb" }
}
