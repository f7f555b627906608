import type { Ui } from '../ui.ts';

/** The texts that scripts show, in the reader's language; `{n}` and the like are filled in by public/js/text.js. */
export function pageText({ t }: Ui) {
  const { time } = t.parts;
  const n = '{n}';
  return {
    dismiss: t.parts.dismiss,
    copied: t.parts.copied,
    copyFailed: t.parts.copyFailed,
    showPassword: t.parts.showPassword,
    hidePassword: t.parts.hidePassword,
    noAnswer: t.parts.noAnswer,
    failed: t.parts.failed({ status: '{status}' }),
    theme: {
      light: t.shell.theme.light,
      dark: t.shell.theme.dark,
      system: t.shell.theme.system,
      switchTo: t.shell.theme.switchTo({ now: '{now}', next: '{next}' }),
    },
    connection: t.shell.connection,
    palette: { nothing: t.shell.palette.nothing({ text: '{text}' }), count: t.shell.palette.count({ n }) },
    time: {
      now: time.now,
      soon: time.soon,
      minutesAgo: time.minutesAgo({ n }),
      hoursAgo: time.hoursAgo({ n }),
      inMinutes: time.inMinutes({ n }),
      inHours: time.inHours({ n }),
    },
  };
}
