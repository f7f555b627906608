import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { fakePty, hostInProcess } from '../../../test/support/pty.ts';
import { turnedMs } from '../../../test/support/turns.ts';
import { until } from '../../../test/support/until.ts';
import { view } from '../../../test/support/viewer.ts';
import { connectPanel, PtyHostError } from './client.ts';
import { encodeFrame, encodeJson, FRAME, FrameReader } from './frames.ts';
import { newNonce, proofOf, type Nonces } from './handshake.ts';
import type { HostEvent } from './protocol.ts';

/** The process that holds shells, at its door and when much happens at once. */
let host: ReturnType<typeof hostInProcess>;
let fake: ReturnType<typeof fakePty>;
let fails: string | null = null;
let passed = 0;
const SPEC = { argv: ['/bin/fake'] as [string], cwd: '/', env: {}, title: 't', cols: 80, rows: 24 };

beforeEach(() => {
  fails = null;
  passed = 0;
  fake = fakePty({ fails: () => fails });
  host = hostInProcess({ pty: fake.driver, passed: () => passed });
});
afterEach(() => host.stop());

async function panel() {
  const events: HostEvent[] = [];
  let closed = false;
  const client = await connectPanel(host.place, { event: (event) => events.push(event), close: () => (closed = true) });
  return { ...client, events, isClosed: () => closed };
}

/** For what it said: who says nothing is ended as well, but after seconds. */
async function endsAtOnce(isClosed: () => boolean): Promise<boolean> {
  const begun = turnedMs();
  await until(() => isClosed() || turnedMs() - begun > 1000);
  return isClosed();
}

/** A connection that says what it likes. @returns whether the other side ended it within a second */
async function rude(...pieces: Uint8Array[]): Promise<boolean> {
  let closed = false;
  const socket = await Bun.connect({ unix: host.place.path, socket: { data() {}, close: () => void (closed = true) } });
  for (const piece of pieces) socket.write(piece);
  const ended = await endsAtOnce(() => closed);
  socket.terminate();
  return ended;
}

/** One that greets first. `say` makes what comes then of the answer. */
async function polite(say: (nonces: Nonces) => Uint8Array[]): Promise<boolean> {
  let closed = false;
  const nonce = newNonce();
  const answer = Promise.withResolvers<Nonces>();
  const reader = new FrameReader((type, payload) => type === FRAME.hello && answer.resolve([nonce, JSON.parse(payload.toString()).nonce as string]));
  const socket = await Bun.connect({ unix: host.place.path, socket: { data: (_socket, bytes) => reader.push(bytes), close: () => void (closed = true) } });
  socket.write(encodeJson(FRAME.hello, { nonce }));
  for (const piece of say(await answer.promise)) socket.write(piece);
  const ended = await endsAtOnce(() => closed);
  socket.terminate();
  return ended;
}

const codeOf = (work: Promise<unknown>) => work.then(() => 'done', (error: unknown) => (error instanceof PtyHostError ? error.code : String(error)));

describe('refused', () => {
  test('S12 without the token, with a wrong one, and with anything else first', async () => {
    const { token } = host.place;
    const hello = (proof: unknown) => encodeJson(FRAME.hello, { proof, token, as: 'panel' });
    const wrong: [string, (nonces: Nonces) => unknown][] = [
      ['none', () => undefined], ['empty', () => ''], ['the token itself', () => token], ['of another token', (nonces) => proofOf(`${token}x`, 'panel', nonces)], ['of the other side', (nonces) => proofOf(token, 'host', nonces)],
      ['of other nonces', ([, theirs]) => proofOf(token, 'panel', [newNonce(), theirs])], ['of an earlier connection', ([mine]) => proofOf(token, 'panel', [mine, newNonce()])], ['no text', () => ({ length: 43 })], ['null', () => null],
    ];
    for (const [what, proof] of wrong) expect([what, await polite((nonces) => [hello(proof(nonces))])]).toEqual([what, true]);
    for (const nonce of ['', 'x', null, { length: 43 }]) expect([nonce, await rude(encodeJson(FRAME.hello, { nonce }))]).toEqual([nonce, true]);
    expect(await rude(hello(proofOf(token, 'panel', [newNonce(), newNonce()])))).toBe(true);
    expect(await rude(encodeJson(FRAME.call, { id: 1, method: 'list', params: {} }))).toBe(true);
    expect(await rude(encodeFrame(FRAME.hello, 'no json'))).toBe(true);
    expect(await rude(encodeFrame(FRAME.hello, 'null'))).toBe(true);
    expect(await rude(Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'))).toBe(true);
    expect(await rude(Buffer.alloc(100_000, 0xff))).toBe(true);
  });

  test('S20 who took the name of the socket learns nothing, and no panel talks to them', async () => {
    const answers: ((nonce: string) => object | null)[] = [
      () => null, () => ({}), () => ({ nonce: newNonce(), proof: '' }), (nonce) => ({ nonce, proof: proofOf('guessed', 'host', [nonce, nonce]) }), (nonce) => ({ nonce: newNonce(), proof: nonce }),
    ];
    for (const answer of answers) {
      const place = { ...host.place, path: `${host.place.path}-${newNonce().slice(0, 8)}` };
      let heard = '';
      const thief = Bun.listen<FrameReader>({
        unix: place.path,
        socket: {
          open: (socket) => void (socket.data = new FrameReader((type, payload) => {
            heard += payload.toString();
            const said = type === FRAME.hello && answer((JSON.parse(payload.toString()) as { nonce: string }).nonce);
            if (said) socket.write(encodeJson(FRAME.hello, said));
            else socket.end();
          })),
          data: (socket, bytes) => socket.data.push(bytes),
        },
      });
      await expect(connectPanel(place, { event() {}, close() {} })).rejects.toThrow();
      await expect(view(place, { id: 'a' })).rejects.toThrow();
      expect(heard).not.toContain(host.place.token);
      expect(heard).not.toContain('proof');
      thief.stop(true);
    }
  });

  test('who listens and says nothing is not gone', async () => {
    const place = { ...host.place, path: `${host.place.path}-stopped` };
    const stopped = Bun.listen({ unix: place.path, socket: { data() {} } });
    expect(await codeOf(connectPanel(place, { event() {}, close() {} }, 100))).toBe('silent');
    stopped.stop(true);
    expect(await codeOf(connectPanel(place, { event() {}, close() {} }))).not.toBe('done');
  });

  test('a viewer of what is not there, and one that says what no viewer says', async () => {
    const { seen } = await view(host.place, { id: 'nothing' });
    await until(() => seen.closed);
    const { call, close } = await panel();
    await call('create', { ...SPEC, id: 'a' });
    for (const bad of [encodeFrame(FRAME.call, '{}'), encodeFrame(FRAME.size, 'abc'), encodeFrame(FRAME.ack, 'abc'), encodeFrame(0x00, 'x'), encodeFrame(FRAME.ack, Buffer.alloc(8, 0x7f))]) {
      expect(await polite((nonces) => [encodeJson(FRAME.hello, { proof: proofOf(host.place.token, 'panel', nonces), as: 'viewer', id: 'a', from: null, size: null, readOnly: false, name: 'x' }), bad])).toBe(true);
    }
    expect((await call('list', {}))[0]!.viewers).toEqual([]);
    close();
  });

  test('calls that are none, of what is not there, and twice the same', async () => {
    const { call, close } = await panel();
    expect(await codeOf(call('toString' as never, {} as never))).toBe('unknown');
    for (const [method, params] of [['kill', {}], ['resize', { cols: 1, rows: 1 }], ['input', { base64: '' }], ['output', { from: 0, most: 1 }], ['record', { path: null }]] as const) {
      expect(await codeOf(call(method, { id: 'nothing', ...params } as never))).toBe('not_found');
    }
    await call('create', { ...SPEC, id: 'a' });
    expect(await codeOf(call('create', { ...SPEC, id: 'a' }))).toBe('conflict');
    close();
  });

  test('a program that does not start leaves nothing behind', async () => {
    const { call, close } = await panel();
    for (const code of ['ENOENT', 'EACCES', 'EAGAIN']) {
      fails = code;
      expect(await codeOf(call('create', { ...SPEC, id: code }))).toBe(code);
    }
    expect(await call('list', {})).toEqual([]);
    expect(host.faults).toEqual([]);
    close();
  });
});

describe('at once', () => {
  test('create, kill and the program’s own end in any order: every panel is told once', async () => {
    const [one, two] = [await panel(), await panel()];
    await two.call('list', {});
    const ids = Array.from({ length: 30 }, (_, i) => `t${i}`);
    const work = ids.flatMap((id, i) => {
      const made = one.call('create', { ...SPEC, id });
      if (i % 3 === 0) void made.then(() => fake.programs[i]!.ends({ code: 1, signal: null }));
      return [made, i % 2 ? one.call('kill', { id }) : codeOf(two.call('kill', { id }))];
    });
    await Promise.all(work);
    for (const program of fake.programs) program.ends();
    await until(() => one.events.filter((event) => event.kind === 'ended').length === ids.length);
    for (const { events } of [one, two]) {
      await until(() => events.filter((event) => event.kind === 'ended').length === ids.length);
      expect(new Set(events.flatMap((event) => (event.kind === 'ended' ? [event.id] : []))).size).toBe(ids.length);
    }
    for (const id of ids) await codeOf(one.call('kill', { id }));
    expect(await one.call('list', {})).toEqual([]);
    expect(fake.programs.every(({ closed }) => closed)).toBe(true);
    expect(host.faults).toEqual([]);
  });

  test('a thousand terminals fit into one list', async () => {
    const { call, close, isClosed } = await panel();
    const title = '馒'.repeat(200);
    await Promise.all(Array.from({ length: 1500 }, (_, i) => call('create', { ...SPEC, id: `${i}`, title })));
    expect(await call('list', {})).toHaveLength(1500);
    expect(isClosed()).toBe(false);
    close();
  });

  test('output of a terminal, by any offset', async () => {
    const { call, close } = await panel();
    await call('create', { ...SPEC, id: 'a' });
    fake.programs[0]!.says('0123456789');
    const read = async (from: number, most: number) => {
      const { base64, ...rest } = await call('output', { id: 'a', from, most });
      return { text: atob(base64), ...rest };
    };
    expect(await read(3, 4)).toEqual({ text: '3456', from: 3, start: 0, end: 10, over: false });
    expect(await read(99, 4)).toEqual({ text: '', from: 10, start: 0, end: 10, over: false });
    // Around the place where the ring is cut.
    for (let i = 0; i < 9; i++) fake.programs[0]!.says(Buffer.from(Array.from({ length: 777_777 }, (_, n) => (10 + i * 777_777 + n) % 251)));
    const { start, end } = await read(0, 1);
    for (let at = start; at < end; at += 250_000) {
      const { text } = await read(at, 250_000);
      expect(Buffer.from(text, 'latin1').equals(Buffer.from(Array.from({ length: Math.min(250_000, end - at) }, (_, n) => (at + n) % 251)))).toBe(true);
    }
    close();
  });
});

test('it ends with its last terminal, and not before', async () => {
  let over = false;
  void host.done.then(() => (over = true));
  const { call, isClosed } = await panel();
  await call('create', { ...SPEC, id: 'a' });
  passed = 60_000;
  await Bun.sleep(1200);
  expect(over).toBe(false);
  await call('kill', { id: 'a' });
  await call('kill', { id: 'a' });
  passed += 4000;
  await Bun.sleep(1200);
  expect(over).toBe(false);
  passed += 2000;
  await until(() => over && isClosed());
});
