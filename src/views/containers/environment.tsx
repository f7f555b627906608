import type { ContainerDetail } from '../../core/containers/detail.ts';
import type { Variable } from '../../core/containers/redact.ts';
import { Icon } from '../parts/icon.tsx';
import { Section } from '../parts/section.tsx';
import type { Ui } from '../ui.ts';

interface EnvironmentProps {
  ui: Ui;
  one: ContainerDetail;
  variables: readonly Variable[];
  /** The values are the real ones. */
  revealed: boolean;
}

/** What it was started with. Secret values are shown to administrators, who are written down. */
export function Environment({ ui, one, variables, revealed }: EnvironmentProps) {
  const t = ui.t.container;
  const hidden = variables.filter((each) => each.hidden).length;
  const action = `/containers/${one.id}/environment`;
  const reveal = hidden > 0 && ui.can('containers.admin') ? (
    <form method="post" action={action} hx-post={action} hx-target="#environment" hx-select="#environment" hx-swap="outerHTML">
      <button class="btn ghost sm" type="submit">
        <Icon ui={ui} name="eye" />
        {t.reveal}
      </button>
    </form>
  ) : undefined;
  return (
    <Section id="environment" title={t.environment} note={revealed ? t.revealed : hidden ? t.hidden({ n: hidden }) : undefined} flush={variables.length > 0} end={reveal}>
      {variables.length === 0 ? (
        <p class="small muted">{t.noEnvironment}</p>
      ) : (
        <table class="table">
          <caption class="vh">{t.environment}</caption>
          <thead>
            <tr>
              <th scope="col">{t.variable}</th>
              <th scope="col">{t.value}</th>
            </tr>
          </thead>
          <tbody>
            {variables.map(({ name, value, hidden: secret }) => (
              <tr>
                <td class="mono xs wrap">{name}</td>
                <td class={secret ? 'mono xs wrap quiet' : 'mono xs wrap'}>{value}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}
