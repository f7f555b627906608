import type { Child } from 'hono/jsx';

/** Names and values: `rows` are shown in order; an empty value is left out. */
export function Kv({ rows }: { rows: readonly (readonly [name: Child, value: Child])[] }) {
  return (
    <dl class="kv">
      {rows
        .filter(([, value]) => value !== null && value !== undefined && value !== '')
        .map(([name, value]) => (
          <>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </>
        ))}
    </dl>
  );
}
