import type { ArmedChange, ArmedResult } from '../core/armed/armed.ts';
import type { Permission } from '../core/access.ts';
import type { Format } from '../i18n/format.ts';
import type { Lang } from '../i18n/languages.ts';
import type { Messages } from '../i18n/en.ts';

export type Theme = 'light' | 'dark' | 'system';
export type Density = 'compact' | 'cozy';

/** What every view is given, explicitly: the reader's language and looks, who they are, where they are. */
export interface Ui {
  t: Messages;
  fmt: Format;
  lang: Lang;
  theme: Theme;
  density?: Density;
  /** CSP nonce of this answer. */
  nonce: string;
  /** Path of the page, without the query: marks the current entry of the navigation. */
  path: string;
  /** Path and query, to come back to after a form that belongs to the shell. */
  here?: string;
  /** When the page is rendered, ms since the epoch: relative times count from it. */
  now: number;
  actor: { name: string; role: string } | null;
  can(permission: Permission): boolean;
  /** `css/base.css` → `/assets/<hash>/css/base.css` */
  asset(path: string): string;
  hostname: string;
  version: string;
  tasksRunning: number;
  /** The machine is a Windows, or the made-up one, which is all at once. */
  windows?: boolean;
  /** What reverts by itself unless it is kept, and what has just been reverted; only for who may see it. */
  armed?: { changes: readonly ArmedChange[]; reverted: readonly ArmedResult[] } | undefined;
  /**
   * Of pages about containers: what they call the engine that they show, its name when it is not this machine's, and
   * whether paths of this machine mean nothing there.
   */
  engine?: { id: string; name: string | null; far: boolean } | undefined;
}
