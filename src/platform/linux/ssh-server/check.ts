import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Exec } from '../../exec.ts';
import { included, MAIN, parseEffective, parseLine, type ConfigTexts } from '../../ssh-server/config.ts';

/** Where sshd puts whoever is not signed in yet; it says nothing of its configuration while that is missing. */
const PRIVSEP = '/run/sshd';

/**
 * Asks sshd itself what it makes of these texts: in a folder that only root enters lies a copy of each, and Includes name the
 * copies. The files that are in use are not touched.
 */
export async function checkTexts(exec: Exec, sshd: string, texts: ConfigTexts): Promise<{ effective: Map<string, string[]> } | { fault: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'mantou-sshd-'));
  try {
    const copies = new Map([...texts.keys()].map((path, i) => [path, join(folder, `${i}.conf`)]));
    for (const [path, text] of texts) writeFileSync(copies.get(path)!, redirected(texts, text, copies), { mode: 0o600 });
    return await ask(exec, sshd, copies.get(MAIN)!, copies);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The same text whose Includes name the copies. */
function redirected(texts: ConfigTexts, text: string, copies: ReadonlyMap<string, string>): string {
  return text
    .split('\n')
    .map((line) => {
      const parsed = parseLine(line);
      if (parsed?.keyword !== 'include') return line;
      const paths = parsed.args.flatMap((pattern) => included(texts, pattern)).map((path) => copies.get(path)!);
      return paths.length ? `Include ${paths.join(' ')}` : '#';
    })
    .join('\n');
}

/** `sshd -T` says what counts, and refuses what `sshd -t` refuses. @param copies names in what it says are given back as they are known */
async function ask(exec: Exec, sshd: string, file: string, copies: ReadonlyMap<string, string>) {
  mkdirSync(PRIVSEP, { recursive: true, mode: 0o755 });
  const { code, stdout, stderr, ended } = await exec.run([sshd, '-T', '-f', file], { timeout: 10_000 });
  if (code === 0 && !ended) return { effective: parseEffective(stdout) };
  const said = [...copies].reduce((text, [path, copy]) => text.replaceAll(copy, path), (stderr || stdout).trim());
  return { fault: said || String(ended ?? code) };
}
