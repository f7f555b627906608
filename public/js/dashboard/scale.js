// Round tops of axes; the same steps as roundTop in src/views/dashboard/series.ts: change both.

const STEPS = [1, 2, 3, 4, 5, 6, 8, 10];

export function roundTop(peak, least) {
  if (!(peak > least)) return least;
  const power = 10 ** Math.floor(Math.log10(peak));
  return (STEPS.find((n) => n * power >= peak) ?? 10) * power;
}
