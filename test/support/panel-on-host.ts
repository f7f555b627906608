import { expect } from 'bun:test';
import { relayTo } from './host-relay.ts';
import { install } from './installed-panel.ts';
import { startSystemdHost, type SystemdHost, type SystemdHostKind } from './systemd-host.ts';
import { until } from './until.ts';

/**
 * A machine with systemd on which the panel was installed; its forms are filled in as its administrator does it.
 * `relay`: the panel is reached from inside, as its port is closed from outside.
 */
export async function panelOnHost(kind: SystemdHostKind, { relay = false } = {}) {
  const host = await startSystemdHost(kind);
  const { url, cookie, token, sh, form, healthy, get: ask } = await install(host, relay ? `https://127.0.0.1:${relayTo(host, 8686).port}` : undefined).catch(async (error: unknown) => {
    await host.stop();
    throw error;
  });
  const get = (path: string, init: RequestInit = {}) => ask(path, { headers: { cookie }, ...init });
  const post = (path: string, fields: Record<string, string>) => form(path, fields, { cookie });

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
    await until(async () => (row = await api('GET', `/tasks/${id}`)).state !== 'running');
    return { ...row, log: await (await get(`/tasks/${id}/log`)).text() };
  }

  return {
    host, sh, url, get, post, api, ended,
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
    back: healthy,
    async stop() {
      const errors = (await host.run('sh', '-c', 'cat /var/lib/mantou/logs/error.log 2>/dev/null; journalctl -u mantou -o cat --no-pager | grep " ERROR " || true')).out;
      await host.stop();
      expect(errors.trim()).toBe('');
    },
  };
}

export type PanelOnHost = Awaited<ReturnType<typeof panelOnHost>>;
export type { SystemdHost };
