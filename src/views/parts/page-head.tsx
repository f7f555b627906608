import type { Child } from 'hono/jsx';
import { OnEngine } from '../docker/on-engine.tsx';

interface PageHeadProps {
  title: Child;
  /** Short facts beside the title; left out on phones. */
  facts?: readonly Child[];
  /** Between title and buttons: `Seg`, `Tabs`. */
  middle?: Child;
  /** Buttons at the end: at most one `.btn.primary`, last. */
  children?: Child;
  tabbed?: boolean;
}

/** The sticky head of a page. The heading takes the focus after htmx has replaced a page. */
export function PageHead({ title, facts, middle, children, tabbed }: PageHeadProps) {
  return (
    <header class={tabbed ? 'page-head tabbed' : 'page-head'}>
      <h1 tabindex={-1}>{title}</h1>
      <OnEngine />
      {facts?.length ? (
        <p class="facts desktop">
          {facts.map((fact) => (
            <span>{fact}</span>
          ))}
        </p>
      ) : null}
      {middle}
      {children ? <div class="btns push">{children}</div> : null}
    </header>
  );
}

/** Where a page lies, in place of a title: the last crumb is the page itself and its heading. */
export function CrumbsHead({
  crumbs,
  title,
  label,
  children,
}: {
  crumbs: readonly { href: string; label: Child }[];
  title: Child;
  label: string;
  children?: Child;
}) {
  return (
    <header class="page-head">
      <nav aria-label={label}>
        <ol class="crumbs">
          {crumbs.map((crumb) => (
            <li>
              <a href={crumb.href}>{crumb.label}</a>
            </li>
          ))}
          <li>
            <h1 tabindex={-1}>{title}</h1>
          </li>
        </ol>
      </nav>
      <OnEngine />
      {children ? <div class="btns push">{children}</div> : null}
    </header>
  );
}
