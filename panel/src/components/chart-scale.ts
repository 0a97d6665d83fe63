/** Gridlines of an axis from zero: the steps are 1, 2, 2.5 or 5 times a power of ten, three to five of them. */
export interface Scale {
  readonly top: number;
  readonly step: number;
  readonly ticks: readonly number[];
}

export function scaleTo(highest: number): Scale {
  if (!(highest > 0)) return { top: 1, step: 1, ticks: [0, 1] };
  const rough = highest / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 2.5, 5, 10].find((one) => one * power >= rough * 0.999) ?? 10;
  const step = factor * power;
  const lines = Math.max(1, Math.ceil(highest / step - 1e-9));
  return { top: lines * step, step, ticks: Array.from({ length: lines + 1 }, (_, index) => index * step) };
}

const STEPS = [1, 2, 5, 10, 15, 30];

/** Which bars get a name below them: the first, and then every second, fifth or tenth, as many as fit. */
export function labelled(bars: number, most: number): Set<number> {
  const every = STEPS.find((step) => bars / step <= most) ?? bars;
  const marks = new Set([0]);
  for (let bar = every; bar <= bars; bar += every) if (every === 1 || bar > every / 2 + 1) marks.add(bar - 1);
  return marks;
}
