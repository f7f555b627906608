import { readdirSync, readFileSync, readlinkSync, realpathSync, statSync, type Dirent } from 'node:fs';
import { basename, join } from 'node:path';
import type { StartType } from '../../services.ts';

/** A file that describes a unit, where systemd finds it first. */
export interface UnitFile {
  name: string;
  path: string;
  /** As `systemctl list-unit-files` says it: "enabled", "static", "masked" … */
  state: string;
  title: string;
}

/** systemd.unit(5), "Unit File Load Path", first wins; with what their files are when nothing else says so. */
const FOLDERS = [
  ['/etc/systemd/system.control', 'etc'], ['/run/systemd/system.control', 'run'], ['/run/systemd/transient', 'transient'], ['/run/systemd/generator.early', 'generated'],
  ['/etc/systemd/system', 'etc'], ['/etc/systemd/system.attached', 'etc'], ['/run/systemd/system', 'run'], ['/run/systemd/system.attached', 'run'], ['/run/systemd/generator', 'generated'],
  ['/usr/local/lib/systemd/system', 'vendor'], ['/usr/lib/systemd/system', 'vendor'], ['/lib/systemd/system', 'vendor'], ['/run/systemd/generator.late', 'generated'],
] as const;
type Place = (typeof FOLDERS)[number][1];

const UNIT = /^[\w:.\\@-]+\.(service|timer)$/;
const LINKS = /\.(wants|requires|upholds)$/;

/** How far a link that enables reaches. */
interface Enabled {
  etc: Set<string>;
  run: Set<string>;
  vendor: Set<string>;
}

/**
 * All of them, read from the folders as systemd does: `systemctl list-unit-files` says the same, and takes a second for
 * three hundred (it looks through all links again for each).
 * @param root before each folder, for tests
 * @param texts what is known of files that were read already
 */
export function createUnitFiles(root = '', texts = new Map<string, { key: string; installs: Installs; title: string }>()) {

  function textOf(path: string): { installs: Installs; title: string } {
    try {
      const { mtimeMs, size, ino } = statSync(path);
      const key = `${mtimeMs} ${size} ${ino}`;
      const before = texts.get(path);
      if (before?.key === key) return before;
      const text = size > 1 << 20 ? '' : readFileSync(path, 'utf8');
      const fresh = { key, installs: installsOf(text), title: /^Description=(.*)$/m.exec(text)?.[1]?.trim() ?? '' };
      texts.set(path, fresh);
      return fresh;
    } catch {
      return { installs: 'nothing', title: '' };
    }
  }

  return function read(): Map<string, UnitFile> {
    const folders = existing(root);
    const enabled: Enabled = { etc: new Set(), run: new Set(), vendor: new Set() };
    const found = new Map<string, { path: string; place: Place; link: string | null }>();
    for (const { path: folder, place, entries } of folders) {
      for (const entry of entries) {
        if (LINKS.test(entry.name)) {
          const names = entry.isDirectory() ? listOf(join(folder, entry.name)).map(({ name }) => name) : [];
          for (const name of names) enabled[reach(place)].add(name);
        } else if (UNIT.test(entry.name)) {
          const path = join(folder, entry.name);
          const link = entry.isSymbolicLink() ? linkOf(path) : null;
          // A link under another name enables what it leads to, as `Alias=` does.
          if (link && basename(link) !== entry.name && link !== '/dev/null') enabled[reach(place)].add(basename(link));
          if (!found.has(entry.name)) found.set(entry.name, { path, place, link });
        }
      }
    }
    // Transient ones come and go by the thousand.
    const there = new Set([...found.values()].map(({ path }) => path));
    for (const path of texts.keys()) if (!there.has(path)) texts.delete(path);
    const inside = new Set(folders.map(({ path }) => path));
    return new Map([...found].map(([name, file]) => {
      const { installs, title } = textOf(file.path);
      return [name, { name, path: file.path, title, state: stateOf(name, file, installs, enabled, inside) }];
    }));
  };
}

function stateOf(name: string, { path, place, link }: { path: string; place: Place; link: string | null }, installs: Installs, enabled: Enabled, inside: ReadonlySet<string>): string {
  const runtime = place === 'run' ? '-runtime' : '';
  // Also by a generator, which reads `systemd.mask=` of the kernel's command line: it is gone with the next start.
  if (link === '/dev/null' || (link === null && isEmpty(path))) return ['run', 'generated', 'transient'].includes(place) ? 'masked-runtime' : 'masked';
  if (link !== null && basename(link) !== name) return 'alias';
  if (place === 'transient' || place === 'generated') return place;
  const is = (set: ReadonlySet<string>) => set.has(name) || (name.includes('@.') && [...set].some((each) => templateOf(each) === name));
  if (is(enabled.etc)) return 'enabled';
  if (is(enabled.run)) return 'enabled-runtime';
  // Enabled by whoever made the package, and could be otherwise.
  if (is(enabled.vendor) && installs === 'itself') return 'enabled';
  if (link !== null && !inside.has(join(link, '..'))) return `linked${runtime}`;
  return installs === 'itself' ? 'disabled' : installs === 'others' ? 'indirect' : 'static';
}

/** "getty@tty1.service" → "getty@.service"; null: it is made of no template. */
export function templateOf(name: string): string | null {
  const found = /^([^@]+@)(.+)(\.\w+)$/.exec(name);
  return found ? `${found[1]}${found[3]}` : null;
}

type Installs = 'itself' | 'others' | 'nothing';

/** What its `[Install]` would do (systemd.unit(5)). */
function installsOf(text: string): Installs {
  const section = /^\[Install\]\s*$([\s\S]*?)(?=^\[|(?![\s\S]))/m.exec(text)?.[1] ?? '';
  if (/^\s*(WantedBy|RequiredBy|UpheldBy|Alias)\s*=\s*\S/m.test(section)) return 'itself';
  return /^\s*(Also|DefaultInstance)\s*=\s*\S/m.test(section) ? 'others' : 'nothing';
}

const reach = (place: Place): keyof Enabled => (place === 'etc' ? 'etc' : place === 'vendor' ? 'vendor' : 'run');

function existing(root: string) {
  const seen = new Set<string>();
  return FOLDERS.flatMap(([folder, place]) => {
    const path = root + folder;
    try {
      // /lib is /usr/lib on most machines.
      const real = realpathSync(path);
      if (seen.has(real)) return [];
      seen.add(real);
      return [{ path, place, entries: listOf(path) }];
    } catch {
      return [];
    }
  });
}

function listOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function linkOf(path: string): string | null {
  try {
    const link = readlinkSync(path);
    return link.startsWith('/') ? link : join(path, '..', link);
  } catch {
    return null;
  }
}

function isEmpty(path: string): boolean {
  try {
    return statSync(path).size === 0;
  } catch {
    return false;
  }
}

const STARTS: Record<string, StartType> = { enabled: 'auto', 'enabled-runtime': 'auto', linked: 'manual', 'linked-runtime': 'manual', disabled: 'manual', masked: 'off', 'masked-runtime': 'off', static: 'dependent', indirect: 'dependent', generated: 'dependent', transient: 'manual', alias: 'dependent' };

export const startOf = (state: string): StartType => STARTS[state] ?? 'unknown';
