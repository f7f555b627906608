import type { Messages } from '../i18n/en.ts';
import { messages } from '../i18n/languages.ts';

/** The console speaks the language of the locale (POSIX: LC_ALL, then LC_MESSAGES, then LANG). */
export function consoleTexts(env: Record<string, string | undefined>): Messages {
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG || '';
  return messages(/^zh/i.test(locale) ? 'zh-CN' : 'en');
}
