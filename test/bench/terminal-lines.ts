import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { encodeOffset, FRAME } from '../../src/platform/pty-host/frames.ts';
import { which } from '../../src/platform/exec.ts';
import { cache } from '../support/executable.ts';
import { runPanel, setUp } from '../support/panel.ts';
import { endHost, hostPid, terminalsOf } from '../support/terminal-panel.ts';
import { tree } from './process.ts';

/** One terminal at the other end of a WebSocket, and what its own page does with it but for drawing. */
export interface Line {
  send(text: string): void;
  /** Called with each piece of output as text. */
  onText: (text: string) => void;
  close(): void;
}

export interface TerminalServer {
  name: string;
  open(): Promise<Line>;
  /** Its own processes, without the shells. */
  pids(): number[];
  /** Answers a page; only ours is asked. */
  health?: string;
  stop(): Promise<void>;
}

const SHELL = 'bash --norc --noprofile';

const connected = (socket: WebSocket) =>
  new Promise<void>((resolve, reject) => {
    socket.onopen = () => resolve();
    socket.onerror = () => reject(new Error('no WebSocket'));
  });

/** What public/js/terminal/pane.js acknowledges with. */
const ACK_BYTES = 32 * 1024;
const ACK_MS = 40;

/** Bytes as text and acknowledged, as the page does it. */
async function ourLine(url: string, cookie: string, origin: string): Promise<Line> {
  const socket = new WebSocket(url.replace(/^http/, 'ws'), { headers: { cookie, origin } } as never);
  socket.binaryType = 'arraybuffer';
  const decoder = new TextDecoder();
  let offset = 0;
  let acked = 0;
  const line: Line = {
    onText: () => {},
    send: (text) => socket.send(Buffer.from(`i${text}`)),
    close: () => socket.close(),
  };
  socket.onmessage = ({ data }) => {
    const frame = new Uint8Array(data as ArrayBuffer);
    if (frame[0] === FRAME.restart) offset = acked = Buffer.from(frame).readDoubleLE(1);
    if (frame[0] !== FRAME.output && frame[0] !== FRAME.deflated) return;
    const bytes = frame[0] === FRAME.output ? frame.subarray(1) : inflateRawSync(frame.subarray(1));
    offset += bytes.length;
    if (offset - acked >= ACK_BYTES) {
      acked = offset;
      socket.send(Buffer.concat([Buffer.from('a'), encodeOffset(offset)]));
    }
    line.onText(decoder.decode(bytes, { stream: true }));
  };
  // The rest is acknowledged when it is quiet.
  const timer = setInterval(() => {
    if (offset === acked || socket.readyState !== WebSocket.OPEN) return;
    acked = offset;
    socket.send(Buffer.concat([Buffer.from('a'), encodeOffset(offset)]));
  }, ACK_MS);
  socket.onclose = () => clearInterval(timer);
  await connected(socket);
  return line;
}

export async function ourTerminals(command: readonly string[]): Promise<TerminalServer> {
  const panel = await runPanel(command);
  const cookie = await setUp(panel);
  const shells = terminalsOf(() => panel, () => cookie);
  return {
    name: 'Mantou',
    health: `${panel.url}/healthz`,
    async open() {
      const id = await shells.open();
      const line = await ourLine(`${panel.url}/terminal/socket?id=${id}&from=0&cols=80&rows=24`, cookie, panel.url);
      line.send(`exec ${SHELL}\r`);
      const closeSocket = line.close;
      line.close = () => {
        closeSocket();
        void shells.kill(id);
      };
      return line;
    },
    pids: () => [panel.pid, hostPid(panel.dataDir)].filter((pid) => pid !== null),
    async stop() {
      await endHost(panel.dataDir);
      await panel.stop();
    },
  };
}

/** Engine.IO 4 and Socket.IO 5 over one WebSocket: `42["data","text"]`, `42/name,["data",…]`; `2` is a ping, `3` its answer. */
async function socketIo(url: string, space: string, begin: (emit: (event: string, value: unknown) => void) => void, after: (length: number, emit: (event: string, value: unknown) => void) => void, input: string): Promise<Line> {
  const socket = new WebSocket(url);
  const head = space ? `${space},` : '';
  const emit = (event: string, value: unknown) => socket.send(`42${head}${JSON.stringify([event, value])}`);
  const ready = Promise.withResolvers<void>();
  const line: Line = { onText: () => {}, send: (text) => emit(input, text), close: () => socket.close() };
  socket.onmessage = ({ data }) => {
    const text = data as string;
    if (text === '2') return socket.send('3');
    if (text.startsWith('0')) return socket.send(`40${head}`);
    if (text.startsWith('40')) return begin(emit);
    if (!text.startsWith('42')) return;
    const [event, value] = JSON.parse(text.slice(2 + head.length)) as [string, string];
    if (event !== 'data') return;
    // What is typed before the shell is there would be lost.
    ready.resolve();
    after(value.length, emit);
    line.onText(value);
  };
  await connected(socket);
  await Promise.race([ready.promise, Bun.sleep(10_000).then(() => Promise.reject(new Error('no prompt')))]);
  return line;
}

/** wetty's client commits each 256 KiB that it has drawn. */
function wettyLine(port: number) {
  let counted = 0;
  return socketIo(`ws://127.0.0.1:${port}/wetty/socket.io/?EIO=4&transport=websocket`, '', (emit) => emit('resize', { cols: 80, rows: 24 }), (length, emit) => {
    counted += length;
    if (counted >= 262_144) emit('commit', counted);
    if (counted >= 262_144) counted = 0;
  }, 'input');
}

const grittyLine = (port: number) =>
  socketIo(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`, '/gritty', (emit) => emit('terminal', { cols: 80, rows: 24, command: SHELL }), () => {}, 'data');

const PEERS = [
  { name: 'wetty', version: '3.2.0', port: 18731, path: '/wetty', argv: (bin: string, port: number) => [bin, '--host', '127.0.0.1', '--port', String(port), '--base', '/wetty', '--command', SHELL, '--log-level', 'error'], line: wettyLine },
  { name: 'gritty', version: '10.1.0', port: 18732, path: '/', argv: (bin: string, port: number) => [bin, '--port', String(port)], line: grittyLine },
] as const;

/** Those that npm has, installed once outside of the project; without a network, or a compiler, they are left out. */
export async function peerTerminals(say: (what: string) => void): Promise<TerminalServer[]> {
  const folder = join(cache, 'peers');
  const node = which('node');
  const npm = which('npm');
  if (!node || !npm) return [];
  mkdirSync(folder, { recursive: true });
  const missing = PEERS.filter(({ name, version }) => !hasVersion(folder, name, version));
  const fetched = missing.length === 0 || Bun.spawnSync([npm, 'install', '--prefix', folder, '--no-audit', '--no-fund', '--silent', ...missing.map(({ name, version }) => `${name}@${version}`)], { timeout: 300_000, stdout: 'ignore', stderr: 'ignore' }).exitCode === 0;
  if (!fetched) say('terminals of others cannot be installed here (npm): left out');
  const servers: TerminalServer[] = [];
  for (const peer of PEERS) {
    if (!hasVersion(folder, peer.name, peer.version)) continue;
    const started = await startPeer(node, folder, peer).catch(() => null);
    if (started) servers.push(started);
    else say(`${peer.name} ${peer.version} does not start here: left out`);
  }
  return servers;
}

const hasVersion = (folder: string, name: string, version: string) => {
  const path = join(folder, 'node_modules', name, 'package.json');
  return existsSync(path) && (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version === version;
};

async function startPeer(node: string, folder: string, { name, version, port, path, argv, line }: (typeof PEERS)[number]): Promise<TerminalServer> {
  const bin = (JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8')) as { bin: Record<string, string> | string }).bin;
  const script = join(folder, 'node_modules', name, typeof bin === 'string' ? bin : bin[name]!);
  // IP is what gritty listens on.
  const child = Bun.spawn([node, ...argv(script, port)], { stdin: 'ignore', stdout: 'ignore', stderr: 'ignore', env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: folder, IP: '127.0.0.1', TERM: 'xterm-256color', NODE_ENV: 'production' } });
  const until = performance.now() + 15_000;
  while (!(await fetch(`http://127.0.0.1:${port}${path}`).then(() => true, () => false))) {
    if (performance.now() > until || child.exitCode !== null) throw new Error(`${name} did not start`);
    await Bun.sleep(20);
  }
  return {
    name: `${name} ${version}`,
    open: () => line(port),
    pids: () => [child.pid],
    async stop() {
      for (const pid of tree(child.pid).reverse()) process.kill(pid, 'SIGKILL');
      await child.exited;
    },
  };
}
