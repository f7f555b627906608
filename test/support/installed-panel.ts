/** The panel as a service of a machine with systemd, spoken to through its API. */
import { executable } from './executable.ts';
import type { SystemdHost } from './systemd-host.ts';
import { until } from './until.ts';

const PASSWORD = 'steamed bun 2026';

export interface InstalledPanel {
  url: string;
  /** Answers of the API below /api/v1; anything but a good one is thrown. */
  api<T = any>(method: string, path: string, body?: object): Promise<T>;
  /** The same, whatever it answers. */
  ask(method: string, path: string, body?: object): Promise<Response>;
  sh(text: string): Promise<string>;
  /** Tries to sign in with this password; the status. */
  signIn(password: string): Promise<number>;
  healthy(): Promise<unknown>;
  errorLog(): Promise<string>;
}

export async function installPanel(host: SystemdHost): Promise<InstalledPanel> {
  await host.put(await executable(), '/root/mantou');
  const url = `https://${host.ip}:8686`;
  const fetchIt = (path: string, init: RequestInit) => fetch(url + path, { redirect: 'manual', signal: AbortSignal.timeout(60_000), tls: { rejectUnauthorized: false }, ...init } as RequestInit);
  const sh = async (text: string) => {
    const ran = await host.run('sh', '-ec', text);
    if (ran.code !== 0) throw new Error(`${text} failed: ${ran.err}${ran.out}`);
    return ran.out.trim();
  };
  const said = await sh('/root/mantou service install');
  const setup = /\/setup#([\w-]{43})/.exec(said)![1]!;
  const healthy = () => until(async () => (await fetchIt('/healthz', {}).catch(() => null))?.ok, 60_000);
  await healthy();
  const form = (path: string, fields: Record<string, string>) => fetchIt(path, { method: 'POST', headers: { origin: url }, body: new URLSearchParams(fields) });
  await form('/setup', { token: setup, name: 'lin', password: PASSWORD, password2: PASSWORD });
  const token = await sh('mantou token add --user lin --name tests');
  const ask = (method: string, path: string, body?: object) =>
    fetchIt(`/api/v1${path}`, { method, headers: { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) }, ...(body ? { body: JSON.stringify(body) } : {}) });
  return {
    url, sh, ask, healthy,
    async api(method, path, body) {
      const answer = await ask(method, path, body);
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
      return text ? JSON.parse(text) : null;
    },
    signIn: async (password) => (await form('/signin', { name: 'lin', password })).status,
    errorLog: async () => (await host.run('sh', '-c', 'cat /var/lib/mantou/logs/error.log 2>/dev/null')).out,
  };
}
