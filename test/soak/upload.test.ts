/**
 * Part of `bun run soak`: 2 GiB through the compiled executable while the network is pulled twice and the panel killed
 * twice. UPLOAD_MIB makes it smaller.
 */
import { expect, test } from 'bun:test';
import { createHash } from 'node:crypto';
import { createReadStream, mkdtempSync, openSync, closeSync, readdirSync, realpathSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Upload } from 'tus-js-client';
import { executable } from '../support/executable.ts';
import { runPanel, setUp } from '../support/panel.ts';
import { slowLine } from '../support/slow-line.ts';
import { until } from '../support/until.ts';

const MIB = 1 << 20;
const SIZE = Number(process.env.UPLOAD_MIB ?? 2048) * MIB;

async function sha(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path, { highWaterMark: MIB })) hash.update(piece as Buffer);
  return hash.digest('hex');
}

test('2 GiB survive two cut lines and two kills', async () => {
  const work = realpathSync(mkdtempSync(join(tmpdir(), 'mantou-soak-upload-')));
  const source = join(work, 'source');
  const target = realpathSync(mkdtempSync(join(tmpdir(), 'mantou-soak-target-')));
  const file = openSync(source, 'w');
  for (let at = 0; at < SIZE; at += MIB) writeSync(file, Buffer.concat(Array.from({ length: 16 }, () => crypto.getRandomValues(new Uint8Array(65_536)))));
  closeSync(file);
  const command = [await executable()];
  let panel = await runPanel(command, { dataDir: mkdtempSync(join(tmpdir(), 'mantou-soak-data-')) });
  const { dataDir } = panel;
  const cookie = await setUp(panel);
  const line = await slowLine(new URL(panel.url).port);
  const done = Promise.withResolvers<void>();
  const upload = new Upload(createReadStream(source, { highWaterMark: MIB }) as never, {
    endpoint: `${line.url}/files/upload`, headers: { cookie, origin: line.url }, metadata: { filename: 'whole', path: target }, uploadSize: SIZE,
    chunkSize: 64 * MIB, retryDelays: Array.from({ length: 1000 }, () => 100), onSuccess: () => done.resolve(), onError: (error) => done.reject(error),
  });
  const come = () => readdirSync(target).map((name) => statSync(join(target, name)).size)[0] ?? 0;
  try {
    upload.start();
    for (let i = 1; i <= 4; i++) {
      await until(() => come() > (i * SIZE) / 6, 600_000);
      if (i % 2) {
        line.cut();
        await Bun.sleep(500);
        line.mend();
        continue;
      }
      panel.kill('SIGKILL');
      await panel.exited;
      expect(panel.errorLog()).toBe('');
      panel = await runPanel(command, { dataDir });
      line.to(new URL(panel.url).port);
    }
    await done.promise;
    expect(readdirSync(target)).toEqual(['whole']);
    expect(await sha(join(target, 'whole'))).toBe(await sha(source));
    expect(panel.errorLog()).toBe('');
  } finally {
    line.stop();
    await panel.stop();
    for (const folder of [work, target, dataDir]) rmSync(folder, { recursive: true, force: true });
  }
}, 1_800_000);
