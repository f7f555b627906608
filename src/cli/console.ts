import { writeSync } from 'node:fs';
import { en, type Messages } from '../i18n/en.ts';
import { LANGS, messages } from '../i18n/languages.ts';
import { AppError } from '../lib/errors.ts';
import type { Told } from '../lib/told.ts';

/** The console speaks the language of the locale (POSIX: LC_ALL, then LC_MESSAGES, then LANG). */
export function consoleTexts(env: Record<string, string | undefined>): Messages {
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG || '';
  return messages(/^zh/i.test(locale) ? 'zh-CN' : 'en');
}

export const print = (line: string) => write(1, `${line}\n`);
export const warn = (line: string) => write(2, `${line}\n`);

/** Written when the call returns, so that nothing is lost when the process ends right after it. */
function write(fd: 1 | 2, text: string) {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      // A full pipe that does not block: its reader needs a moment. Anything else means that nobody reads any more.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
      Bun.sleepSync(5);
    }
  }
}

/** What was thrown, in words: in English for the log of the panel. */
export function tell(thrown: unknown, t: Messages = en): string {
  if (!(thrown instanceof AppError)) return String((thrown as Error)?.message ?? thrown);
  return [thrown.say(t), thrown.detail].filter(Boolean).join('\n');
}

/** The same in every language: for what is kept, and read by people later. */
export function tellAll(thrown: unknown): Told {
  const en = tell(thrown);
  const others = LANGS.map((lang) => [lang, tell(thrown, messages(lang))] as const).filter(([, words]) => words !== en);
  return { en, ...Object.fromEntries(others) };
}
