import { afterEach, expect, test } from 'bun:test';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { testApp, type TestApp } from '../../test/support/app.ts';

let panel: TestApp;
afterEach(() => panel.close());

const UNPACK = { zstd: zstdDecompressSync, br: brotliDecompressSync, gzip: gunzipSync } as const;

test.each(['zstd', 'br', 'gzip'] as const)('pages travel as %s to who takes it, and are the same inside', async (encoding) => {
  panel = testApp();
  const browser = panel.as('viewer');
  const plain = await browser.request('/processes');
  expect(plain.headers.get('content-encoding')).toBeNull();
  const packed = await browser.request('/processes', { headers: { 'accept-encoding': encoding } });
  expect([packed.status, packed.headers.get('content-encoding'), packed.headers.get('vary')]).toEqual([200, encoding, 'Accept-Encoding']);
  expect(packed.headers.get('content-security-policy')).toContain("default-src 'none'");
  const body = Buffer.from(await packed.arrayBuffer());
  const text = UNPACK[encoding](body).toString();
  expect(text).toStartWith('<!doctype html>');
  expect(text).toEndWith('</html>');
  expect(body.length).toBeLessThan(text.length / 3);
});

test('short answers, redirects with their cookies, streams and assets pass by', async () => {
  panel = testApp();
  const browser = panel.as('viewer');
  const headers = { 'accept-encoding': 'zstd' };
  const health = await panel.request('/healthz', { headers });
  expect(health.headers.get('content-encoding')).toBeNull();
  expect(await health.json()).toEqual({ status: 'ok', version: '0.0.0-test' });
  const preference = await browser.request('/preferences', { form: { theme: 'dark', next: '/' }, headers });
  expect([preference.status, preference.headers.get('set-cookie')]).toEqual([303, expect.stringContaining('mantou_theme=dark')]);
  const stream = await browser.request('/dashboard/stream', { headers: { ...headers, accept: 'text/event-stream' } });
  expect(stream.headers.get('content-encoding')).toBeNull();
  panel.server.streams.stop('stop');
});

test('what cannot be found is compressed as any page; cookies of a page survive', async () => {
  panel = testApp();
  const missing = await panel.as('viewer').request('/nowhere', { headers: { 'accept-encoding': 'gzip' } });
  expect([missing.status, missing.headers.get('content-encoding')]).toEqual([404, 'gzip']);
  expect(gunzipSync(Buffer.from(await missing.arrayBuffer())).toString()).toContain('</html>');
});
