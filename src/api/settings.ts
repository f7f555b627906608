import { changeSettings, readSettings, SettingsBody } from '../core/settings/change.ts';
import { endpoint } from './endpoint.ts';

export const settings = [
  endpoint({
    id: 'settings.get', method: 'get', path: '/settings', permission: 'settings.read', status: 200,
    response: SettingsBody,
    run: (app, actor) => readSettings(app, actor),
  }),
  endpoint({
    id: 'settings.change', method: 'patch', path: '/settings', permission: 'settings.write', status: 200,
    body: SettingsBody.partial().strict(),
    response: SettingsBody,
    example: { body: { auditDays: 730 } },
    run(app, actor, { body }) {
      changeSettings(app, actor, body);
      return readSettings(app, actor);
    },
  }),
];
