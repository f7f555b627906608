import { checkDocument, setValue } from './document.ts';

/** The settings that people look for, as a form: one text each, '' for "as the engine has it". */
export const FIELDS = [
  'registryMirrors', 'insecureRegistries', 'logDriver', 'logMaxSize', 'logMaxFile', 'liveRestore', 'cgroupDriver', 'userlandProxy', 'ipv6', 'ip6tables', 'dns', 'addressPools',
] as const;
export type DaemonField = (typeof FIELDS)[number];
export type DaemonForm = Record<DaemonField, string>;

const CGROUP = 'native.cgroupdriver=';

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []);
const text = (value: unknown) => (typeof value === 'string' ? value : '');
const toggle = (value: unknown) => (value === true ? 'on' : value === false ? 'off' : '');
const at = (value: unknown, key: string): unknown => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined);

/** null: it is no document, there is nothing to be filled in. */
export function formOf(document: string): DaemonForm | null {
  const { values } = checkDocument(document, []);
  if (!values) return null;
  const pools = Array.isArray(values['default-address-pools']) ? values['default-address-pools'] : [];
  return {
    registryMirrors: texts(values['registry-mirrors']).join('\n'),
    insecureRegistries: texts(values['insecure-registries']).join('\n'),
    logDriver: text(values['log-driver']),
    logMaxSize: text(at(values['log-opts'], 'max-size')),
    logMaxFile: text(at(values['log-opts'], 'max-file')),
    liveRestore: toggle(values['live-restore']),
    cgroupDriver: texts(values['exec-opts']).find((one) => one.startsWith(CGROUP))?.slice(CGROUP.length) ?? '',
    userlandProxy: toggle(values['userland-proxy']),
    ipv6: toggle(values.ipv6),
    ip6tables: toggle(values.ip6tables),
    dns: texts(values.dns).join('\n'),
    addressPools: pools.map((pool) => `${String(at(pool, 'base') ?? '')} ${String(at(pool, 'size') ?? '')}`).join('\n'),
  };
}

const lines = (value: string) => value.split(/\r?\n/).map((line) => line.trim()).filter(Boolean);
const some = <T>(list: T[]) => (list.length ? list : undefined);
const given = (value: string) => value.trim() || undefined;
const chosen = (value: string) => (value === 'on' ? true : value === 'off' ? false : undefined);

/** The document with what the form says, where that is something else than what it says now; the rest stays byte for byte. */
export function withForm(document: string, form: Partial<DaemonForm>): string {
  const now = formOf(document);
  if (!now) return document;
  let edited = document;
  const set = (path: readonly string[], value: unknown) => void (edited = setValue(edited, path, value));
  for (const field of FIELDS) {
    const value = form[field];
    if (value === undefined || normal(value) === normal(now[field])) continue;
    if (field === 'registryMirrors') set(['registry-mirrors'], some(lines(value)));
    else if (field === 'insecureRegistries') set(['insecure-registries'], some(lines(value)));
    else if (field === 'logDriver') set(['log-driver'], given(value));
    else if (field === 'logMaxSize') set(['log-opts', 'max-size'], given(value));
    else if (field === 'logMaxFile') set(['log-opts', 'max-file'], given(value));
    else if (field === 'liveRestore') set(['live-restore'], chosen(value));
    else if (field === 'userlandProxy') set(['userland-proxy'], chosen(value));
    else if (field === 'ipv6') set(['ipv6'], chosen(value));
    else if (field === 'ip6tables') set(['ip6tables'], chosen(value));
    else if (field === 'dns') set(['dns'], some(lines(value)));
    else if (field === 'cgroupDriver') {
      const others = texts(checkDocument(edited, []).values?.['exec-opts']).filter((one) => !one.startsWith(CGROUP));
      set(['exec-opts'], some(given(value) ? [...others, `${CGROUP}${value.trim()}`] : others));
    } else {
      const pools = lines(value).map((line) => line.split(/\s+/)).map(([base = '', size = '']) => ({ base, size: /^\d+$/.test(size) ? Number(size) : size }));
      set(['default-address-pools'], some(pools));
    }
  }
  // Options of a log of which none is left are none.
  const options = checkDocument(edited, []).values?.['log-opts'];
  return options && Object.keys(options).length === 0 && form.logMaxSize !== undefined ? setValue(edited, ['log-opts'], undefined) : edited;
}

const normal = (value: string) => lines(value).join('\n');
