import { z } from 'zod';
import { AppError } from '../../lib/errors.ts';
import { say } from '../../lib/issue.ts';
import { HIVES, type RegistryPlace } from '../../platform/registry.ts';

/** As people write them. */
const SHORT: Record<string, (typeof HIVES)[number]> = { HKCR: 'HKEY_CLASSES_ROOT', HKCU: 'HKEY_CURRENT_USER', HKLM: 'HKEY_LOCAL_MACHINE', HKU: 'HKEY_USERS', HKCC: 'HKEY_CURRENT_CONFIG' };

/** Characters of a key's name ("Registry element size limits"). */
const NAME_MOST = 255;
/** How deep keys may lie. */
const DEEP = 512;
export const CONTROL = /[\x00-\x1f\x7f]/;

const badPath = say('registry.path', (t) => t.registry.badPath);
const badName = say('registry.name', (t) => t.registry.badName);

/** `hklm\software\` → `HKEY_LOCAL_MACHINE\software`; null for what is no path of this machine's registry. */
export function pathOf(text: string): string | null {
  const [first = '', ...rest] = text.trim().replace(/^Computer\\|^计算机\\/i, '').replace(/\\$/, '').split('\\');
  const word = first.toUpperCase();
  const hive = SHORT[word] ?? HIVES.find((each) => each === word);
  if (!hive || rest.length > DEEP || rest.some((name) => !isKeyName(name))) return null;
  return [hive, ...rest].join('\\');
}

export const isKeyName = (name: string) => name !== '' && name.length <= NAME_MOST && !name.includes('\\') && !CONTROL.test(name) && name.isWellFormed();

export const RegistryPath = z.string().max(32_000, badPath).transform((text, ctx) => {
  const path = pathOf(text);
  if (path !== null) return path;
  ctx.addIssue({ code: 'custom', message: badPath });
  return z.NEVER;
});

export const KeyName = z.string().max(NAME_MOST, badName).refine(isKeyName, badName);
/** Empty for the default value; a backslash is a letter like others here. */
export const ValueName = z.string().max(16_383, badName).refine((name) => !CONTROL.test(name) && name.isWellFormed(), badName);
export const View = z.coerce.number().pipe(z.union([z.literal(64), z.literal(32)])).default(64);
export const PlaceInput = z.strictObject({ key: RegistryPath, view: View });

export const nameOf = (path: string) => path.slice(path.lastIndexOf('\\') + 1);
export const parentOf = (path: string) => (path.includes('\\') ? path.slice(0, path.lastIndexOf('\\')) : null);
export const joinPath = (path: string, name: string) => `${path}\\${name}`;
/** HKLM\…, as commands and crumbs have it. */
export const shortOf = (path: string) => path.replace(/^HKEY_\w+/, (hive) => Object.entries(SHORT).find(([, long]) => long === hive)?.[0] ?? hive);

/** `inside('HKLM\\SAM\\x', 'HKLM\\SAM')`, without regard to case. */
export function inside(path: string, root: string): boolean {
  const [a, b] = [path.toLowerCase(), root.toLowerCase()];
  return a === b || a.startsWith(`${b}\\`);
}

/** Accounts, their secrets and how the machine starts: Windows writes there itself, and whoever errs is locked out. */
const READ_ONLY = ['HKEY_LOCAL_MACHINE\\SAM', 'HKEY_LOCAL_MACHINE\\SECURITY', 'HKEY_LOCAL_MACHINE\\BCD00000000', 'HKEY_LOCAL_MACHINE\\HARDWARE'];
const CONTROL_SET = /^HKEY_LOCAL_MACHINE\\SYSTEM\\(CurrentControlSet|ControlSet\d{3})(\\|$)/i;
const DELICATE = [/^(Control|Services|Enum|Policies)(\\|$)/i];
const WARNED = ['HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon', 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options', 'HKEY_LOCAL_MACHINE\\SYSTEM\\Select', 'HKEY_LOCAL_MACHINE\\SYSTEM\\Setup', 'HKEY_LOCAL_MACHINE\\SYSTEM\\MountedDevices'];

export type Care = 'read-only' | 'delicate' | null;

/** What changing something there may do. */
export function careOf(path: string): Care {
  if (READ_ONLY.some((root) => inside(path, root))) return 'read-only';
  const set = CONTROL_SET.exec(path);
  if (set && (set[0].length >= path.length || DELICATE.some((each) => each.test(path.slice(set[0].length))))) return 'delicate';
  return WARNED.some((root) => inside(path, root)) ? 'delicate' : null;
}

/** Roots, and what all else hangs on: these are not taken away or given another name. */
export const isPillar = (path: string) =>
  !path.includes('\\') ||
  /^HKEY_(LOCAL_MACHINE|USERS|CURRENT_CONFIG)\\[^\\]+$|^HKEY_CURRENT_USER\\(Software|Environment|Control Panel|Volatile Environment)$/i.test(path) ||
  /^HKEY_LOCAL_MACHINE\\SYSTEM\\((CurrentControlSet|ControlSet\d{3})(\\(Control|Services|Enum))?|Select|Setup)$|^HKEY_LOCAL_MACHINE\\SOFTWARE\\(Microsoft|Classes|WOW6432Node)$/i.test(path);

export const mayRemove = (path: string) => !isPillar(path) && careOf(path) !== 'read-only';

/** Also what holds a protected key: to remove it would take that along. @throws AppError denied */
export function needWritable({ path }: RegistryPlace, removes = false) {
  const hit = careOf(path) === 'read-only' || (removes && (isPillar(path) || READ_ONLY.some((root) => inside(root, path))));
  if (hit) throw new AppError('denied', (t) => (careOf(path) === 'read-only' ? t.registry.readOnly({ path }) : t.registry.pillar({ path })));
}
