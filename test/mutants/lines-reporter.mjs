/**
 * A reporter of StrykerJS that writes a line per mutant as soon as it is tried, so that a stopped run has
 * results.
 */

import { appendFileSync } from 'node:fs';
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';

class LinesReporter {
  onMutantTested({ fileName, location, mutatorName, replacement, status, killedBy, coveredBy }) {
    const line = { fileName, location, mutatorName, replacement, status };
    const tests = { killedBy: killedBy?.length ?? 0, coveredBy: coveredBy?.length ?? 0 };
    appendFileSync(
      process.env.MUTANTS_LINES ?? 'mutants.jsonl',
      `${JSON.stringify({ ...line, ...tests })}\n`,
    );
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.Reporter, 'lines', LinesReporter)];
