import type { Dependencies, ServiceFile } from '../../platform/services.ts';
import { Section } from '../parts/section.tsx';
import type { Ui } from '../ui.ts';
import { servicePath } from './paths.ts';

/** A service is a link; targets, sockets and mounts are named, and so are drivers and groups of Windows. */
const Name = ({ name }: { name: string }) => (/^\+|\.(target|slice|socket|mount|device|path|timer|swap|scope|sys)$/i.test(name) ? <span>{name}</span> : <a href={servicePath(name)}>{name}</a>);

export function DependencyList({ ui, dependencies }: { ui: Ui; dependencies: Dependencies }) {
  const t = ui.t.services;
  const lists = [
    [t.needs, dependencies.requires], [t.wants, dependencies.wants], [t.after, dependencies.after],
    [t.requiredBy, dependencies.requiredBy], [t.wantedBy, dependencies.wantedBy], [t.triggeredBy, dependencies.triggeredBy],
  ] as const;
  const shown = lists.filter(([, names]) => names.length > 0);
  if (shown.length === 0) return <p class="small muted">{t.noDependencies}</p>;
  return (
    <dl class="kv service-dependencies">
      {shown.map(([label, names]) => (
        <>
          <dt>{label}</dt>
          <dd class="small">
            {names.slice(0, 200).map((name, i) => (
              <>
                {i ? ' ' : ''}
                <Name name={name} />
              </>
            ))}
          </dd>
        </>
      ))}
    </dl>
  );
}

export function FileTexts({ ui, texts }: { ui: Ui; texts: readonly ServiceFile[] }) {
  const t = ui.t.services;
  if (texts.length === 0) {
    return (
      <Section id="files" title={t.files}>
        <p class="small muted">{t.filesNone}</p>
      </Section>
    );
  }
  return (
    <>
      {texts.map(({ path, kind, text }, i) => (
        <Section id={i ? `file-${i}` : 'files'} title={<code class="small">{path}</code>} note={kind === 'drop-in' ? t.dropIn : undefined} flush={Boolean(text)}>
          {text ? <UnitText label={path} text={text} /> : <p class="small muted">{text === null ? t.unreadable : t.maskedFile}</p>}
        </Section>
      ))}
    </>
  );
}

export function UnitText({ label, text }: { label: string; text: string }) {
  return (
    <div class="code unit-text" tabindex={0} role="region" aria-label={label}>
      {text.replace(/\n$/, '').split('\n').map((line) => (
        <span class="ln">{line || ' '}</span>
      ))}
    </div>
  );
}
