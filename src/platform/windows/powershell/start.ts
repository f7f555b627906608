import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { converse, type Exec } from '../../exec.ts';
import { scripts as texts, type ScriptRunner } from '../../scripts.ts';
import { createPowerShell, type LIMITS, type PowerShell } from './powershell.ts';

/** What modules of Windows, and installers, ask the environment for. Not PSModulePath: that of a PowerShell 7 above us breaks 5.1, which makes its own. */
const KEPT = /^(systemdrive|windir|comspec|pathext|os|processor_\w+|number_of_processors|program(files|data|w6432)(\(x86\))?|commonprogram\w*(\(x86\))?|public|allusersprofile|userprofile|username|userdomain|appdata|localappdata|computername)$/i;

/** 5.1 is part of Windows, with all of its modules; 7 knows some of them only by way of 5.1, and stands in where 5.1 was taken out. */
export function findPowerShell(exec: Exec, programs = process.env.ProgramFiles ?? 'C:\\Program Files'): string | undefined {
  const seven = join(programs, 'PowerShell', '7', 'pwsh.exe');
  return exec.which('powershell') ?? (existsSync(seven) ? seven : undefined);
}

/** What is kept of the panel's own environment. */
export const keptEnvironment = (): Record<string, string> => Object.fromEntries(Object.entries(process.env).filter((pair): pair is [string, string] => KEPT.test(pair[0]) && pair[1] !== undefined));

/** The PowerShell of this machine; the host script lies in the data directory, which only the panel's account may write to. */
export function startPowerShell(exec: Exec, scripts: ScriptRunner, limits: Partial<typeof LIMITS> = {}): PowerShell {
  const env = { ...keptEnvironment(), POWERSHELL_TELEMETRY_OPTOUT: '1', POWERSHELL_UPDATECHECK: 'Off' };
  return createPowerShell({
    program: () => findPowerShell(exec),
    start: (program) => converse([program, '-NoLogo', '-NoProfile', '-NonInteractive', '-ExecutionPolicy', 'Bypass', '-File', scripts.place('host.ps1')], env),
    text: (script) => texts[script]!,
    limits,
  });
}
