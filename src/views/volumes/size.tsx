import type { KnownSizes, VolumeSizes } from '../../core/volumes/sizes.ts';
import { withQuery } from '../parts/table.tsx';
import type { Ui } from '../ui.ts';

/** How much is in it: a line that stands for it while nobody has measured, a dash where the engine cannot tell. */
export function VolumeSize({ ui, sizes, name }: { ui: Ui; sizes: VolumeSizes | null; name: string }) {
  if (!sizes) return <span class="skel"></span>;
  const size = sizes.get(name);
  return <>{size === undefined || size === null ? '–' : ui.fmt.bytes(size)}</>;
}

interface MeasureProps {
  ui: Ui;
  known: KnownSizes;
  /** Path of the page. */
  href: string;
}

/**
 * Has sizes measured once the page stands: engines take their time. The page asks for itself again when that is done, as it may show
 * something else by then. Without JavaScript it is a link.
 */
export function MeasureVolumes({ ui, known, href }: MeasureProps) {
  if (!known.stale) return null;
  return (
    <span hx-get="/volumes/-/sizes" hx-trigger="load" hx-swap="none">
      <noscript>
        <a class="btn" href={withQuery(href, { sizes: 'on' })}>
          {ui.t.volumes.measure}
        </a>
      </noscript>
    </span>
  );
}
