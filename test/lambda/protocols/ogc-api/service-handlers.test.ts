import { expect, it } from 'vitest';
import { apiUnderTest } from '../../../conformance/ogc-api/api-under-test.ts';

it('a service that signs no callbacks has no keys to verify them', async () => {
  const answer = await apiUnderTest().read('keys');
  expect(answer.status).toBe(200);
  expect(answer.json()).toEqual({ keys: [] });
});
