import { LANG_NAMES, LANG_SHORT, type Lang } from '../../i18n/languages.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import type { Theme, Ui } from '../ui.ts';

export const THEMES: readonly Theme[] = ['light', 'dark', 'system'];
export const THEME_ICONS: Record<Theme, IconName> = { light: 'sun', dark: 'moon', system: 'monitor' };

const after = (theme: Theme): Theme => THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length]!;
const otherLang = (lang: Lang): Lang => (lang === 'en' ? 'zh-CN' : 'en');

/** Where to come back to. */
function Next({ ui }: { ui: Ui }) {
  return <input type="hidden" name="next" value={ui.here ?? ui.path} />;
}

/** One small button: light → dark → system → light. theme.js switches at once and posts in the background. */
export function ThemeButton({ ui }: { ui: Ui }) {
  const next = after(ui.theme);
  const text = ui.t.shell.theme;
  const label = text.switchTo({ now: text[ui.theme], next: text[next] });
  return (
    <form method="post" action="/preferences" data-theme-form>
      <Next ui={ui} />
      <button class="btn ghost only sm" name="theme" value={next} aria-label={label} title={label}>
        <Icon ui={ui} name={THEME_ICONS[ui.theme]} />
      </button>
    </form>
  );
}

/** The three themes by name, for menus. */
export function ThemeChoice({ ui }: { ui: Ui }) {
  return (
    <form method="post" action="/preferences" data-theme-form>
      <Next ui={ui} />
      {THEMES.map((theme) => (
        <button name="theme" value={theme} aria-pressed={String(theme === ui.theme)}>
          <Icon ui={ui} name={THEME_ICONS[theme]} />
          {ui.t.shell.theme[theme]}
          <Icon ui={ui} name="check" class="tick" />
        </button>
      ))}
    </form>
  );
}

/** The other language, in its own name. */
export function LanguageButton({ ui }: { ui: Ui }) {
  const lang = otherLang(ui.lang);
  return (
    <form method="post" action="/preferences">
      <Next ui={ui} />
      <button class="btn ghost sm" name="lang" value={lang} lang={lang} title={LANG_NAMES[lang]}>
        {LANG_SHORT[lang]}
      </button>
    </form>
  );
}
