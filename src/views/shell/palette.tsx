import { LANG_NAMES, LANGS } from '../../i18n/languages.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import { JsonScript } from '../parts/json-script.tsx';
import { ACCOUNT, navFor } from '../nav.ts';
import type { Ui } from '../ui.ts';
import { THEME_ICONS, THEMES } from './preferences.tsx';

/** One line of the palette: it opens a page, posts a form, opens a dialog of this page, or switches the theme. */
export type PaletteItem = {
  group: string;
  label: string;
  icon: IconName;
  /** Beside the label, quieter. */
  note?: string;
  /** At the end: keys that do the same. */
  keys?: string;
  /** More words it is found by. */
  words?: string;
} & ({ href: string } | { post: string; fields?: Record<string, string> } | { open: string } | { theme: string });

/** ⌘K: an empty frame; palette.js fills it from `#palette-items`. */
export function Palette({ ui, actions = [] }: { ui: Ui; actions?: readonly PaletteItem[] }) {
  const t = ui.t.shell.palette;
  return (
    <>
      <dialog class="palette" id="palette" aria-label={t.title}>
        <header>
          <Icon ui={ui} name="search" />
          <input
            type="text"
            role="combobox"
            aria-expanded="true"
            aria-autocomplete="list"
            aria-controls="palette-list"
            aria-label={t.placeholder}
            placeholder={t.placeholder}
            autocomplete="off"
            spellcheck={false}
            autofocus
          />
          <kbd>esc</kbd>
        </header>
        <div role="listbox" id="palette-list" aria-label={t.results}></div>
        <p class="vh" role="status" id="palette-count"></p>
        <footer>
          <span>
            <kbd>↑</kbd> <kbd>↓</kbd> {t.move}
          </span>
          <span>
            <kbd>↵</kbd> {t.run}
          </span>
          <span>
            <kbd>esc</kbd> {t.close}
          </span>
        </footer>
      </dialog>
      <JsonScript id="palette-items" value={items(ui, actions)} />
    </>
  );
}

function items(ui: Ui, actions: readonly PaletteItem[]): PaletteItem[] {
  const t = ui.t.shell;
  const pages: PaletteItem[] = navFor(ui)
    .flatMap((group) => group.entries)
    .concat(ui.actor && ui.can(ACCOUNT.permission) ? [ACCOUNT] : [])
    .map((entry) => ({
      group: t.palette.pages,
      label: entry.label(ui.t),
      icon: entry.icon,
      keys: `g ${entry.key}`,
      words: entry.href.slice(1),
      href: entry.href,
    }));
  const group = t.palette.actions;
  const themes: PaletteItem[] = THEMES.map((theme) => ({
    group,
    label: t.theme.use({ name: t.theme[theme] }),
    icon: THEME_ICONS[theme],
    theme,
    words: `theme ${theme}`,
  }));
  const languages: PaletteItem[] = LANGS.filter((lang) => lang !== ui.lang).map((lang) => ({
    group,
    label: t.language.switchTo({ name: LANG_NAMES[lang] }),
    icon: 'language',
    words: `language ${lang}`,
    post: '/preferences',
    fields: { lang, next: ui.here ?? ui.path },
  }));
  const shell: PaletteItem[] = [
    { group, label: t.shortcuts.show, icon: 'keyboard', keys: '?', open: 'shortcuts' },
    { group, label: t.signOut, icon: 'sign-out', post: '/signout', words: 'logout' },
  ];
  return [...pages, ...actions, ...themes, ...languages, ...shell];
}
