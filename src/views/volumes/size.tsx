import type { KnownSizes, VolumeSizes } from '../../core/volumes/sizes.ts';
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
  /** Path of the page, and the element of it that has the sizes. */
  href: string;
  element: string;
}

/** Asks for the same page with sizes of now, once it stands: engines take their time. Without JavaScript it is a link. */
export function MeasureVolumes({ ui, known, href, element }: MeasureProps) {
  const measured = `${href}${href.includes('?') ? '&' : '?'}sizes=on`;
  if (!known.stale) return null;
  return (
    <span hx-get={measured} hx-trigger="load" hx-select={element} hx-target={element} hx-swap="outerMorph">
      <noscript>
        <a class="btn" href={measured}>
          {ui.t.volumes.measure}
        </a>
      </noscript>
    </span>
  );
}
