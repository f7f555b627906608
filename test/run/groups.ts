/** Which of the slow files may run beside each other. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Network } from './network.ts';

/** Browsers at once. */
export const BROWSERS = 2;

export interface Group {
  /** Still to run, in order. */
  files: string[];
  /** How many of them at once. */
  most: number;
  running: number;
  /** Where they run: a network for each of those beside each other; none where they run in that of this machine. */
  networks: Network[];
  /** Groups that are over before the first of these begins. */
  after: Group[];
}

const root = join(import.meta.dir, '..', '..');
const uses = (support: RegExp) => (file: string) => support.test(readFileSync(join(root, file), 'utf8'));
/** Of these a file says which machine it is on; most of its time it waits for it. */
const onHost = uses(/support\/(systemd-host|panel-on-host|host-panel|firewall-host)\.ts/);
const onWine = uses(/support\/wine\.ts/);
const size = (file: string) => Bun.file(join(root, file)).size;

/**
 * Hosts with systemd and an engine in them mount hierarchies of control groups that this machine has not. The kernel keeps these
 * for a while, and Docker 20.10 measures no container meanwhile ("no metrics received").
 */
const LAST = /^test\/real\/docker-(install|settings)\./;

/** @param networks one for each browser: what one of them adds to a network is a change to all that load pages there */
export function groupsOf(real: readonly string[], e2e: readonly string[], networks: readonly Network[] = []): Group[] {
  // The largest first, as they tend to take longest: nothing long begins when all others are done.
  const group = (files: readonly string[], most: number, more: Partial<Group> = {}): Group => ({ files: [...files].sort((a, b) => size(b) - size(a)), most, running: 0, networks: [], after: [], ...more });
  const early = real.filter((file) => !LAST.test(file));
  // They share the Windows that Wine keeps. Of the engine they ask nothing.
  const wine = group(early.filter(onWine), 1);
  const hosts = group(early.filter(onHost), 2);
  const rest = group(early.filter((file) => !wine.files.includes(file) && !hosts.files.includes(file)), 2);
  const browser = group(e2e, BROWSERS, { networks: [...networks] });
  return [hosts, browser, rest, wine, group(real.filter((file) => LAST.test(file)), 1, { after: [hosts, browser, rest, wine] })];
}

/** Of those that may run now where the fewest run, as some wait while others work; then where the most is left to do. */
export function next(groups: readonly Group[]): Group | undefined {
  const over = ({ files, running }: Group) => files.length === 0 && running === 0;
  const ready = groups.filter(({ files, running, most, after }) => files.length > 0 && running < most && after.every(over));
  return ready.sort((a, b) => a.running - b.running || b.files.length / b.most - a.files.length / a.most)[0];
}
