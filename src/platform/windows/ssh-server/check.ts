import type { Exec } from '../../exec.ts';
import { parseEffective, readLines, type ConfigLayout, type ConfigTexts } from '../../ssh-server/config.ts';
import { withCopies } from '../../ssh-server/copies.ts';
import { keptEnvironment } from '../powershell/start.ts';

const ASK_MS = 20_000;

/**
 * Asks sshd itself what it makes of these texts, by copies of them. `sshd -t` takes or refuses the whole of it. `sshd -T` says what
 * counts for everybody, and until 9.0 gives up over a Match block without a connection to hold it against: it is shown none.
 * @param parent only the panel's account may write to it
 */
export async function checkTexts(exec: Exec, sshd: string, texts: ConfigTexts, layout: ConfigLayout, parent: string): Promise<{ effective: Map<string, string[]> } | { fault: string }> {
  const whole = await ask(exec, [sshd, '-t'], texts, layout, parent);
  if ('fault' in whole) return whole;
  const plain = await ask(exec, [sshd, '-T'], withoutMatch(texts, layout), layout, parent);
  if ('fault' in plain) return plain;
  const effective = parseEffective(plain.said);
  // It says yes, and has nobody who would ask: there is no PAM.
  effective.delete('kbdinteractiveauthentication');
  return { effective };
}

function ask(exec: Exec, argv: readonly [string, ...string[]], texts: ConfigTexts, layout: ConfigLayout, parent: string): Promise<{ said: string } | { fault: string }> {
  return withCopies(texts, parent, async (main, plain) => {
    // It finds its keys by ProgramData.
    const { code, stdout, stderr, ended } = await exec.run([...argv, '-f', main], { timeout: ASK_MS, env: keptEnvironment() });
    if (code === 0 && !ended) return { said: stdout };
    return { fault: plain((stderr || stdout).replaceAll('\r', '').trim()) || String(ended ?? code) };
  }, layout);
}

/** The lines keep their numbers. */
function withoutMatch(texts: ConfigTexts, layout: ConfigLayout): Map<string, string> {
  const off = new Set(readLines(texts, layout).filter(({ keyword, match }) => match || keyword === 'match').map(({ file, line }) => `${line} ${file}`));
  return new Map([...texts].map(([file, text]) => [file, text.split('\n').map((line, i) => (off.has(`${i + 1} ${file}`) ? '#' : line)).join('\n')]));
}
