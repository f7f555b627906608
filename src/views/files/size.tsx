import type { Size } from '../../core/files/sizes/measure.ts';
import type { Ui } from '../ui.ts';
import { ActionPage } from './action-page.tsx';
import { folderHref } from './href.ts';
import { label } from './label.ts';

interface SizePageProps {
  ui: Ui;
  selection: { folder: string; names: readonly string[] };
  /** "?folder=…&name=…": the stream is asked the same. */
  query: string;
}

/** Counts up while it is open (public/js/files/sizes.js). */
export function SizePage({ ui, selection: { folder, names }, query }: SizePageProps) {
  const t = ui.t.listing.sizes;
  const title = names.length === 1 ? t.one({ name: label(names[0]!) }) : t.many({ count: names.length });
  return (
    <ActionPage ui={ui} title={title} folder={folder} scripts={['js/files/sizes.js']}>
      <p data-sizes={`/files/sizes${query}`} role="status">
        <span data-sizes-text>{t.counting}</span>
      </p>
      <noscript>{t.noScript}</noscript>
      <div class="btns">
        <a class="btn" href={folderHref(folder)} data-cancel>
          {ui.t.parts.close}
        </a>
      </div>
    </ActionPage>
  );
}

/** "1.2 GB (1,234,567,890 bytes) · 1.3 GB on disk · 310 files · 12 folders". */
export function sizeText(ui: Ui, size: Size): string {
  const t = ui.t.listing.sizes;
  const parts = [
    t.bytes({ short: ui.fmt.bytes(size.bytes), exact: ui.fmt.number(size.bytes) }),
    t.disk({ size: ui.fmt.bytes(size.disk) }),
    t.files({ count: size.files }),
    t.folders({ count: size.folders }),
  ];
  if (size.unread) parts.push(t.unread({ count: size.unread }));
  if (size.elsewhere) parts.push(t.elsewhere({ count: size.elsewhere }));
  return parts.join(' · ');
}
