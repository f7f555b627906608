/** What may be asked of each script, held against the scripts by a test. */
export interface Verb {
  /** It changes nothing: asked again when PowerShell died over it. */
  reads?: true;
  /** It may take many seconds: never more than one at a time, so that the quick ones get through. */
  slow?: true;
  /** ms (default 30 000). */
  timeout?: number;
}

const DAY_MS = 86_400_000;

export const VERBS = {
  // Names of members of a domain that does not answer are waited for.
  'accounts.ps1': {
    list: { reads: true, timeout: 60_000 }, 'sign-ins': { reads: true, slow: true, timeout: 20_000 },
    create: {}, remove: { timeout: 300_000 }, enable: {}, disable: {}, password: {}, grant: {}, revoke: {},
  },
  'acl.ps1': { read: { reads: true }, effective: { reads: true }, write: {} },
  'blocks.ps1': { add: { timeout: 60_000 }, set: { timeout: 60_000 }, remove: { timeout: 120_000 }, lifelines: { reads: true } },
  'event-log.ps1': { channels: { reads: true, timeout: 8000 }, page: { reads: true, slow: true }, event: { reads: true }, named: { reads: true, timeout: 15_000 } },
  'exposure.ps1': { listeners: { reads: true }, look: { reads: true } },
  'firewall.ps1': { state: { reads: true, timeout: 15_000 }, names: { reads: true }, add: {}, change: {}, remove: {}, profiles: {} },
  'identity.ps1': { read: { reads: true, timeout: 15_000 }, rename: {} },
  'locale.ps1': { read: { reads: true, timeout: 15_000 }, set: { timeout: 120_000 } },
  'network.ps1': { interfaces: { reads: true, timeout: 20_000 }, servers: {}, search: {} },
  'power-schedule.ps1': { read: { reads: true, timeout: 15_000 }, plan: {}, cancel: {} },
  // What changes has a process of its own (windows/host.ts), one at a time by the task's key. Windows works on some of it for
  // hours, and an end in the middle of it is worse than waiting.
  'optional-features.ps1': {
    list: { reads: true, slow: true, timeout: 120_000 }, one: { reads: true, slow: true, timeout: 60_000 }, roles: { reads: true, slow: true, timeout: 120_000 },
    capabilities: { reads: true, slow: true, timeout: 120_000 }, capability: { reads: true, slow: true, timeout: 60_000 }, add: { timeout: DAY_MS }, remove: { timeout: DAY_MS },
    enable: { timeout: DAY_MS }, disable: { timeout: DAY_MS }, install: { timeout: DAY_MS }, uninstall: { timeout: DAY_MS },
  },
  'rdp.ps1': { state: { reads: true, timeout: 8000 }, sessions: { reads: true } },
  'scheduled-tasks.ps1': { list: { reads: true, slow: true, timeout: 60_000 }, run: {}, stop: {}, enable: {}, disable: {} },
  'service-setup.ps1': { recovery: {}, account: {} },
  'services.ps1': {
    list: { reads: true, timeout: 60_000 }, one: { reads: true }, log: { reads: true, timeout: 15_000 },
    // A service may take its time, and so may those that need it.
    start: { timeout: 120_000 }, stop: { timeout: 120_000 }, restart: { timeout: 240_000 }, enable: {}, manual: {}, disable: {},
  },
  'swap.ps1': { read: { reads: true, timeout: 15_000 }, automatic: {}, write: {}, remove: {} },
  // The service may take its time to end and to start.
  'time.ps1': { read: { reads: true, timeout: 15_000 }, zone: {}, on: { timeout: 120_000 }, off: { timeout: 60_000 }, servers: { timeout: 120_000 } },
  'volumes.ps1': { list: { reads: true, timeout: 8000 } },
  'windows-update.ps1': {
    // These have processes of their own (windows/host.ts): they take many seconds, and what begins goes on for hours.
    list: { reads: true, timeout: 120_000 },
    // It asks a server, and Windows writes down what that says.
    search: { timeout: 45 * 60_000 }, begin: { timeout: 300_000 }, look: { timeout: 60_000 }, stop: { timeout: 60_000 }, hide: { timeout: 120_000 },
  },
  'winget.ps1': { list: { reads: true, timeout: 120_000 } },
} as const satisfies Record<string, Record<string, Verb>>;

export type ScriptName = keyof typeof VERBS;
export type VerbOf<S extends ScriptName> = keyof (typeof VERBS)[S] & string;

export const verbOf = (script: ScriptName, verb: string): Verb => (VERBS[script] as Record<string, Verb>)[verb]!;
