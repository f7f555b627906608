import { Empty } from '../parts/empty.tsx';
import type { IconName } from '../parts/icon.tsx';
import { Filter } from '../parts/table.tsx';
import type { Ui } from '../ui.ts';

interface NarrowProps {
  ui: Ui;
  /** Path of the list. */
  action: string;
  label: string;
  q: string;
  /** What else is chosen, and stays. */
  keep?: Readonly<Record<string, string | undefined>>;
}

/** For the page's scripts: the list is narrowed while somebody types. */
export const NARROWS = 'js/docker/narrow.js';

/** The box above a list that leaves out what does not match; a form, so that it works without JavaScript. */
export function Narrow({ ui, action, label, q, keep = {} }: NarrowProps) {
  return (
    <form method="get" action={action} class="row" role="search" data-narrow>
      {Object.entries(keep).map(([name, value]) => (value ? <input type="hidden" name={name} value={value} /> : null))}
      <Filter ui={ui} label={label} value={q} />
      <noscript>
        <button class="btn">{ui.t.parts.filter}</button>
      </noscript>
    </form>
  );
}

interface NothingProps {
  ui: Ui;
  icon: IconName;
  /** Path of the whole list. */
  href: string;
  words: { noneTitle: string; noneText?: string; noneShown?: string; clear: string };
  /** Is it narrowed, and by which words? */
  narrowed: boolean;
  q: string;
}

/** An empty list: there is none, or none that matches. */
export function Nothing({ ui, icon, href, words, narrowed, q }: NothingProps) {
  if (!narrowed) return <Empty ui={ui} icon={icon} title={words.noneTitle} text={words.noneText} />;
  return (
    <Empty ui={ui} icon="search" title={q ? ui.t.parts.nothingMatches({ text: q }) : (words.noneShown ?? words.noneTitle)}>
      <a class="btn" href={href}>
        {words.clear}
      </a>
    </Empty>
  );
}
