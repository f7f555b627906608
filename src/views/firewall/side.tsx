import type { Firewall, ForwardRow, Gone } from '../../core/firewall/firewall.ts';
import type { PublishedPort } from '../../core/firewall/published-ports.ts';
import type { PublishedRules } from '../../core/firewall/published.ts';
import { governWord, isExposed, joined, reachWord, rulesOf } from '../containers/port-words.ts';
import { AskIcon, asks } from '../form/dialog.tsx';
import { actorText } from '../parts/actor.ts';
import { Banner } from '../parts/banner.tsx';
import { Icon } from '../parts/icon.tsx';
import { Tag } from '../parts/mark.tsx';
import { Section } from '../parts/section.tsx';
import { Time } from '../parts/time.tsx';
import type { Ui } from '../ui.ts';
import { ActionTag, forwardWords, publishedSpec, shortRule } from './words.tsx';

/** What the panel made and somebody removed. */
export function GoneSection({ ui, gone }: { ui: Ui; gone: readonly Gone[] }) {
  const t = ui.t.firewall;
  if (gone.length === 0) return null;
  return (
    <Section id="gone" title={t.goneTitle} note={t.goneNote}>
      <ul class="rows">
        {gone.map((one) => {
          const rule = one.spec ? shortRule(ui, one.spec) : one.forward ? forwardWords(ui, one.forward) : '';
          return (
            <li data-tone="warn">
              <Icon ui={ui} name="warning" />
              <span class="grow">
                {rule}
                <small>
                  {[one.comment, actorText(ui.t, one.createdBy)].filter(Boolean).join(' · ')} <Time ui={ui} at={one.createdAt} />
                </small>
              </span>
              {ui.can('firewall.write') ? (
                <>
                  <form method="post" action={`/firewall/gone/${one.id}/put-back`}>
                    <button class="btn sm" type="submit" aria-label={t.putBackIt({ rule })}>{t.putBack}</button>
                  </form>
                  <form method="post" action={`/firewall/gone/${one.id}/forget`}>
                    <button class="btn ghost sm" type="submit" aria-label={t.forgetIt({ rule })}>{t.forget}</button>
                  </form>
                </>
              ) : null}
            </li>
          );
        })}
      </ul>
    </Section>
  );
}

export function ForwardsSection({ ui, forwards }: { ui: Ui; forwards: readonly ForwardRow[] }) {
  const t = ui.t.firewall;
  const writes = ui.can('firewall.write');
  const add = (
    <a class="btn sm" {...asks('/firewall/forwards/new')}>
      <Icon ui={ui} name="plus" />
      {t.forwardAdd}
    </a>
  );
  return (
    <Section id="forwards" title={t.forwardsTitle} note={t.forwardsNote} end={writes ? add : null}>
      {forwards.length === 0 ? <p class="soft small">{t.forwardsNone}</p> : null}
      <ul class="rows">
        {forwards.map((one) => (
          <li>
            <span class="grow mono">{forwardWords(ui, one)}</span>
            {one.origin === 'outside' ? <Tag ui={ui}>{t.origins.outside}</Tag> : null}
            {writes ? (
              <AskIcon ui={ui} href={`/firewall/forwards/${one.id}/remove`} icon="trash" label={t.removeIt({ rule: forwardWords(ui, one) })} />
            ) : null}
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** What containers publish, past the firewall, and the rules that govern it. */
export function PublishedSection({ ui, ports, published }: { ui: Ui; ports: readonly PublishedPort[]; published: PublishedRules }) {
  const t = ui.t.firewall.published;
  const writes = ui.can('firewall.write');
  return (
    <aside class="section" id="published" aria-labelledby="published-h">
      <header class="section-head">
        <h2 id="published-h">{t.title}</h2>
        <p>{t.note}</p>
      </header>
      {published.hindrance && ports.length ? <p class="soft small">{t.hindrances[published.hindrance]}</p> : null}
      {ports.length === 0 ? <p class="soft small">{t.none}</p> : null}
      <ul class="rows">
        {portLines(ui, ports).map(({ id, name, fact, addresses }) => (
          <li data-tone={isExposed(fact) ? 'warn' : undefined}>
            <b class="mono port-no">{fact.host}</b>
            <span class="grow">
              <a href={`/containers/${id}`}>{name}</a>
              <Governed ui={ui} fact={fact} addresses={addresses} />
            </span>
            <Tag ui={ui} {...(isExposed(fact) ? { tone: 'warn' } : {})}>{reachWord(ui, fact)}</Tag>
            {writes && !published.hindrance && fact.by === 'docker' ? (
              <AskIcon ui={ui} href={`/firewall/rules/new?scope=containers&ports=${fact.host}&protocol=${fact.protocol}`} icon="shield" label={t.addFor({ port: String(fact.host) })} />
            ) : null}
          </li>
        ))}
      </ul>
      {published.rules.length ? <PublishedRuleList ui={ui} published={published} /> : null}
    </aside>
  );
}

/** That Docker forwards past the firewall stands above them all, and is said again only to who points at it. */
function Governed({ ui, fact, addresses }: { ui: Ui; fact: PublishedPort['fact']; addresses: readonly string[] }) {
  const word = governWord(ui, fact);
  const past = fact.by === 'docker' && fact.chain === null && fact.verdict === 'open';
  return (
    <small class={isExposed(fact) && !past ? 'warn' : undefined} title={(past ? word : rulesOf(fact).join('\n')) || undefined}>{(past ? '' : word) || addresses.join(' ')}</small>
  );
}

function portLines(ui: Ui, ports: readonly PublishedPort[]) {
  const by = Map.groupBy(ports, ({ id }) => id);
  return [...by.values()].flatMap((all) => joined(ui, all.map(({ fact }) => fact)).map((line) => ({ ...line, id: all[0]!.id, name: all[0]!.name }))).sort((a, b) => a.fact.host - b.fact.host);
}

function PublishedRuleList({ ui, published: { rules, inForce, hindrance } }: { ui: Ui; published: PublishedRules }) {
  const t = ui.t.firewall;
  return (
    <>
      <header class="section-head">
        <h2 id="published-rules">{t.published.rulesTitle}</h2>
        <p>{t.published.rulesNote}</p>
      </header>
      {inForce ? null : (
        <Banner ui={ui} tone="warn" text={hindrance ? t.published.hindrances[hindrance] : t.published.notInForce}>
          {hindrance || !ui.can('firewall.write') ? null : (
            <form method="post" action="/firewall/published/restore">
              <button class="btn sm" type="submit">{t.published.restore}</button>
            </form>
          )}
        </Banner>
      )}
      <ul class="rows" aria-labelledby="published-rules">
        {rules.map(({ id, rule, comment }) => (
          <li>
            <ActionTag ui={ui} action={rule.action} />
            <span class="grow">
              {shortRule(ui, publishedSpec(rule)).replace(`${t.actions[rule.action]} `, '')}
              {comment ? <small>{comment}</small> : null}
            </span>
            {ui.can('firewall.write') ? (
              <AskIcon ui={ui} href={`/firewall/published/${id}/remove`} icon="trash" label={t.removeIt({ rule: shortRule(ui, publishedSpec(rule)) })} />
            ) : null}
          </li>
        ))}
      </ul>
    </>
  );
}

export function ZonesSection({ ui, firewall: { zones } }: { ui: Ui; firewall: Firewall }) {
  const t = ui.t.firewall;
  if (zones.length === 0) return null;
  return (
    <Section id="zones" title={t.zonesTitle} note={t.zonesNote} flush>
      <table class="table">
        <caption class="vh">{t.zonesTitle}</caption>
        <thead>
          <tr>
            <th scope="col">{t.zone}</th>
            <th scope="col">{t.zoneInterfaces}</th>
            <th scope="col" class="mid">{t.zoneSources}</th>
            <th scope="col">{t.everythingElse}</th>
          </tr>
        </thead>
        <tbody>
          {zones.map(({ name, interfaces, sources, policy }, i) => (
            <tr>
              <td class="lead">
                <b>{name}</b> {i === 0 ? <span class="quiet">{t.zoneDefault}</span> : null}
              </td>
              <td class="mono xs">{interfaces.join(' ') || '–'}</td>
              <td class="mid mono xs">{sources.join(' ') || '–'}</td>
              <td>
                <ActionTag ui={ui} action={policy} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

export function ForeignSection({ ui, firewall: { foreign } }: { ui: Ui; firewall: Firewall }) {
  const t = ui.t.firewall;
  if (foreign.length === 0) return null;
  return (
    <Section id="foreign" title={t.foreignTitle} note={t.foreignNote}>
      {foreign.map(({ name, text }) => (
        <details id={`foreign-${encodeURIComponent(name)}`}>
          <summary class="mono">{name}</summary>
          <pre class="snippet" tabindex={0}>{text}</pre>
        </details>
      ))}
    </Section>
  );
}
