# Name of the computer: identity.ps1
#   read     {}   {domain}, of a member of one; null outside
#   rename   {name}   {}
# Both names, the present one and that of the next start, are read from the registry (windows/system/identity.ts).
# Rights: any account to read; a new name takes an administrator, and in a domain an account of it, which is not asked for here.
param(
  [Parameter(Mandatory = $true)] [string] $Verb,
  [Parameter(Mandatory = $true)] [psobject] $Given
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

switch ($Verb) {
  'read' {
    $computer = Get-CimInstance -ClassName 'Win32_ComputerSystem' -Property @('PartOfDomain', 'Domain')
    $domain = $null
    if ($computer.PartOfDomain) { $domain = [string]$computer.Domain }
    return @{ domain = $domain }
  }
  'rename' {
    [void](Rename-Computer -NewName ([string]$Given.name) -Force)
    return @{}
  }
  default { throw "identity.ps1 has no verb $Verb" }
}
