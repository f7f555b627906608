import type { Firewall } from '../../core/firewall/firewall.ts';
import { Dot } from '../parts/mark.tsx';
import { Section } from '../parts/section.tsx';
import type { Ui } from '../ui.ts';
import { ActionTag } from './words.tsx';

/** Windows has a setting for each kind of network. */
export function ProfilesSection({ ui, firewall: { profiles } }: { ui: Ui; firewall: Firewall }) {
  const t = ui.t.firewall;
  if (profiles.length === 0) return null;
  return (
    <Section id="profiles" title={t.windows.profilesTitle} note={t.windows.profilesNote} flush>
      <table class="table">
        <caption class="vh">{t.windows.profilesTitle}</caption>
        <thead>
          <tr>
            <th scope="col">{t.windows.profile}</th>
            <th scope="col">{t.title}</th>
            <th scope="col">{t.directions.in}</th>
            <th scope="col" class="mid">{t.directions.out}</th>
          </tr>
        </thead>
        <tbody>
          {profiles.map(({ name, current, enabled, policies, shielded }) => (
            <tr>
              <td class="lead">
                <b>{t.windows.profiles[name]}</b> {current ? <span class="quiet">{t.windows.current}</span> : null}
              </td>
              <td>
                <Dot state={enabled ? 'ok' : current ? 'fail' : 'off'}>{enabled ? t.on : t.off}</Dot>
              </td>
              <td>
                <ActionTag ui={ui} action={shielded ? 'deny' : policies.in} />
                {shielded ? <small class="below">{t.windows.shielded}</small> : null}
              </td>
              <td class="mid">
                <ActionTag ui={ui} action={policies.out} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}
