import type { Variable } from '../../core/containers/redact.ts';
import type { Ui } from '../ui.ts';
import { Icon } from './icon.tsx';
import { Section } from './section.tsx';

interface VariablesProps {
  ui: Ui;
  t: { environment: string; variable: string; value: string; noEnvironment: string; reveal: string; revealed: string; hidden(p: { n: number }): string };
  /** null: they cannot be read, which `unread` says. */
  variables: readonly Variable[] | null;
  unread?: string;
  /** The values are the real ones. */
  revealed: boolean;
  /** Where the real ones are asked for; null: not by this person. */
  action: string | null;
}

/** What something was started with. Secret values are shown to administrators, who are written down. */
export function Variables({ ui, t, variables, unread, revealed, action }: VariablesProps) {
  const hidden = variables?.filter((each) => each.hidden).length ?? 0;
  const reveal = hidden > 0 && action ? (
    <form method="post" action={action} hx-post={action} hx-target="#environment" hx-select="#environment" hx-swap="outerHTML">
      <button class="btn ghost sm" type="submit">
        <Icon ui={ui} name="eye" />
        {t.reveal}
      </button>
    </form>
  ) : undefined;
  return (
    <Section id="environment" title={t.environment} note={revealed ? t.revealed : hidden ? t.hidden({ n: hidden }) : undefined} flush={Boolean(variables?.length)} end={reveal}>
      {!variables?.length ? (
        <p class="small muted">{variables ? t.noEnvironment : unread}</p>
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
