import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { terminals } from '../../src/db/schema/terminal.ts';
import type { TerminalHost } from '../../src/core/terminal/host.ts';
import { PtyHostError } from '../../src/platform/pty-host/client.ts';
import type { HostCalls, HostEvent, TerminalState } from '../../src/platform/pty-host/protocol.ts';
import type { TestApp } from './app.ts';

/** The process that holds the shells, made up: what it is asked and what it says is the test's to decide. */
export function fakeTerminals() {
  const states = new Map<string, TerminalState>();
  const recording = new Map<string, string>();
  const events = new Set<(event: HostEvent) => void>();
  const losses = new Set<() => void>();
  /** Set: what the next recording is refused with. */
  let refusal: string | null = null;
  let gone = false;
  const asked: string[] = [];

  const begin = (id: string, path: string) => {
    if (refusal) throw new PtyHostError(refusal);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, '{"version":2,"width":80,"height":24}\n[1.5,"o","hello"]\n', { flag: 'wx' });
    recording.set(id, path);
    const state = states.get(id);
    if (state) states.set(id, { ...state, recording: 'on' });
  };
  const end = (id: string, state: 'off' | 'failed' | 'full' = 'off') => {
    const path = recording.get(id);
    if (!path) return;
    recording.delete(id);
    states.set(id, { ...states.get(id)!, recording: state });
    for (const each of events) each({ kind: 'recorded', id, path, state });
  };
  const calls: Partial<{ [K in keyof HostCalls]: (params: HostCalls[K]['params']) => HostCalls[K]['result'] }> = {
    list: () => [...states.values()],
    create: ({ id, title, recordTo }) => {
      if (recordTo !== undefined) begin(id, recordTo);
      states.set(id, { ...stateOf(id, title), recording: recordTo === undefined ? 'off' : 'on' });
      return states.get(id)!;
    },
    kill({ id }) {
      end(id);
      states.delete(id);
      return {};
    },
    record({ id, path }) {
      if (!states.has(id)) throw new PtyHostError('not_found');
      end(id);
      if (path !== null) begin(id, path);
      return {};
    },
  };
  const host: TerminalHost = {
    ask: async (method, params) => {
      asked.push(method);
      if (gone) return null;
      return (calls[method] as unknown as (params: unknown) => never)(params);
    },
    async create(spec) {
      asked.push('create');
      gone = false;
      return calls.create!(spec);
    },
    opening: new Set<string>(),
    view: async () => { throw new PtyHostError('gone'); },
    onEvent: (listener) => void events.add(listener),
    onLost: (listener) => void losses.add(listener),
    close() {},
  };
  return {
    host, states, asked, end,
    refuse: (code: string | null) => void (refusal = code),
    /** It is killed, and every shell with it. */
    lose() {
      gone = true;
      states.clear();
      recording.clear();
      for (const each of losses) each();
    },
  };
}

const stateOf = (id: string, title: string): TerminalState => ({
  id, pid: 1, title, createdAt: 0, inputAt: 0, outputAt: 0, quietMs: 0, start: 0, end: 0, command: '', viewers: [], exit: null, recording: 'off', cols: 80, rows: 24,
});

/** A terminal that runs, as if somebody had opened it. */
export function running(t: TestApp, fake: ReturnType<typeof fakeTerminals>, userId = 'u', title = 'root@vm'): string {
  const id = t.app.random.id();
  t.app.db.insert(terminals).values({ id, userId, openedBy: 'lin', kind: 'shell', target: 'root', folder: '/', title, state: 'running', createdAt: t.clock.now() }).run();
  fake.states.set(id, stateOf(id, title));
  return id;
}
