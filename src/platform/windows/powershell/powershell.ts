import { z } from 'zod';
import { systemClock, type Clock } from '../../../lib/clock.ts';
import { AppError } from '../../../lib/errors.ts';
import type { Conversation } from '../../exec.ts';
import { faultError } from './fault.ts';
import { createLane, LaneError, type Answer, type Greeting, type Lane } from './lane.ts';
import { verbOf, type ScriptName, type VerbOf } from './verbs.ts';

export interface CallOptions {
  signal?: AbortSignal;
  /** ms, instead of what the verb says. */
  timeout?: number;
  /** Travels beside the values, and is `$Given.secret` as a SecureString: what the values are may be in the event log of Windows. */
  secret?: string | undefined;
}

/** Runs the scripts of ps1/ in processes that stay: the first is started when it is needed, a second while the first is busy. */
export interface PowerShell {
  /** Why nothing can be asked here, or null. What is named is the program that is missing. */
  missing(): string | null;
  /**
   * Values travel as JSON and are never part of a script's text.
   * @throws AppError by what the script threw (fault.ts); unavailable when PowerShell cannot be started, died or took too long
   */
  call<S extends ScriptName, A extends z.ZodType>(script: S, verb: VerbOf<S>, given: object, answer: A, options?: CallOptions): Promise<z.output<A>>;
  /** What would be asked, for "Show commands" and the audit. */
  show<S extends ScriptName>(script: S, verb: VerbOf<S>, given: object): string;
  greeting(): Promise<Greeting>;
  /** Ends the processes. What is being asked fails. */
  close(): void;
}

export interface PowerShellNeeds {
  /** The program, or undefined when there is none. */
  program(): string | undefined;
  /** Starts it with the host script. */
  start(program: string): Conversation;
  /** Text of a script. */
  text(script: string): string;
  clock?: Clock;
  /** What is known of a verb. */
  verb?: typeof verbOf;
  limits?: Partial<typeof LIMITS>;
}

export const LIMITS = {
  /** Processes at once. */
  lanes: 2,
  /** A call waits so long for the first process before a second one is started. */
  patienceMs: 500,
  timeoutMs: 30_000,
  /** Until the first word of a process: a cold disk and a virus scanner take their time. */
  startMs: 30_000,
  /** A process that nobody asks for so long is ended. */
  idleMs: 5 * 60_000,
  /** Bytes of one answer. */
  cap: 16 * 2 ** 20,
  /** Bytes of one question: 5.1 reads no JSON of 2 MiB. */
  question: 2 ** 20,
  /** Letters of a secret: a SecureString holds no more. */
  secret: 2 ** 16,
  queue: 200,
  /** After a process that died before it could be asked, the next start waits so long, and twice as long each time. */
  backOffMs: 1000,
  backOffMostMs: 60_000,
};

interface Call {
  script: ScriptName;
  verb: string;
  given: object;
  secret: string | undefined;
  reads: boolean;
  slow: boolean;
  timeout: number;
  again: boolean;
  resolve(value: unknown): void;
  reject(error: unknown): void;
  /** Ends the process that works on it, once one does. */
  stop?: () => void;
  done: boolean;
}

interface Slot {
  lane: Lane;
  busy: Call | null;
  idle?: Timer | undefined;
}

export function createPowerShell({ program, start, text, clock = systemClock, verb: known = verbOf, limits: given = {} }: PowerShellNeeds): PowerShell {
  const limits = { ...LIMITS, ...given };
  const slots = new Set<Slot>();
  const queue: Call[] = [];
  let nextId = 0;
  let starting = 0;
  let failures = 0;
  let notBefore = 0;
  let last: Greeting | null = null;
  let patience: Timer | undefined;

  const unavailable = (detail: string) => new AppError('unavailable', (t) => t.powershell.unavailable, detail ? { detail } : {});

  /** Gives what waits to whoever is free, and starts a process when there is none. */
  function pump() {
    for (const slot of slots) if (!slot.busy) give(slot);
    if (queue.length === 0 || starting > 0 || slots.size >= limits.lanes) return;
    if (slots.size === 0) return void open();
    // Most calls are answered before another PowerShell would have started.
    patience ??= setTimeout(() => {
      patience = undefined;
      if (queue.some(mayBegin) && starting === 0 && slots.size < limits.lanes) void open();
    }, limits.patienceMs);
  }
  const mayBegin = (call: Call) => !call.slow || ![...slots].some(({ busy }) => busy?.slow);

  function give(slot: Slot) {
    const at = queue.findIndex(mayBegin);
    if (at < 0) return;
    const [call] = queue.splice(at, 1);
    clearTimeout(slot.idle);
    slot.busy = call!;
    void work(slot, call!);
  }

  async function open() {
    const path = program();
    const wait = notBefore - clock.monotonic();
    if (!path || wait > 0) return refuseAll(unavailable(path ? '' : 'powershell.exe'));
    starting++;
    let lane: Lane | undefined;
    const timer = setTimeout(() => lane?.end(), limits.startMs);
    try {
      lane = createLane(start(path), limits.cap);
      last = await lane.greeting;
      join(lane);
    } catch (error) {
      failures++;
      notBefore = clock.monotonic() + Math.min(limits.backOffMs * 2 ** (failures - 1), limits.backOffMostMs);
      const detail = error instanceof LaneError ? error.complaints.trim() : String(error);
      // A second one that does not start is no reason to refuse what the first one will get to.
      if (slots.size === 0) refuseAll(unavailable(detail));
    } finally {
      clearTimeout(timer);
      starting--;
    }
    pump();
  }

  function join(lane: Lane) {
    const slot: Slot = { lane, busy: null };
    slots.add(slot);
    rest(slot);
    void lane.ended.then(() => {
      clearTimeout(slot.idle);
      slots.delete(slot);
      // Ended in the middle of a call: `work` hears of it by itself.
      pump();
    });
  }

  function rest(slot: Slot) {
    slot.idle = setTimeout(() => slot.lane.end(), limits.idleMs);
    slot.idle.unref();
  }

  function refuseAll(error: AppError) {
    for (const call of queue.splice(0)) settle(call, () => call.reject(error));
  }

  async function work(slot: Slot, call: Call) {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      slot.lane.end();
    }, call.timeout);
    call.stop = () => slot.lane.end();
    try {
      const { script, verb, given: values, secret } = call;
      const answer = await slot.lane.ask({ id: ++nextId, script, verb, given: values, secret }, text(script));
      failures = 0;
      settle(call, () => finish(call, answer));
    } catch (error) {
      if (!(error instanceof LaneError)) throw error;
      lost(call, error, late);
    } finally {
      clearTimeout(timer);
      slot.busy = null;
      rest(slot);
      pump();
    }
  }

  function finish(call: Call, answer: Answer) {
    if (answer.ok) call.resolve(answer.value);
    else call.reject(faultError(answer.fault, `${call.script} ${call.verb}`));
  }

  function lost(call: Call, error: LaneError, late: boolean) {
    slots.forEach((slot) => void (slot.busy === call && slots.delete(slot)));
    const what = `${call.script} ${call.verb}`;
    if (call.done) return;
    if (late) return settle(call, () => call.reject(new AppError('unavailable', (t) => t.powershell.late({ what, seconds: Math.ceil(call.timeout / 1000) }))));
    if (error.why === 'too-much') return settle(call, () => call.reject(new AppError('unavailable', (t) => t.powershell.tooMuch({ what }))));
    if (error.why === 'died' && call.reads && !call.again) {
      call.again = true;
      queue.unshift(call);
      return;
    }
    settle(call, () => call.reject(new AppError('unavailable', (t) => t.powershell.died({ what }), { detail: error.complaints.trim() })));
  }

  function settle(call: Call, how: () => void) {
    if (call.done) return;
    call.done = true;
    how();
  }

  function enter(script: ScriptName, verb: string, values: object, { signal, timeout, secret }: CallOptions): Promise<unknown> {
    const { reads = false, slow = false, timeout: usual = limits.timeoutMs } = known(script, verb);
    if (Buffer.byteLength(JSON.stringify(values)) > limits.question || (secret?.length ?? 0) > limits.secret) throw new AppError('invalid', (t) => t.powershell.longQuestion);
    if (queue.length >= limits.queue) throw new AppError('unavailable', (t) => t.powershell.busy);
    signal?.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const call: Call = { script, verb, given: values, secret, reads, slow, timeout: timeout ?? usual, again: false, resolve, reject, done: false };
    const abort = () => {
      settle(call, () => reject(signal?.reason));
      const at = queue.indexOf(call);
      if (at >= 0) queue.splice(at, 1);
      else call.stop?.();
    };
    signal?.addEventListener('abort', abort, { once: true });
    queue.push(call);
    pump();
    return promise.finally(() => signal?.removeEventListener('abort', abort));
  }

  return {
    missing: () => (program() ? null : 'powershell.exe'),
    async call(script, verb, values, answer, options = {}) {
      const value = await enter(script, verb, values, options);
      const read = answer.safeParse(value);
      if (read.success) return read.data;
      throw new AppError('unavailable', (t) => t.powershell.unreadable({ what: `${script} ${verb}` }), { cause: read.error, detail: z.prettifyError(read.error) });
    },
    show: (script, verb, values) => [script, verb, ...(Object.keys(values).length ? [JSON.stringify(values)] : [])].join(' '),
    async greeting() {
      if (!last) await enter('volumes.ps1', 'list', {}, {});
      return last!;
    },
    close() {
      refuseAll(unavailable(''));
      for (const { lane } of slots) lane.end();
    },
  };
}
