import type { Init, TestApp } from './app.ts';

/** A browser that keeps its cookies, for what happens over several requests. */
export class Jar {
  readonly cookies = new Map<string, string>();
  /** The Set-Cookie lines of the last answer. */
  set: string[] = [];

  constructor(
    private readonly panel: Pick<TestApp, 'request'>,
    private readonly fixed: Init = {},
  ) {}

  async request(path: string, init: Init = {}): Promise<Response> {
    const headers = new Headers({ ...(this.fixed.headers as Record<string, string>), ...(init.headers as Record<string, string>) });
    if (this.cookies.size) headers.set('cookie', [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '));
    const answer = await this.panel.request(path, { ...this.fixed, ...init, headers });
    this.set = answer.headers.getSetCookie();
    for (const line of this.set) {
      const [pair = '', ...attributes] = line.split('; ');
      const at = pair.indexOf('=');
      const gone = attributes.some((one) => /^max-age=0$/i.test(one));
      if (gone) this.cookies.delete(pair.slice(0, at));
      else this.cookies.set(pair.slice(0, at), decodeURIComponent(pair.slice(at + 1)));
    }
    return answer;
  }

  post = (path: string, form: Record<string, string>, init: Init = {}) => this.request(path, { ...init, form });

  /** Like the scripts of the pages do it. */
  json = (path: string, body: unknown, init: Init = {}) =>
    this.request(path, {
      ...init,
      method: 'POST',
      body: JSON.stringify(body),
      headers: { origin: 'http://127.0.0.1:8686', ...(init.headers as Record<string, string>), 'content-type': 'application/json' },
    });
}
