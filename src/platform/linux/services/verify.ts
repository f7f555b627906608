import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Exec } from '../../exec.ts';
import type { UnitFault } from '../../services.ts';

const VERIFY_MS = 30_000;

/**
 * What `systemd-analyze verify` says of copies that stand before the real files in the path of units; nothing of the machine changes.
 * @param unit its name, and the text of its own file @param dropIn own settings beside it
 */
export async function verifyUnit(exec: Exec, unit: { name: string; path: string | null; text: string | null }, dropIn: string | null): Promise<UnitFault[]> {
  const analyze = exec.which('systemd-analyze');
  if (!analyze) return [];
  const stage = await mkdtemp(join(tmpdir(), 'mantou-unit-'));
  try {
    const file = join(stage, unit.name);
    const text = unit.text ?? (unit.path === null ? null : await readFile(unit.path, 'utf8').catch(() => null));
    if (text === null) return [];
    await writeFile(file, text, { mode: 0o600 });
    const own = dropIn === null ? file : join(stage, `${unit.name}.d`, 'override.conf');
    const ask = async () => {
      const { code, stdout, stderr, ended } = await exec.run([analyze, 'verify', '--man=no', file], { timeout: VERIFY_MS, env: { SYSTEMD_UNIT_PATH: `${stage}:` } });
      return { failed: code !== 0 || ended !== undefined, said: `${stderr}\n${stdout}` };
    };
    const put = async (words: string) => {
      await mkdir(join(stage, `${unit.name}.d`), { recursive: true });
      await writeFile(own, words, { mode: 0o600 });
    };
    if (dropIn !== null) await put(dropIn);
    const { failed, said } = await ask();
    const faults = parseVerify(said, own);
    if (faults.length || !failed) return faults;
    const general = parseGeneral(said, stage);
    if (dropIn === null) return general;
    // What is wrong with or without these lines is not theirs; an empty file still hides the one that is there.
    await put('');
    const before = new Set(parseGeneral((await ask()).said, stage).map((fault) => fault.text));
    return general.filter((fault) => !before.has(fault.text));
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

/** What it only advises against: it is taken all the same. */
const ADVICE = /this is not safe!$|deprecated|obsolete|please update/i;

/**
 * Complaints about one file, with their lines.
 *
 *     /run/stage/nginx.service.d/override.conf:3: Nice priority out of range, ignoring: 99
 */
export function parseVerify(said: string, path: string): UnitFault[] {
  return said.split('\n').flatMap((line): UnitFault[] => {
    if (!line.startsWith(`${path}:`) || ADVICE.test(line)) return [];
    const found = /^(\d+): (.*)$/.exec(line.slice(path.length + 1));
    return found ? [{ line: Number(found[1]), text: found[2]!.trim() }] : [{ line: null, text: line.slice(path.length + 1).trim() }];
  });
}

/**
 * What it says without a place: "nginx.service: Service has more than one ExecStart= setting, … Refusing."
 */
const parseGeneral = (said: string, stage: string): UnitFault[] =>
  said.split('\n').map((line) => line.replaceAll(`${stage}/`, '').trim()).filter((line) => line && !ADVICE.test(line) && !/^Unit .* has a bad unit file setting\.$/.test(line)).slice(0, 20).map((text) => ({ line: null, text }));

