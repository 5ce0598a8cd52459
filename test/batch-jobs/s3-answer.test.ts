import { expect, it } from 'vitest';
import { attemptsOf, isStatus } from '../../batch-jobs/api/s3-answer.ts';

it.each([
  [{ $metadata: { httpStatusCode: 404, attempts: 3 } }, true, 3],
  [{ $metadata: { httpStatusCode: 500 } }, false, 1],
  [{ $metadata: null }, false, 1],
  [{ $metadata: 404 }, false, 1],
  [{ httpStatusCode: 404 }, false, 1],
  [new Error('no answer'), false, 1],
  ['404', false, 1],
  [null, false, 1],
  [undefined, false, 1],
])(
  'an error has the status and the attempts that S3 reported: %j',
  (error, isMissing, attempts) => {
    expect(isStatus(error, 404)).toBe(isMissing);
    expect(attemptsOf(error)).toBe(attempts);
  },
);
