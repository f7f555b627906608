/** The panel as a service of a machine with systemd, spoken to through its API. */
import { executable } from './executable.ts';
import type { SystemdHost } from './systemd-host.ts';
import { until } from './until.ts';

const PASSWORD = 'steamed bun 2026';

/** What every test of an installed panel begins with. */
export interface Installation {
  url: string;
  /** `Cookie` header of the administrator, lin. */
  cookie: string;
  /** Of the administrator, for the API. */
  token: string;
  /** Runs in a shell there. @throws when a command of it fails */
  sh(script: string): Promise<string>;
  /** Without a session, whatever it answers. */
  get(path: string, init?: RequestInit): Promise<Response>;
  form(path: string, fields: Record<string, string>, headers?: Record<string, string>): Promise<Response>;
  healthy(): Promise<unknown>;
}

/**
 * Installs the compiled executable as people do it, and makes an administrator.
 * @param url where the panel is reached from here
 */
export async function install(host: SystemdHost, url = `https://${host.ip}:8686`): Promise<Installation> {
  await host.put(await executable(), '/root/mantou');
  const get: Installation['get'] = (path, init = {}) => fetch(url + path, { redirect: 'manual', signal: AbortSignal.timeout(60_000), tls: { rejectUnauthorized: false }, ...init } as RequestInit);
  const form: Installation['form'] = (path, fields, headers = {}) => get(path, { method: 'POST', headers: { origin: url, ...headers }, body: new URLSearchParams(fields) });
  const sh = async (script: string) => {
    const { code, out, err } = await host.run('sh', '-ec', script);
    if (code !== 0) throw new Error(`${script}: ${out}${err}`);
    return out.trim();
  };
  const said = await sh('/root/mantou service install');
  const setup = /\/setup#([\w-]{43})/.exec(said)?.[1];
  if (!setup) throw new Error(`the panel was not installed: ${said}`);
  const healthy = () => until(async () => (await get('/healthz', { signal: AbortSignal.timeout(5000) }).catch(() => null))?.ok);
  await healthy();
  const answer = await form('/setup', { token: setup, name: 'lin', password: PASSWORD, password2: PASSWORD });
  const cookie = /(?:__Host-)?mantou_session=[^;]+/.exec(answer.headers.get('set-cookie') ?? '')?.[0];
  if (!cookie) throw new Error(`it was not set up: ${answer.status} ${await answer.text()}`);
  const token = await sh('mantou token add --user lin --name tests');
  return { url, cookie, token, sh, get, form, healthy };
}

export interface InstalledPanel extends Pick<Installation, 'url' | 'sh' | 'healthy'> {
  /** Answers of the API below /api/v1; anything but a good one is thrown. */
  api<T = any>(method: string, path: string, body?: object): Promise<T>;
  /** The same, whatever it answers. */
  ask(method: string, path: string, body?: object): Promise<Response>;
  /** Tries to sign in with this password; the status. */
  signIn(password: string): Promise<number>;
  errorLog(): Promise<string>;
}

export async function installPanel(host: SystemdHost): Promise<InstalledPanel> {
  const { url, token, sh, get, form, healthy } = await install(host);
  const ask: InstalledPanel['ask'] = (method, path, body) =>
    get(`/api/v1${path}`, { method, headers: { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) }, ...(body ? { body: JSON.stringify(body) } : {}) });
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
