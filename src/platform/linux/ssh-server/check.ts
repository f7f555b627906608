import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { Exec } from '../../exec.ts';
import { parseEffective, type ConfigTexts } from '../../ssh-server/config.ts';
import { withCopies } from '../../ssh-server/copies.ts';

/** Where sshd puts whoever is not signed in yet; it says nothing of its configuration while that is missing. */
const PRIVSEP = '/run/sshd';

/**
 * Asks sshd itself what it makes of these texts, by copies in a folder that only root enters. The files that are in use are not
 * touched. `sshd -T` says what counts, and refuses what `sshd -t` refuses.
 */
export function checkTexts(exec: Exec, sshd: string, texts: ConfigTexts): Promise<{ effective: Map<string, string[]> } | { fault: string }> {
  return withCopies(texts, tmpdir(), async (main, plain) => {
    mkdirSync(PRIVSEP, { recursive: true, mode: 0o755 });
    const { code, stdout, stderr, ended } = await exec.run([sshd, '-T', '-f', main], { timeout: 10_000 });
    if (code === 0 && !ended) return { effective: parseEffective(stdout) };
    return { fault: plain((stderr || stdout).trim()) || String(ended ?? code) };
  });
}
