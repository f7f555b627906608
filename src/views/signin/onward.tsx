import type { Ui } from '../ui.ts';

/**
 * A link on another site brings nobody's cookies (SameSite=Strict), so it looks signed out. This page is ours: going on
 * from here does bring them.
 */
export function Onward({ ui, to }: { ui: Ui; to: string }) {
  return (
    <html lang={ui.lang}>
      <head>
        <meta charset="utf-8" />
        <meta name="color-scheme" content="light dark" />
        <meta http-equiv="refresh" content={`0;url=${to}`} />
        <link rel="icon" type="image/svg+xml" href={ui.asset('favicon.svg')} />
        <title>{ui.t.shell.name}</title>
      </head>
      <body>
        <a href={to}>{ui.t.signIn.title}</a>
      </body>
    </html>
  );
}
