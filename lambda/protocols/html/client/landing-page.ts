/** What scripts add to the first page. */

import { enableCopying } from './copy.ts';

enableCopying();
