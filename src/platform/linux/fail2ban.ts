import { statSync } from 'node:fs';
import { AppError } from '../../lib/errors.ts';
import type { Fail2banDriver, Jail, JailBan } from '../fail2ban.ts';
import { runOk, type Exec } from '../exec.ts';

const SOCKET = '/run/fail2ban/fail2ban.sock';
/** Each question starts a Python. */
const ASK_MS = 15_000;
/** Names of jails change with its configuration, which mostly is with a restart, and that makes the socket anew. */
const NAMES_MS = 600_000;
/** Pages that are open ask again and again. */
const KEPT_MS = 30_000;

/** Through `fail2ban-client`, whose answers are for people: the parts that are read have been the same since 0.9. */
export function createLinuxFail2ban(exec: Exec, isRoot = () => process.getuid?.() === 0): Fail2banDriver {
  let kept: { at: number; jails: Promise<Jail[]> } | null = null;
  let names: { key: string; at: number; list: string[] } | null = null;
  const client = () => (isRoot() ? exec.which('fail2ban-client') : undefined);
  const ask = async (...words: string[]) => {
    const tool = client();
    if (!tool) throw new AppError('unsupported', (t) => t.guard.noFail2ban);
    return runOk(exec, [tool, ...words], { timeout: ASK_MS });
  };

  async function active(): Promise<string[] | null> {
    const key = client() && socketKey();
    if (!key) return null;
    if (names?.key !== key || Date.now() - names.at > NAMES_MS) names = { key, at: Date.now(), list: readJailNames(await ask('status')) };
    return names.list;
  }

  async function change(verb: 'banip' | 'unbanip', name: string, address: string) {
    await ask('set', name, verb, address);
    kept = null;
  }

  async function jail(name: string): Promise<Jail> {
    const [status, banned] = await Promise.all([ask('status', name), ask('get', name, 'banip', '--with-time')]);
    return { name, ...readJailStatus(status), banned: readBans(banned) };
  }

  return {
    active,
    async jails() {
      const found = await active();
      if (!found) return null;
      if (!kept || Date.now() - kept.at > KEPT_MS) {
        const jails = Promise.all(found.map(jail));
        kept = { at: Date.now(), jails };
        jails.catch(() => (kept = null));
      }
      return kept.jails;
    },
    ban: (name, address) => change('banip', name, address),
    unban: (name, address) => change('unbanip', name, address),
    command: (verb, name, address) => `fail2ban-client set ${name} ${verb}ip ${address}`,
  };
}

function socketKey(): string | undefined {
  try {
    const { ino, ctimeMs } = statSync(SOCKET);
    return `${ino} ${ctimeMs}`;
  } catch {
    return undefined;
  }
}

/** `fail2ban-client status`: "`- Jail list:	sshd, nginx-http-auth". A name that begins with a dash would be taken for an option. */
export const readJailNames = (text: string) => (/Jail list:[ \t]*(.*)$/m.exec(text)?.[1] ?? '').split(',').map((name) => name.trim()).filter((name) => /^[A-Za-z0-9][\w.-]*$/.test(name));

/** `fail2ban-client status sshd`: "   |- Total failed:	18". */
export function readJailStatus(text: string): Omit<Jail, 'name' | 'banned'> {
  const figure = (label: string) => Number(new RegExp(`${label}:\\s*(\\d+)`).exec(text)?.[1] ?? 0);
  return { failed: figure('Currently failed'), failedTotal: figure('Total failed'), bannedTotal: figure('Total banned') };
}

/**
 * `fail2ban-client get sshd banip --with-time`, in the time of the machine:
 * "198.18.5.2 	2026-11-29 05:44:34 + 600 = 2026-11-29 05:54:34"; one for good has "+ -1".
 */
export function readBans(text: string): JailBan[] {
  return text.split('\n').flatMap((line) => {
    const [, address, seconds, day, time] = /^(\S+)\s+\S+ \S+ \+ (-?\d+) = (\S+) (\S+)\s*$/.exec(line) ?? [];
    if (!address) return [];
    const until = Date.parse(`${day}T${time}`);
    return [{ address, until: Number(seconds) < 0 || Number.isNaN(until) ? null : until }];
  });
}
