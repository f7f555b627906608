import type { Ban } from '../../../core/guard/guard.ts';
import { AskIcon } from '../../form/dialog.tsx';
import { actorText } from '../../parts/actor.ts';
import { Empty } from '../../parts/empty.tsx';
import { Section } from '../../parts/section.tsx';
import { ActionsHead, Filter, Pager, SortHead, Toolbar, withQuery } from '../../parts/table.tsx';
import { Seg } from '../../parts/tabs.tsx';
import { Time } from '../../parts/time.tsx';
import type { Ui } from '../../ui.ts';
import type { GuardModel } from './page.tsx';

export interface BansQuery {
  q: string;
  sort: string;
  show: 'active' | 'all';
  /** What has just been done. */
  done?: 'saved' | undefined;
  cursor?: string | undefined;
}

export function BansSection({ ui, model: { bans, counts, query } }: { ui: Ui; model: GuardModel }) {
  const t = ui.t.guard;
  const here = ui.here ?? '/firewall/guard';
  const to = (show: string | undefined) => withQuery(here, { show, cursor: undefined });
  return (
    <Section id="bans" title={t.bans} flush>
      <Toolbar>
        <form method="get" action="/firewall/guard" class="row blocks-filter">
          <Filter ui={ui} label={t.filter} value={query.q} />
          {query.show === 'all' ? <input type="hidden" name="show" value="all" /> : null}
          <button class="btn" type="submit">
            {t.find}
          </button>
        </form>
        <Seg
          ui={ui} label={t.show} push
          tabs={[
            { href: to(undefined), label: t.activeOnly({ n: ui.fmt.number(counts.active) }), current: query.show === 'active' },
            { href: to('all'), label: t.all, current: query.show === 'all' },
          ]}
        />
      </Toolbar>
      {bans.items.length ? (
        <>
          <Table ui={ui} bans={bans.items} sort={query.sort} here={here} />
          <Pager ui={ui} href={here} next={bans.next} first={!query.cursor} shown={bans.items.length} total={bans.total} byTime />
        </>
      ) : (
        <Nothing ui={ui} query={query} />
      )}
    </Section>
  );
}

function Nothing({ ui, query }: { ui: Ui; query: BansQuery }) {
  const t = ui.t.guard;
  if (query.q) {
    return (
      <Empty ui={ui} icon="search" title={ui.t.parts.nothingMatches({ text: query.q })}>
        <a class="btn" href="/firewall/guard?show=all">
          {t.showAll}
        </a>
      </Empty>
    );
  }
  return <Empty ui={ui} icon="shield" title={t.noneTitle} text={query.show === 'all' ? t.noneYet : t.noneText} />;
}

function Table({ ui, bans, sort, here }: { ui: Ui; bans: readonly Ban[]; sort: string; here: string }) {
  const t = ui.t.guard;
  const base = withQuery(here, { cursor: undefined });
  return (
    <table class="table blocks">
      <caption class="vh">{t.bans}</caption>
      <thead>
        <tr>
          <SortHead ui={ui} column="address" sort={sort} href={base}>{t.address}</SortHead>
          <th scope="col" class="hi">{t.from}</th>
          <th scope="col" class="mid">{t.times}</th>
          <SortHead ui={ui} column="at" sort={sort} href={base} first="descending" class="lo">{t.at}</SortHead>
          <SortHead ui={ui} column="until" sort={sort} href={base} first="descending" class="hi">{t.state}</SortHead>
          <ActionsHead>{t.actions}</ActionsHead>
        </tr>
      </thead>
      <tbody>
        {bans.map((ban) => (
          <Row ui={ui} ban={ban} />
        ))}
      </tbody>
    </table>
  );
}

const sourceText = (ui: Ui, source: string) => (ui.t.guard.source as Record<string, string>)[source] ?? source;

export const stateText = (ui: Ui, ban: Ban) => {
  const t = ui.t.guard;
  if (ban.active) return t.bannedFor({ left: ui.fmt.duration(ban.until - ui.now) });
  return ban.liftedAt === null ? t.ended : t.liftedBy({ who: actorText(ui.t, ban.liftedBy ?? '') });
};

function Row({ ui, ban }: { ui: Ui; ban: Ban }) {
  const t = ui.t.guard;
  const href = `/firewall/guard/bans/${ban.id}`;
  return (
    <tr data-href={href}>
      <td class="lead">
        <div class="name">
          <span class="dot" data-state={ban.active ? 'fail' : 'off'} />
          <a class="clip" href={href} title={ban.seen.at(-1)?.text}>
            <span class="mono">{ban.address}</span>
            <small class="only-narrow">{stateText(ui, ban)}</small>
          </a>
        </div>
      </td>
      <td class="hi soft">{sourceText(ui, ban.source)}</td>
      <td class="mid quiet nowrap">{t.timesOf({ n: ui.fmt.number(ban.times) })}</td>
      <td class="lo quiet nowrap">
        <Time ui={ui} at={ban.at} />
      </td>
      <td class="hi nowrap">{stateText(ui, ban)}</td>
      <td>
        <div class="acts">
          {ban.active && ui.can('guard.write') ? (
            <AskIcon ui={ui} href={`${href}/lift`} icon="x" label={t.lift({ address: ban.address })} />
          ) : null}
        </div>
      </td>
    </tr>
  );
}
