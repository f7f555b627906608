import type { ContainerDetail } from '../../core/containers/detail.ts';
import { imageHref } from '../images/words.ts';
import { Icon } from '../parts/icon.tsx';
import { Kv } from '../parts/kv.tsx';
import { Dot } from '../parts/mark.tsx';
import { Section } from '../parts/section.tsx';
import { DateTime } from '../parts/time.tsx';
import type { Ui } from '../ui.ts';
import { inDialog } from './menu-items.tsx';
import { dotOf, stateWord } from './words.tsx';

export function Facts({ ui, one, newer }: { ui: Ui; one: ContainerDetail; newer: boolean }) {
  const t = ui.t.container;
  return (
    <Section id="facts" title={t.facts} pane>
      <Kv
        rows={[
          [t.state, <Dot state={dotOf(one)}>{stateWord(ui, one)}</Dot>],
          [t.image, <Image ui={ui} one={one} newer={newer} />],
          [t.command, <code class="xs">{one.command}</code>],
          [t.created, <DateTime ui={ui} at={one.createdAt} />],
          [t.started, one.startedAt === null ? null : <DateTime ui={ui} at={one.startedAt} />],
          [t.finished, one.finishedAt === null ? null : <Finished ui={ui} one={one} at={one.finishedAt} />],
          [t.stack, one.stack === null ? null : <a class="link" href={`/stacks/${one.stack}`}>{one.stack}</a>],
          [t.service, one.service],
          [t.stackFolder, one.stackFolder === null ? null : <code class="xs">{one.stackFolder}</code>],
          [t.stackFiles, one.stackFiles === null ? null : <code class="xs">{one.stackFiles}</code>],
          [t.user, one.user || t.imageUser],
          [t.folder, <code class="xs">{one.workingFolder}</code>],
          [t.hostname, one.hostname],
          [t.logDriver, one.logDriver],
          [t.id, <code class="xs">{one.id.slice(0, 12)}</code>],
          [t.imageId, <code class="xs">{one.imageId.replace(/^sha256:/, '').slice(0, 12)}</code>],
        ]}
      />
    </Section>
  );
}

function Image({ ui, one, newer }: { ui: Ui; one: ContainerDetail; newer: boolean }) {
  return (
    <>
      <a class="link" href={imageHref(one.imageId)}>{one.image}</a>
      {newer ? (
        <>
          {' '}
          <a class="tag" data-tone="accent" href={`/containers/updates?q=${encodeURIComponent(one.name)}`}>
            <Icon ui={ui} name="refresh" />
            {ui.t.containerUpdates.badge}
          </a>
        </>
      ) : null}
    </>
  );
}

function Finished({ ui, one, at }: { ui: Ui; one: ContainerDetail; at: number }) {
  return (
    <>
      <DateTime ui={ui} at={at} />
      {one.exitCode === null ? null : <span class="muted"> {ui.t.container.exited({ code: one.exitCode })}</span>}
    </>
  );
}

export function Limits({ ui, one }: { ui: Ui; one: ContainerDetail }) {
  const t = ui.t.container;
  const href = `/containers/${one.id}/limits`;
  const change = ui.can('containers.admin') ? (
    <a class="btn ghost sm" href={href} {...inDialog(href, 'change-form')}>
      <Icon ui={ui} name="edit" />
      {t.changeLimits}
    </a>
  ) : undefined;
  return (
    <Section id="limits" title={t.limits} pane end={change}>
      <Kv
        rows={[
          [t.memory, one.memoryLimit === null ? t.none : ui.fmt.memory(one.memoryLimit)],
          [t.cpus, one.cpuLimit === null ? t.none : t.cores({ n: ui.fmt.number(one.cpuLimit, 2) })],
          [t.processesMost, one.processesMost === null ? t.none : ui.fmt.number(one.processesMost)],
          [t.restart, `${t.policies[one.restartPolicy]}${one.restartPolicy === 'on-failure' && one.restartsMost ? ` (${t.failures({ n: one.restartsMost })})` : ''}`],
          [t.restarts, t.restartsCount({ n: one.restarts })],
        ]}
      />
    </Section>
  );
}
