import type { Messages } from '../../i18n/en.ts';

/** Keys of the terminal itself; public/js/terminal/pane.js takes them before the program does. */
export const TERMINAL_KEYS = {
  copy: 'Ctrl Shift C', paste: 'Ctrl Shift V', find: 'Ctrl Shift F', snippets: 'Ctrl Shift L', splitRight: 'Ctrl Shift E', splitDown: 'Ctrl Shift O',
  previous: 'Ctrl Shift ←', next: 'Ctrl Shift →', leave: 'Ctrl Shift ↑',
} as const;

/** What `?` shows on the page of the terminals. */
export function terminalShortcuts({ terminal: t, snippets }: Messages): { label: string; keys: string }[] {
  const labels: Record<keyof typeof TERMINAL_KEYS, string> = {
    ...t.shortcuts, find: t.find, snippets: snippets.pick, splitRight: t.splitRight, splitDown: t.splitDown, next: t.next,
  };
  return Object.entries(TERMINAL_KEYS).map(([name, keys]) => ({ label: labels[name as keyof typeof TERMINAL_KEYS], keys }));
}
