import { z } from 'zod';
import type { App } from '../app.ts';
import { getSetting } from '../settings/settings.ts';

const TIMEOUT_MS = 10_000;
const SIZE_MAX = 64 << 10;
const EVERY_MS = 24 * 3_600_000;
/** After a failure sooner than after a day, but not with every page. */
const AGAIN_MS = 3_600_000;

const Release = z.object({ version: z.string().regex(/^\d+\.\d+\.\d+(-[\w.]+)?$/), url: z.url({ protocol: /^https$/ }).optional() });
export type Release = z.output<typeof Release>;

/** "0.10.0" is newer than "0.9.3", and than "0.10.0-beta.1". */
export function newer(version: string, than: string): boolean {
  const [a, b] = [version, than].map((text) => {
    const [figures = '', tail] = text.split(/-(.*)/);
    return { figures: figures.split('.').map(Number), tail };
  }) as [{ figures: number[]; tail?: string }, { figures: number[]; tail?: string }];
  for (let i = 0; i < 3; i++) {
    const difference = (a.figures[i] ?? 0) - (b.figures[i] ?? 0);
    if (difference) return difference > 0;
  }
  if (a.tail === b.tail) return false;
  return a.tail === undefined || (b.tail !== undefined && a.tail.localeCompare(b.tail, 'en', { numeric: true }) > 0);
}

/** @throws when there is no answer in time or it is no release. */
export async function fetchRelease(url: string): Promise<Release> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), headers: { accept: 'application/json' }, redirect: 'error' });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return Release.parse(JSON.parse(await readText(url, answer)));
}

/** Counted as it comes, after unpacking: neither a length that is not told nor a bomb takes memory. */
async function readText(url: string, answer: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of answer.body ?? []) {
    size += piece.length;
    if (size > SIZE_MAX) throw new Error(`${url} is larger than a release can be`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

interface Check {
  at: number;
  wait: number;
  release: Release | null;
  going: boolean;
}

const checks = new WeakMap<object, Check>();

/**
 * The newer panel that is known, or null. Never waits: with the setting on it asks once a day in the background, and a
 * page that comes later shows what was found. Off, or without an address: nothing is asked and nothing is shown.
 *
 * @param url answers `{"version": "1.2.3", "url": "https://…"}` to a GET that says nothing about this machine
 */
export function newerPanel(app: Pick<App, 'db' | 'clock' | 'log' | 'version'>, url: string | undefined): Release | null {
  if (!url || !getSetting(app, 'updateCheck')) return null;
  const check = checks.get(app.db) ?? { at: -Infinity, wait: 0, release: null, going: false };
  checks.set(app.db, check);
  if (!check.going && app.clock.monotonic() - check.at >= check.wait) void ask(app, check, url);
  return check.release && newer(check.release.version, app.version) ? check.release : null;
}

async function ask(app: Pick<App, 'clock' | 'log'>, check: Check, url: string) {
  check.going = true;
  try {
    check.release = await fetchRelease(url);
    check.wait = EVERY_MS;
  } catch (error) {
    check.wait = AGAIN_MS;
    app.log.warn('the newest release could not be asked for', { reason: String((error as Error).message ?? error) });
  } finally {
    check.at = app.clock.monotonic();
    check.going = false;
  }
}
