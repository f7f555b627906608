import { testApp } from '../support/app.ts';

const compress = (bytes: Uint8Array<ArrayBuffer>) => Bun.zstdCompressSync(bytes, { level: 19 }).length;

/** Times the dashboard's HTML from request to text, in this process on the fake host, and weighs the first page. */
export async function renderMs(runs: number) {
  const test = testApp();
  const browser = test.as('admin');
  const html = await (await browser.request('/')).text();
  const times: number[] = [];
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    await (await browser.request('/')).text();
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const bytes = new TextEncoder().encode(html);
  const compressed = compress(bytes);
  const firstPage = compressed + (await assetBytes(html, browser));
  await test.close();
  return { p50: times[runs >> 1]!, p99: times[Math.floor(runs * 0.99)]!, bytes: bytes.length, compressed, firstPage };
}

/** Every style, script, import and icon file that the page names, as sent to a browser of today. */
async function assetBytes(html: string, browser: { request(path: string, init?: RequestInit): Promise<Response> }): Promise<number> {
  const seen = new Set<string>();
  const queue = [...html.matchAll(/(?:href|src)="(\/assets\/[^"#]+)/g)].map((m) => m[1]!);
  const imports = JSON.parse(/<script type="importmap"[^>]*>(.*?)<\/script>/s.exec(html)?.[1] ?? '{}') as { imports?: Record<string, string> };
  let total = 0;
  for (const path of queue) {
    if (seen.has(path)) continue;
    seen.add(path);
    const answer = await browser.request(path, { headers: { 'accept-encoding': 'zstd' } });
    total += (await answer.arrayBuffer()).byteLength;
    if (!path.endsWith('.js')) continue;
    const text = await (await browser.request(path, { headers: { 'accept-encoding': 'identity' } })).text();
    for (const [, name = ''] of text.matchAll(/(?:from\s*|import\s*)["']([^"']+)["']/g)) {
      const target = name.startsWith('.') ? new URL(name, `http://x${path}`).pathname : imports.imports?.[name];
      if (target?.startsWith('/assets/')) queue.push(target);
    }
  }
  return total;
}
