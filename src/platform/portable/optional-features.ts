import { AppError, type Say } from '../../lib/errors.ts';
import type { OptionalFeaturesDriver } from '../optional-features.ts';

const refusal: Say = (t) => t.optionalFeatures.onlyWindows;
const refuse = () => Promise.reject(new AppError('unsupported', refusal));

/** Systems whose parts are packages: every question is refused. */
export const NO_OPTIONAL_FEATURES: OptionalFeaturesDriver = { refusal: () => refusal, list: refuse, one: refuse, commands: () => [], change: refuse };
