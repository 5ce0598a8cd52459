/** Adds scripts to the first page. */

import { enableCopying } from './copy.ts';

enableCopying();
