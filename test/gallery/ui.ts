import { createFormat } from '../../src/i18n/format.ts';
import { messages, type Lang } from '../../src/i18n/languages.ts';
import type { Theme, Ui } from '../../src/views/ui.ts';

/** A Ui without a panel behind it: an administrator who may open everything. */
export function galleryUi(
  options: { lang?: Lang; theme?: Theme; path?: string; nonce?: string; hostname?: string } = {},
): Ui {
  const lang = options.lang ?? 'en';
  return {
    t: messages(lang),
    fmt: createFormat(lang, 'UTC'),
    lang,
    theme: options.theme ?? 'light',
    nonce: options.nonce ?? 'gallery',
    path: options.path ?? '/',
    now: Date.UTC(2026, 10, 22, 21, 24, 48),
    actor: { name: 'Lin Chen', role: 'admin' },
    can: () => true,
    asset: (path) => `/assets/0/${path}`,
    hostname: options.hostname ?? 'hk-01',
    version: '0.1.0',
    tasksRunning: 2,
  };
}
