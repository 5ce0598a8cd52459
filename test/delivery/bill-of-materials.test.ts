import { expect, it } from 'vitest';
import { licencesOf, licenceTable, reproducible } from '../../stacks/sbom/bill-of-materials.ts';

const component = (name: string, version: string, licenses?: readonly object[]) => ({
  name,
  version,
  purl: `pkg:npm/${name}@${version}`,
  ...(licenses ? { licenses } : {}),
});
const bom = (serialNumber: string, timestamp: string) =>
  JSON.stringify({
    bomFormat: 'CycloneDX',
    serialNumber,
    metadata: { timestamp, component: { name: 'a-folder' } },
    components: [
      component('two', '1.0.0', [{ license: { id: 'MIT' } }, { license: { name: 'Own' } }]),
      component('one', '2.0.0', [{ expression: '(MIT OR ISC)' }]),
      component('one', '1.0.0'),
    ],
  });

it('a bill of materials is the same for the same packages, whenever and wherever it is made', () => {
  const at = '2026-01-01T00:00:00.000Z';
  const first = reproducible(bom('urn:uuid:1', '2026-05-01'), 'aws-wps', at);
  expect(reproducible(bom('urn:uuid:2', '2026-06-01'), 'aws-wps', at)).toEqual(first);
  expect(first.metadata).toMatchObject({ timestamp: at, component: { name: 'aws-wps' } });
  expect(first.serialNumber).toMatch(
    /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  const another = reproducible(bom('urn:uuid:1', ''), 'aws-wps', '2026-01-02T00:00:00.000Z');
  expect(another.serialNumber).not.toBe(first.serialNumber);
});

it('the list of licences names every licence of each version of a package', () => {
  const packages = licencesOf(reproducible(bom('urn:uuid:1', ''), 'aws-wps', ''));
  expect(licenceTable(packages)).toBe(
    'package,version,licence\none,1.0.0,"unknown"\none,2.0.0,"(MIT OR ISC)"\ntwo,1.0.0,"MIT AND Own"\n',
  );
});
