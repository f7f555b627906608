import type { Firewall, RuleRow } from '../../core/firewall/firewall.ts';
import { AskIcon } from '../form/dialog.tsx';
import { Empty } from '../parts/empty.tsx';
import { Tag } from '../parts/mark.tsx';
import { ActionsHead, SortHead, withQuery } from '../parts/table.tsx';
import type { Ui } from '../ui.ts';
import { ActionTag, fromText, isYours, protocolText, shortRule, whatText } from './words.tsx';

export interface RulesProps {
  ui: Ui;
  firewall: Firewall;
  shown: readonly RuleRow[];
  sort: string;
  here: string;
  narrowed: boolean;
  q: string;
  /** Is this the last page? Then what happens to the rest stands below. */
  last: boolean;
  /** Address of the reader's browser. */
  address: string;
}

export function RulesTable({ ui, firewall, shown, sort, here, narrowed, q, last, address }: RulesProps) {
  const t = ui.t.firewall;
  const writes = ui.can('firewall.write');
  const base = withQuery(here, { cursor: undefined });
  if (shown.length === 0 && narrowed) {
    return (
      <Empty ui={ui} icon="search" title={q ? ui.t.parts.nothingMatches({ text: q }) : t.noRulesTitle}>
        <a class="btn" href="/firewall">
          {t.clear}
        </a>
      </Empty>
    );
  }
  return (
    <table class="table sticky firewall-rules">
      <caption class="vh">{t.title}</caption>
      <thead>
        <tr>
          <SortHead ui={ui} column="port" sort={sort} href={base}>{t.port}</SortHead>
          <SortHead ui={ui} column="action" sort={sort} href={base}>{t.action}</SortHead>
          <SortHead ui={ui} column="source" sort={sort} href={base}>{t.from}</SortHead>
          <SortHead ui={ui} column="comment" sort={sort} href={base} class="lo">{t.note}</SortHead>
          <SortHead ui={ui} column="origin" sort={sort} href={base} class="mid">{t.origin}</SortHead>
          {writes ? <ActionsHead>{t.rowActions}</ActionsHead> : null}
        </tr>
      </thead>
      <tbody>
        {shown.map((rule) => (
          <Row ui={ui} rule={rule} writes={writes} address={address} />
        ))}
        {last && !narrowed ? <Rest ui={ui} firewall={firewall} writes={writes} /> : null}
      </tbody>
    </table>
  );
}

function Row({ ui, rule, writes, address }: { ui: Ui; rule: RuleRow; writes: boolean; address: string }) {
  const t = ui.t.firewall;
  const { spec } = rule;
  const name = spec ? shortRule(ui, spec) : rule.text;
  return (
    <tr id={`rule-${rule.id}`}>
      <td class="lead" title={rule.text}>
        {spec ? (
          <>
            <b class="mono">{whatText(ui, spec)}</b> <span class="quiet">{protocolText(ui, spec)}</span>
            {spec.direction === 'out' ? <small class="below">{t.outgoing}</small> : null}
            {spec.enabled ? null : <small class="below">{t.switchedOff}</small>}
          </>
        ) : (
          <code class="xs firewall-text">{rule.text}</code>
        )}
        {rule.comment ? <small class="narrow-note">{rule.comment}</small> : null}
      </td>
      <td>{spec ? <ActionTag ui={ui} action={spec.action} /> : rule.forwarded ? <span class="quiet">{t.passing}</span> : null}</td>
      <td>{spec ? <From ui={ui} rule={rule} address={address} /> : null}</td>
      <td class="lo soft">{rule.comment}</td>
      <td class="mid">{rule.origin === 'ours' ? <span class="soft">{t.origins.ours}</span> : <Tag ui={ui}>{t.origins.outside}</Tag>}</td>
      {writes ? (
        <td>
          <div class="acts">
            {spec && !rule.extra ? (
              <AskIcon ui={ui} href={`/firewall/rules/${rule.id}/change`} icon="edit" label={t.changeIt({ rule: name })} />
            ) : null}
            <AskIcon ui={ui} href={`/firewall/rules/${rule.id}/remove`} icon="trash" label={t.removeIt({ rule: name })} />
          </div>
        </td>
      ) : null}
    </tr>
  );
}

function From({ ui, rule: { spec, extra }, address }: { ui: Ui; rule: RuleRow; address: string }) {
  const t = ui.t.firewall;
  if (!spec) return null;
  const notes = [
    spec.destination ? t.to({ address: spec.destination }) : '', spec.interface ? t.on_({ name: spec.interface }) : '', spec.zone ? t.inZone({ name: spec.zone }) : '',
    isYours(spec.source, address) ? t.yours : '', extra === 'runtime' ? t.extraRuntime : extra === 'permanent' ? t.extraPermanent : extra ? t.extra({ text: extra }) : '',
  ].filter(Boolean);
  return (
    <>
      {fromText(ui, spec)}
      {notes.length ? <small class="below">{notes.join(ui.t.parts.list.clause)}</small> : null}
    </>
  );
}

/** What happens to what no rule is about. */
function Rest({ ui, firewall: { policies, abilities, provider }, writes }: { ui: Ui; firewall: Firewall; writes: boolean }) {
  const t = ui.t.firewall;
  if (!policies.in) return null;
  return (
    <tr>
      <td class="quiet lead">{t.everythingElse}</td>
      <td>
        <ActionTag ui={ui} action={policies.in} />
      </td>
      <td class="quiet">{t.anyone}</td>
      <td class="lo quiet">{t.default}</td>
      <td class="mid soft">{provider ? t.providers[provider] : ''}</td>
      {writes ? (
        <td>
          <div class="acts">
            {abilities.defaults.length ? (
              <AskIcon ui={ui} href="/firewall/policy" icon="edit" label={t.defaultChange} />
            ) : null}
          </div>
        </td>
      ) : null}
    </tr>
  );
}
