import type { Server } from 'bun';
import type { Actor, App } from '../core/app.ts';
import type { Ui } from '../views/ui.ts';
import type { Streams } from './sse.ts';

/** What every request carries; set by the middleware in server.ts, in order. */
export interface Env {
  Variables: {
    app: App;
    /** Address of the person, through trusted proxies only. */
    ip: string;
    /** Did it come over TLS, here or at the trusted proxy? */
    secure: boolean;
    /** `https://host:port` that the browser must have as Origin. */
    origin: string;
    actor: Actor | null;
    /** CSP nonce of this answer. */
    nonce: string;
    /** Made on first use; read it through `uiOf`. */
    ui: Ui | undefined;
    streams: Streams;
  };
  Bindings: { server: Server<unknown>; assets: AssetSource };
}

export interface AssetSource {
  readonly hash: string;
  url(path: string): string;
  respond(request: Request, path: string): Response | null;
}
