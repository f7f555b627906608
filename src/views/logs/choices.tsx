import { isFile, PRIORITIES, type Priority } from '../../core/logs/query.ts';
import type { LogFile } from '../../core/logs/files/folders.ts';
import type { Boot } from '../../platform/logs.ts';
import { Field } from '../parts/field.tsx';
import { Icon } from '../parts/icon.tsx';
import { Option } from '../parts/option.tsx';
import { Select } from '../parts/select.tsx';
import { Filter } from '../parts/table.tsx';
import type { Ui } from '../ui.ts';

/** As the address has it. */
export interface LogChoices {
  source: string;
  unit?: string | undefined;
  identifier?: string | undefined;
  priority?: Priority | undefined;
  boot?: string | undefined;
  q: string;
  regex?: 'on' | undefined;
  /** As the field of the form has it. */
  since?: string | undefined;
  until?: string | undefined;
}

export interface LogSources {
  journal: boolean;
  /** It is the event log of Windows: channels stand for units. */
  events: boolean;
  files: readonly LogFile[];
  containers: readonly { id: string; name: string }[];
  units: readonly string[];
  boots: readonly Boot[];
}

/** Without what is as it is by itself. */
export function queryText({ source, ...rest }: LogChoices): string {
  const given = Object.entries({ source: source === 'journal' ? '' : source, ...rest }).filter((entry): entry is [string, string] => Boolean(entry[1]));
  const text = new URLSearchParams(given).toString();
  return text ? `?${text}` : '';
}

/** What is shown: a form that works without JavaScript. */
export function Choices({ ui, choices, sources }: { ui: Ui; choices: LogChoices; sources: LogSources }) {
  const t = ui.t.logs;
  const journal = !isFile(choices.source);
  const unit = sources.events ? t.channel({ name: sources.units[0] ?? '' }) : t.unit;
  const levels = PRIORITIES.map((value, number) => ({ value, label: number === PRIORITIES.length - 1 ? t.everything : t.atLeast({ level: t.levels[value] }) })).toReversed();
  return (
    <form method="get" action="/logs" role="search" id="log-choices">
      <Source ui={ui} value={choices.source} sources={sources} />
      {journal && choices.source === 'journal' ? (
        <>
          <input class="input mono log-unit" name="unit" value={choices.unit} placeholder={unit} aria-label={unit} list="log-units" maxlength={256} autocomplete="off" spellcheck={false} autocapitalize="none" />
          <datalist id="log-units">
            {sources.units.map((unit) => (
              <option value={unit}></option>
            ))}
          </datalist>
        </>
      ) : null}
      <Select ui={ui} name="priority" label={t.priority} hideLabel value={choices.priority ?? 'debug'} choices={levels} />
      <Filter ui={ui} label={choices.regex ? t.searchRegex : t.search} value={choices.q} />
      <details class="log-more" open={Boolean(choices.since || choices.until || choices.boot || choices.identifier || choices.regex)}>
        <summary class="btn ghost">{ui.t.containerLogs.more}</summary>
        <div class="row log-fields">
          <Field ui={ui} name="since" label={t.since} type="datetime-local" step="1" value={choices.since ?? null} />
          <Field ui={ui} name="until" label={t.until} type="datetime-local" step="1" value={choices.until ?? null} />
          <Field ui={ui} name="identifier" label={sources.events ? t.provider : t.identifier} mono maxlength={200} value={choices.identifier ?? null} />
          {journal && sources.boots.length ? <Boots ui={ui} value={choices.boot} boots={sources.boots} /> : null}
          <Option name="regex" label={t.regex} checked={choices.regex === 'on'} />
        </div>
      </details>
      <button class="btn" type="submit">
        {t.show}
      </button>
    </form>
  );
}

function Boots({ ui, value, boots }: { ui: Ui; value: string | undefined; boots: readonly Boot[] }) {
  const t = ui.t.logs;
  const choices = boots.slice(0, 100).map(({ id, from }, i) => ({ value: id, label: i === 0 ? t.thisBoot({ time: ui.fmt.dateTime(from) }) : t.bootAt({ time: ui.fmt.dateTime(from) }) }));
  return <Select ui={ui} name="boot" label={t.boot} value={value ?? ''} choices={[{ value: '', label: t.anyBoot }, ...choices]} />;
}

/** The name within the folder of logs is enough. */
const shortName = ({ path, own }: LogFile) => (own ? path.replace(/^.*[\\/]/, '') : path.replace(/^\/var\/log\/|^.*\/demo-files\/logs\//, ''));

function Source({ ui, value, sources: { journal, events, files, containers } }: { ui: Ui; value: string; sources: LogSources }) {
  const t = ui.t.logs;
  const own = files.filter(({ own }) => own);
  const others = files.filter(({ own }) => !own);
  const known = (!isFile(value) && journal) || files.some(({ path }) => path === value);
  const option = (file: LogFile) => (
    <option value={file.path} selected={file.path === value}>
      {shortName(file)} ({ui.fmt.bytes(file.size)})
    </option>
  );
  return (
    <span class="select log-source">
      <select name="source" aria-label={t.source}>
        {known ? null : (
          <option value={value} selected>
            {isFile(value) ? value : t.choose}
          </option>
        )}
        {journal ? (
          <optgroup label={t.system}>
            <option value="journal" selected={value === 'journal'}>
              {events ? t.eventLog : t.journal}
            </option>
            {events ? null : (
              <option value="kernel" selected={value === 'kernel'}>
                {t.kernel}
              </option>
            )}
          </optgroup>
        ) : null}
        {others.length ? <optgroup label={t.files}>{others.map(option)}</optgroup> : null}
        {own.length ? <optgroup label={t.own}>{own.map(option)}</optgroup> : null}
        {containers.length ? (
          <optgroup label={t.containers}>
            {containers.map(({ id, name }) => (
              <option value={`container:${id}`}>{name}</option>
            ))}
          </optgroup>
        ) : null}
      </select>
      <Icon ui={ui} name="chevron-down" />
    </span>
  );
}
