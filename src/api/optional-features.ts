import { z } from 'zod';
import { changeFeature, FEATURE_STATES, FeatureFilter, FeatureInput, FeatureName, ListName, listFeatures, readFeature } from '../core/optional-features/optional-features.ts';
import { endpoint } from './endpoint.ts';
import { means } from './schemas.ts';

const OptionalFeature = z
  .object({ name: means(FeatureName, 'featureName'), title: means(z.string(), 'featureTitle'), state: means(z.enum(FEATURE_STATES), 'featureState'), parent: means(z.string().nullable(), 'featureParent') })
  .meta({ id: 'OptionalFeature' });

const OptionalFeatureDetails = OptionalFeature
  .extend({
    description: z.string(), restart: means(z.enum(['no', 'maybe', 'yes']).nullable(), 'featureRestart'),
    needs: means(z.array(z.string()), 'featureNeeds'), holds: means(z.array(z.string()), 'featureHolds'),
  })
  .meta({ id: 'OptionalFeatureDetails' });

const Started = z.object({ task: means(z.string(), 'taskId') });
const refusals = ['unsupported', 'unavailable'] as const;

export const optionalFeatures = [
  endpoint({
    id: 'optional_features.list', method: 'get', path: '/optional-features', permission: 'optional_features.read', status: 200, refusals,
    query: z.strictObject({ q: FeatureFilter.shape.q, list: means(FeatureFilter.shape.list, 'featureList'), only: means(FeatureFilter.shape.only, 'featureOnly') }),
    response: z.object({
      items: z.array(OptionalFeature), total: z.number().int(), pending: means(z.number().int(), 'featurePending'), server: means(z.boolean(), 'featureServer'), whole: means(z.boolean(), 'featureWhole'),
    }),
    async run(app, actor, { query }) {
      const { features, ...rest } = await listFeatures(app, actor, query);
      return { items: features, ...rest };
    },
  }),
  endpoint({
    id: 'optional_features.get', method: 'get', path: '/optional-features/{list}/{name}', permission: 'optional_features.read', status: 200, refusals,
    params: z.strictObject({ list: means(ListName, 'featureList'), name: means(FeatureName, 'featureName') }), response: OptionalFeatureDetails,
    run: (app, actor, { params: { list, name } }) => readFeature(app, actor, list, name),
  }),
  endpoint({
    id: 'optional_features.change', method: 'post', path: '/optional-features/change', permission: 'optional_features.write', status: 202, refusals: [...refusals, 'conflict', 'not_found'],
    body: FeatureInput.extend({ list: means(FeatureInput.shape.list, 'featureList'), name: means(FeatureInput.shape.name, 'featureName'), confirm: means(FeatureInput.shape.confirm, 'featureConfirm') }), response: Started,
    example: { body: { list: 'optional', name: 'TelnetClient', on: true } },
    run: async (app, actor, { body }) => ({ task: await changeFeature(app, actor, body) }),
  }),
];
