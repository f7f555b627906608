/** What is built is what its system expects, and has its sum beside it: for the systems that other tests start. The rest is test/soak's. */
import { needs } from '../support/needs.ts';
import { builds } from '../support/targets.ts';

builds(needs('linux'), ['linux-x64', 'windows-x64']);
