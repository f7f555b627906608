import { Readable } from 'node:stream';
import { createGzip, createZstdCompress } from 'node:zlib';
import { AppError } from '../../../lib/errors.ts';
import { giveBack } from '../../../lib/pieces.ts';
import type { PinnedFolder } from '../../../platform/files.ts';
import type { Actor, App } from '../../app.ts';
import type { TaskContext } from '../../tasks/runner.ts';
import { createPart, type Part } from '../beside.ts';
import { writeTar } from '../downloads/tar.ts';
import { walkTree, type TreeEntry, type TreeFaults } from '../downloads/tree.ts';
import { writeZip } from '../downloads/zip.ts';
import { openFolder } from '../entry.ts';
import { errnoOf, fileFault, told } from '../faults.ts';
import { recordNames, tellChanged } from '../operations/changed.ts';
import { exists } from '../operations/names.ts';
import { amountOf } from '../operations/scan.ts';
import { normalName } from '../paths.ts';
import type { ArchiveFormat } from './formats.ts';

export const ENCRYPTIONS = ['aes', 'zipcrypto'] as const;

export interface CreateInput {
  folder: string;
  names: readonly string[];
  /** Of the archive, in the same folder. */
  name: string;
  format: ArchiveFormat;
  /** Zip only; '' for none. */
  password?: string | undefined;
  /** AES-256, or the old cipher, which every program opens and anybody breaks. */
  encryption?: (typeof ENCRYPTIONS)[number] | undefined;
}

/**
 * Packs a selection as a task: into a hidden file beside, which gets its name when it is whole.
 * @returns id of the task @throws AppError before it begins: invalid, denied, conflict when the name is taken
 */
export async function createArchive(app: App, actor: Actor, input: CreateInput): Promise<string> {
  const { kind } = app.host.files;
  const name = normalName(kind, input.name, 'name');
  const names = input.names.map((each) => normalName(kind, each));
  if (names.length === 0) throw new AppError('invalid', (t) => t.archives.errors.nothing);
  if (input.password && input.format !== 'zip') throw new AppError('invalid', (t) => t.archives.errors.onlyZip, { field: 'password' });
  const folder = await openFolder(app, actor, input.folder, 'write');
  try {
    if (await exists(folder, name)) throw new AppError('conflict', (t) => t.files.errors.exists, { field: 'name' });
    const id = app.tasks.start(actor, {
      kind: 'files.archive', key: `files.archive:${folder.real}/${name}`, params: { name, path: input.folder }, steps: ['filesCount', 'filesPack'],
      run: (task) => told(folder.real, () => run(app, task, folder, { ...input, name, names })).finally(() => folder.close()),
    });
    recordNames(app, actor, 'files.archive', folder.real, names, { name, format: input.format, encrypted: Boolean(input.password) });
    return id;
  } catch (error) {
    await folder.close();
    throw fileFault(error, input.folder);
  }
}

async function run(app: App, task: TaskContext, folder: PinnedFolder, input: CreateInput) {
  task.step('filesCount');
  const total = (await amountOf(folder, input.names, { signal: task.signal }))!;
  task.step('filesPack');
  const left: { path: string; error: unknown }[] = [];
  const faults: TreeFaults = { add: (path, error) => void left.push({ path, error }) };
  const part = await createPart(app, folder, input.name);
  try {
    const entries = counted(walkTree(app, folder, input.names, faults, task.signal, { links: true, hidden: true }), total.bytes, task);
    await pack(entries, part, input, faults, task.signal);
    task.signal.throwIfAborted();
    // Readable like any file that a program makes; the umask of the panel keeps others from its own.
    await part.handle.chmod(input.password ? 0o600 : 0o644);
    await part.commit('new');
  } finally {
    await part.discard();
    tellChanged(app, folder.real, input.folder);
  }
  for (const { path, error } of left.slice(0, LINES_MOST)) task.log(`left out: ${JSON.stringify(path)}: ${errnoOf(error) || String(error)}`);
  if (left.length) throw new AppError('invalid', (t) => t.archives.errors.packedWithout({ left: left.length, name: JSON.stringify(left[0]!.path) }));
}

const LINES_MOST = 1000;

/** The same entries, and how far they are. */
async function* counted(entries: AsyncIterable<TreeEntry>, total: number, task: TaskContext): AsyncGenerator<TreeEntry> {
  let done = 0;
  for await (const entry of entries) {
    yield {
      ...entry,
      async *bytes() {
        for await (const piece of entry.bytes()) {
          yield piece;
          done += piece.length;
          if (total) task.progress(Math.min(0.99, done / total));
        }
      },
    };
  }
}

async function pack(entries: AsyncIterable<TreeEntry>, part: Part, { format, password, encryption }: CreateInput, faults: TreeFaults, signal: AbortSignal) {
  const write = async (piece: Uint8Array) => {
    await part.handle.write(piece);
    giveBack(piece);
  };
  if (format === 'zip') {
    const out = new WritableStream<Uint8Array>({ write });
    const lock = password ? { password, zipCrypto: encryption === 'zipcrypto', encryptionStrength: 3 as const } : {};
    return writeZip(entries, out, faults, () => null, { ...lock, signal });
  }
  const tar = writeTar(entries, faults, () => null);
  if (format === 'tar') {
    for await (const piece of tar) await write(piece);
    return;
  }
  const packer = format === 'tar.gz' ? createGzip() : createZstdCompress();
  const source = Readable.from(tar, { objectMode: false });
  source.on('error', (error) => packer.destroy(error));
  source.pipe(packer);
  try {
    for await (const piece of packer) await write(piece as Uint8Array);
  } finally {
    source.destroy();
  }
}
