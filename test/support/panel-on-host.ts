import { expect } from 'bun:test';
import { executable } from './executable.ts';
import { startSystemdHost, type SystemdHost, type SystemdHostKind } from './systemd-host.ts';
import { until } from './until.ts';

const PASSWORD = 'steamed bun 2026';

/** A machine with systemd on which the executable was installed as people do it, an administrator lin, and a token of theirs. */
export async function panelOnHost(kind: SystemdHostKind) {
  const host = await startSystemdHost(kind);
  const sh = async (script: string) => {
    const { code, out, err } = await host.run('sh', '-c', script);
    if (code !== 0) throw new Error(`${script}: ${out}${err}`);
    return out.trim();
  };
  let url = `https://${host.ip}:8686`;
  let session = '';
  let token = '';
  const get = (path: string, init: RequestInit = {}) =>
    fetch(url + path, { redirect: 'manual', signal: AbortSignal.timeout(60_000), tls: { rejectUnauthorized: false }, headers: { cookie: session }, ...init } as RequestInit);
  const post = (path: string, fields: Record<string, string>) => get(path, { method: 'POST', headers: { origin: url, cookie: session }, body: new URLSearchParams(fields) });

  await host.put(await executable(), '/root/mantou');
  const said = await sh('/root/mantou service install');
  const setup = /\/setup#([\w-]{43})/.exec(said)![1]!;
  await until(async () => (await get('/healthz').catch(() => null))?.ok, 60_000);
  const answer = await post('/setup', { token: setup, name: 'lin', password: PASSWORD, password2: PASSWORD });
  session = /(?:__Host-)?mantou_session=[^;]+/.exec(answer.headers.get('set-cookie')!)![0];
  token = await sh('mantou token add --user lin --name tests');

  /** A call of the API; `status` is what it must answer. */
  async function api(method: string, path: string, body?: object, status?: number): Promise<any> {
    const headers = { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) };
    const got = await get(`/api/v1${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
    const text = await got.text();
    if (status === undefined ? !got.ok : got.status !== status) throw new Error(`${method} ${path}: ${got.status} ${text}`);
    return text ? JSON.parse(text) : null;
  }

  /** Waits for a task; its row and its log. */
  async function ended(id: string): Promise<{ state: string; error: string | null; log: string }> {
    let row = await api('GET', `/tasks/${id}`);
    await until(async () => (row = await api('GET', `/tasks/${id}`)).state !== 'running', 180_000);
    return { ...row, log: await (await get(`/tasks/${id}/log`)).text() };
  }

  return {
    host, sh, get, post, api, ended,
    get url() { return url; },
    get session() { return session; },
    /** A form in its two steps: what is shown is what is done. */
    async planned(path: string, fields: Record<string, string> = {}): Promise<{ html: string; to: string }> {
      const html = await (await post(path, fields)).text();
      const seen = /name="seen" value="([^"]*)"/.exec(html)?.[1];
      if (!seen) throw new Error(`nothing was shown: ${html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ').slice(-1500)}`);
      const done = await post(path, { ...fields, do: 'apply', seen });
      if (done.status !== 303) throw new Error(`not done: ${done.status} ${(await done.text()).replace(/<[^>]+>/g, ' ').slice(-1500)}`);
      return { html, to: done.headers.get('location')! };
    },
    /** After a reboot of the machine. */
    async back() {
      url = `https://${host.ip}:8686`;
      await until(async () => (await get('/healthz').catch(() => null))?.ok, 60_000);
    },
    async stop() {
      const errors = (await host.run('sh', '-c', 'cat /var/lib/mantou/logs/error.log 2>/dev/null; journalctl -u mantou -o cat --no-pager | grep " ERROR " || true')).out;
      await host.stop();
      expect(errors.trim()).toBe('');
    },
  };
}

export type PanelOnHost = Awaited<ReturnType<typeof panelOnHost>>;
export type { SystemdHost };
