import { expect } from 'bun:test';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testApp } from './app.ts';

const folder = mkdtempSync(join(tmpdir(), 'mantou-hostile-'));
const canary = join(folder, 'canary');
const touch = `touch ${canary}`;

/** What broke other panels. */
export const HOSTILE: readonly string[] = [
  `; ${touch}`, `| ${touch}`, `& ${touch} &`, `$(${touch})`, `\`${touch}\``, `'; ${touch} #`, `"; ${touch} #`, `\n${touch}\n`, `\r\n${touch}\r\n`,
  `%COMSPEC% /c ${touch}`, `^& ${touch}`, '-rf', '--checkpoint-action=exec=sh', '--', '../../../../etc/passwd', '..\\..\\windows', '/etc/passwd\0.png',
  `' OR '1'='1`, `'; DROP TABLE users; --`, `" UNION SELECT password_hash FROM users --`, `name) VALUES ('x`, '%', '_', '\\',
  '<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', `' onfocus=alert(1) autofocus='`, '</title><svg/onload=alert(1)>', '</script><script>alert(1)</script>',
  'javascript:alert(1)', '{{constructor.constructor("alert(1)")()}}', '${7*7}', '<!--', ']]>', '&lt;b&gt;',
  '\0', '\u202Etxt.exe', '\uFEFF', '\uD800', 'a\u0301'.repeat(200), '名'.repeat(300), 'x'.repeat(70_000), ' ', '\t', '-1', '1e999', 'NaN', '99999999999999999999', '0x10', '[]', '{}', 'null', '__proto__', 'constructor', 'toString',
];

/** A panel that hostile text is given to. */
export async function hostileApp() {
  const t = testApp();
  t.as('admin', 'first');
  await t.app.sampler.tick();
  t.clock.advance(1000);
  await t.app.sampler.tick();
  let made = 0;

  return {
    ...t,
    /** A new administrator for each request, in place of the one before: what it does to its own account spoils nothing. */
    person() {
      t.app.db.$client.run("DELETE FROM users WHERE name LIKE 'fuzz%'");
      return t.as('admin', `fuzz${made++}`);
    },
    /** An address of nobody yet: what is counted by address counts once. */
    peer: () => `10.${made >> 16}.${(made >> 8) & 255}.${made & 255}`,
    /** What commands that ran would have left. */
    leftBehind: () => readdirSync(folder),
    async end() {
      await t.close();
      rmSync(folder, { recursive: true, force: true });
    },
    /** An answer to hostile text: a refusal or a success, never a fault, never the text as markup, never a command run. */
    async judge(answer: Response, text: string, what: string) {
      // Streams may go on for ever.
      const body = /^(text\/event-stream|application\/x-ndjson)/.test(answer.headers.get('content-type') ?? '') ? void answer.body?.cancel() : await answer.text();
      expect(answer.status, `${what}: ${t.errors.at(-1) ?? ''}`).not.toBe(500);
      if (body && answer.headers.get('content-type')?.startsWith('text/html') && /[<>"]/.test(text)) {
        for (const bad of ['<script>alert', '<img src=x', '<svg/onload', ' onfocus=alert(1) autofocus=\'"', '"><img']) if (text.includes(bad)) expect(body.includes(bad), `${what}: comes back as markup`).toBe(false);
      }
      expect(answer.headers.get('location') ?? '/', what).toMatch(/^\/(?![/\\])/);
      expect(existsSync(canary), `${what} ran a command`).toBe(false);
    },
  };
}

export type HostileApp = Awaited<ReturnType<typeof hostileApp>>;
