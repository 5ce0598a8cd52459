/** Writes the emulator's overlay beside the stack that was synthesised into this folder. */

import { readFileSync, writeFileSync } from 'node:fs';
import { emulatorOverlay } from './emulator-overlay.ts';

const configuration = JSON.parse(readFileSync('cdk.tf.json', 'utf8'));
const stateFile = String(configuration.terraform.backend.local?.path ?? '');
const overlay = emulatorOverlay(configuration, stateFile);
writeFileSync('emulator_override.tf.json', JSON.stringify(overlay, null, 2));
