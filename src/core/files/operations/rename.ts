import type { Actor, App } from '../../app.ts';
import { record } from '../../audit/audit.ts';
import { renameNew, syncFolder } from '../beside.ts';
import { openFolder } from '../entry.ts';
import { told } from '../faults.ts';
import { joinPath, normalName, normalPath } from '../paths.ts';
import { tellChanged } from './changed.ts';
import { openGuard } from './guard.ts';

/** Gives one entry another name in its folder. @throws AppError conflict when the name is taken */
export async function renameEntry(app: App, actor: Actor, input: { folder: string; name: string; to: string }): Promise<void> {
  const { kind } = app.host.files;
  const to = normalName(kind, input.to, 'to');
  const name = normalName(kind, input.name);
  const folder = await openFolder(app, actor, input.folder, 'write');
  try {
    const real = joinPath(kind, folder.real, name);
    (await openGuard(app, actor)).check(real);
    if (name === to) return;
    await told(real, () => renameNew(folder, name, folder, to));
    await syncFolder(folder);
    record(app, actor, { action: 'files.rename', target: real, params: { to } });
    tellChanged(app, folder.real, normalPath(kind, input.folder));
  } finally {
    await folder.close();
  }
}
