import { executable } from './executable.ts';
import { relayTo } from './host-relay.ts';
import { install, type Installation } from './installed-panel.ts';
import { startSystemdHost, type SystemdHost, type SystemdHostKind } from './systemd-host.ts';

/** As logrotate does it, until rsyslog has heard of it: before that it writes to the old file. */
export const ROTATE_AUTH_LOG =
  'mv /var/log/auth.log /var/log/auth.log.1 && systemctl kill -s HUP rsyslog && until [ -e /var/log/auth.log ]; do logger -p authpriv.info -t sshd tick; sleep 0.1; done';

export interface HostPanel extends Pick<Installation, 'url' | 'cookie' | 'token' | 'sh'> {
  host: SystemdHost;
  get(path: string, init?: RequestInit): Promise<Response>;
  api<T>(path: string, init?: RequestInit): Promise<T>;
  /** What the panel logged as errors. */
  errorLog(): Promise<string>;
}

/** A machine of its own with systemd, on which the panel was installed. */
export async function startHostPanel(kind: SystemdHostKind, { relay = false } = {}): Promise<HostPanel> {
  // Before the machine: building it takes a while.
  await executable();
  const host = await startSystemdHost(kind);
  try {
    const { url, cookie, token, sh, get } = await install(host, relay ? `https://127.0.0.1:${relayTo(host, 8686).port}` : undefined);
    return {
      host, url, cookie, token, sh,
      get: (path, init = {}) => get(path, { ...init, headers: { cookie, ...init.headers } }),
      async api<T>(path: string, init: RequestInit = {}) {
        const said = await get(`/api/v1${path}`, { ...init, headers: { authorization: `Bearer ${token}`, ...init.headers } });
        return (await said.json()) as T;
      },
      errorLog: () => sh('cat /var/lib/mantou/logs/error.log 2>/dev/null || true'),
    };
  } catch (error) {
    await host.stop();
    throw error;
  }
}
