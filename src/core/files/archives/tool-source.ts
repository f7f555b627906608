import { constants } from 'node:fs';
import { mkdir, open, unlink, writeFile } from 'node:fs/promises';
import { AppError } from '../../../lib/errors.ts';
import { isBroken } from '../../../lib/file-name.ts';
import type { App } from '../../app.ts';
import { partsOf } from './entry-name.ts';
import { Refusal } from './refusal.ts';
import type { ArchiveEntry, ArchiveSource, OpenOptions } from './source.ts';

const LIST_CAP = 256 << 20;
const DAY_MS = 86_400_000;
const PIECE = 256 << 10;

export interface ToolOptions extends OpenOptions {
  /** An empty folder of the panel's own that the tool may write to; without one only names are read. */
  scratch?: string | undefined;
}

/**
 * 7z and rar, through 7-Zip. It is told the names of plain files that are safe, one a line, and nothing else: links,
 * devices and names that lead elsewhere never reach it. What it wrote is then read like any other entry. The password
 * goes to its standard input. The archive and the folder are what is held open, whatever has their names meanwhile: a
 * further volume of an archive has no name there, and is not found.
 */
export async function openWithTool(app: App, tool: string, path: string, size: number, options: ToolOptions): Promise<ArchiveSource> {
  const at = forChild(path);
  const listed = parseListing(await run(app, [tool, 'l', '-slt', '-ba', '-sccUTF-8', '--', at], options));
  const total = listed.reduce((sum, one) => sum + one.size, 0) || 1;
  let done = 0;
  let unpacked = false;
  async function* entries(): AsyncGenerator<ArchiveEntry> {
    for (const one of listed) {
      options.signal.throwIfAborted();
      // Entries are packed together: each has its share.
      yield { ...one, packed: Math.ceil((one.size / total) * size), read: (take) => read(one, take), target: () => Promise.reject(new Refusal('linkTool')) };
      done += one.size;
    }
  }
  async function read(one: Listed, take: (piece: Uint8Array) => Promise<void>) {
    const { scratch } = options;
    if (!scratch) throw new Refusal('damaged');
    if (!unpacked) await unpack(app, tool, at, listed, scratch, options);
    unpacked = true;
    await readOut(`${scratch}/out/${one.name}`, take);
  }
  return { entries, size, streamed: false, position: () => Math.round((done / total) * size), close: async () => {} };
}

async function unpack(app: App, tool: string, at: string, listed: readonly Listed[], scratch: string, options: ToolOptions) {
  const names = listed.filter((one) => one.type === 'file' && isSafe(one.name)).map(({ name }) => name);
  const list = `${scratch}/names`;
  await writeFile(list, `${names.join('\n')}\n`, { mode: 0o600 });
  await mkdir(`${scratch}/out`, { mode: 0o700 });
  await run(app, [tool, 'x', '-y', '-spd', '-scsUTF-8', '-bb0', '-bd', `-o${forChild(scratch)}/out`, `-i@${forChild(list)}`, '--', at], options);
}

/** Another process has other descriptors (Linux). */
const forChild = (at: string) => at.replace(/^\/proc\/self\//, `/proc/${process.pid}/`);

function isSafe(name: string): boolean {
  try {
    return !isBroken(name) && partsOf('posix', name).join('/') === name;
  } catch {
    return false;
  }
}

async function run(app: App, argv: readonly [string, ...string[]], { password, signal }: ToolOptions): Promise<string> {
  const result = await app.exec.run(argv, { stdin: `${password ?? ''}\n`, timeout: DAY_MS, cap: LIST_CAP, signal });
  signal.throwIfAborted();
  if (result.code === 0) return result.stdout;
  const said = `${result.stdout}\n${result.stderr}`;
  if (/wrong password|enter password|encrypted/i.test(said)) throw new AppError('invalid', (t) => t.archives.refused[password ? 'wrongPassword' : 'needsPassword'], { field: 'password' });
  throw new AppError('invalid', (t) => t.archives.errors.broken, { detail: said.trim().split('\n').slice(-5).join('\n') });
}

async function readOut(path: string, take: (piece: Uint8Array) => Promise<void>) {
  const handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)).catch(() => null);
  if (!handle) throw new Refusal('damaged');
  try {
    if (!(await handle.stat()).isFile()) throw new Refusal('damaged');
    for (;;) {
      const piece = new Uint8Array(PIECE);
      const { bytesRead } = await handle.read(piece, 0, PIECE);
      if (bytesRead === 0) break;
      await take(piece.subarray(0, bytesRead));
    }
  } finally {
    await handle.close();
  }
  await unlink(path).catch(() => {});
}

type Listed = Omit<ArchiveEntry, 'read' | 'target'>;

/**
 * `7z l -slt -ba`: a paragraph an entry.
 *
 *     Path = a.txt
 *     Size = 3
 *     Packed Size = 16
 *     Modified = 2026-11-24 00:07:07.6410138
 *     Attributes = A -rw-r--r--
 *     Encrypted = +
 */
export function parseListing(text: string): Listed[] {
  return text.split(/\r?\n\r?\n/).flatMap((paragraph) => {
    const fields = new Map(paragraph.split(/\r?\n/).flatMap((line) => {
      const at = line.indexOf(' = ');
      return at > 0 ? [[line.slice(0, at), line.slice(at + 3)] as const] : [];
    }));
    const name = fields.get('Path');
    if (name === undefined) return [];
    const attributes = fields.get('Attributes') ?? '';
    const letters = /[-bcdlps][-rwxsStT]{9}/.exec(attributes)?.[0];
    const time = Date.parse((fields.get('Modified') ?? '').replace(' ', 'T').slice(0, 19));
    return [{
      name, type: typeOf(attributes, letters, fields.get('Folder')), size: Number(fields.get('Size') || 0), packed: null,
      mode: letters ? modeOf(letters) : null, modified: Number.isNaN(time) ? null : time, encrypted: fields.get('Encrypted') === '+',
    }];
  });
}

function typeOf(attributes: string, letters: string | undefined, folder: string | undefined): Listed['type'] {
  const first = letters?.[0];
  if (first === 'l' || /L/.test(attributes.split(' ')[0] ?? '')) return 'link';
  if (first === 'd' || folder === '+' || /D/.test(attributes.split(' ')[0] ?? '')) return 'folder';
  return first === undefined || first === '-' ? 'file' : 'special';
}

const modeOf = (letters: string) => [...letters.slice(1)].reduce((mode, letter, i) => (letter === '-' || letter === 'S' || letter === 'T' ? mode : mode | (1 << (8 - i))), 0);
