import { which } from '../../src/platform/exec.ts';
import { startMs } from './start.ts';
import { cpuPercent, pssMiB, tree } from './process.ts';

interface Ours {
  seconds: number;
  pss: number;
  idle: number;
  live: number;
  start: number;
}

interface Peer {
  name: string;
  tool: string;
  port: number;
  argv: (path: string, port: number) => string[];
  /** What one open page asks once a second; none: it has no dashboard. */
  poll?: string;
}

const PEERS: readonly Peer[] = [
  { name: 'glances -w', tool: 'glances', port: 18701, argv: (path, port) => [path, '-w', '-B', '127.0.0.1', '-p', String(port), '--disable-check-update'], poll: '/api/3/all' },
  { name: 'netdata', tool: 'netdata', port: 18702, argv: (path, port) => [path, '-D', '-p', String(port), '-i', '127.0.0.1'], poll: '/api/v1/data?chart=system.cpu&points=1' },
  { name: 'ttyd', tool: 'ttyd', port: 18703, argv: (path, port) => [path, '-i', '127.0.0.1', '-p', String(port), 'true'] },
];

/** The same questions to whatever comparable is installed, each alone, and our figure as a ratio of theirs. */
export async function peers(note: (what: string, figure: string, goal?: string) => void, ours: Ours) {
  for (const peer of PEERS) {
    const path = which(peer.tool);
    if (!path) continue;
    const before = new Set(tree(process.pid));
    const started = await startMs(peer.argv(path, peer.port), peer.port, '/');
    const pid = tree(process.pid).find((found) => !before.has(found))!;
    try {
      await Bun.sleep(5000);
      const ratio = (mine: number, theirs: number) => `${(mine / theirs).toFixed(2)} × theirs`;
      note(`${peer.name}: start to first answer`, `${started.ms.toFixed(0)} ms`, ratio(ours.start, started.ms));
      const pss = pssMiB(tree(pid));
      note(`${peer.name}: PSS`, `${pss.toFixed(1)} MiB`, ratio(ours.pss, pss));
      const idle = await cpuPercent(pid, ours.seconds);
      note(`${peer.name}: CPU idle`, `${idle.toFixed(2)} %`, ratio(ours.idle, idle));
      if (!peer.poll) continue;
      const poll = setInterval(() => void fetch(`http://127.0.0.1:${peer.port}${peer.poll}`).then((r) => r.arrayBuffer()).catch(() => {}), 1000);
      const live = await cpuPercent(pid, ours.seconds);
      clearInterval(poll);
      note(`${peer.name}: CPU with one page at 1 Hz`, `${live.toFixed(2)} %`, ratio(ours.live, live));
    } finally {
      await started.stop();
    }
  }
}
