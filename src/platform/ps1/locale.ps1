# Locale of the system, by which programs without Unicode read and write: locale.ps1
#   read   {}   {current, written, choices, languages}
#   set    {locale}   {}
# All are names of cultures. `written` counts from the next start on; languages are those that Windows itself can speak.
# Rights: any account to read; setting it takes an administrator.
param(
  [Parameter(Mandatory = $true)] [string] $Verb,
  [Parameter(Mandatory = $true)] [psobject] $Given
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

function Get-CurrentLocale {
  # The process stays, and with it the type.
  if (-not ('MantouLocale' -as [type])) {
    Add-Type -TypeDefinition @'
using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
public static class MantouLocale {
  [DllImport("kernel32.dll", CharSet = CharSet.Unicode, SetLastError = true)]
  static extern int GetSystemDefaultLocaleName(StringBuilder name, int size);
  public static string Current() {
    StringBuilder name = new StringBuilder(85);
    if (GetSystemDefaultLocaleName(name, name.Capacity) == 0) throw new Win32Exception(Marshal.GetLastWin32Error());
    return name.ToString();
  }
}
'@
  }
  return [MantouLocale]::Current()
}

# An LCID in hexadecimal digits; one that stands for no culture of its own (0x1000) is not told.
function Get-WrittenLocale {
  $key = Get-Item -LiteralPath 'HKLM:\SYSTEM\CurrentControlSet\Control\Nls\Locale'
  try { return [System.Globalization.CultureInfo]::GetCultureInfo([Convert]::ToInt32([string]$key.GetValue(''), 16)).Name } catch { return $null }
}

function Read-Locale {
  # Those that are written in Unicode alone have no code page, and Windows refuses them here.
  $choices = New-Object System.Collections.ArrayList
  foreach ($culture in [System.Globalization.CultureInfo]::GetCultures([System.Globalization.CultureTypes]::SpecificCultures)) {
    if ($culture.TextInfo.ANSICodePage -ne 0) { [void]$choices.Add([string]$culture.Name) }
  }
  $system = Get-CimInstance -ClassName 'Win32_OperatingSystem' -Property 'MUILanguages'
  return @{
    current = [string](Get-CurrentLocale)
    written = (Get-WrittenLocale)
    choices = @($choices.ToArray())
    languages = @($system.MUILanguages)
  }
}

switch ($Verb) {
  'read' { return (Read-Locale) }
  'set' {
    [void](Set-WinSystemLocale -SystemLocale ([string]$Given.locale))
    return @{}
  }
  default { throw "locale.ps1 has no verb $Verb" }
}
