import { dlopen, JSCallback } from 'bun:ffi';

/** winsvc.h */
const CALLS = {
  RegisterServiceCtrlHandlerW: { args: ['ptr', 'function'], returns: 'u64' },
  SetServiceStatus: { args: ['u64', 'ptr'], returns: 'i32' },
} as const;

const OWN_PROCESS = 0x10;
const STATES = { stopped: 1, starting: 2, stopping: 3, running: 4 } as const;
const ACCEPTS = 0x1 | 0x4;
const CONTROL_STOP = 1;
const CONTROL_SHUTDOWN = 5;
const ERROR_SERVICE_SPECIFIC_ERROR = 1066;
/** How long the next step may take before Windows calls it hung, ms. */
const PATIENCE = 20_000;

/**
 * StartServiceCtrlDispatcherW does not return while the service is there, so it waits on a thread of its own. The two
 * functions that Windows calls from there only put a message into this thread's queue.
 */
const DISPATCHER = `
import { dlopen, ptr } from 'bun:ffi';
self.onmessage = ({ data: { name, main } }) => {
  const { StartServiceCtrlDispatcherW } = dlopen('advapi32.dll', { StartServiceCtrlDispatcherW: { args: ['ptr'], returns: 'i32' } }).symbols;
  const word = Buffer.from(name + '\\0', 'utf16le');
  postMessage(StartServiceCtrlDispatcherW(new BigUint64Array([BigInt(ptr(word)), BigInt(main), 0n, 0n])));
};`;

export interface RunningService {
  /** It is up. */
  running(): void;
  /** Aborts when it shall stop; its reason is 'shutdown' when the machine goes down, else 'stop'. */
  signal: AbortSignal;
}

/**
 * Is a service of Windows for as long as `run` takes.
 * @param run answers 0 when it ended well, else the code that it failed with: Windows acts on that by the service's recovery
 * @returns false when it was not Windows' service control manager that started this process
 */
export async function beService(name: string, run: (service: RunningService) => Promise<number>): Promise<boolean> {
  const api = dlopen('advapi32.dll', CALLS).symbols;
  const word = Buffer.from(`${name}\0`, 'utf16le');
  const stopping = new AbortController();
  let handle = 0n;
  const tell = (state: keyof typeof STATES, code = 0) => {
    const status = new Uint32Array([OWN_PROCESS, STATES[state], state === 'running' ? ACCEPTS : 0, code ? ERROR_SERVICE_SPECIFIC_ERROR : 0, code, 0, state === 'running' || state === 'stopped' ? 0 : PATIENCE]);
    api.SetServiceStatus(handle, status);
  };
  const control = new JSCallback((what: number) => {
    if (what !== CONTROL_STOP && what !== CONTROL_SHUTDOWN) return;
    tell('stopping');
    stopping.abort(what === CONTROL_SHUTDOWN ? 'shutdown' : 'stop');
  }, { args: ['u32'], returns: 'void', threadsafe: true });
  const main = new JSCallback(() => {
    handle = api.RegisterServiceCtrlHandlerW(word, control.ptr!);
    tell('starting');
    void run({ running: () => tell('running'), signal: stopping.signal }).then((code) => tell('stopped', code >>> 0), () => tell('stopped', 1));
  }, { args: ['u32', 'u64'], returns: 'void', threadsafe: true });

  const worker = new Worker(URL.createObjectURL(new Blob([DISPATCHER], { type: 'application/javascript' })));
  const served = await new Promise<boolean>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<number>) => resolve(data !== 0);
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.postMessage({ name, main: Number(main.ptr) });
  });
  worker.terminate();
  return served;
}
