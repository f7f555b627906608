/** What is said of an entry that goes into a tar. */
export interface TarEntry {
  /** Its bytes; no NUL. */
  name: Buffer;
  type: 'file' | 'folder';
  size: number;
  mode: number;
  uid: number;
  gid: number;
  /** ms since 1970. */
  modified: number;
}

const BLOCK = 512;
const NAME_MOST = 100;
/** Largest numbers of eight and twelve octal digits. */
const ID_MOST = 0o7777777;
const SIZE_MOST = 0o77777777777;

/** Two blocks of nothing. */
export const TAR_END = Buffer.alloc(2 * BLOCK);

/** What fills the last block of so many bytes. */
export const tarPadding = (size: number): Buffer => Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);

/** The header of an entry (POSIX.1-2001): what does not fit, and a name that is no ASCII, stands in a pax record before it. */
export function tarHeader(entry: TarEntry): Buffer {
  const name = entry.type === 'folder' ? Buffer.concat([entry.name, Buffer.from('/')]) : entry.name;
  const more: [string, Buffer][] = [];
  if (name.length > NAME_MOST || name.some((byte) => byte >= 0x80)) more.push(['path', name]);
  if (entry.size > SIZE_MOST) more.push(['size', Buffer.from(String(entry.size))]);
  if (entry.uid > ID_MOST) more.push(['uid', Buffer.from(String(entry.uid))]);
  if (entry.gid > ID_MOST) more.push(['gid', Buffer.from(String(entry.gid))]);
  more.push(['mtime', Buffer.from((entry.modified / 1000).toFixed(3))]);
  const records = Buffer.concat(more.map(([key, value]) => record(key, value)));
  const pax = Buffer.concat([block({ ...entry, name: Buffer.from('pax'), size: records.length }, 'x'), records, tarPadding(records.length)]);
  return Buffer.concat([pax, block({ ...entry, name }, entry.type === 'folder' ? '5' : '0')]);
}

function block(entry: TarEntry, type: string): Buffer {
  const bytes = Buffer.alloc(BLOCK);
  entry.name.copy(bytes, 0, 0, NAME_MOST);
  const octal = (value: number, at: number, length: number, most: number) => bytes.write(`${Math.min(Math.max(0, Math.floor(value)), most).toString(8).padStart(length - 1, '0')}\0`, at, 'latin1');
  octal(entry.mode & 0o7777, 100, 8, ID_MOST);
  octal(entry.uid, 108, 8, ID_MOST);
  octal(entry.gid, 116, 8, ID_MOST);
  octal(entry.size, 124, 12, SIZE_MOST);
  octal(entry.modified / 1000, 136, 12, SIZE_MOST);
  bytes.write(`        ${type}`, 148, 'latin1');
  bytes.write('ustar\x0000', 257, 'latin1');
  bytes.write(`${bytes.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return bytes;
}

/** Its own length is a part of what it counts. */
function record(key: string, value: Buffer): Buffer {
  const rest = key.length + value.length + 3;
  let length = rest + String(rest).length;
  if (rest + String(length).length !== length) length = rest + String(length).length;
  return Buffer.concat([Buffer.from(`${length} ${key}=`), value, Buffer.from('\n')]);
}
