import { ownCommand } from '../../config/paths.ts';
import { AppError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import type { Exec } from '../../platform/exec.ts';
import { connectPanel, connectViewer, PtyHostError, type PtyHostClient, type ViewerClient } from '../../platform/pty-host/client.ts';
import { ptyHostPlace } from '../../platform/pty-host/place.ts';
import type { HostCalls, HostEvent, TerminalSpec, TerminalState, ViewerHello } from '../../platform/pty-host/protocol.ts';
import { startPtyHost } from '../../platform/pty-host/start.ts';

/** How long the process that holds the shells may take until it listens. */
const START_MS = 15_000;
/** One that finds another in its place goes again; when that other one left as well, nobody is there: so often one is started. */
const AGAIN_MS = 4000;

/** The panel's way to the process that holds the shells (`mantou pty-host`), which outlives it. */
export interface TerminalHost {
  /** Asks it something. @returns null when it is not there. @throws PtyHostError with its code */
  ask<K extends Exclude<keyof HostCalls, 'create'>>(method: K, params: HostCalls[K]['params']): Promise<HostCalls[K]['result'] | null>;
  /** Opens a terminal, and starts the process when it is not there. @throws PtyHostError with its code, AppError unavailable */
  create(spec: TerminalSpec): Promise<TerminalState>;
  /** Ids of those that `create` has not answered yet. */
  readonly opening: ReadonlySet<string>;
  /** @throws PtyHostError 'gone' when it is not there */
  view(hello: ViewerHello, on: { frame(type: number, payload: Buffer): void; close(): void }): Promise<ViewerClient>;
  onEvent(listener: (event: HostEvent) => void): void;
  /** It has gone, and every shell with it. */
  onLost(listener: () => void): void;
  /** Lets go of it; the shells stay. */
  close(): void;
}

export function createTerminalHost({ config: { dataDir }, exec, log }: { config: { dataDir: string }; exec: Exec; log: Log }): TerminalHost {
  let client: Promise<PtyHostClient> | null = null;
  /** Stands for the connection that is in use. */
  let current: object = {};
  let closed = false;
  const opening = new Set<string>();
  const events = new Set<(event: HostEvent) => void>();
  const losses = new Set<() => void>();

  /** Ends with the connection that is in use: an earlier one that is late to end takes nothing along. */
  const lose = (own: object) => {
    if (own !== current) return;
    client = null;
    if (!closed) losses.forEach((listener) => listener());
  };

  const connect = async (start: boolean, own: object): Promise<PtyHostClient> => {
    const place = ptyHostPlace(dataDir);
    const open = () => connectPanel(place, { event: (event) => events.forEach((listener) => listener(event)), close: () => lose(own) }).catch(unlessSilent);
    const first = await open();
    if (first) return first;
    if (!start) throw new PtyHostError('gone');
    const until = performance.now() + START_MS;
    for (let again = 0; ; ) {
      if (performance.now() >= again) {
        log.info('pty-host started', { as: await startPtyHost(exec, ownCommand('pty-host', '--data-dir', dataDir)) });
        again = performance.now() + AGAIN_MS;
      }
      const next = await open();
      if (next) return next;
      if (performance.now() > until) throw new AppError('unavailable', (t) => t.terminal.noHost);
      await Bun.sleep(20);
    }
  };

  /** Joins whoever is connecting already, also who only looks: then `start` counts for nothing, and it is to be asked again. */
  const reach = (start: boolean) => {
    if (client) return client;
    const own = (current = {});
    return (client = connect(start, own).catch((error: unknown) => {
      if (own === current) client = null;
      throw error;
    }));
  };

  return {
    opening,
    async ask(method, params) {
      const found = await reach(false).catch(nobody);
      return found && (await found.call(method, params).catch(nobody));
    },
    async create(spec) {
      opening.add(spec.id);
      try {
        const found = (await reach(true).catch(nobody)) ?? (await reach(true));
        // It was about to end, as the last terminal had; what it was asked in that moment is asked of the next.
        return await found.call('create', spec).catch(async (error: unknown) => {
          if (!(error instanceof PtyHostError) || error.code !== 'gone') throw error;
          return (await reach(true)).call('create', spec);
        });
      } finally {
        opening.delete(spec.id);
      }
    },
    async view(hello, on) {
      await reach(false);
      return connectViewer(ptyHostPlace(dataDir), hello, on);
    },
    onEvent: (listener) => void events.add(listener),
    onLost: (listener) => void losses.add(listener),
    close() {
      closed = true;
      void client?.then((each) => each.close(), () => {});
    },
  };
}

/** Somebody listens and says nothing: the shells are there, and are not lost. */
const unlessSilent = (error: unknown): null => {
  if (error instanceof PtyHostError && error.code === 'silent') throw error;
  return null;
};

const nobody = (error: unknown): null => {
  if (error instanceof PtyHostError && error.code === 'gone') return null;
  throw error;
};
