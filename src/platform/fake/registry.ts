import { AppError } from '../../lib/errors.ts';
import type { Clock } from '../../lib/clock.ts';
import { HIVES, REG, splitPlace, type RegistryDriver, type RegistryPlace, type RegistryValue } from '../registry.ts';

interface Node {
  name: string;
  keys: Map<string, Node>;
  values: Map<string, RegistryValue>;
  writtenAt: number;
}

const wide = (text: string) => Uint8Array.from(Buffer.from(`${text}\0`, 'utf16le'));
const sz = (name: string, text: string): RegistryValue => ({ name, type: REG.sz, bytes: wide(text) });
const expand = (name: string, text: string): RegistryValue => ({ name, type: REG.expand, bytes: wide(text) });
const multi = (name: string, ...texts: string[]): RegistryValue => ({ name, type: REG.multi, bytes: wide(texts.map((text) => `${text}\0`).join('')) });
const dword = (name: string, value: number): RegistryValue => ({ name, type: REG.dword, bytes: Uint8Array.from([value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24]) });
const qword = (name: string, value: bigint): RegistryValue => ({ name, type: REG.qword, bytes: Uint8Array.from(Buffer.from(BigUint64Array.of(value).buffer)) });
const binary = (name: string, ...bytes: number[]): RegistryValue => ({ name, type: REG.binary, bytes: Uint8Array.from(bytes) });

const LM = 'HKEY_LOCAL_MACHINE';
const CURRENT = `${LM}\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion`;
const NT = `${LM}\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion`;
const CONTROL = `${LM}\\SYSTEM\\CurrentControlSet\\Control`;
const SERVICES = `${LM}\\SYSTEM\\CurrentControlSet\\Services`;

/** A small Windows Server that does not exist. */
const SEED: readonly (readonly [path: string, ...values: RegistryValue[]])[] = [
  [NT, sz('ProductName', 'Windows Server 2022 Standard'), sz('CurrentBuild', '20348'), dword('UBR', 2227), sz('RegisteredOwner', 'Demo'), qword('InstallTime', 133_000_000_000_000_000n), binary('DigitalProductId', ...Array.from({ length: 40 }, (_, i) => (i * 37) & 255))],
  [`${NT}\\Winlogon`, sz('Shell', 'explorer.exe'), sz('Userinit', 'C:\\Windows\\system32\\userinit.exe,'), dword('AutoRestartShell', 1)],
  [`${NT}\\Fonts`, sz('Segoe UI (TrueType)', 'segoeui.ttf'), sz('Microsoft YaHei & Microsoft YaHei UI (TrueType)', 'msyh.ttc'), sz('宋体 & 新宋体 (TrueType)', 'simsun.ttc')],
  [CURRENT, expand('ProgramFilesPath', '%ProgramFiles%'), sz('ProgramFilesDir', 'C:\\Program Files')],
  [`${CURRENT}\\Run`, expand('SecurityHealth', '%windir%\\system32\\SecurityHealthSystray.exe')],
  ...[['{7E1A1F60-9C3D-4D2F-8A14-2D5B6F8E1C01}', 'PostgreSQL 15', '15.6-1'], ['{A1B1C2D3-0B77-4F0B-9E57-5E4E0A4F2B02}', '7-Zip 24.05 (x64)', '24.05'], ['Git_is1', 'Git', '2.45.1']].map(([id, name, version]) => [`${CURRENT}\\Uninstall\\${id}`, sz('DisplayName', name!), sz('DisplayVersion', version!), dword('EstimatedSize', 84_512)] as const),
  [`${LM}\\SOFTWARE\\Policies\\Microsoft\\Windows\\WindowsUpdate\\AU`, dword('NoAutoUpdate', 0), dword('AUOptions', 3)],
  [`${LM}\\SOFTWARE\\OpenSSH`, sz('DefaultShell', 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe')],
  [`${LM}\\SOFTWARE\\商店\\订单`, sz('', '默认值'), sz('数据库', 'Server=10.0.0.12;Database=shop'), multi('节点', '北京', '上海', '深圳'), dword('MaxConnections', 200)],
  [`${CONTROL}\\Terminal Server`, dword('fDenyTSConnections', 0)],
  [`${CONTROL}\\Terminal Server\\WinStations\\RDP-Tcp`, dword('PortNumber', 3389), dword('UserAuthentication', 1)],
  [`${CONTROL}\\Session Manager\\Environment`, expand('Path', '%SystemRoot%\\system32;%SystemRoot%;%SystemRoot%\\System32\\Wbem'), expand('TEMP', '%SystemRoot%\\TEMP'), sz('OS', 'Windows_NT')],
  [`${CONTROL}\\ComputerName\\ComputerName`, sz('ComputerName', 'DEMO-01')],
  ...[['TermService', 'Remote Desktop Services', 3], ['W32Time', 'Windows Time', 3], ['LanmanServer', 'Server', 2], ['sshd', 'OpenSSH SSH Server', 2], ['postgresql-x64-15', 'postgresql-x64-15', 2]].map(([name, text, start]) => [`${SERVICES}\\${name}`, sz('DisplayName', String(text)), dword('Start', Number(start)), dword('Type', 16), multi('DependOnService', 'RPCSS')] as const),
  [`${LM}\\SAM\\SAM`, binary('C', 7, 0, 1, 0)],
  [`${LM}\\SECURITY\\Policy`, dword('Version', 1)],
  [`${LM}\\HARDWARE\\DESCRIPTION\\System`, sz('Identifier', 'AT/AT COMPATIBLE')],
  ['HKEY_CURRENT_USER\\Environment', expand('Path', '%USERPROFILE%\\AppData\\Local\\Microsoft\\WindowsApps;')],
  ['HKEY_CURRENT_USER\\Control Panel\\Desktop', sz('WallPaper', ''), dword('LogPixels', 96)],
  ['HKEY_USERS\\.DEFAULT\\Keyboard Layout\\Preload', sz('1', '00000409'), sz('2', '00000804')],
  ['HKEY_CLASSES_ROOT\\.txt', sz('', 'txtfile'), sz('PerceivedType', 'text')],
  ['HKEY_CLASSES_ROOT\\txtfile\\shell\\open\\command', expand('', '%SystemRoot%\\system32\\NOTEPAD.EXE %1')],
  ['HKEY_CURRENT_CONFIG\\Software\\Fonts', dword('LogPixels', 96)],
];

/** The registry of no machine, in memory; it does what it is told. `seed`: what is in it. */
export function createFakeRegistry(clock: Clock, seed: readonly (readonly [path: string, ...values: RegistryValue[]])[] = SEED): RegistryDriver {
  const node = (name: string): Node => ({ name, keys: new Map(), values: new Map(), writtenAt: clock.now() });
  const roots = new Map<string, Node>(HIVES.map((hive) => [hive, node(hive)]));

  function find({ path }: RegistryPlace, make = false): Node | null {
    const parts = splitPlace(path);
    if (!parts) throw new AppError('invalid', (t) => t.registry.badPath);
    let at = roots.get(parts.hive)!;
    for (const name of parts.below ? parts.below.split('\\') : []) {
      let next = at.keys.get(name.toLowerCase());
      if (!next && !make) return null;
      if (!next) at.keys.set(name.toLowerCase(), (next = node(name)));
      at = next;
    }
    return at;
  }
  const missing = (place: RegistryPlace) => new AppError('not_found', (t) => t.registry.noKey({ path: place.path }));
  for (const [path, ...values] of seed) {
    const at = find({ path, view: 64 }, true)!;
    for (const value of values) at.values.set(value.name.toLowerCase(), value);
  }

  return {
    refusal: () => null,
    async read(place) {
      const at = find(place);
      return at && { keys: [...at.keys.values()].map(({ name }) => name), values: [...at.values.values()], writtenAt: at.writtenAt };
    },
    haveKeys: async (place, names) => names.map((name) => (find(place)?.keys.get(name.toLowerCase())?.keys.size ?? 0) > 0),
    async create(place) {
      find(place, true);
    },
    async remove(place) {
      const at = place.path.lastIndexOf('\\');
      find({ ...place, path: place.path.slice(0, at) })?.keys.delete(place.path.slice(at + 1).toLowerCase());
    },
    async set(place, value) {
      const at = find(place);
      if (!at) throw missing(place);
      at.values.set(value.name.toLowerCase(), value);
      at.writtenAt = clock.now();
    },
    async unset(place, name) {
      find(place)?.values.delete(name.toLowerCase());
    },
  };
}
