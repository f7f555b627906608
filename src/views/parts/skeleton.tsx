import type { Ui } from '../ui.ts';

/** Lines that stand for text on its way; inside the real section, and only after 300 ms of waiting. */
export function Skeleton({ ui, lines = 3 }: { ui: Ui; lines?: number }) {
  return (
    <div class="stack-sm" role="status" aria-busy="true" aria-label={ui.t.parts.loading}>
      {Array.from({ length: lines }, (_, i) => (
        <span class={`skel w${((i * 2) % 3) + 1}`}></span>
      ))}
    </div>
  );
}

/** Rows of a table on their way, under its real head. */
export function SkeletonRows({ columns, rows = 5 }: { columns: number; rows?: number }) {
  return (
    <>
      {Array.from({ length: rows }, (_, row) => (
        <tr>
          {Array.from({ length: columns }, (_, column) => (
            <td>
              <span class={`skel w${((row + column * 2) % 3) + 1}`}></span>
            </td>
          ))}
        </tr>
      ))}
    </>
  );
}
