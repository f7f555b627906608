import { constants } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SshPerson } from '../../ssh-server.ts';

/** Accounts that end at once are for services. */
const NO_LOGIN = /(^|\/)(nologin|false|true|sync|halt|shutdown)$/;
/** Groups whose members sudo lets do everything: Debian and Ubuntu, Red Hat and Arch, older Ubuntu. */
const ADMIN_GROUPS = new Set(['sudo', 'wheel', 'admin']);
const MOST = 500;
const KEYS_MOST = 1 << 18;

/**
 * Who may sign in: passwd(5), group(5), shadow(5), and the keys in their homes.
 * @param patterns AuthorizedKeysFile, relative to the home, with %h and %u
 */
export async function readPeople(patterns: readonly string[]): Promise<SshPerson[]> {
  const [passwd, group, shadow] = await Promise.all(['passwd', 'group', 'shadow'].map((name) => readFile(`/etc/${name}`, 'utf8').catch(() => '')));
  const people = parsePeople(passwd!, group!, shadow!).slice(0, MOST);
  const counted: SshPerson[] = [];
  for (const { home, ...person } of people) counted.push({ ...person, keys: await countKeys(person.name, home, patterns), groups: [] });
  return counted;
}

/**
 *     root:x:0:0:root:/root:/bin/bash            passwd
 *     sudo:x:27:lin,eva                          group
 *     root:$y$j9T$…:19000:0:99999:7:::           shadow; `*` and `!…` are no password
 */
export function parsePeople(passwd: string, group: string, shadow: string): (Omit<SshPerson, 'keys' | 'groups'> & { home: string })[] {
  const rows = (text: string) => text.split('\n').map((line) => line.split(':'));
  const admins = rows(group).filter(([name]) => ADMIN_GROUPS.has(name ?? ''));
  const members = new Set(admins.flatMap(([, , , names = '']) => names.split(',')));
  const gids = new Set(admins.map(([, , gid]) => gid));
  const hashes = new Map(rows(shadow).map(([name = '', hash = '']) => [name, hash]));
  return rows(passwd).flatMap(([name = '', , uid = '', gid = '', , home = '', shell = '']) => {
    if (!name || !/^\d+$/.test(uid) || NO_LOGIN.test(shell.trim())) return [];
    const root = uid === '0';
    return [{ name, root, admin: root || members.has(name) || gids.has(gid), password: /^[^!*]/.test(hashes.get(name) ?? ''), home }];
  });
}

async function countKeys(name: string, home: string, patterns: readonly string[]): Promise<number> {
  let count = 0;
  for (const pattern of patterns) {
    const path = pattern.replaceAll('%h', home).replaceAll('%u', name).replaceAll('%%', '%');
    const text = await readKeys(path.startsWith('/') ? path : join(home, path));
    count += text.split('\n').filter((line) => /^\s*[^#\s]/.test(line)).length;
  }
  return count;
}

/** In somebody else's home: it may be a pipe that nobody writes to, a device, or without an end. */
async function readKeys(path: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY).catch(() => null);
  if (!file) return '';
  try {
    const facts = await file.stat();
    if (!facts.isFile()) return '';
    const size = Math.min(facts.size, KEYS_MOST);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } catch {
    return '';
  } finally {
    await file.close();
  }
}
