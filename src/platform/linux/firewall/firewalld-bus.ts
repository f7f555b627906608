import { z } from 'zod';
import { AppError } from '../../../lib/errors.ts';
import type { Exec } from '../../exec.ts';
import type { ZoneSettings } from './firewalld-rules.ts';
import { needTool, TOOL_MS } from './plan.ts';

const NAME = 'org.fedoraproject.FirewallD1';
const PATH = '/org/fedoraproject/FirewallD1';

const Answer = z.object({ data: z.unknown() });
const Settings = z.record(z.string(), z.object({ data: z.unknown() }));
const words = z.array(z.string()).catch([]);
const pairs = z.array(z.tuple([z.string(), z.string()])).catch([]);
const Ways = z.array(z.tuple([z.string(), z.string(), z.string(), z.string()])).catch([]);

/** What it was asked over D-Bus, by busctl: firewall-cmd takes a quarter of a second for each question. */
export function createFirewalldBus(exec: Exec) {
  /** null: it does not run. It is not started by being asked. */
  async function ask(path: string, name: string, method: string, ...args: string[]): Promise<unknown> {
    const busctl = needTool(exec, 'busctl');
    const { code, stdout, stderr, ended } = await exec.run([busctl, '--auto-start=no', '--json=short', 'call', NAME, path, name, method, ...args], { timeout: TOOL_MS, cap: 16 << 20 });
    if (ended) throw new AppError('unavailable', (t) => t.firewall.hangs({ tool: 'firewalld' }));
    if (code !== 0) {
      if (/does not exist|not provided|NameHasNoOwner|ServiceUnknown|No such file/i.test(stderr)) return null;
      throw new AppError('unavailable', (t) => t.errors.toolFailed({ tool: 'busctl', code }), { detail: stderr.trim() });
    }
    try {
      const data = Answer.parse(JSON.parse(stdout)).data;
      return Array.isArray(data) ? data[0] : data;
    } catch (cause) {
      throw new AppError('unavailable', (t) => t.firewall.notUnderstood({ tool: 'busctl' }), { cause, detail: stdout.slice(0, 500) });
    }
  }

  const settings = (raw: unknown): ZoneSettings => {
    const all = Settings.safeParse(raw).data ?? {};
    const of = (key: string) => all[key]?.data;
    return {
      target: z.string().catch('default').parse(of('target')), services: words.parse(of('services')), ports: pairs.parse(of('ports')), protocols: words.parse(of('protocols')),
      sourcePorts: pairs.parse(of('source_ports')), forwards: Ways.parse(of('forward_ports')), rich: words.parse(of('rules_str')),
    };
  };

  return {
    defaultZone: async () => z.string().nullable().catch(null).parse(await ask(PATH, NAME, 'getDefaultZone')),
    /** Those that have interfaces or sources. */
    async activeZones() {
      const raw = await ask(PATH, `${NAME}.zone`, 'getActiveZones');
      return z.record(z.string(), z.object({ interfaces: words, sources: words })).catch({}).parse(raw ?? {});
    },
    runtime: async (zone: string) => settings(await ask(PATH, `${NAME}.zone`, 'getZoneSettings2', 's', zone)),
    async permanent(zone: string) {
      const path = z.string().nullable().catch(null).parse(await ask(`${PATH}/config`, `${NAME}.config`, 'getZoneByName', 's', zone));
      return path ? settings(await ask(path, `${NAME}.config.zone`, 'getSettings2')) : null;
    },
    services: async () => words.parse(await ask(PATH, NAME, 'listServices')),
    logging: async () => z.string().nullable().catch(null).parse(await ask(PATH, NAME, 'getLogDenied')),
  };
}
