/** Dark modules of a QR code, row by row. */
export type QrMatrix = readonly (readonly boolean[])[];

/** Dark on light in both themes: cameras expect it. One path: a run of dark modules is one rectangle. */
export function QrCode({ matrix, label }: { matrix: QrMatrix; label: string }) {
  const size = matrix.length;
  const path = matrix
    .flatMap((row, y) => runs(row).map(([x, length]) => `M${x} ${y}h${length}v1h-${length}z`))
    .join('');
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}

function runs(row: readonly boolean[]): [start: number, length: number][] {
  const found: [number, number][] = [];
  row.forEach((dark, x) => {
    const last = found.at(-1);
    if (!dark) return;
    if (last && last[0] + last[1] === x) last[1]++;
    else found.push([x, 1]);
  });
  return found;
}
