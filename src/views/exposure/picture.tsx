import type { Exposure } from '../../core/exposure/exposure.ts';
import type { ExposedPort } from '../../core/exposure/port.ts';
import { Section } from '../parts/section.tsx';
import type { Ui } from '../ui.ts';
import { gateOf, LEVEL_ICONS, LEVEL_TONES, nameWord, portWord, shortWord } from './words.ts';

/** As many as can be looked at; the rest is in the table. */
const DRAWN = 18;

/** Widths in units of the drawing: one for wide sheets, one for phones, where the program stands below its port. */
const WIDE = { width: 960, row: 36, gate: 300, port: 520, program: 690, outside: 12, narrow: false } as const;
const NARROW = { width: 340, row: 58, gate: 104, port: 190, program: 190, outside: 6, narrow: true } as const;
type Shape = typeof WIDE | typeof NARROW;

/** From outside through the rules to ports and programs. Said in words by the table, which stands below. */
export function Picture({ ui, exposure }: { ui: Ui; exposure: Exposure }) {
  const t = ui.t.exposure;
  const outside = exposure.ports.filter(({ level }) => level !== 'machine');
  const local = exposure.ports.length - outside.length;
  if (outside.length === 0) return null;
  const drawn = outside.slice(0, DRAWN);
  const hidden = outside.length - drawn.length;
  const notes = [hidden ? t.moreHidden({ n: ui.fmt.number(hidden) }) : '', local ? t.localOnes({ n: ui.fmt.number(local) }) : ''].filter(Boolean);
  return (
    <Section id="picture" title={t.picture} note={notes.join(' · ')}>
      <div class="exposure-picture">
        <Drawing ui={ui} exposure={exposure} ports={drawn} shape={WIDE} />
        <Drawing ui={ui} exposure={exposure} ports={drawn} shape={NARROW} />
      </div>
    </Section>
  );
}

function Drawing({ ui, exposure, ports, shape }: { ui: Ui; exposure: Exposure; ports: readonly ExposedPort[]; shape: Shape }) {
  const t = ui.t.exposure;
  const head = 30;
  const height = head + ports.length * shape.row + 6;
  const heads = [[shape.outside, t.lanes.outside], [shape.gate, t.lanes.gate], [shape.port, shape.narrow ? `${t.lanes.port} · ${t.lanes.program}` : t.lanes.port], ...(shape.narrow ? [] : [[shape.program, t.lanes.program] as const])] as const;
  return (
    <svg class={shape.narrow ? 'narrow' : 'wide'} viewBox={`0 0 ${shape.width} ${height}`} role="group" aria-label={t.pictureLabel} aria-describedby="ports-h">
      {heads.map(([x, word]) => (
        <text class="head" x={x} y={18}>
          {word}
        </text>
      ))}
      <rect class="wall" x={shape.gate - 14} y={head} width={shape.narrow ? 70 : 150} height={height - head - 4} rx={6} />
      {ports.map((port, i) => (
        <Lane ui={ui} port={port} shape={shape} y={head + i * shape.row + shape.row / 2} gate={t.gates[gateOf(port, exposure.filtered)]} />
      ))}
    </svg>
  );
}

/** An arrow that goes as far as somebody gets: to the port, or to the wall. */
function Lane({ ui, port, shape, y, gate }: { ui: Ui; port: ExposedPort; shape: Shape; y: number; gate: string }) {
  const closed = port.verdict === 'closed' || port.scope === 'inside';
  const until = closed ? shape.gate - 16 : shape.port - 12;
  const level = ui.t.exposure.levels[port.level];
  const line = shape.narrow ? y + 14 : y;
  const words = y + (shape.narrow ? -6 : 4);
  return (
    <g class="lane" data-tone={LEVEL_TONES[port.level]} data-level={port.level}>
      <title>{`${portWord(port)} ${nameWord(ui, port)}: ${level}`}</title>
      <text class="who" x={shape.outside} y={words}>
        {cut(shortWord(ui, port), shape.narrow ? 13 : 26)}
      </text>
      <line x1={shape.narrow ? shape.outside : 190} y1={line} x2={until} y2={line} />
      {closed ? <line class="stop" x1={until} y1={line - 6} x2={until} y2={line + 6} /> : <path class="tip" d={`M${until - 6},${line - 4} L${until},${line} L${until - 6},${line + 4}`} />}
      <text class="gate" x={shape.narrow ? shape.gate + 21 : shape.gate + 61} y={words}>
        {cut(gate, shape.narrow ? 9 : 18)}
      </text>
      <a href={`#${port.id}`}>
        <use href={`${ui.asset('icons.svg')}#${LEVEL_ICONS[port.level]}`} x={shape.port} y={words - 12} width={16} height={16} class="mark" />
        <text class="port" x={shape.port + 22} y={words}>
          {portWord(port)}
        </text>
      </a>
      <text class="program" x={shape.narrow ? shape.port + 22 : shape.program} y={shape.narrow ? y + 12 : words}>
        {cut(nameWord(ui, port), shape.narrow ? 19 : 34)}
      </text>
    </g>
  );
}

/** Text in a drawing does not wrap; letters of Chinese are twice as wide. */
function cut(text: string, most: number): string {
  let width = 0;
  let out = '';
  for (const letter of text) {
    width += /[\u2e80-\uffef]/.test(letter) ? 2 : 1;
    if (width > most) return `${out}…`;
    out += letter;
  }
  return out;
}
