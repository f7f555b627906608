/** What may be asked of each script, held against the scripts by a test. */
export interface Verb {
  /** It changes nothing: asked again when PowerShell died over it. */
  reads?: true;
  /** It may take many seconds: never more than one at a time, so that the quick ones get through. */
  slow?: true;
  /** ms (default 30 000). */
  timeout?: number;
}

export const VERBS = {
  'acl.ps1': { read: { reads: true }, effective: { reads: true }, write: {} },
  'event-log.ps1': { channels: { reads: true, timeout: 8000 }, page: { reads: true, slow: true }, event: { reads: true } },
  'firewall.ps1': { state: { reads: true, timeout: 15_000 }, names: { reads: true }, add: {}, change: {}, remove: {}, profiles: {} },
  'rdp.ps1': { state: { reads: true, timeout: 8000 }, sessions: { reads: true } },
  'scheduled-tasks.ps1': { list: { reads: true, slow: true, timeout: 60_000 }, run: {}, stop: {}, enable: {}, disable: {} },
  'services.ps1': {
    list: { reads: true, timeout: 60_000 }, one: { reads: true }, log: { reads: true, timeout: 15_000 },
    // A service may take its time, and so may those that need it.
    start: { timeout: 120_000 }, stop: { timeout: 120_000 }, restart: { timeout: 240_000 }, enable: {}, manual: {}, disable: {},
  },
  'volumes.ps1': { list: { reads: true, timeout: 8000 } },
} as const satisfies Record<string, Record<string, Verb>>;

export type ScriptName = keyof typeof VERBS;
export type VerbOf<S extends ScriptName> = keyof (typeof VERBS)[S] & string;

export const verbOf = (script: ScriptName, verb: string): Verb => (VERBS[script] as Record<string, Verb>)[verb]!;
