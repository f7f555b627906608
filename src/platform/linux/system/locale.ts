import { AppError } from '../../../lib/errors.ts';
import type { Exec } from '../../exec.ts';
import type { LocaleChange, LocaleDriver } from '../../locale.ts';
import { planOf, type FileChange } from '../../plan.ts';
import { hasSystemd } from '../../systemd.ts';
import { runStep, runSteps, showStep, step, type Step } from '../steps.ts';
import { readText, writeText } from '../text-file.ts';
import { noRoot } from './rights.ts';

const GEN = '/etc/locale.gen';
const SUPPORTED = '/usr/share/i18n/SUPPORTED';
const MINUTES = 60_000;

/** `locale -a` says `zh_CN.utf8` for what everybody writes as `zh_CN.UTF-8`. */
export const written = (name: string) => name.replace(/\.utf-?8(?=@|$)/i, '.UTF-8');

/** locale.conf(5), and Debian's /etc/default/locale: `LANG="en_US.UTF-8"` */
export const parseLang = (text: string) => /^\s*LANG=(["']?)([\w.@-]+)\1\s*$/m.exec(text)?.[2] ?? null;

/** What can be made, of UTF-8 alone: `zh_CN.UTF-8 UTF-8`. Nobody asks for another today. */
export const parseSupported = (text: string) => [...text.matchAll(/^([a-z]{2,3}_[A-Z]{2}(?:\.UTF-8)?(?:@\w+)?) UTF-8$/gm)].map(([, name]) => name!);

/** locale.gen(5) with this one in effect: its line without the mark before it, or a line more. */
export function withLocale(text: string, name: string): string {
  const line = `${name} UTF-8`;
  if (text.split('\n').some((one) => one.trim() === line)) return text;
  const marked = new RegExp(`^#\\s*${name.replace(/[.@]/g, '\\$&')} UTF-8\\s*$`, 'm');
  return marked.test(text) ? text.replace(marked, line) : `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${line}\n`;
}

export function createLinuxLocale(exec: Exec): LocaleDriver {
  const installed = async () => [...new Set((await runStep(exec, { ...step('locale', '-a'), mayFail: true })).split('\n').filter((name) => /^[\w.@-]+$/.test(name)).map(written))].sort();
  const makes = () => exec.which('locale-gen') !== undefined && readText(GEN) !== null;

  async function work({ locale }: LocaleChange): Promise<{ steps: Step[]; files: FileChange[] }> {
    const there = (await installed()).includes(locale);
    const text = readText(GEN);
    if (!there && !(makes() && parseSupported(readText(SUPPORTED) ?? '').includes(locale))) throw new AppError('invalid', (t) => t.system.locale.noSuch, { field: 'locale' });
    const set = hasSystemd() && exec.which('localectl') ? step('localectl', 'set-locale', `LANG=${locale}`) : exec.which('update-locale') ? step('update-locale', `LANG=${locale}`) : null;
    const path = '/etc/locale.conf';
    const before = readText(path);
    const own: FileChange[] = set ? [] : [{ path, before, after: `${(before ?? '').split('\n').filter((line) => line && !/^\s*LANG=/.test(line)).map((line) => `${line}\n`).join('')}LANG=${locale}\n` }];
    return { steps: [...(there ? [] : [step('locale-gen')]), ...(set ? [set] : [])], files: [...(there ? [] : [{ path: GEN, before: text, after: withLocale(text ?? '', locale) }]), ...own] };
  }

  return {
    async read() {
      const have = await installed();
      return {
        current: parseLang(readText('/etc/locale.conf') ?? '') ?? parseLang(readText('/etc/default/locale') ?? ''), installed: have,
        makeable: makes() ? parseSupported(readText(SUPPORTED) ?? '').filter((name) => !have.includes(name)) : [],
        written: null, languages: null,
      };
    },
    refusal: async () => noRoot(),
    async plan(change) {
      const { steps, files } = await work(change);
      return planOf(steps.map(showStep), files);
    },
    async apply(change, run = {}) {
      const { steps, files } = await work(change);
      for (const { path, after } of files) await writeText(path, after);
      await runSteps(exec, steps, { timeout: 15 * MINUTES, ...run });
    },
  };
}
