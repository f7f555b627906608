const UNITS = { m: 1, h: 60, d: 1440, w: 10_080 } as const;

/** "10m 1h 1d 1w", with commas if one likes → minutes; null: that is not it. */
export function parseSteps(text: string): number[] | null {
  const words = text.trim().split(/[\s,]+/).filter(Boolean);
  const found = words.map((word) => {
    const [, n, unit] = /^(\d{1,6})([mhdw])$/i.exec(word) ?? [];
    return n ? Number(n) * UNITS[unit!.toLowerCase() as keyof typeof UNITS] : 0;
  });
  return found.length && !found.includes(0) ? found : null;
}

/** 90 → "90m", 60 → "1h", 1440 → "1d". */
export const stepsText = (steps: readonly number[]) =>
  steps.map((minutes) => {
    const [unit, size] = (Object.entries(UNITS).reverse() as [string, number][]).find(([, each]) => minutes % each === 0)!;
    return `${minutes / size}${unit}`;
  }).join(' ');
