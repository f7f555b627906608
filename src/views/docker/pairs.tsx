import type { Ui } from '../ui.ts';

interface PairListProps {
  ui: Ui;
  title: string;
  pairs: Readonly<Record<string, string>>;
  /** Names only. */
  hidden?: boolean;
}

/** Labels, or options of a driver. */
export function PairList({ ui, title, pairs, hidden }: PairListProps) {
  const entries = Object.entries(pairs).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return (
    <div class="pairs">
      <h3 class="small">{title}</h3>
      {entries.length === 0 ? (
        <p class="quiet small">{ui.t.docker.noPairs}</p>
      ) : (
        <dl class="kv">
          {entries.map(([name, value]) => (
            <>
              <dt class="mono xs">{name}</dt>
              <dd class="mono xs">{hidden ? '•••' : value}</dd>
            </>
          ))}
        </dl>
      )}
    </div>
  );
}
