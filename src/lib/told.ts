import type { Lang } from '../i18n/languages.ts';

/**
 * Words that are kept until somebody reads them, in every language that the product has. `en` alone: they are the same in all,
 * as what a tool said is.
 */
export type Told = { readonly en: string } & { readonly [lang in Lang]?: string };

/** In the reader's language, or in English where it was kept before the product had that language. */
export const toldIn = (told: Told, lang: Lang): string => told[lang] ?? told.en;
