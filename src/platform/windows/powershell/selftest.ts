import type { z } from 'zod';
import { ZodError } from 'zod';
import { AppError } from '../../../lib/errors.ts';
import { Lifelines } from '../blocks/blocks.ts';
import { EffectiveRights, NtfsList } from '../files/acl.ts';
import { EventChannels, EventFields, EventPage } from '../logs/logs.ts';
import { Listeners, Look } from '../exposure/exposure.ts';
import { FirewallFacts, RuleNames } from '../firewall/policy.ts';
import { AccountList, AccountSignIns } from '../accounts/answers.ts';
import { CapabilityAnswer, FeatureAnswer, OneCapability, OneFeature, RoleAnswer } from '../optional-features.ts';
import { RdpService, RdpSessions } from '../rdp.ts';
import { TaskList } from '../scheduled-tasks.ts';
import { NamedEvents } from '../sign-ins/events.ts';
import { ServiceAnswer, ServiceLog, ServicesAnswer } from '../services/answers.ts';
import { NetworkAnswer } from '../system/interfaces.ts';
import { IdentityAnswer } from '../system/identity.ts';
import { LocaleAnswer } from '../system/locale.ts';
import { PlannedAnswer } from '../system/power-schedule.ts';
import { PagingAnswer } from '../system/swap.ts';
import { TimeAnswer } from '../system/time.ts';
import { VolumeList } from '../files/volumes.ts';
import { WindowsUpdates } from '../packages/windows-update.ts';
import { WingetPackages } from '../packages/winget.ts';
import type { Fault, Greeting } from './lane.ts';
import type { PowerShell } from './powershell.ts';
import { VERBS, type ScriptName } from './verbs.ts';

interface Trial {
  /** Values that every Windows can be asked with. */
  given: object;
  /** What the driver takes. */
  answer: z.ZodType;
}

const WINDOWS = process.env.SystemRoot ?? 'C:\\Windows';
/** BUILTIN\Users, whatever it is called in the language of the system ([MS-DTYP] 2.4.2.4). */
const USERS = 'S-1-5-32-545';
/** NT AUTHORITY\\SYSTEM, who is on every Windows. */
const SYSTEM = 'S-1-5-18';

type Reading<Verbs> = { [V in keyof Verbs]: Verbs[V] extends { reads: true } ? V : never }[keyof Verbs];

/** Every verb that only reads: the compiler wants a row for each. */
export const TRIALS: { [S in ScriptName]: Record<Reading<(typeof VERBS)[S]>, Trial> } = {
  'accounts.ps1': { list: { given: {}, answer: AccountList }, 'sign-ins': { given: { sid: SYSTEM, most: 5, patience: 5000 }, answer: AccountSignIns } },
  'acl.ps1': {
    read: { given: { path: WINDOWS }, answer: NtfsList },
    effective: { given: { path: WINDOWS, account: USERS }, answer: EffectiveRights },
  },
  'blocks.ps1': { lifelines: { given: {}, answer: Lifelines } },
  'event-log.ps1': {
    channels: { given: {}, answer: EventChannels },
    page: { given: { channel: 'System', filter: '*[System[(Level=2 or Level=3)]]', newest: true, most: 50, letters: 1000, patience: 5000 }, answer: EventPage },
    event: { given: { channel: 'System', record: 1, patience: 5000 }, answer: EventFields },
    named: { given: { channel: 'System', filter: `*[System[(Provider[@Name='EventLog'] and (EventID=6005 or EventID=6006)) or (EventRecordID<=1)]]`, after: 1, most: 20, patience: 2000 }, answer: NamedEvents },
  },
  'exposure.ps1': { listeners: { given: {}, answer: Listeners }, look: { given: {}, answer: Look } },
  'firewall.ps1': { state: { given: {}, answer: FirewallFacts }, names: { given: { names: ['@FirewallAPI.dll,-28502'] }, answer: RuleNames } },
  'identity.ps1': { read: { given: {}, answer: IdentityAnswer } },
  'locale.ps1': { read: { given: {}, answer: LocaleAnswer } },
  'network.ps1': { interfaces: { given: {}, answer: NetworkAnswer } },
  'power-schedule.ps1': { read: { given: {}, answer: PlannedAnswer } },
  'optional-features.ps1': {
    list: { given: {}, answer: FeatureAnswer }, one: { given: { name: 'TelnetClient' }, answer: OneFeature }, roles: { given: {}, answer: RoleAnswer },
    capabilities: { given: {}, answer: CapabilityAnswer }, capability: { given: { name: 'OpenSSH.Server~~~~0.0.1.0' }, answer: OneCapability },
  },
  'rdp.ps1': { state: { given: {}, answer: RdpService }, sessions: { given: {}, answer: RdpSessions } },
  'scheduled-tasks.ps1': { list: { given: {}, answer: TaskList } },
  'service-setup.ps1': {},
  'services.ps1': { list: { given: {}, answer: ServicesAnswer }, one: { given: { name: 'EventLog' }, answer: ServiceAnswer }, log: { given: { name: 'EventLog', most: 20, patience: 5000 }, answer: ServiceLog } },
  'swap.ps1': { read: { given: {}, answer: PagingAnswer } },
  'time.ps1': { read: { given: {}, answer: TimeAnswer } },
  'volumes.ps1': { list: { given: {}, answer: VolumeList } },
  'windows-update.ps1': { list: { given: {}, answer: WindowsUpdates } },
  'winget.ps1': { list: { given: {}, answer: WingetPackages } },
};

/**
 * Asks each script what it can be asked without changing anything; one line for each, in English.
 * The lines hold names of errors, numbers and places in the answers, never what was answered: they can be shown to strangers.
 * @returns how many did not answer as the panel expects
 */
export async function selftest(shell: PowerShell, print: (line: string) => void): Promise<number> {
  const greeting = await shell.greeting().catch((error: unknown) => error as Error);
  print(greeting instanceof Error ? `PowerShell does not start: ${reason(greeting)}` : describe(greeting));
  let failed = greeting instanceof Error ? 1 : 0;
  if (greeting instanceof Error) return failed;
  for (const [script, verbs] of Object.entries(TRIALS) as [ScriptName, Record<string, Trial>][]) {
    for (const [verb, { given, answer }] of Object.entries(verbs)) {
      const begun = performance.now();
      const found = await shell.call(script, verb as never, given, answer).then((value) => ({ size: JSON.stringify(value).length }), (error: unknown) => error as Error);
      const ms = `${Math.round(performance.now() - begun)} ms`.padStart(9);
      const good = !(found instanceof Error);
      if (!good) failed++;
      print(`${good ? 'ok  ' : 'fail'} ${ms}  ${script} ${verb}${good ? `: ${found.size} bytes` : `: ${reason(found)}`}`);
    }
  }
  return failed;
}

const describe = ({ version, os, language, codePage, elevated, wide }: Greeting) =>
  `PowerShell ${version}, Windows ${os}, ${language}, code page ${codePage}, ${elevated ? 'elevated' : 'not elevated'}, ${wide ? 64 : 32} bits`;

/** Names and numbers of what went wrong; messages stay out, they may name accounts and folders. */
function reason(error: Error): string {
  if (!(error instanceof AppError)) return error.name;
  const { cause } = error;
  if (cause instanceof ZodError) return `answer of another shape: ${cause.issues.slice(0, 5).map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`;
  const fault = cause as Fault | undefined;
  if (!fault?.category) return error.code;
  const { code, category, type, hresult, native, line } = fault;
  return [error.code, code, category, type, `0x${(hresult >>> 0).toString(16).padStart(8, '0')}`, native ? `Win32 ${native}` : '', `line ${line}`].filter(Boolean).join(', ');
}
