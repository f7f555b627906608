import type { App } from '../../app.ts';

/** What the panel writes by itself. */
export const ARCHIVE_FORMATS = ['zip', 'tar', 'tar.gz', 'tar.zst'] as const;
export type ArchiveFormat = (typeof ARCHIVE_FORMATS)[number];

/** What it reads: the ones above by itself, these with a tool of the machine. */
export type ReadableFormat = ArchiveFormat | '7z' | 'rar';

/** By the end of the name; null: none that the panel knows. */
export function formatOf(name: string): ReadableFormat | null {
  const lower = name.toLowerCase();
  if (/\.(tar\.gz|tgz)$/.test(lower)) return 'tar.gz';
  if (/\.(tar\.zst|tzst)$/.test(lower)) return 'tar.zst';
  if (/\.(zip|jar|war)$/.test(lower)) return 'zip';
  const found = /\.(tar|7z|rar)$/.exec(lower)?.[1];
  return (found as ReadableFormat | undefined) ?? null;
}

const starts = (head: Uint8Array, ...bytes: number[]) => bytes.every((byte, i) => head[i] === byte);

/** By the first bytes (512 of a tar): what a file is counts, not what it is called. */
export function formatOfBytes(head: Uint8Array): ReadableFormat | null {
  if (starts(head, 0x50, 0x4b, 3, 4) || starts(head, 0x50, 0x4b, 5, 6)) return 'zip';
  if (starts(head, 0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c)) return '7z';
  if (starts(head, 0x52, 0x61, 0x72, 0x21, 0x1a, 7)) return 'rar';
  if (starts(head, 0x1f, 0x8b)) return 'tar.gz';
  if (starts(head, 0x28, 0xb5, 0x2f, 0xfd)) return 'tar.zst';
  return Buffer.from(head.subarray(257, 262)).toString('latin1') === 'ustar' ? 'tar' : null;
}

/** "site.tar.gz" → "site": the folder that it is extracted into. */
export const stemOf = (name: string) => name.replace(/\.(tar\.(gz|zst|bz2|xz)|tgz|tzst|zip|jar|war|tar|7z|rar)$/i, '') || 'archive';

/** Program for formats that the panel does not read by itself, or undefined. */
export async function toolFor(app: Pick<App, 'exec'>, format: '7z' | 'rar'): Promise<string | undefined> {
  const tool = app.exec.which('7zz') ?? app.exec.which('7z') ?? app.exec.which('7za');
  if (!tool || format === '7z') return tool;
  // Debian's 7z comes without the part that unpacks rar.
  const { stdout } = await app.exec.run([tool, 'i'], { timeout: 10_000 });
  return /\bRar\d\b/i.test(stdout.slice(stdout.search(/^Codecs:/m))) ? tool : undefined;
}
