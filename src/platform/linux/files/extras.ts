import { nameOf } from '../../../lib/file-name.ts';
import type { Exec } from '../../exec.ts';
import type { Extras, ExtrasDriver } from '../../files.ts';
import { entryOfPanel } from './own-path.ts';

/** Extended attributes (getfattr of the package "attr") and capabilities (getcap of libcap), to be looked at. */
export function createLinuxExtras(exec: Exec): ExtrasDriver {
  return {
    missing: () => ['getfattr', 'getcap'].filter((name) => !exec.which(name)),
    async read(folder, name): Promise<Extras> {
      const path = entryOfPanel(folder, name);
      const [getfattr, getcap] = [exec.which('getfattr'), exec.which('getcap')];
      const ask = async (argv: [string, ...string[]]) => (await exec.run(argv, { timeout: 10_000, cap: 256 << 10 })).stdout;
      return {
        xattrs: path && getfattr ? parseGetfattr(await ask([getfattr, '--absolute-names', '--no-dereference', '--dump', '--match=-', '--', path])) : [],
        capabilities: path && getcap ? parseGetcap(await ask([getcap, path]), path) : '',
      };
    },
  };
}

/**
 * getfattr --dump (attr 2.5): text in quotes with octal escapes, anything else as base64 after "0s".
 *
 *     # file: /proc/8484/fd/5/a
 *     security.capability=0sAQAAAgAEAAAAAAAAAAAAAAAAAAA=
 *     user.comment="馒头\012two"
 */
export function parseGetfattr(text: string): { name: string; value: string }[] {
  return text.split('\n').flatMap((line) => {
    const at = line.indexOf('=');
    const name = unescaped(at < 0 ? line : line.slice(0, at));
    // An access list has its own page.
    if (name === '' || line.startsWith('#') || name.startsWith('system.posix_acl_')) return [];
    const value = at < 0 ? '' : line.slice(at + 1);
    return [{ name, value: valueOf(value) }];
  });
}

/** Texts with line ends or past ASCII come as base64 too. */
function valueOf(value: string): string {
  if (!value.startsWith('0s')) return unescaped(value.replace(/^"(.*)"$/s, '$1'));
  const bytes = Buffer.from(value.slice(2), 'base64');
  const text = nameOf(bytes);
  return /[\x00-\x08\x0e-\x1f\u{10ff80}-\u{10ffff}]/u.test(text) ? `0x${bytes.toString('hex')}` : text;
}

/** `\012`, `\\`, `\"`; what is no UTF-8 is shown as names are. */
function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  const parts = [...text.matchAll(/\\([0-7]{3})|\\(.)|([^\\]+)/gs)].map(([, octal, char, plain]) => (octal ? Buffer.of(Number.parseInt(octal, 8) & 255) : Buffer.from(char ?? plain ?? '')));
  return nameOf(Buffer.concat(parts));
}

/** `/srv/ping cap_net_raw=ep`, and `/srv/ping = cap_net_raw+ep` of older libcap. */
export function parseGetcap(text: string, path: string): string {
  const line = text.split('\n').find((one) => one.startsWith(`${path} `));
  return line ? line.slice(path.length).replace(/^ (= )?/, '') : '';
}
