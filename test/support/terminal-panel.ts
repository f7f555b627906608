import { readdirSync, readFileSync } from 'node:fs';
import type { RunningPanel } from './panel.ts';
import { openScreen, type Screen } from './screen.ts';
import { openSocket, type SocketOptions } from './terminal-socket.ts';
import { until } from './until.ts';

/** Terminals of a running panel, by the session of a person. */
export function terminalsOf(panel: () => RunningPanel, cookie: () => string) {
  const headers = () => ({ cookie: cookie(), origin: panel().url });
  const post = (path: string, fields: Record<string, string>) =>
    fetch(panel().url + path, { method: 'POST', headers: { ...headers(), accept: 'application/json' }, body: new URLSearchParams(fields), tls: { rejectUnauthorized: false } });
  const address = (id: string, more: Partial<SocketOptions>, size = '') => `${panel().url}/terminal/socket?id=${id}${more.from === undefined ? '' : `&from=${more.from}`}${size}`;
  return {
    post,
    /** @returns its id. @throws Error with what the panel says */
    async open(fields: Record<string, string> = {}): Promise<string> {
      const answer = await post('/terminal', fields);
      const said = (await answer.json()) as { id?: string; error?: string };
      if (!said.id) throw new Error(said.error);
      return said.id;
    },
    kill: async (id: string) => void (await post(`/terminal/${id}/kill`, {})),
    socket: (id: string, more: Partial<SocketOptions> = {}) => openSocket(address(id, more), { headers: headers(), ...more }),
    screen: (id: string, size = { cols: 80, rows: 24 }): Promise<Screen> => openScreen(address(id, {}, `&cols=${size.cols}&rows=${size.rows}`), { headers: headers() }, size),
  };
}

/** The process that holds the shells of this data directory, or null. */
export function hostPid(dataDir: string): number | null {
  const found = readdirSync('/proc').find((pid) => {
    try {
      const argv = /^\d+$/.test(pid) ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0') : [];
      return argv.includes('pty-host') && argv.includes(dataDir);
    } catch {
      return false;
    }
  });
  return found ? Number(found) : null;
}

/** Ends it with all that it holds. */
export async function endHost(dataDir: string) {
  const pid = hostPid(dataDir);
  if (pid === null) return;
  process.kill(pid, 'SIGTERM');
  await until(() => hostPid(dataDir) === null, 5000).catch(() => process.kill(pid, 'SIGKILL'));
}

export const alive = (pid: number) => {
  try {
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};
