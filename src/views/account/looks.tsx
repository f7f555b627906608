import { LANG_NAMES, LANGS } from '../../i18n/languages.ts';
import { Icon } from '../parts/icon.tsx';
import { THEME_ICONS, THEMES } from '../shell/preferences.tsx';
import type { Ui } from '../ui.ts';

const Next = ({ ui }: { ui: Ui }) => <input type="hidden" name="next" value={`${ui.path}#looks`} />;

/** Every language by its own name. */
export function LanguageChoice({ ui }: { ui: Ui }) {
  return (
    <form method="post" action="/preferences" class="btns" aria-label={ui.t.shell.language.title} role="group">
      <Next ui={ui} />
      {LANGS.map((lang) => (
        <button class="btn" name="lang" value={lang} lang={lang} aria-pressed={String(lang === ui.lang)}>
          {lang === ui.lang ? <Icon ui={ui} name="check" /> : null}
          {LANG_NAMES[lang]}
        </button>
      ))}
    </form>
  );
}

/** The three themes by name. */
export function ThemeSeg({ ui }: { ui: Ui }) {
  return (
    <form method="post" action="/preferences" class="btns" aria-label={ui.t.shell.theme.title} role="group">
      <Next ui={ui} />
      {THEMES.map((theme) => (
        <button class="btn" name="theme" value={theme} aria-pressed={String(theme === ui.theme)}>
          <Icon ui={ui} name={theme === ui.theme ? 'check' : THEME_ICONS[theme]} />
          {ui.t.shell.theme[theme]}
        </button>
      ))}
    </form>
  );
}
