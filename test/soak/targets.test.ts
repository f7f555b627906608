/** Every target is built, is what its system expects, and has its sum beside it. */
import { needs } from '../support/needs.ts';
import { builds, TARGETS } from '../support/targets.ts';

builds(needs('linux'), TARGETS);
