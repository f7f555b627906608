import type { Ui } from '../ui.ts';

/** The texts of the page's scripts; `{n}` and the like are filled in by public/js/text.js. */
export function browserText({ t, lang }: Ui) {
  const { browse } = t;
  const n = '{n}';
  return {
    lang,
    selected: browse.selected,
    closeTab: browse.closeTab,
    newTab: browse.newTab,
    paste: browse.pasteHere,
    forget: browse.pasteForget,
    copied: browse.copied,
    cut: browse.cut,
    sameFolder: browse.sameFolder,
    rowsFailed: browse.rowsFailed,
    dragged: browse.dragged,
    pathCopied: t.parts.copied,
    total: browse.total({ size: '{size}' }),
    n,
  };
}
