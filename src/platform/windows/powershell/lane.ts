import type { Conversation } from '../../exec.ts';

/** What the host says of itself when it begins. */
export interface Greeting {
  /** "5.1.20348.2227" */
  version: string;
  /** "10.0.20348.0" */
  os: string;
  /** Of what people read there: "zh-CN". */
  language: string;
  /** Of consoles: 936 on a Chinese system. */
  codePage: number;
  elevated: boolean;
  /** A process of 64 bits. */
  wide: boolean;
}

/** What a script threw: names and numbers, and one message in the language of the system. */
export interface Fault {
  /** FullyQualifiedErrorId, or `mantou:not_found` where the script refused by itself. */
  code: string;
  /** ErrorCategory: "PermissionDenied". */
  category: string;
  message: string;
  /** Full name of the exception's class. */
  type: string;
  hresult: number;
  /** Of Win32, 0 when there is none. */
  native: number;
  line: number;
}

export type Answer = { id: number; ok: true; value: unknown } | { id: number; ok: false; fault: Fault };

/** Why a process is no longer there: it ended by itself, said too much, or was ended by us. */
export type LaneEnd = 'died' | 'too-much' | 'ended';

export interface Lane {
  readonly pid: number;
  /** Says it, and gives what is said to it; rejects with a LaneError when the process goes before. */
  ask(request: { id: number; script: string; verb: string; given: object; secret?: string | undefined }, text: string): Promise<Answer>;
  readonly greeting: Promise<Greeting>;
  readonly ended: Promise<LaneEnd>;
  end(): void;
}

export class LaneError extends Error {
  constructor(readonly why: LaneEnd, /** The end of what it complained of. */ readonly complaints: string) {
    super(`PowerShell is gone: ${why}`);
  }
}

/** RFC 7464: stands before each answer. What comes without is noise that a script or a module printed. */
const MARK = 0x1e;
const NEWLINE = 0x0a;

/** One PowerShell process that answers one call after the other. `cap`: bytes of one answer at most. */
export function createLane(talk: Conversation, cap: number): Lane {
  const told = new Set<string>();
  const greeting = Promise.withResolvers<Greeting>();
  const ended = Promise.withResolvers<LaneEnd>();
  let waiting: { id: number; resolve: (answer: Answer) => void; reject: (error: LaneError) => void } | null = null;
  let over: LaneEnd | null = null;

  function finish(why: LaneEnd) {
    if (over) return;
    over = why;
    talk.end();
    const error = new LaneError(why, talk.complaints());
    waiting?.reject(error);
    waiting = null;
    greeting.reject(error);
    ended.resolve(why);
  }
  greeting.promise.catch(() => {});

  function hear(line: Uint8Array) {
    const answer = line[0] === MARK ? readAnswer(line.subarray(1)) : null;
    if (!answer) return;
    if (answer.id === 0 && answer.ok) greeting.resolve(answer.value as Greeting);
    // An answer that nobody waits for is none of this call's.
    if (answer.id !== waiting?.id) return;
    const { resolve } = waiting;
    waiting = null;
    resolve(answer);
  }

  void listen(talk.stdout, cap, hear).then((why) => finish(why));
  void talk.exited.then(async () => {
    // What it said last may lie in the pipe still.
    await Bun.sleep(50);
    finish('died');
  });

  return {
    pid: talk.pid, greeting: greeting.promise, ended: ended.promise,
    ask({ id, script, verb, given, secret }, text) {
      if (over) return Promise.reject(new LaneError(over, talk.complaints()));
      const answer = Promise.withResolvers<Answer>();
      waiting = { id, ...answer };
      // The script finds it there; PowerShell may not take a name that the values did not have.
      const values = secret === undefined ? given : { ...given, secret: null };
      const line = JSON.stringify({ id, script, text: told.has(script) ? null : text, verb, given: values, secret: secret?.length ?? null });
      told.add(script);
      // A pipe that is broken: that the process is gone is told by its end.
      void (async () => {
        talk.stdin.write(`${line}\n${secret === undefined ? '' : `${secret}\n`}`);
        await talk.stdin.flush();
      })().catch(() => {});
      return answer.promise;
    },
    end: () => finish('ended'),
  };
}

/** Lines of bytes, until the stream ends or one is longer than `cap`. */
async function listen(stream: ReadableStream<Uint8Array>, cap: number, onLine: (line: Uint8Array) => void): Promise<'died' | 'too-much'> {
  let held: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      let from = 0;
      for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
        onLine(Buffer.concat([...held, chunk.subarray(from, at)]));
        held = [];
        size = 0;
        from = at + 1;
      }
      const rest = chunk.subarray(from);
      held.push(rest);
      size += rest.length;
      if (size > cap) return 'too-much';
    }
  } catch {
    // The pipe broke, which is an end as well.
  }
  return 'died';
}

function readAnswer(line: Uint8Array): Answer | null {
  try {
    const found = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(line)) as Answer;
    return typeof found?.id === 'number' && typeof found.ok === 'boolean' ? found : null;
  } catch {
    return null;
  }
}
