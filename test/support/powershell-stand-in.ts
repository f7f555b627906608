/**
 * Stands in for PowerShell with ps1/host.ps1: the same protocol, and what goes wrong on request. Run as a program:
 * `bun powershell-stand-in.ts [silent|broken|greets-and-dies] [log]`; `log` gets a line for each start and each call.
 */
import { appendFileSync, existsSync } from 'node:fs';
import { until } from './until.ts';

const [mode = 'good', log] = process.argv.slice(2);
const note = (line: string) => void (log && appendFileSync(log, `${line}\n`));
const out = (text: string) => void process.stdout.write(text);
const answer = (value: object) => out(`\x1e${JSON.stringify(value)}\n`);

interface Request {
  id: number;
  script: string;
  text: string | null;
  verb: string;
  given: { do?: string; ms?: number; path?: string; value?: unknown; fault?: object; bytes?: number; secret?: string | null };
  secret: number | null;
}

const texts = new Map<string, string>();
const jsons: string[] = [];
let calls = 0;

const acts: Record<string, (request: Request) => unknown> = {
  echo: ({ id, given }) => answer({ id, ok: true, value: { said: given.value ?? null, pid: process.pid, calls } }),
  /** What it got as a secret, and what of it was in the JSON. */
  secret: ({ id, given }) => answer({ id, ok: true, value: { said: given.secret ?? null, calls, text: jsons.join('\n') } }),
  text: ({ id, script }) => answer({ id, ok: true, value: { text: texts.get(script) ?? null, sent: calls } }),
  fault: ({ id, given }) => answer({ id, ok: false, fault: given.fault }),
  die: () => process.exit(3),
  /** Half an answer, then the end. */
  torn: ({ id }) => {
    out(`\x1e{"id":${id},"ok":tr`);
    process.stdout.once('drain', () => process.exit(3));
    setTimeout(() => process.exit(3), 20);
  },
  hang: () => {},
  slow: (request) => setTimeout(() => acts.echo!(request), request.given.ms),
  /** Until somebody makes this file. */
  until: (request) => until(() => existsSync(request.given.path!)).then(() => acts.echo!(request)),
  /** Lines that are no answers, before the one that is. */
  noise: (request) => {
    out('WARNING: 模块正在导入\n{"id":1,"ok":true,"value":"no mark"}\n\x1enot json\n\x1e{"id":"1"}\n\x1e\n');
    process.stdout.write(new Uint8Array([0x1e, 0xff, 0xfe, 0x0a]));
    acts.echo!(request);
  },
  /** Answers of other calls around its own. */
  stray: (request) => {
    answer({ id: request.id + 1000, ok: true, value: { said: 'of another' } });
    answer({ id: request.id - 1, ok: true, value: { said: 'of the one before' } });
    acts.echo!(request);
    answer({ id: request.id, ok: true, value: { said: 'again' } });
  },
  huge: ({ id, given }) => answer({ id, ok: true, value: { said: 'x'.repeat(given.bytes ?? 0) } }),
  endless: () => {
    const more = () => process.stdout.write('y'.repeat(65_536), () => setImmediate(more));
    more();
  },
  /** One that somebody else's pieces cut in the middle of letters. */
  pieces: async ({ id, given }) => {
    const bytes = new TextEncoder().encode(`\x1e${JSON.stringify({ id, ok: true, value: { said: given.value } })}\n`);
    for (const byte of bytes) {
      process.stdout.write(new Uint8Array([byte]));
      await Bun.sleep(1);
    }
  },
};

note('start');
if (mode === 'broken') {
  process.stderr.write('此系统上禁止运行脚本。\nAbout_Execution_Policies\n');
  process.exit(1);
}
if (mode !== 'silent') {
  answer({ id: 0, ok: true, value: { version: '5.1.20348.2227', os: '10.0.20348.0', language: 'zh-CN', codePage: 936, elevated: true, wide: true } });
  if (mode === 'greets-and-dies') process.exit(4);
}
// By hand: readline would end a line at U+2028 as well, which .NET does not.
let held = '';
const decoder = new TextDecoder();
for await (const chunk of Bun.stdin.stream()) {
  held += decoder.decode(chunk, { stream: true });
  for (let end = held.indexOf('\n'); end >= 0; end = held.indexOf('\n')) {
    const line = held.slice(0, end);
    const request = JSON.parse(line) as Request;
    if (request.secret !== null) {
      // It stands behind, and a line break with it; its own line breaks are letters of it.
      if (held.length < end + 1 + request.secret + 1) break;
      const from = end + 1;
      end = from + request.secret;
      request.given.secret = held.slice(from, end);
      if (held[end] !== '\n') throw new Error('a secret of another length');
    }
    held = held.slice(end + 1);
    jsons.push(line);
    if (request.text !== null) texts.set(request.script, request.text);
    calls++;
    note(`${request.script} ${request.verb} ${request.given.do ?? 'echo'}`);
    void acts[request.given.do ?? 'echo']!(request);
  }
}
note('end');
process.exit(0);
