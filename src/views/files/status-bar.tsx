import type { Listing } from '../../core/files/listing/listing.ts';
import type { Ui } from '../ui.ts';
import type { BrowseModel } from './page.tsx';

/** Below the list: how many, how large together (asked for when the page is there), on which file system. */
export function StatusBar({ ui, model, listing }: { ui: Ui; model: BrowseModel; listing: Listing }) {
  const t = ui.t.browse;
  const { number } = ui.fmt;
  const { counts, total, filter } = listing;
  const { volume } = model;
  const all = listing.entries.names.length - (listing.hidden ? 0 : counts.hidden);
  return (
    <p class="statusbar" id="statusbar">
      {filter ? (
        <span>{t.matching({ shown: number(total), total: number(Math.max(all, total)) })}</span>
      ) : (
        <span title={t.counts({ folders: number(counts.folders), files: number(counts.others) })}>{t.items({ n: total, text: number(total) })}</span>
      )}
      <span id="total-size" hidden={!counts.others}></span>
      {counts.hidden ? <span>{t.hiddenCount({ n: counts.hidden, text: number(counts.hidden) })}</span> : null}
      {volume && volume.path !== '/' ? <span class="desktop">{t.otherFs({ type: volume.type, path: volume.path })}</span> : null}
      <span class="push wide-only">
        <kbd>↑</kbd>
        <kbd>↓</kbd> {t.keys.move}
      </span>
      <span class="wide-only">
        <kbd>␣</kbd> {t.keys.select}
      </span>
      <span class="wide-only">
        <kbd>↵</kbd> {t.keys.open}
      </span>
      <span class="wide-only">
        <kbd>⌫</kbd> {t.keys.up}
      </span>
    </p>
  );
}
