import { expect, it } from 'vitest';
import type { ReleaseRecord } from '../../stacks/constructs/release.ts';
import { differences } from '../../stacks/operate/release-records.ts';

const release: ReleaseRecord = {
  functions: { bucket: 'b', key: 'k', objectVersion: '1', sha256: 'one', commit: 'c0ffee' },
  machineImages: { dataVolume: 'none', x86_64: 'ami-1', arm64: 'ami-2' },
  processImages: { echo: 'sha256:0123456789abcdef', old: 'sha256:1' },
};

it('the parts in which two releases differ are listed, with images that come or go', () => {
  const next = {
    ...release,
    machineImages: { ...release.machineImages, dataVolume: 'ami-3' },
    processImages: { echo: 'sha256:fedcba9876543210', added: 'sha256:2' },
  };
  expect(differences(release, release)).toEqual([]);
  expect(differences(release, next)).toEqual([
    'machine image dataVolume: none -> ami-3',
    'container image added: none -> sha256:2',
    'container image echo: sha256:0123456789ab -> sha256:fedcba987654',
    'container image old: sha256:1 -> none',
  ]);
});

it('a first release differs from none in all parts but in images that were never built', () => {
  expect(differences(undefined, release)).toEqual([
    'functions: none -> commit c0ffee, package one',
    'machine image x86_64: none -> ami-1',
    'machine image arm64: none -> ami-2',
    'container image echo: none -> sha256:0123456789ab',
    'container image old: none -> sha256:1',
  ]);
});
