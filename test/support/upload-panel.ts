import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'bun:test';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ORIGIN, testApp, type Browser, type TestApp } from './app.ts';

export const OFFSET = 'application/offset+octet-stream';
const b64 = (text: string) => Buffer.from(text).toString('base64');
export const metadata = (fields: Record<string, string>) => Object.entries(fields).map(([key, value]) => `${key} ${b64(value)}`).join(',');

export type Headers = Record<string, string>;
type Who = Pick<Browser, 'request'>;

/** One request as tus-js-client would send it. */
export const tus = (who: Who, method: string, path: string, headers: Headers = {}, body?: string | Uint8Array) =>
  who.request(path, { method, headers: { 'tus-resumable': '1.0.0', origin: ORIGIN, ...headers }, ...(body === undefined ? {} : { body: body as string }) });

export const patchAs = (who: Who, url: string, offset: number | string, body: string | Uint8Array, headers: Headers = {}) =>
  tus(who, 'PATCH', url, { 'upload-offset': String(offset), 'content-type': OFFSET, 'content-length': String(body.length), ...headers }, body);

/** A panel for the tests of one file, with an empty folder for each of them. Call it once, at the top. */
export function uploadPanel() {
  const self = {} as { t: TestApp; root: string; admin: Browser; other: Browser };
  beforeAll(() => {
    self.t = testApp();
    self.admin = self.t.as('admin', 'lin');
    self.other = self.t.as('admin', 'mei');
  });
  afterAll(async () => {
    expect(self.t.errors).toEqual([]);
    await self.t.close();
  });
  beforeEach(() => {
    self.root = realpathSync(mkdtempSync(join(tmpdir(), 'mantou-upload-')));
  });
  afterEach(() => rmSync(self.root, { recursive: true, force: true }));

  const announce = (size: number | string, fields: Record<string, string> = {}, headers: Headers = {}, who: Who = self.admin, body?: string) =>
    tus(who, 'POST', '/files/upload', { 'upload-length': String(size), 'upload-metadata': metadata({ filename: 'a.txt', path: self.root, ...fields }), ...headers }, body);
  const names = () => readdirSync(self.root).sort();
  return Object.assign(self, {
    announce, names,
    parts: () => names().filter((name) => name.includes('.mantou-')),
    read: (name: string) => readFileSync(join(self.root, name), 'utf8'),
    /** Announces a file and says where its bytes go. */
    async begin(size: number, fields: Record<string, string> = {}, who: Who = self.admin): Promise<string> {
      const answer = await announce(size, fields, {}, who);
      expect(answer.status, await answer.text()).toBe(201);
      return answer.headers.get('location')!;
    },
    patch: (url: string, offset: number | string, body: string | Uint8Array, headers: Headers = {}, who: Who = self.admin) => patchAs(who, url, offset, body, headers),
    offsetOf: async (url: string) => (await tus(self.admin, 'HEAD', url)).headers.get('upload-offset'),
  });
}
