import { expect, it } from 'vitest';
import { apiFaultsOf } from '../../ogc-api-schemas.ts';
import { requirement } from '../requirement.ts';
import { apiUnderTest } from './api-under-test.ts';

const base = 'http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf';

requirement(
  {
    id: 'conformance-declaration',
    clause: 'OGC 18-062r2, 7.4',
    title: 'The conformance classes that hold here are declared, and no others',
    status: 'done',
  },
  () => {
    it('testValidateConformanceOperationAndResponse: the conformance declaration is valid and contains the class core', async () => {
      const answer = await apiUnderTest().read('conformance', { accept: 'application/json' });
      expect(answer.status).toBe(200);
      expect(apiFaultsOf('confClasses', answer.json())).toEqual([]);
      expect(answer.json().conformsTo).toEqual(
        expect.arrayContaining(
          ['core', 'ogc-process-description', 'json', 'html', 'oas30', 'job-list', 'dismiss'].map(
            (name) => `${base}/${name}`,
          ),
        ),
      );
    });

    it('the class callback is declared only if callback hosts are configured', async () => {
      const without = (await apiUnderTest().read('conformance')).json();
      const { read } = apiUnderTest({ limits: { callbackHosts: ['example.org'] } });
      const withHosts = (await read('conformance')).json();
      expect(without.conformsTo).not.toContain(`${base}/callback`);
      expect(withHosts.conformsTo).toContain(`${base}/callback`);
    });

    it('the class job-list is declared only to callers that may list jobs', async () => {
      const { read } = apiUnderTest({ caller: { listsAllJobs: false } });
      expect((await read('conformance')).json().conformsTo).not.toContain(`${base}/job-list`);
      const refused = await read('jobs');
      expect(refused.status).toBe(403);
      expect(refused.json().detail).toMatch(/callers with an identity/);
    });
  },
);
