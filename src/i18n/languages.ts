import { en, type Messages } from './en.ts';
import { zhCN } from './zh-CN.ts';

/** What `<html lang>` says and the `mantou_lang` cookie holds. */
export type Lang = 'en' | 'zh-CN';

export const LANGS: readonly Lang[] = ['en', 'zh-CN'];

/** Each language's own name for itself: a reader who cannot read the page must find theirs. */
export const LANG_NAMES: Record<Lang, string> = { en: 'English', 'zh-CN': '中文' };

/** The same, where there is little room. */
export const LANG_SHORT: Record<Lang, string> = { en: 'EN', 'zh-CN': '中文' };

const MESSAGES: Record<Lang, Messages> = { en, 'zh-CN': zhCN };

export function messages(lang: Lang): Messages {
  return MESSAGES[lang];
}

export function isLang(value: unknown): value is Lang {
  return value === 'en' || value === 'zh-CN';
}

/**
 * The best language for an Accept-Language header: `zh-TW,zh;q=0.9,en;q=0.8` → `zh-CN`.
 * Any Chinese is answered in the one Chinese there is; nothing known is English. (RFC 9110, 12.5.4)
 */
export function preferredLang(acceptLanguage: string | null | undefined): Lang {
  let best: Lang = 'en';
  let weight = 0;
  for (const entry of (acceptLanguage ?? '').slice(0, 500).split(',')) {
    const [tag = '', ...params] = entry.trim().toLowerCase().split(';');
    const q = params.map((p) => p.trim()).find((p) => p.startsWith('q='));
    const w = q ? Number(q.slice(2)) : 1;
    const lang = /^zh\b/.test(tag) ? 'zh-CN' : /^en\b/.test(tag) ? 'en' : undefined;
    if (lang && w > weight) {
      best = lang;
      weight = w;
    }
  }
  return best;
}
