import { describe, expect, it } from 'vitest';
import { chooseQueue } from '../../batch-jobs/gogoduck/choose-queue.ts';

const area = 'LATITUDE,-33,-31;LONGITUDE,114,115';
const point = 'LATITUDE,-33,-33;LONGITUDE,114,114';

describe('the queue of a GoGoDuck job', () => {
  it.each([
    ['small', 'an area for a day', `TIME,2017-01-01,2017-01-01;${area}`],
    ['large', 'an area for longer', `TIME,2017-01-01,2017-01-03;${area}`],
    ['large', 'an area for all times', area],
    ['small', 'a place for a month', `TIME,2017-01-01,2017-01-31;${point}`],
    ['timeseries', 'a place for longer', `TIME,2017-01-01,2017-03-31;${point}`],
    ['timeseries', 'a place for all times', point],
    ['small', 'a subset that fails at once', 'no subset'],
  ])('the queue of a GoGoDuck job is %s for %s', (queue, _, subset) => {
    expect(chooseQueue({ layer: ['layer'], subset: [subset] })).toBe(queue);
  });

  it('the queue of a GoGoDuck job in test mode is small', () => {
    expect(chooseQueue({ subset: [area], TestMode: ['true'] })).toBe('small');
    expect(chooseQueue({ subset: [area], TestMode: ['false'] })).toBe('large');
  });
});
