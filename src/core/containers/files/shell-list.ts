import { nameOf, systemName } from '../../../lib/file-name.ts';
import { AppError } from '../../../lib/errors.ts';
import type { App } from '../../app.ts';
import type { ListedEntry } from '../../files/listing/look.ts';
import { ranIn, spelled, unspell } from '../run-in.ts';
import { kindOfMode } from './entries.ts';

/** What a container may answer with: 100,000 names of usual length. */
const ANSWER_MOST = 24 << 20;
const NO_FOLDER = 3;
const NO_TOOLS = 4;

/**
 * Lists a folder by what is in nearly every image: sh, stat and xargs (GNU, busybox and toybox have all of it). Before each entry
 * stands a mark that no name can contain, as nobody knew it before; names may hold anything, and none is ever a word of a line.
 *
 *     /etc␊<mark>41ed 4096 0 0 root root 1790626500 ./ssl/<mark>/./ssl␊<mark>a1ff 12 … ./mtab/<mark>/./mtab -> /proc/mounts␊<mark>>81a4 ./mtab␊
 */
export const LIST = [
  unspell('p', 1),
  'm=$2',
  `cd "$p" 2>/dev/null || { [ -d "$p" ] && exit 13; exit ${NO_FOLDER}; }`,
  `command -v stat >/dev/null && command -v xargs >/dev/null || exit ${NO_TOOLS}`,
  'pwd -P',
  'all() { for f in ./* ./.[!.]* ./..?*; do if [ -e "$f" ] || [ -L "$f" ]; then printf \'%s\\000\' "$f"; fi; done; }',
  'links() { for f in ./* ./.[!.]* ./..?*; do if [ -L "$f" ]; then printf \'%s\\000\' "$f"; fi; done; }',
  // The last name is one that is always there: xargs would run once without any.
  '{ all; printf \'.\\000\'; } | xargs -0 stat -c "$m%f %s %u %g %U %G %Y %n/$m/%N" 2>/dev/null',
  '{ links; printf \'.\\000\'; } | xargs -0 stat -L -c "$m>%f %n" 2>/dev/null',
  'exit 0',
].join('\n');

export interface ShellListing {
  /** Where the folder is without links. */
  real: string;
  entries: ListedEntry[];
  complete: boolean;
}

/** @returns null where the container has no shell, or not the tools. @throws AppError not_found, denied, conflict (it does not run) */
export async function listByShell(app: App, id: string, path: string): Promise<ShellListing | null> {
  const mark = `@${Buffer.from(app.random.bytes(12)).toString('hex')}:`;
  const { code, out, cut } = await ranIn(app, id, LIST, [spelled(systemName(path)), mark], { most: ANSWER_MOST });
  if (code === NO_FOLDER) throw new AppError('not_found', (t) => t.containerFiles.errors.noFolder);
  if (code === 13) throw new AppError('denied', (t) => t.containerFiles.errors.notRead);
  if (code !== 0) return null;
  return { ...parseShellListing(out, mark), complete: !cut };
}

/** A name has 255 bytes at most, and a link leads to 4095 of them. */
const RECORD_MOST = 8192;
const LINE = /^([0-9a-f]{1,8}) (\d+) (\d+) (\d+) (\S+) (\S+) (-?\d+) $/;

/** Everything in it was said by the container: what does not fit is left out. */
export function parseShellListing(out: Buffer, mark: string): Omit<ShellListing, 'complete'> {
  const [first = Buffer.alloc(0), ...records] = split(out, Buffer.from(mark));
  const entries: ListedEntry[] = [];
  const leads = new Map<string, number>();
  for (let i = 0; i < records.length; i++) {
    const record = records[i]!;
    if (record.length > RECORD_MOST) continue;
    if (record[0] === 0x3e) {
      const [, mode, name] = /^>([0-9a-f]{1,8}) ([^]*)\n$/.exec(record.toString('latin1')) ?? [];
      if (mode && name) leads.set(name, parseInt(mode, 16));
      continue;
    }
    // `41ed 4096 … ./name/` and, behind the mark that follows, `/./name -> target␊`.
    const text = record.toString('latin1');
    const begin = text.indexOf(' ./');
    const facts = LINE.exec(text.slice(0, begin + 1));
    if (!facts || !text.endsWith('/')) continue;
    const raw = text.slice(begin + 1, -1);
    const name = nameOf(Buffer.from(raw.slice(2), 'latin1'));
    if (name === '' || name === '.' || name === '..' || name.includes('/')) continue;
    entries.push(entryOf(name, facts, targetOf(records[++i]?.toString('latin1', 0, RECORD_MOST) ?? '', raw)));
  }
  for (const entry of entries) {
    if (!entry.link) continue;
    const mode = leads.get(`./${Buffer.from(systemName(entry.name) as string).toString('latin1')}`);
    entry.link = mode === undefined ? { ...entry.link, state: 'broken' } : { ...entry.link, type: kindOfMode(mode).type };
  }
  return { real: nameOf(first.subarray(0, first.lastIndexOf(0x0a))) || '/', entries };
}

function entryOf(name: string, [, mode = '', size, uid, gid, owner = '', group = '', modified]: readonly string[], target: string): ListedEntry {
  const bits = parseInt(mode, 16);
  const kind = kindOfMode(bits);
  return {
    name, ...kind, size: kind.type === 'folder' ? null : Number(size), mode: bits & 0o7777, uid: Number(uid), gid: Number(gid),
    owner: owner === 'UNKNOWN' ? uid! : owner, group: group === 'UNKNOWN' ? gid! : group, modified: Number(modified) * 1000, gone: false, mount: null,
    link: kind.type === 'link' ? { path: target, state: 'ok', type: null } : null,
  };
}

/** `/./a -> b␊` as GNU's stat says it when it is asked for no quotes, `/'./a' -> 'b'␊` as busybox does. */
function targetOf(text: string, raw: string): string {
  const said = text.slice(1).replace(/\n$/, '');
  for (const [before, after] of [[`${raw} -> `, ''], [`'${raw}' -> '`, "'"]] as const) {
    if (said.startsWith(before) && said.endsWith(after)) return nameOf(Buffer.from(said.slice(before.length, said.length - after.length), 'latin1'));
  }
  return '';
}

function split(bytes: Buffer, mark: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  let from = 0;
  for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, from)) {
    parts.push(bytes.subarray(from, at));
    from = at + mark.length;
  }
  return [...parts, bytes.subarray(from)];
}
