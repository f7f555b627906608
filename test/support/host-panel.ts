import { executable } from './executable.ts';
import { startSystemdHost, type SystemdHost, type SystemdHostKind } from './systemd-host.ts';
import { until } from './until.ts';

export interface HostPanel {
  host: SystemdHost;
  url: string;
  /** `Cookie` header of the administrator, lin. */
  cookie: string;
  /** Of the administrator, for the API. */
  token: string;
  /** Runs in a shell there. @throws when it does not end with 0 */
  sh(script: string): Promise<string>;
  get(path: string, init?: RequestInit): Promise<Response>;
  api<T>(path: string, init?: RequestInit): Promise<T>;
  /** What the panel logged as errors. */
  errorLog(): Promise<string>;
}

const PASSWORD = 'steamed bun 2026';

/**
 * A way to the panel that needs no network: browsers are tested in one of their own, from which no container is reached.
 * @returns its port on 127.0.0.1
 */
function relayTo({ id }: SystemdHost): number {
  type Way = { child?: Bun.Subprocess<'pipe', 'pipe', 'ignore'> };
  return Bun.listen<Way>({
    hostname: '127.0.0.1',
    port: 0,
    socket: {
      open(socket) {
        const child = Bun.spawn(['docker', 'exec', '-i', id, 'nc', '127.0.0.1', '8686'], { stdin: 'pipe', stdout: 'pipe', stderr: 'ignore' });
        socket.data = { child };
        void (async () => {
          for await (const bytes of child.stdout) {
            for (let sent = 0; sent < bytes.length; ) {
              const took = socket.write(bytes.subarray(sent));
              if (took < 0) break;
              sent += took;
              if (sent < bytes.length) await Bun.sleep(2);
            }
          }
          socket.end();
        })();
      },
      data({ data: { child } }, bytes) {
        child?.stdin.write(bytes);
        void child?.stdin.flush();
      },
      close: ({ data: { child } }) => child?.kill(),
      error: ({ data: { child } }) => child?.kill(),
    },
  }).port;
}

/** A machine of its own with systemd, on which the compiled executable is installed as a service, as a person does it. */
export async function startHostPanel(kind: SystemdHostKind, { relay = false } = {}): Promise<HostPanel> {
  const command = await executable();
  const host = await startSystemdHost(kind);
  const url = relay ? `https://127.0.0.1:${relayTo(host)}` : `https://${host.ip}:8686`;
  const sh = async (script: string) => {
    const { code, out, err } = await host.run('sh', '-c', script);
    if (code !== 0) throw new Error(`${script}: ${out}${err}`);
    return out.trim();
  };
  const get = (path: string, init: RequestInit = {}) => fetch(url + path, { redirect: 'manual', tls: { rejectUnauthorized: false }, signal: AbortSignal.timeout(60_000), ...init } as RequestInit);
  try {
    await host.put(command, '/root/mantou');
    const { out } = await host.run('/root/mantou', 'service', 'install');
    const token = /\/setup#([\w-]{43})/.exec(out)?.[1];
    if (!token) throw new Error(`the panel was not installed: ${out}`);
    await until(async () => (await get('/healthz').catch(() => null))?.ok, 90_000);
    const answer = await get('/setup', { method: 'POST', headers: { origin: url }, body: new URLSearchParams({ token, name: 'lin', password: PASSWORD, password2: PASSWORD }) });
    const cookie = /(?:__Host-)?mantou_session=[^;]+/.exec(answer.headers.get('set-cookie') ?? '')?.[0] ?? '';
    const bearer = await sh('/usr/local/bin/mantou token add --user lin --name tests 2>/dev/null || /root/mantou token add --user lin --name tests');
    return {
      host, url, cookie, token: bearer, sh,
      get: (path, init = {}) => get(path, { ...init, headers: { cookie, ...init.headers } }),
      async api<T>(path: string, init: RequestInit = {}) {
        const said = await get(`/api/v1${path}`, { ...init, headers: { authorization: `Bearer ${bearer}`, ...init.headers } });
        return (await said.json()) as T;
      },
      errorLog: () => sh('cat /var/lib/mantou/logs/error.log 2>/dev/null || true'),
    };
  } catch (error) {
    await host.stop();
    throw error;
  }
}
