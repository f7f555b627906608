import type { Ui } from '../ui.ts';

/** Names beside each other before the rest is a number. */
const SHOWN = 2;

interface UsedByProps {
  ui: Ui;
  usedBy: readonly { id: string; name: string; running: boolean }[];
  /** What stands there when nobody does. */
  none: string;
}

/** Which containers use it, each a link. */
export function UsedBy({ ui, usedBy, none }: UsedByProps) {
  if (usedBy.length === 0) return <span class="quiet">{none}</span>;
  const rest = usedBy.slice(SHOWN);
  return (
    <span class="used-by">
      {usedBy.slice(0, SHOWN).map(({ id, name }) => (
        <a class="tag" href={`/containers/${id}`} title={name}>
          {name}
        </a>
      ))}
      {rest.length ? <span class="quiet nowrap" title={ui.fmt.list(rest.map(({ name }) => name))}>{ui.t.docker.more({ n: rest.length })}</span> : null}
    </span>
  );
}
